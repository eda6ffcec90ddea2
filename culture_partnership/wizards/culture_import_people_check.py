from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import fields

from ..tools.files_alike import (
    CALLED,
    NAMED,
    UNDATED,
    WRITTEN,
    FilesAlike,
    names_of,
)
from ..tools.texts import key
from ..tools.values import phone_key
from .culture_import_line import unpack

MOST_MATCHES = 5


class PeopleCheck:
    """Says of each person of a list what importing it would do.

    A handful of queries, however many persons. Files that the importer may not see
    are looked at for one thing only: the same name and the same date of birth.
    """

    def __init__(self, assistant):
        """:param assistant: a ``culture.import.people`` record"""
        self.env = assistant.env
        self.company = assistant.company_id
        self.default_structure = assistant.structure_id
        self.coordinated = assistant._structures("coordinator")
        self.allowed = assistant._structures()
        self.today = fields.Date.context_today(assistant)
        self.mine = self.env["culture.referent"].with_company(self.company)._mine()
        self.allowed_ids = set(self.allowed.ids)
        self.coordinated_ids = set(self.coordinated.ids)

    def run(self, rows):
        """Write result, remark and what follows into the rows.

        :param rows: list of dicts of values of ``culture.import.people.line``
        """
        structures = {key(s.name): s.id for s in self.allowed}
        referents = self._referents(rows)
        files = FilesAlike(self.env, self.company)
        matches = files.within_reach(rows)
        elsewhere = files.elsewhere(rows, matches)
        seen = {}
        for row in rows:
            remarks = []
            errors = self._problems(row, remarks)
            errors += self._place(row, structures) or self._follower(row, referents)
            self._compare(row, matches.get(id(row), []))
            self._judge(row, errors, remarks, elsewhere.get(id(row)), seen)

    # ---------------------------------------------------------- single lines

    def _problems(self, row, remarks):
        """What was not read, and what is not possible."""
        _ = self.env._
        errors = []
        for name, code, text in unpack(row["unread"]):
            if code == "second":
                remarks.append(_("Several phone numbers: the first one is kept."))
            elif name == "channel":
                remarks.append(
                    _("Unknown way to reach, left out: %(text)s.", text=text)
                )
            else:
                errors.append(self._unread(name, code, text))
        if not (row["last_name"] or row["first_name"] or row["chosen_name"]):
            errors.append(_("No name: give a first name or a last name."))
        birth_date = row["birth_date"]
        oldest = self.today - relativedelta(years=120)
        if birth_date and not oldest <= birth_date <= self.today:
            errors.append(
                _(
                    "Date of birth not possible: %(date)s. Correct it or leave it "
                    "empty.",
                    date=birth_date.strftime("%d/%m/%Y"),
                )
            )
        if row["email"] and "@" not in row["email"].strip("@ "):
            errors.append(_("Unreadable e-mail: %(text)s.", text=row["email"]))
        return errors

    def _unread(self, name, code, text):
        _ = self.env._
        if code == "long":
            return _("Name too long: 100 characters at most.")
        messages = {
            "birth_date": _(
                "Unreadable date of birth: %(text)s. Write day/month/year.", text=text
            ),
            "phone": _("Unreadable phone: %(text)s.", text=text),
            "email": _("Unreadable e-mail: %(text)s.", text=text),
        }
        return messages[name]

    def _place(self, row, structures):
        """The structure of a line; where the importer may act only."""
        if not row["structure_given"] and row["structure_text"]:
            row["structure_id"] = structures.get(key(row["structure_text"]), False)
        elif not row["structure_given"]:
            row["structure_id"] = self.default_structure.id
        if row["structure_id"] in self.allowed_ids:
            return []
        return [
            self.env._(
                "Structure unknown or not in your scope: %(text)s. You can import in: "
                "%(structures)s.",
                text=row["structure_text"] or "-",
                structures=", ".join(self.allowed[:10].mapped("name")),
            )
        ]

    def _follower(self, row, referents):
        """The referent of a line; oneself where one coordinates nothing."""
        _ = self.env._
        text = row["referent_text"]
        if text:
            found = referents.get(key(text), [])
            if len(found) != 1:
                row["referent_id"] = False
                return [
                    _("Several referents are called %(text)s: choose one.", text=text)
                    if found
                    else _(
                        "Referent unknown or not in your scope: %(text)s.", text=text
                    )
                ]
            row["referent_id"] = found[0]
        if row["structure_id"] not in self.coordinated_ids:
            if row["referent_id"] and row["referent_id"] != self.mine.id:
                return [_("You open files for yourself only: leave the referent out.")]
            if not self.mine:
                return [_("You have no record as a referent: ask the coordination.")]
            row["referent_id"] = self.mine.id
        return []

    def _referents(self, rows):
        """Referents that a line may name, by name and by address.

        :return: dict of key to list of ids
        """
        found = defaultdict(list)
        if any(row["referent_text"] for row in rows):
            cards = self.env["culture.referent"].search(
                [
                    ("company_id", "=", self.company.id),
                    ("structure_id", "in", self.allowed.ids),
                ]
            )
            for card in cards:
                # sudo: the address of a colleague whose name is seen anyway
                user = card.sudo().user_id
                for name in {key(card.name), key(user.login), key(user.email)} - {""}:
                    found[name].append(card.id)
        return found

    def _judge(self, row, errors, remarks, elsewhere, seen):
        """Result and remark of a line, all reasons weighed."""
        twin = self._twin(row, seen)
        if row["choice"] == "skip":
            row["result"] = "skipped"
        elif errors:
            row["result"] = "error"
            remarks = errors + remarks
        elif row["same"]:
            row["result"] = "same"
        elif row["match_ids"] or elsewhere or twin:
            row["result"] = "duplicate"
            remarks += self._why_alike(row, elsewhere, twin)
            if row["choice"] == "attach" and not row["beneficiary_id"]:
                row["result"] = "error"
                remarks.insert(0, self.env._("Choose the file to attach to."))
        else:
            row["result"] = "create"
            if row["choice"] == "attach":
                row["choice"] = False
        row["remark"] = " ".join(remarks) or False
        del row["same"], row["reason"]

    def _twin(self, row, seen):
        """The line above that names the same person, if any."""
        names = names_of(row)
        said = (names, row["birth_date"] or False)
        if not said[1]:
            said += (phone_key(row["phone"]), (row["email"] or "").lower())
        if row["choice"] == "skip" or not names:
            return None
        number = seen.setdefault(said, row["number"])
        return number if number != row["number"] else None

    def _why_alike(self, row, elsewhere, twin):
        _ = self.env._
        reasons = {
            NAMED: _("Same name and date of birth as an existing file: choose."),
            CALLED: _(
                "Same phone as an existing file. That is frequent in a family: choose."
            ),
            WRITTEN: _(
                "Same e-mail as an existing file. That is frequent in a family: choose."
            ),
            UNDATED: _(
                "Same name as an existing file, one date of birth is not known: choose."
            ),
        }
        said = [reasons[row["reason"]]] if row["match_ids"] else []
        if elsewhere:
            said.append(
                self.env._(
                    "There is a file already. To talk about it: %(structure)s, "
                    "%(phone)s.",
                    structure=elsewhere.name,
                    phone=elsewhere.phone or "-",
                )
            )
        if twin:
            said.append(_("Same person as line %(number)s: choose.", number=twin))
        return said

    # ------------------------------------------------------------- comparing

    def _compare(self, row, found):
        """Files that a line looks like, the most alike first."""
        found = sorted(found, key=lambda pair: (pair[0], pair[1].id))
        best = found[:1]
        row["same"] = (
            len(found) >= 1
            and best[0][0] == NAMED
            and sum(reason == NAMED for reason, __ in found) == 1
            and self._adds_nothing(row, best[0][1])
        )
        row["reason"] = best[0][0] if best else None
        row["match_ids"] = [known.id for __, known in found[:MOST_MATCHES]]
        if row["same"]:
            row["beneficiary_id"] = best[0][1].id
        elif row["beneficiary_id"] not in row["match_ids"]:
            # never attached to another file than the one that was chosen
            lost = row["beneficiary_id"] and row["choice"] == "attach"
            row["beneficiary_id"] = row["match_ids"][0] if best and not lost else False

    def _adds_nothing(self, row, known):
        """Whether the file says already what the line says."""
        phone = phone_key(row["phone"])
        email = (row["email"] or "").lower()
        return phone in ("", known.phone) and email in ("", known.email)
