"""What the host keeps, sends, draws and prints beside a record.

Mail and SMS with their queues, calendar, reports: for who may not open the record,
nothing of it is in any answer and nothing is made for it.
"""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.culture_partnership.security.access_table import ACCESS

from .ways import QUIET, WaysCase
from .world import PLACES, REACHED

NAMED = {"fields": {"display_name": {}}}
PAPER_FOR = {
    "culture_partnership.report_bilan": "r",
    "culture_partnership.report_plan": "r",
}
"""The right that a paper asks for; the others ask for the right to change."""


@tagged("post_install", "-at_install", "security")
class TestMailing(WaysCase):
    """Composers, templates, previews, planned messages, followers; and the queues."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.templates, cls.texts = {}, {}
        for model in ACCESS:
            field = cls._marked_field(model)
            name = field.name if field else "display_name"
            said = f"{{{{ object.display_name }}}} {{{{ object.{name} }}}}"
            cls.templates[model] = cls.env["mail.template"].create(
                {
                    "name": "Test",
                    "model_id": cls.env["ir.model"]._get_id(model),
                    "subject": said,
                    "body_html": f"<p><t t-out='object.{name}'/></p>",
                    "email_to": f"{{{{ object.{name} }}}}@example.com",
                }
            )
            cls.texts[model] = cls.env["sms.template"].create(
                {
                    "name": "Test",
                    "model_id": cls.env["ir.model"]._get_id(model),
                    "body": said,
                }
            )
        cls.env.flush_all()
        cls.kept = cls._state()

    def _walk_ways(self, ways):
        """Each way on each hidden record; a way's own row is none of the kept ones."""
        for record in self._hidden_once():
            with self._sub(record):
                for name, act in ways(record):
                    answer, __ = self._probe(act, name)
                    self._assert_unmarked(answer, record.env.user, name)

    @mute_logger(*QUIET)
    def test_composers(self):
        self._walk_ways(self._composer_ways)

    def _composer_ways(self, record):
        composers = record.env["mail.compose.message"]
        template = self.templates[record._name]
        spec = {"subject": {}, "body": {}, "partner_ids": NAMED, "model": {}}
        about = {"model": record._name, "res_ids": repr(record.ids)}
        for mode in ("comment", "mass_mail"):
            vals = {**about, "composition_mode": mode, "template_id": template.id}
            yield f"{mode} form", lambda v=vals: composers.onchange(v, list(v), spec)
            yield f"{mode} read", lambda v=vals: composers.create(v).web_read(spec)
            for more in ({"body": "x"}, {"template_id": template.id}):
                vals = {**about, "composition_mode": mode, **more}
                yield (
                    f"{mode} sent",
                    lambda v=vals: composers.create(v).action_send_mail(),
                )
        mine = template.with_env(record.env)
        yield "template sent", lambda: mine.send_mail(record.id)
        previews = record.env["mail.template.preview"]
        vals = {
            "mail_template_id": template.id,
            "resource_ref": f"{record._name},{record.id}",
        }
        shown = {"subject": {}, "body_html": {}, "resource_ref": NAMED, "error_msg": {}}
        yield "preview", lambda: previews.create(vals).web_read(shown)
        yield "preview form", lambda: previews.onchange(vals, list(vals), shown)

    @mute_logger(*QUIET)
    def test_text_messages(self):
        self._walk_ways(self._text_ways)

    def _text_ways(self, record):
        composers = record.env["sms.composer"]
        template = self.texts[record._name]
        spec = {
            "body": {},
            "recipient_single_description": {},
            "recipient_single_number": {},
            "recipient_single_number_itf": {},
        }
        for mode, about in (
            ("comment", {"res_id": record.id}),
            ("mass", {"res_ids": repr(record.ids)}),
        ):
            vals = {
                "res_model": record._name,
                "composition_mode": mode,
                "recipient_single_number_itf": "+33465710000",
                **about,
            }
            text = {**vals, "body": "x"}
            said = {**vals, "template_id": template.id}
            yield f"{mode} form", lambda v=said: composers.onchange(v, list(v), spec)
            yield f"{mode} read", lambda v=said: composers.create(v).web_read(spec)
            yield f"{mode} text", lambda v=text: composers.create(v).action_send_sms()
            yield f"{mode} sent", lambda v=said: composers.create(v).action_send_sms()
        previews = record.env["sms.template.preview"]
        vals = {
            "sms_template_id": template.id,
            "resource_ref": f"{record._name},{record.id}",
        }
        shown = {"body": {}, "resource_ref": NAMED}
        yield "preview", lambda: previews.create(vals).web_read(shown)
        yield "preview form", lambda: previews.onchange(vals, list(vals), shown)

    @mute_logger(*QUIET)
    def test_plans_and_followers(self):
        self._walk_ways(self._planning_ways)

    def _planning_ways(self, record):
        env, model = record.env, record._name
        soon = fields.Datetime.now() + timedelta(days=1)
        message = {
            "model": model,
            "res_id": record.id,
            "body": "x",
            "scheduled_date": soon,
            "author_id": env.user.partner_id.id,
        }
        planned = env["mail.scheduled.message"]
        yield "planned", lambda: planned.create(message)
        yield "planned search", lambda: planned.search_read([("model", "=", model)])
        vals = {
            "res_model_id": self.env["ir.model"]._get_id(model),
            "res_model": model,
            "res_ids": repr(record.ids),
            "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            "activity_user_id": env.user.id,
            "summary": "x",
        }
        assistants = env["mail.activity.schedule"]
        shown = {"error": {}, "warning": {}, "res_ids": {}, "summary": {}}
        yield "activity form", lambda: assistants.onchange(vals, list(vals), shown)
        if "activity_ids" in record._fields:
            act = "action_schedule_activities"
            yield act, lambda: getattr(assistants.create(vals), act)()
            yield "done", lambda: getattr(assistants.create(vals), f"{act}_done")()
        follow = {
            "res_model": model,
            "res_ids": repr(record.ids),
            "partner_ids": [(4, env.user.partner_id.id)],
            "notify": True,
        }
        if "message_ids" in record._fields:
            yield (
                "follow",
                lambda: env["mail.followers.edit"].create(follow).edit_followers(),
            )
        yield (
            "followers",
            lambda: env["mail.followers"].search_read([("res_model", "=", model)]),
        )

    @mute_logger(*QUIET)
    def test_queues_are_nobody_s(self):
        """Threat: what waits to be sent has the name and the address in it."""
        mails = self.env["mail.mail"].create(
            [
                {"subject": "Zyx", "body_html": "Zyx", "email_to": "zyx@example.com"},
                {
                    "subject": "Zyx",
                    "body_html": "Zyx",
                    "email_to": "zyx@example.com",
                    "model": "culture.outing",
                    "res_id": self.outings["elsewhere"].id,
                },
            ]
        )
        text = self.env["sms.sms"].create({"number": "+33465710000", "body": "Zyx"})
        for user in (*self.users.values(), *self.outsiders):
            for queued in (*mails, text):
                mine = queued.with_user(user)
                with self._sub(mine):
                    self._assert_refused(lambda m=mine: m.search([]))
                    self._assert_refused(lambda m=mine: m.read(["body"]))
            messages = mails.mail_message_id.with_user(user)
            with self._sub(messages):
                self.assertFalse(messages.search([("id", "in", messages.ids)]))
                for message in messages:
                    self._assert_refused(lambda m=message: m.read(["body"]))

    @mute_logger(*QUIET)
    def test_nobody_is_told_of_a_hidden_message(self):
        """Threat: a notification written for oneself makes a message readable."""
        for record, allowed in self._walk():
            if allowed or "message_ids" not in record._fields:
                continue
            kept = self._as_root(record).message_post(body="Zyx")
            for user in self._who_tries(record):
                vals = {
                    "mail_message_id": kept.id,
                    "res_partner_id": user.partner_id.id,
                    "notification_type": "inbox",
                }
                told = self.env["mail.notification"].with_user(user)
                with self._sub(record.with_user(user)):
                    self._assert_refused(lambda t=told, v=vals: t.create(v))

    def test_the_lawful_way(self):
        """Who may open the record writes from it, with the same templates."""
        outing = self.outings["own"].with_user(self.referent)
        composer = outing.env["mail.compose.message"].create(
            {
                "model": outing._name,
                "res_ids": repr(outing.ids),
                "composition_mode": "comment",
                "template_id": self.templates[outing._name].id,
            }
        )
        self.assertIn("Zyxcultureoutingown", composer.subject)
        composer.action_send_mail()
        self.assertIn("Zyxcultureoutingown", str(outing.message_ids.mapped("body")))
        text = self._text(outing, composition_mode="comment")
        self.assertIn("Zyxcultureoutingown", text.body)
        text.action_send_sms()
        self.assertIn("Zyxcultureoutingown", str(outing.message_ids[:1].body))

    def _text(self, outing, **vals):
        return outing.env["sms.composer"].create(
            {
                "res_model": outing._name,
                "res_id": outing.id,
                "template_id": self.texts[outing._name].id,
                "recipient_single_number_itf": "+33465710000",
                **vals,
            }
        )

    @mute_logger(*QUIET)
    def test_no_text_is_noted_where_one_only_reads(self):
        """Threat: the host's mass mode notes what it sends without asking."""
        outing = self.outings["scope"].with_user(self.referent)
        self.assertTrue(outing.read(["name"]))
        text = self._text(outing, composition_mode="mass", res_ids=repr(outing.ids))
        self._assert_refused(text.action_send_sms)


