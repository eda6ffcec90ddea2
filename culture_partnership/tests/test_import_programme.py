from datetime import datetime, timedelta

from odoo.tests import tagged

from .import_common import ImportCase
from .test_import_calendar import vevent

TEMPEST = {
    "SUMMARY": "La Tempête",
    "DTSTART": ";TZID=Europe/Paris:20270312T200000",
    "DTEND": ";TZID=Europe/Paris:20270312T220000",
    "LOCATION": "Theatre of the Port",
    "SEQUENCE": "1",
    "LAST-MODIFIED": "20261101T080000Z",
    "X-SEATS": "12",
}


def calendar(*events):
    return "BEGIN:VCALENDAR\nVERSION:2.0\n" + "".join(events) + "END:VCALENDAR\n"


@tagged("post_install", "-at_install")
class TestImportProgramme(ImportCase):
    """Outings of a season: created as drafts, brought up to date, never doubled."""

    def _programme(self, *events, user=None, **vals):
        return self._import("programme", calendar(*events), user, **vals)

    def _tempest(self, user=None, **changes):
        return self._programme(vevent("tempest", **{**TEMPEST, **changes}), user=user)

    def _imported(self, **changes):
        """Import the event once.

        :return: its outing
        """
        assistant = self._tempest(**changes)
        assistant.action_import()
        return assistant.line_ids.outing_id

    def _publish(self, outing):
        outing.sudo().action_publish()
        people = self._people(2)
        for person in people:
            self._register(outing.sudo(), person)
        return outing

    def test_a_calendar(self):
        assistant = self._import(
            "programme", "calendar_application.ics", default_seats=10, default_hour=14.5
        )
        self.assertEqual(assistant.error_count, 0)
        self.assertEqual(assistant.create_count, 8)
        skipped = assistant.line_ids.filtered(lambda line: line.result == "skipped")
        self.assertEqual(skipped.mapped("remark"), ["Cancelled in the programme."])
        assistant.action_import()
        outings = assistant.line_ids.outing_id
        self.assertEqual(assistant.outcome, "8 outings created.")
        self.assertEqual(set(outings.mapped("state")), {"draft"})
        self.assertEqual(outings.structure_id, self.north)
        self.assertEqual(outings.user_id, self.coordinator)
        self.assertEqual(outings.venue_id, self.venue)
        by_uid = {outing.uid: outing for outing in outings}
        tempest = by_uid["tempete@theatre.example"]
        self.assertEqual(tempest.seats_max, 8)
        self.assertEqual(tempest.date_begin, datetime(2027, 3, 12, 19, 30))
        self.assertEqual(tempest.discipline_id.name, "Théâtre")
        self.assertIn("un second paragraphe ; fin.", tempest.description)
        opened = by_uid["exposition@theatre.example"]
        self.assertEqual(opened.date_mode, "open")
        self.assertFalse(opened.date_begin)
        self.assertEqual(opened.date_end, datetime(2027, 4, 15, 21, 59))
        day = by_uid["portes-ouvertes@theatre.example"]
        self.assertEqual(day.date_begin, datetime(2027, 4, 18, 12, 30))
        self.assertEqual(
            by_uid["atelier@theatre.example#20270320"].date_begin,
            datetime(2027, 3, 20, 14, 0),
        )

    def test_a_table(self):
        assistant = self._import("programme", "programme.csv")
        self.assertEqual(set(self._results(assistant).values()), {"create"})
        assistant.action_import()
        tempest, bands, exhibition, site = assistant.line_ids.outing_id.sorted("id")
        self.assertEqual(tempest.uid, "S-1")
        self.assertEqual(tempest.min_age, 8)
        self.assertEqual(tempest.access_mode, "voucher")
        self.assertEqual(tempest.meeting_point, "Devant l’entrée")
        self.assertEqual(tempest.date_end, datetime(2027, 3, 12, 21, 30))
        self.assertEqual(bands.date_end, datetime(2027, 3, 14, 0, 0))
        self.assertEqual(bands.discipline_id.name, "Musique et concert")
        self.assertEqual(exhibition.date_mode, "open")
        self.assertEqual(exhibition.date_end, datetime(2027, 6, 30, 21, 59))
        self.assertEqual(site.date_end, datetime(2027, 4, 15, 21, 59))

    def _import_twice(self, name):
        options = {"default_seats": 10, "default_hour": 14}
        self._import("programme", name, **options).action_import()
        again = self._import("programme", name)
        self.assertLessEqual(set(self._results(again).values()), {"same", "skipped"})
        count = self.env["culture.outing"].search_count([])
        again.action_import()
        self.assertEqual(self.env["culture.outing"].search_count([]), count)

    def test_the_same_table_twice(self):
        self._import_twice("programme.csv")

    def test_the_same_calendar_twice(self):
        self._import_twice("calendar_application.ics")

    def test_a_newer_version(self):
        """The hour changes: said with who is concerned, then done."""
        outing = self._publish(self._imported())
        assistant = self._tempest(
            SEQUENCE="2",
            DTSTART=";TZID=Europe/Paris:20270312T203000",
            DTEND=";TZID=Europe/Paris:20270312T223000",
        )
        self.assertEqual(assistant.line_ids.result, "update")
        self.assertEqual(
            assistant.line_ids.remark,
            "Imported already, the hour changes: 20:00 → 20:30. "
            "2 registrations: tell the persons.",
        )
        assistant.action_import()
        self.assertEqual(assistant.outcome, "1 outing updated.")
        self.assertEqual(outing.date_begin, datetime(2027, 3, 12, 19, 30))
        self.assertEqual(outing.registration_ids[0].date_begin, outing.date_begin)
        self.assertEqual(outing.state, "published")

    def test_an_older_version(self):
        outing = self._imported()
        for changes in (
            {"SEQUENCE": "0"},
            {"LAST-MODIFIED": "20261001T080000Z"},
        ):
            with self.subTest(changes=changes):
                assistant = self._tempest(SUMMARY="Ancien titre", **changes)
                self.assertEqual(assistant.line_ids.result, "same")
                self.assertIn("older version", assistant.line_ids.remark)
                assistant.action_import()
                self.assertEqual(outing.name, "La Tempête")

    def test_what_was_corrected_by_hand_stays(self):
        """The source is compared with the source, not with the outing."""
        outing = self._imported()
        outing.sudo().write({"name": "La Tempête (surtitrée)", "seats_max": 15})
        again = self._tempest(**{"LAST-MODIFIED": "20261102T080000Z"})
        self.assertEqual(again.line_ids.result, "same")
        newer = self._tempest(
            SEQUENCE="2", DTSTART=";TZID=Europe/Paris:20270312T203000"
        )
        newer.action_import()
        self.assertEqual(outing.date_begin, datetime(2027, 3, 12, 19, 30))
        self.assertEqual(outing.name, "La Tempête (surtitrée)")
        self.assertEqual(outing.seats_max, 15)

    def test_cancelled_at_the_source(self):
        outing = self._publish(self._imported())
        assistant = self._tempest(SEQUENCE="2", STATUS="CANCELLED")
        self.assertIn(
            "the outing will be cancelled. 2 regis", assistant.line_ids.remark
        )
        assistant.action_import()
        self.assertEqual(assistant.outcome, "1 outing cancelled.")
        self.assertEqual(outing.state, "cancelled")
        self.assertEqual(set(outing.registration_ids.mapped("state")), {"cancelled"})
        again = self._tempest(SEQUENCE="2", STATUS="CANCELLED")
        self.assertEqual(again.line_ids.result, "same")
        back = self._tempest(SEQUENCE="3")
        self.assertEqual(back.line_ids.result, "same")
        self.assertEqual(back.line_ids.remark, "Here: Cancelled.")

    def test_a_date_taken_out_of_a_repetition(self):
        weekly = {
            **TEMPEST,
            "RRULE": "FREQ=WEEKLY;COUNT=3",
        }
        self._programme(vevent("weekly", **weekly)).action_import()
        outings = self.env["culture.outing"].search([("uid", "like", "weekly#")])
        self.assertEqual(len(outings), 3)
        exdate = ";TZID=Europe/Paris:20270319T200000"
        assistant = self._programme(
            vevent("weekly", **{**weekly, "SEQUENCE": "2", "EXDATE": exdate})
        )
        self.assertEqual(
            [line.result for line in assistant.line_ids], ["same", "update", "same"]
        )
        assistant.action_import()
        gone = outings.filtered(lambda o: o.state == "cancelled")
        self.assertEqual(gone.uid, "weekly#20270319")
        # one that never was imported is not worth a line
        fresh = self._programme(vevent("other", **{**weekly, "EXDATE": exdate}))
        self.assertEqual(len(fresh.line_ids), 2)

    def test_a_repetition_that_moves_by_half_an_hour(self):
        """The date is what names an occurrence: it is brought up to date."""
        weekly = {**TEMPEST, "RRULE": "FREQ=WEEKLY;COUNT=2"}
        self._programme(vevent("weekly", **weekly)).action_import()
        later = {**weekly, "SEQUENCE": "2"}
        later["DTSTART"] = ";TZID=Europe/Paris:20270312T203000"
        later["DTEND"] = ";TZID=Europe/Paris:20270312T223000"
        assistant = self._programme(vevent("weekly", **later))
        self.assertEqual(set(self._results(assistant).values()), {"update"})

    def test_an_unknown_venue(self):
        """One answer is enough for all lines that say the same, and is remembered."""
        events = [
            vevent(f"e{n}", **{**TEMPEST, "LOCATION": "La Friche\\, Marseille"})
            for n in (1, 2)
        ]
        assistant = self._programme(*events)
        self.assertEqual(assistant.error_count, 2)
        self.assertEqual(
            assistant.line_ids[0].remark,
            "Unknown venue: La Friche, Marseille. Choose a venue or create it.",
        )
        number = assistant.line_ids[0].number
        self._answer(assistant, number, venue_id=self.venue.id)
        self.assertEqual(assistant.error_count, 0)
        assistant.action_import()
        self.assertEqual(assistant.line_ids.outing_id.venue_id, self.venue)
        third = vevent("e3", **{**TEMPEST, "LOCATION": "La Friche\\, Marseille"})
        self.assertEqual(self._programme(third).line_ids.venue_id, self.venue)

    def test_venues_of_the_same_name(self):
        """Two places of one name: the one that is used, else the importer says."""
        twin = self.venue.copy({"name": self.venue.name})
        assistant = self._tempest()
        self.assertIn("Unknown venue", assistant.line_ids.remark)
        self._outing(venue_id=twin.id)
        self.assertEqual(self._tempest().line_ids.venue_id, twin)

    def test_defaults(self):
        """What a file lacks is given once, above the lines."""
        event = vevent("bare", DTSTART=";VALUE=DATE:20270312")
        assistant = self._programme(event)
        for said in ("No venue", "Number of places missing", "A day without an hour"):
            self.assertIn(said, assistant.line_ids.remark)
        assistant.write(
            {
                "default_venue_id": self.venue.id,
                "default_seats": 6,
                "default_hour": 20.5,
            }
        )
        self.assertEqual(assistant.line_ids.result, "create")
        self.assertIn("6 by default", assistant.line_ids.remark)
        assistant.write({"default_seats": 7})
        assistant.action_import()
        outing = assistant.line_ids.outing_id
        self.assertEqual((outing.seats_max, outing.venue_id), (7, self.venue))
        self.assertEqual(outing.date_begin, datetime(2027, 3, 12, 19, 30))

    def test_an_outing_made_by_hand(self):
        """It looks the same: shown, chosen, brought up to date."""
        mine = self._outing(
            name="La tempête", date_begin=datetime(2027, 3, 12, 19), seats=5
        )
        assistant = self._tempest()
        self.assertEqual(assistant.line_ids.result, "duplicate")
        self.assertEqual(assistant.line_ids.outing_id, mine)
        with self.assertRefused("1 line is still to choose"):
            assistant.action_import()
        self._answer(assistant, assistant.line_ids.number, choice="attach")
        assistant.action_import()
        self.assertEqual(mine.uid, "tempest")
        self.assertEqual(mine.seats_max, 12)
        self.assertEqual(self._tempest().line_ids.result, "same")

    def test_the_programme_of_another_structure(self):
        """Read, since the company reads outings; never changed."""
        outing = self._imported()
        assistant = self._tempest(
            self.far_coordinator, SEQUENCE="2", SUMMARY="Autre titre"
        )
        self.assertEqual(assistant.line_ids.result, "skipped")
        self.assertIn("Agency North", assistant.line_ids.remark)
        assistant.action_import()
        self.assertEqual(outing.name, "La Tempête")

    def test_seats_below_those_taken(self):
        outing = self._publish(self._imported())
        assistant = self._tempest(**{"SEQUENCE": "2", "X-SEATS": "1"})
        self.assertEqual(assistant.line_ids.result, "error")
        self.assertIn("2 places are taken: give at least 2", assistant.line_ids.remark)
        self.assertEqual(outing.seats_max, 12)

    def test_past_dates_are_left(self):
        outing = self._imported()
        assistant = self._tempest(
            SEQUENCE="2",
            DTSTART="20200101T200000",
            DTEND="20200101T220000",
        )
        self.assertEqual(assistant.line_ids.result, "skipped")
        assistant.action_import()
        self.assertEqual(outing.date_begin.year, 2027)

    def test_two_versions_in_one_file(self):
        older = vevent("tempest", **{**TEMPEST, "SUMMARY": "Ancienne"})
        newer = vevent("tempest", **{**TEMPEST, "SEQUENCE": "3"})
        assistant = self._programme(older, newer)
        self.assertEqual(
            [line.result for line in assistant.line_ids], ["skipped", "create"]
        )

    def test_imported_meanwhile(self):
        """Two people import the same file: the second one finds it done."""
        first, second = self._tempest(), self._tempest()
        first.action_import()
        second.action_import()
        self.assertEqual(second.state, "done")
        self.assertEqual(second.line_ids.result, "same")
        self.assertEqual(
            self.env["culture.outing"].search_count([("uid", "=", "tempest")]), 1
        )

    def test_changed_meanwhile(self):
        """Somebody registers between the check and the import of fewer places."""
        outing = self._imported()
        outing.sudo().action_publish()
        assistant = self._tempest(**{"SEQUENCE": "2", "X-SEATS": "1"})
        self.assertEqual(assistant.line_ids.result, "update")
        for person in self._people(2):
            self._register(outing.sudo(), person)
        assistant.action_import()
        self.assertEqual(assistant.state, "check")
        self.assertEqual(outing.seats_max, 12)

    def test_nobody_is_written_to(self):
        """Creating and updating by import sends nothing and follows nobody else."""
        mails = self.env["mail.mail"].sudo().search_count([])
        outing = self._imported()
        self._tempest(SEQUENCE="2", SUMMARY="Autre titre").action_import()
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), mails)
        followers = outing.sudo().message_partner_ids
        self.assertLessEqual(followers, self.coordinator.partner_id)

    def test_dates_of_the_lines(self):
        """A date corrected on the screen is the one that counts."""
        event = vevent("day", **{**TEMPEST, "DTSTART": ";VALUE=DATE:20270312"})
        assistant = self._programme(event)
        number = assistant.line_ids.number
        begin = datetime(2027, 3, 12, 13)
        self._answer(
            assistant, number, date_begin=begin, date_end=begin + timedelta(hours=2)
        )
        self.assertEqual(assistant.line_ids.result, "create")
        assistant.action_import()
        self.assertEqual(assistant.line_ids.outing_id.date_begin, begin)

    def test_queries_do_not_grow(self):
        def events(count):
            return [
                vevent(f"q{n}", **{**TEMPEST, "SUMMARY": f"Sortie {n}"})
                for n in range(count)
            ]

        self._programme(*events(3)).action_import()
        spent = []
        for count in (10, 100):
            before = self.env.cr.sql_log_count
            self._programme(*events(count))
            self.env.flush_all()
            spent.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(spent[1], spent[0] + 2)
