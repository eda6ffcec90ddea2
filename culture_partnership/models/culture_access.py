from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from ..tools.day_words import day_in_words

PEOPLE_LIMIT = 1000
"""Above this number of persons, rules read the rows by a subselect instead."""

IN_REACH_MODELS = (
    "culture.accompaniment",
    "culture.assessment",
    "culture.beneficiary",
    "culture.beneficiary.barrier",
    "culture.followup",
    "culture.goal",
    "culture.registration",
    "culture.reminder",
)


class Reach(NamedTuple):
    """What the current user may reach now, read once per transaction."""

    people: frozenset
    """Ids of persons, PEOPLE_LIMIT + 1 of them when there are more."""
    coordinated: dict
    """Structure ids in which the user is a coordinator, by company id."""
    followed: dict
    """Structure ids in which the user is a referent, by company id."""
    groups: bool
    """Whether the user has booked for any group without names."""
    people_text: str
    """The ids of persons as PostgreSQL writes an array."""

    @property
    def truncated(self):
        return len(self.people) > PEOPLE_LIMIT


class CultureAccess(models.Model):
    """Who may open a person's file, from when to when, and why.

    The rows that the rules read, kept by the acts that open or end an access
    (a referent given, a replacement, a break-glass request), never by hand.
    """

    _name = "culture.access"
    _inherit = ["culture.guarded"]
    _description = "Access to a file"
    _order = "date_start desc, id desc"
    _rec_names_search = ("user_id",)

    beneficiary_id = fields.Many2one(
        "culture.beneficiary", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    kind = fields.Selection(
        [
            ("referent", "Follows the person"),
            ("replacement", "Replacement"),
            ("break_glass", "Break-glass access"),
        ],
        required=True,
    )
    date_start = fields.Datetime(required=True, default=fields.Datetime.now)
    date_end = fields.Datetime(help="Excluded.")
    reason = fields.Char(string="Reason given")
    reference = fields.Char(related="beneficiary_id.reference", related_sudo=False)
    replaced_id = fields.Many2one(
        "culture.referent",
        string="Replaces",
        index="btree_not_null",
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="beneficiary_id.company_id", store=True, precompute=True, index=True
    )

    _user_person = models.Index(
        "(user_id, beneficiary_id) INCLUDE (date_start, date_end, kind, company_id)"
    )
    _one_referent = models.UniqueIndex(
        "(beneficiary_id) WHERE kind = 'referent' AND date_end IS NULL",
        "This person has a referent already: end that access first.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self._forget_reach()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self._forget_reach()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_reach()
        return result

    # ------------------------------------------------------------- in plain words

    def _why_mine(self):
        """Why the current user sees the file, from this row.

        :return: a translated sentence
        """
        self.ensure_one()
        if self.kind == "referent":
            return self.env._(
                "You see this file because you follow this person since %(day)s.",
                day=self._day_label(self.date_start),
            )
        if self.kind == "replacement":
            return self.env._(
                "You see this file because you replace %(referent)s from %(first)s to "
                "%(last)s.",
                referent=self.replaced_id.name or self.env._("a colleague"),
                first=self._day_label(self.date_start),
                last=self._last_day_label(),
            )
        return self.env._(
            "You see this file because you asked for a break-glass access, until "
            "%(moment)s.",
            moment=format_datetime(self.env, self.date_end),
        )

    def _who_else(self):
        """That somebody else has access, from this row.

        :return: a translated sentence
        """
        self.ensure_one()
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        kind = kind[:1].lower() + kind[1:]
        if not self.date_end:
            return self.env._(
                "%(user)s has access too: %(kind)s.", user=self.user_id.name, kind=kind
            )
        return self.env._(
            "%(user)s has access too: %(kind)s until %(day)s.",
            user=self.user_id.name,
            kind=kind,
            day=self._last_day_label(),
        )

    def _day_label(self, moment):
        day = self.company_id._culture_day(moment)
        return day and day_in_words(self.env, day, "d MMMM y")

    def _last_day_label(self):
        """The last day of the access: its end is excluded."""
        return self._day_label(self.date_end and self.date_end - timedelta(seconds=1))

    def _end_other_ways(self):
        """End at once what else opened these files to those who gave them up."""
        now = fields.Datetime.now()
        for row in self:
            self.sudo().search(
                [
                    ("beneficiary_id", "=", row.beneficiary_id.id),
                    ("user_id", "=", row.user_id.id),
                    ("kind", "=", "break_glass"),
                    ("date_end", ">", now),
                ]
            ).write({"date_end": now})

    def _pass_on_activities(self):
        """Give what was to do on a file to who follows it now, or to nobody.

        An assignee reads summary and note. sudo: the access that ends is theirs.
        """
        # those done too: they keep the words typed for the next step
        activities = self.env["mail.activity"].sudo()
        activities = activities.with_context(
            mail_activity_quick_update=True, active_test=False
        )
        for row in self:
            to_do = activities.search(
                [
                    ("res_model", "=", "culture.beneficiary"),
                    ("res_id", "=", row.beneficiary_id.id),
                    ("user_id", "=", row.user_id.id),
                ]
            )
            heir = row.beneficiary_id.referent_id.user_id
            theirs = row.beneficiary_id.sudo(False).with_user(heir)
            to_do.user_id = heir if heir and theirs.has_access("read") else False

    # ------------------------------------------------------------------- reach

    @api.model
    def _reach(self):
        """What the current user may reach now.

        :return: :class:`Reach`, over all companies: company rules come on top
        """
        memo = self.env.cr.cache.setdefault("culture_reach", {})
        if self.env.uid not in memo:
            memo[self.env.uid] = self._read_reach()
        return memo[self.env.uid]

    @api.model
    def _forget_reach(self):
        """Read the rows again: a role, a scope or an access has changed."""
        self.env.cr.cache.pop("culture_reach", None)
        for name in IN_REACH_MODELS:
            self.env[name].invalidate_model(["in_reach", "is_mine"], flush=False)

    @api.model
    def _read_reach(self):
        for name in ("culture.access", "culture.scope"):
            self.env[name].flush_model()
        self.env["culture.beneficiary"].flush_model(["structure_id", "company_id"])
        [(people, roles, groups)] = self.env.execute_query(
            SQL(
                """
                SELECT ARRAY(SELECT DISTINCT * FROM (%s) person LIMIT %s),
                       ARRAY(SELECT DISTINCT ARRAY[
                                (s.role = 'coordinator')::int,
                                s.company_id, s.structure_id]
                               FROM culture_scope s
                              WHERE s.user_id = %s AND %s
                                AND s.role IN ('referent', 'coordinator')),
                       EXISTS (SELECT 1 FROM culture_registration
                                WHERE beneficiary_id IS NULL AND booked_by_id = %s)
                """,
                self._people_in_force(),
                PEOPLE_LIMIT + 1,
                self.env.uid,
                self._in_force("s"),
                self.env.uid,
            )
        )
        structures = ({}, {})
        for coordinates, company_id, structure_id in roles:
            structures[coordinates].setdefault(company_id, set()).add(structure_id)
        followed, coordinated = structures
        text = f"{{{','.join(map(str, sorted(people)))}}}"
        return Reach(frozenset(people), coordinated, followed, groups, text)

    @api.model
    def _people_in_force(self):
        """SQL of the ids of persons that the user follows; some of them twice.

        The same as :meth:`_counts`, in two parts: the planner then starts from the
        persons of the user's structures, and not from all persons.
        """
        return SQL(
            """
            SELECT a.beneficiary_id
              FROM culture_access a
              JOIN culture_beneficiary b ON b.id = a.beneficiary_id
              JOIN culture_scope s
                ON s.user_id = a.user_id AND s.company_id = b.company_id
                   AND s.structure_id = b.structure_id
             WHERE a.user_id = %(user)s AND %(access)s AND %(scope)s
               AND a.kind <> 'break_glass' AND s.role = 'referent'
             UNION ALL
            SELECT a.beneficiary_id
              FROM culture_access a
              JOIN culture_scope s
                ON s.user_id = a.user_id AND s.company_id = a.company_id
             WHERE a.user_id = %(user)s AND %(access)s AND %(scope)s
               AND a.kind = 'break_glass' AND s.role IN ('referent', 'coordinator')
            """,
            user=self.env.uid,
            access=self._in_force("a"),
            scope=self._in_force("s"),
        )

    @api.model
    def _counts(self):
        """SQL of whether an access `a` to a person `b` opens the file now.

        An access row counts only beside a role in force: a referent's where the
        person is followed, any agent's for a break-glass access.
        """
        return SQL(
            """
            %(access)s
            AND EXISTS (
                SELECT 1 FROM culture_scope s
                 WHERE s.user_id = a.user_id AND s.company_id = b.company_id
                   AND %(scope)s
                   AND CASE WHEN a.kind = 'break_glass'
                            THEN s.role IN ('referent', 'coordinator')
                            ELSE s.role = 'referent'
                                 AND s.structure_id = b.structure_id
                        END)
            """,
            access=self._in_force("a"),
            scope=self._in_force("s"),
        )

    @api.model
    def _that_count(self, people):
        """The accesses that open these files now, whoever's, in one query.

        sudo: who sees a file is told to whoever sees it; callers scope first.

        :param people: ``culture.beneficiary`` records
        :return: ``culture.access`` records
        """
        for name in ("culture.access", "culture.scope"):
            self.env[name].flush_model()
        self.env["culture.beneficiary"].flush_model(["structure_id", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id
                  FROM culture_access a
                  JOIN culture_beneficiary b ON b.id = a.beneficiary_id
                 WHERE a.beneficiary_id = ANY(%s) AND %s
                 ORDER BY a.date_start, a.id
                """,
                people.ids,
                self._counts(),
            )
        )
        return self.sudo().browse(id_ for (id_,) in rows)

    @api.model
    def _in_force(self, alias):
        now = fields.Datetime.now()
        table = SQL.identifier(alias)
        return SQL(
            "(%s.date_start <= %s AND (%s.date_end IS NULL OR %s.date_end > %s))",
            table,
            now,
            table,
            table,
            now,
        )