@tagged("post_install", "-at_install", "security")
class TestCalendar(WaysCase):
    """Entries about a record, by who may not open it; and what they are called."""

    @mute_logger(*QUIET)
    def test_entries(self):
        """Threat: an entry for a record makes an activity on it, or is named by it."""
        for record in self._hidden_once():
            # without activities, one model stands for all
            if not {"activity_ids", "beneficiary_id"} & record._fields.keys():
                continue
            with self._sub(record):
                for name, act in self._ways(record):
                    answer = self._try(act)
                    self._assert_unmarked(answer, record.env.user, name)
                    self.assertNotIn("left behind", answer)

    def _ways(self, record):
        events = record.env["calendar.event"]
        soon = fields.Datetime.now() + timedelta(days=1)
        vals = {
            "name": "x",
            "start": soon,
            "stop": soon + timedelta(hours=1),
            "res_model_id": self.env["ir.model"]._get_id(record._name),
            "res_id": record.id,
        }
        active = events.with_context(active_model=record._name, active_id=record.id)
        default = events.with_context(
            default_res_model=record._name, default_res_id=record.id
        )
        times = {name: vals[name] for name in ("name", "start", "stop")}
        shown = {"name": {}, "res_model_name": {}, "description": {}, "location": {}}
        yield "created", lambda: self._left_by(events.create(vals), record)
        yield "created from it", lambda: self._left_by(default.create(times), record)
        yield "form", lambda: events.onchange(vals, list(vals), shown)
        for some in (active, default):
            yield "defaults", lambda e=some: e.default_get(list(shown))
            yield "empty form", lambda e=some: e.onchange({}, [], shown)

    def _left_by(self, event, record):
        """What was made on the record beside the entry."""
        there = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        if self.env["mail.activity"].search_count(there):
            return "left behind: an activity"
        shown = event.read(["name", "display_name", "description"])
        return shown, event.action_open_calendar_event()

    def test_an_entry_from_an_activity_has_no_name(self):
        """The lawful way: a meeting about a person carries the file's number."""
        person = self.people["own"].with_user(self.referent)
        activity = person.activity_schedule(
            "mail.mail_activity_data_meeting", user_id=self.referent.id
        )
        context = activity.action_create_calendar_event()["context"]
        soon = fields.Datetime.now() + timedelta(days=1)
        event = activity.env["calendar.event"].with_context(**context)
        event = event.create({"start": soon, "stop": soon + timedelta(hours=1)})
        self.assertIn(person.reference, event.name)
        seen = event.with_user(self.stranger).read(["name", "display_name"])
        self.assertNotIn("Zyx", str(seen))
        self.assertFalse(event.partner_ids - self.referent.partner_id)


