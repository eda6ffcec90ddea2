from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import fields

from ..tools.texts import key
from .culture_import_changes import OutingChanges
from .culture_import_line import unpack
from .culture_import_places import Places, disciplines

MOST_AHEAD = timedelta(days=3 * 366)


class ProgrammeCheck:
    """Says of each date of a programme what importing it would do.

    A handful of queries, however many dates.
    """

    def __init__(self, assistant):
        """:param assistant: a ``culture.import.programme`` record"""
        self.env = assistant.env
        self.company = assistant.company_id
        self.outings = self.env["culture.outing"].with_company(self.company)
        self.of_company = [("company_id", "=", self.company.id)]
        self.changes = OutingChanges(self.outings)
        self.zone = assistant._zone()
        self.now = fields.Datetime.now()
        self.allowed = assistant._structures()
        self.allowed_ids = set(self.allowed.ids)
        self.default_structure = assistant.structure_id.id
        self.default_venue = assistant.default_venue_id.id
        self.default_seats = assistant.default_seats
        minutes = round(assistant.default_hour * 60)
        self.default_hour = (
            time(minutes // 60, minutes % 60) if 0 < minutes < 24 * 60 else None
        )

    def run(self, rows):
        """Write result, remark and what follows into the rows.

        :param rows: list of dicts of values of ``culture.import.programme.line``
        """
        known = self._known(rows)
        newest = self._newest(rows)
        Places(self.outings, self.of_company, self.default_venue).find(rows, known)
        find_discipline = disciplines(self.env, self.of_company)
        structures = {key(s.name): s.id for s in self.allowed}
        for row in rows:
            self._set_date(row)
        alike = self._alike(rows, known)
        for row in rows:
            remarks, errors = [], []
            outing = known.get(row["uid"], self.outings)
            self._fill(row, find_discipline, structures, remarks, errors)
            self._fill_seats(row, outing, remarks, errors)
            if row["choice"] == "skip":
                self._say(row, "skipped", remarks)
            elif newest[row["uid"]] is not row:
                number = newest[row["uid"]]["number"]
                self._say(row, "skipped", [self._other_version(number)])
            elif outing:
                self._judge_known(row, outing, errors, remarks)
            else:
                self._judge_new(row, alike.get(id(row)), errors, remarks)

    def _say(self, row, result, remarks, outing=False):
        row["result"] = result
        row["remark"] = " ".join(remarks) or False
        row["outing_id"] = outing

    # ------------------------------------------------------------- what exists

    def _known(self, rows):
        """Outings that were imported before, by the name of their event."""
        uids = {row["uid"] for row in rows} - {False}
        found = self.outings.search([*self.of_company, ("uid", "in", sorted(uids))])
        return {outing.uid: outing for outing in found}

    def _newest(self, rows):
        """Of several versions of one event in a file, the newest."""
        newest = {}
        for row in rows:
            other = newest.get(row["uid"])
            if other is None or self._version(row) > self._version(other):
                newest[row["uid"]] = row
        return newest

    @staticmethod
    def _version(row):
        return row["source_sequence"], row["source_modified"] or datetime.min

    def _alike(self, rows, known):
        """Outings of another source, or made by hand, that look like a line.

        :return: dict of ``id(row)`` to an outing
        """
        new = [row for row in rows if row["uid"] not in known and row["name"]]
        begins = {row["date_begin"] for row in new if row["date_begin"]}
        ends = {row["date_end"] for row in new if row["date_mode"] == "open"} - {False}
        if not begins and not ends:
            return {}
        at_begin, at_end = defaultdict(list), defaultdict(list)
        for outing in self.outings.search(
            [
                *self.of_company,
                ("state", "!=", "cancelled"),
                "|",
                ("date_begin", "in", sorted(begins)),
                "&",
                ("date_mode", "=", "open"),
                ("date_end", "in", sorted(ends)),
            ]
        ):
            if outing.date_begin:
                at_begin[outing.date_begin].append(outing)
            else:
                at_end[outing.date_end].append(outing)
        found = {}
        for row in new:
            same_time = (
                at_end.get(row["date_end"], ())
                if row["date_mode"] == "open"
                else at_begin.get(row["date_begin"], ())
            )
            for outing in same_time:
                if self._is_alike(row, outing):
                    found.setdefault(id(row), outing)
        return found

    @staticmethod
    def _is_alike(row, outing):
        mine, theirs = key(row["name"]), key(outing.name)
        if mine == theirs:
            return True
        same_venue = row["venue_id"] and row["venue_id"] == outing.venue_id.id
        return bool(
            same_venue and mine and theirs and (mine in theirs or theirs in mine)
        )

    # ------------------------------------------------------------ single values

    def _set_date(self, row):
        """Give a day the usual hour, if there is one."""
        if row["day"]:
            row["date_begin"] = (
                self._to_utc(datetime.combine(row["day"], self.default_hour))
                if self.default_hour
                else False
            )

    def _to_utc(self, local):
        moment = self.zone.localize(local, is_dst=False)
        return moment.astimezone(pytz.utc).replace(tzinfo=None)

    def _fill(self, row, find_discipline, structures, remarks, errors):
        """Complete a line, and say what is missing or was taken by default."""
        _ = self.env._
        for name, code, text in unpack(row["unread"]):
            # a draft can do without what is optional: it is left out, and said
            said = remarks if name in ("min_age", "access_mode") else errors
            said.append(self._unread(name, code, text))
        if not row["name"]:
            errors.append(_("The outing has no name."))
        self._fill_structure(row, structures, errors)
        text = row["discipline_text"]
        if text:
            row["discipline_id"] = row["discipline_id"] or find_discipline(text)
            if not row["discipline_id"]:
                remarks.append(
                    _("Discipline not in the list, left out: %(text)s.", text=text)
                )
        if row["goes_on"]:
            remarks.append(_("It goes on after this date: import again later."))

    def _fill_seats(self, row, outing, remarks, errors):
        _ = self.env._
        if row["seats_given"]:
            return
        row["seats"] = outing.seats_max or max(self.default_seats, 0)
        if outing:
            return
        if any(name == "seats" for name, __, __ in unpack(row["unread"])):
            return
        if row["seats"]:
            remarks.append(
                _("Number of places missing: %(n)s by default.", n=row["seats"])
            )
        else:
            errors.append(_("Number of places missing: give it here or by default."))

    def _fill_structure(self, row, structures, errors):
        if not row["structure_given"] and row["structure_text"]:
            row["structure_id"] = structures.get(key(row["structure_text"]), False)
        elif not row["structure_given"]:
            row["structure_id"] = self.default_structure
        if row["structure_id"] not in self.allowed_ids:
            errors.append(
                self.env._(
                    "Structure unknown or not in your scope: %(text)s. You can import "
                    "in: %(structures)s.",
                    text=row["structure_text"] or "-",
                    structures=", ".join(self.allowed[:10].mapped("name")),
                )
            )

    def _unread(self, name, code, text):
        _ = self.env._
        if name == "seats":
            return _("Unreadable number of places: %(text)s.", text=text)
        if name in ("min_age", "access_mode"):
            field = self.outings._fields[name]._description_string(self.env)
            return _(
                "%(field)s unreadable, left out: %(text)s.", field=field, text=text
            )
        messages = {
            "start": _("Unreadable start: %(text)s. Give it here.", text=text),
            "end": _("Unreadable end: %(text)s. Give it here.", text=text),
            "zone": _("Unknown time zone: %(text)s. Give the start here.", text=text),
            "repeat": _(
                "This repetition is not read: %(text)s. Create its dates by hand.",
                text=text,
            ),
            "cut": _("The event is cut off in the file: check its start."),
        }
        if code == "unreadable":
            code = "start" if name == "date_begin" else "end"
        return messages[code]

    # -------------------------------------------------------------- judgements

    def _judge_new(self, row, alike, errors, remarks):
        _ = self.env._
        if row["cancelled"]:
            return self._say(row, "skipped", [_("Cancelled in the programme.")])
        if self._is_past(row):
            return self._say(row, "skipped", [_("Date past: set aside.")])
        errors += self._date_errors(row, remarks) + self._venue_errors(row)
        if errors:
            return self._say(row, "error", errors + remarks)
        if not alike:
            if row["choice"] == "attach":
                row["choice"] = False
            return self._say(row, "create", remarks)
        if alike.structure_id.id not in self.allowed_ids:
            remarks.insert(0, self._elsewhere(alike))
            if row["choice"] == "attach":
                return self._say(row, "error", [self._elsewhere(alike)])
        else:
            remarks.insert(
                0,
                _(
                    "An outing looks the same: %(outing)s, %(when)s. Choose.",
                    outing=alike.name,
                    when=alike.when_label,
                ),
            )
        return self._say(row, "duplicate", remarks, alike.id)

    def _judge_known(self, row, outing, errors, remarks):
        """What the newer version of an event does to its outing."""
        _ = self.env._
        if outing.structure_id.id not in self.allowed_ids:
            return self._say(row, "skipped", [self._elsewhere(outing)], outing.id)
        if self._is_older(row, outing):
            older = _("The file holds an older version: nothing changes.")
            return self._say(row, "same", [older], outing.id)
        if row["cancelled"]:
            return self._judge_cancelled(row, outing)
        if outing.state in ("cancelled", "done"):
            labels = dict(outing._fields["state"]._description_selection(self.env))
            here = _("Here: %(state)s.", state=labels[outing.state])
            return self._say(row, "same", [here], outing.id)
        if row["source_values"] == outing.source_values:
            row["date_begin"], row["date_end"] = outing.date_begin, outing.date_end
            return self._say(row, "same", [], outing.id)
        if self._is_past(row):
            past = _("Date past: set aside.")
            return self._say(row, "skipped", [past], outing.id)
        errors += self._date_errors(row, remarks) + self._venue_errors(row)
        vals = self.changes.find(row, outing)
        if vals.get("seats_max", outing.seats_taken) < outing.seats_taken:
            errors.append(
                _(
                    "%(taken)s places are taken: give at least %(taken)s, or free "
                    "places first.",
                    taken=outing.seats_taken,
                )
            )
        if errors:
            return self._say(row, "error", errors, outing.id)
        if not vals:
            return self._say(row, "same", [], outing.id)
        return self._say(row, "update", self.changes.describe(vals, outing), outing.id)

    def _judge_cancelled(self, row, outing):
        _ = self.env._
        if outing.state in ("cancelled", "done"):
            return self._say(row, "same", [_("Cancelled in the programme.")], outing.id)
        if outing.has_started and outing.is_past or outing.recorded_count:
            past = _("Cancelled in the programme, but it has taken place here.")
            return self._say(row, "skipped", [past], outing.id)
        remarks = [_("Cancelled in the programme: the outing will be cancelled.")]
        remarks += self.changes.to_tell(outing)
        return self._say(row, "update", remarks, outing.id)

    @staticmethod
    def _is_older(row, outing):
        """Sequence first; among equals the time of the last change, if known."""
        if row["source_sequence"] != outing.source_sequence:
            return row["source_sequence"] < outing.source_sequence
        modified, known = row["source_modified"], outing.source_modified
        return bool(modified and known and modified < known)

    def _is_past(self, row):
        """Over before now; a day counts until it ends."""
        if unpack(row["unread"]) and not row["date_begin"] and not row["date_end"]:
            return False
        if row["date_mode"] == "open":
            return bool(row["date_end"] and row["date_end"] <= self.now)
        if row["day"] and not row["date_begin"]:
            today = pytz.utc.localize(self.now).astimezone(self.zone).date()
            return row["day"] < today
        return bool(row["date_begin"] and row["date_begin"] <= self.now)

    def _date_errors(self, row, remarks):
        _ = self.env._
        begin, end = row["date_begin"], row["date_end"]
        unread = {name for name, __, __ in unpack(row["unread"])}
        errors = []
        if row["date_mode"] == "open":
            if not end and "date_end" not in unread:
                errors.append(_("No last day: give the end."))
        elif row["day"] and not begin and "date_begin" not in unread:
            errors.append(
                _(
                    "A day without an hour: %(date)s. Give the start here, or an hour "
                    "by default.",
                    date=row["day"].strftime("%d/%m/%Y"),
                )
            )
        elif row["day"] and begin:
            remarks.append(_("Hour missing: the one by default."))
        elif not begin and not unread & {"date_begin", "date_end"}:
            errors.append(_("No date: give the start."))
        if begin and end and end <= begin:
            errors.append(_("It ends before it starts: check the end."))
        for moment in filter(None, (begin, end)):
            if moment > self.now + MOST_AHEAD or moment.year < 2000:
                errors.append(_("%(year)s: check the year.", year=moment.year))
                break
        return errors

    def _venue_errors(self, row):
        _ = self.env._
        if row["venue_id"]:
            return []
        if row["venue_text"]:
            return [
                _(
                    "Unknown venue: %(text)s. Choose a venue or create it.",
                    text=row["venue_text"],
                )
            ]
        return [_("No venue: choose it here or by default.")]

    def _elsewhere(self, outing):
        return self.env._(
            "In the programme of another structure already: %(structure)s.",
            structure=outing.structure_id.name,
        )

    def _other_version(self, number):
        return self.env._(
            "The same event as line %(number)s, which is kept.", number=number
        )