@tagged("post_install", "-at_install", "security")
class TestReports(WaysCase):
    """Papers of our models: each report, each record, each role."""

    @mute_logger(*QUIET)
    def test_papers(self):
        reports = self.env["ir.actions.report"].search([("model", "in", list(ACCESS))])
        self.assertTrue(reports)
        for report in reports:
            allowed = {}
            letter = PAPER_FOR.get(report.report_name, "u")
            for role, user in self.users.items():
                allowed[user] = REACHED[ACCESS[report.model].get(role, {}).get(letter)]
            for place in PLACES:
                record = self.records[report.model][place]
                for user in (*self.users.values(), *self.outsiders):
                    mine = report.with_user(user)
                    with self._sub(record.with_user(user), report=report.report_name):
                        answer = self._paper(mine, record)
                        lawful = place in allowed.get(user, ())
                        self.assertEqual("<main" in answer, lawful, answer)
                        self._assert_unmarked(answer, user)

    def _paper(self, report, record):
        return self._try(
            lambda: report._render_qweb_html(report.report_name, record.ids)[0].decode()
        )


@tagged("post_install", "-at_install", "security")
class TestAddresses(HttpCase, WaysCase):
    """The host's own addresses that take any model and id."""

    def _answers(self, record):
        thread = {"thread_model": record._name, "thread_id": record.id}
        data = {
            "access_params": {},
            "request_list": ["followers", "suggestedRecipients"],
        }
        for path, params in (
            ("/mail/thread/messages", thread),
            ("/mail/thread/recipients", thread),
            ("/mail/data", {"fetch_params": [["mail.thread", {**thread, **data}]]}),
            (
                "/mail/message/post",
                {**thread, "post_data": {"body": "x", "message_type": "comment"}},
            ),
            (
                "/web/dataset/call_kw",
                {
                    "model": record._name,
                    "method": "read",
                    "args": [record.ids, ["display_name"]],
                    "kwargs": {},
                },
            ),
        ):
            answer = self.url_open(path, json={"params": params})
            yield path, answer.status_code, answer.text
        field = self._marked_field(record._name)
        for path in (
            f"/web/content/{record._name}/{record.id}/{field.name}",
            f"/web/image/{record._name}/{record.id}/{field.name}",
            f"/mail/view?model={record._name}&res_id={record.id}",
        ):
            answer = self.url_open(path)
            yield path, answer.status_code, answer.text

    @mute_logger(*QUIET, "odoo.http")
    def test_any_model_and_id(self):
        for user in (*self.users.values(), self.stranger, self.portal):
            self.authenticate(user.login, user.login)
            for model in ("culture.beneficiary", "culture.outing", "culture.household"):
                record = self.records[model]["elsewhere"]
                for path, __, text in self._answers(record):
                    with self._sub(record.with_user(user), path=path):
                        self._assert_unmarked(text, user)

    @mute_logger(*QUIET, "odoo.http")
    def test_papers(self):
        outings = self.outings
        path = "/report/html/culture_partnership.report_entry_list/"
        for user, place, lawful in (
            (self.referent, "own", True),
            (self.referent, "scope", False),
            (self.coordinator, "scope", True),
            (self.coordinator, "other", False),
            (self.administrator, "own", False),
            (self.agent_relay, "own", False),
            (self.stranger, "own", False),
            (self.portal, "own", False),
        ):
            self.authenticate(user.login, user.login)
            with self.subTest(user=user.login, place=place):
                answer = self.url_open(f"{path}{outings[place].id}")
                self.assertEqual(answer.status_code == 200, lawful)
                self.assertEqual("Invitations" in answer.text, lawful)
