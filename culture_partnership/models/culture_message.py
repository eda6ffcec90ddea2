import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.short_message import LONGEST, cut_at_word, folded, length
from .culture_message_texts import DEFAULTS, EXAMPLE, LONG, MESSAGE_KINDS

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
LINK = re.compile(r"\[([^\[\]\n]+)\]")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^{])")
FRENCH_SPACE = re.compile(r" (?=[:;?!»])|(?<=«) ")
LONGEST_TITLE = 24
SHORTEST_TITLE = 12
MOST_TEXT = 2000


class CultureMessage(models.Model):
    """What persons are told, by kind and by channel.

    One text each, changed by the administration. A word in braces stands for what is
    known of the outing; what is not known takes its sentence away with it.
    """

    _name = "culture.message"
    _inherit = ["culture.guarded"]
    _description = "Message to persons"
    _order = "channel, sequence, id"
    _rec_names_search = ("body",)

    kind = fields.Selection(MESSAGE_KINDS, required=True, readonly=True)
    channel = fields.Selection(
        [("sms", "SMS"), ("email", "E-mail")], required=True, readonly=True
    )
    sequence = fields.Integer(compute="_compute_sequence", store=True, precompute=True)
    subject = fields.Char(string="Subject line", help="Of an e-mail.")
    body = fields.Text(
        string="Text",
        required=True,
        help="Of an e-mail a line, of an SMS a sentence, is left out when what it "
        "would say is not known. Brackets hold what the link is called.",
    )
    placeholders = fields.Char(compute="_compute_placeholders")
    preview_subject = fields.Char(string="Subject shown", compute="_compute_preview")
    preview = fields.Text(compute="_compute_preview")
    places_used = fields.Char(string="Length", compute="_compute_preview")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )

    _once = models.UniqueIndex(
        "(company_id, kind, channel)", "There is a text for that already."
    )

    # ---------------------------------------------------------------- computes

    @api.depends("kind")
    def _compute_sequence(self):
        order = [kind for kind, __ in MESSAGE_KINDS]
        for message in self:
            message.sequence = message.kind and order.index(message.kind)

    @api.depends("kind", "channel")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        channels = dict(self._fields["channel"]._description_selection(self.env))
        for message in self:
            message.display_name = (
                f"{kinds.get(message.kind)} ({channels.get(message.channel)})"
            )

    def _compute_placeholders(self):
        names = " ".join(f"{{{name}}}" for name in EXAMPLE)
        self.placeholders = names

    @api.depends("subject", "body", "channel")
    def _compute_preview(self):
        for message in self:
            message.preview_subject = message.preview = message.places_used = False
            if not message.body:
                continue
            try:
                if message.channel == "sms":
                    text = message._sms(dict(EXAMPLE, heure="20h30"))
                    message.preview = text
                    message.places_used = self.env._(
                        "%(used)s of %(most)s", used=length(text), most=LONGEST
                    )
                else:
                    message.preview_subject = message._subject(EXAMPLE)
                    message.preview = message._plain(EXAMPLE)
            except (UserError, KeyError):
                # said when it is saved; while one types there is no preview
                continue

    # ------------------------------------------------------------------ checks

    @api.constrains("subject", "body", "channel")
    def _check_text(self):
        for message in self:
            text = f"{message.subject or ''}\n{message.body or ''}"
            for name in PLACEHOLDER.findall(text):
                if name not in EXAMPLE:
                    raise ValidationError(
                        self.env._(
                            "{%(name)s}: this is none of the words that can stand in "
                            "braces. They are: %(known)s.",
                            name=name,
                            known=", ".join(EXAMPLE),
                        )
                    )
            if "{" in PLACEHOLDER.sub("", text) or "}" in PLACEHOLDER.sub("", text):
                raise ValidationError(
                    self.env._("A brace has no other: write {titre}, for example.")
                )
            if len(text) > MOST_TEXT:
                raise ValidationError(
                    self.env._("Text: %(most)s characters at most.", most=MOST_TEXT)
                )
            if message.channel == "email" and not (message.subject or "").strip():
                raise ValidationError(self.env._("Subject line: an e-mail has one."))
            if message.channel == "sms":
                message._check_short()

    def _check_short(self):
        """Of one SMS, whatever stands in the braces."""
        used = length(folded(filled(self.body, LONG)))
        if used > LONGEST:
            raise ValidationError(
                self.env._(
                    "Text: an SMS has %(most)s characters at most; with a long date, "
                    "a link and a phone, this one has %(used)s. Shorten it.",
                    most=LONGEST,
                    used=used,
                )
            )

    def action_restore(self):
        """Put the text back as it was shipped."""
        self.check_access("write")
        for message in self:
            subject, body = DEFAULTS[message.kind, message.channel]
            message.write({"subject": subject, "body": body})

    # ------------------------------------------------------------------- texts

    def _sms(self, values):
        """The text of an SMS, in one message.

        :param values: dict of texts, empty for what is not known
        :return: text of the telephones' alphabet, 160 places at most
        :raise UserError: when there is no way to make it that short
        """
        for shorter in shorter_and_shorter(values):
            body = without_hour(without_phone(self.body, shorter), shorter)
            body = without_link(body, shorter)
            text = folded(sentences_known(body, shorter))
            if length(text) <= LONGEST:
                return text
        raise UserError(self.env._("This message is too long for an SMS."))

    def _lines(self, values):
        """Lines of an e-mail, those left out of which something is not known."""
        body = without_phone(without_hour(self.body, values), values)
        if not values.get("lien"):
            body = re.sub(r"\[[^\[\]\n]+\] ou (?=\{tel\})", "", body)
            body = LINK.sub("", body)
        kept = []
        for line in body.splitlines():
            line = line.strip()
            if line and not unknown(line, values):
                kept.append(
                    FRENCH_SPACE.sub("\N{NO-BREAK SPACE}", filled(line, values))
                )
        return kept

    def _plain(self, values):
        """The text part of an e-mail: a paragraph a line, the link written out."""
        link = values.get("lien")
        lines = [LINK.sub(rf"\1 : {link}", line) for line in self._lines(values)]
        return "\n\n".join(lines)

    def _said(self, values):
        """What is said in person: the same, without a link, and of which outing.

        :return: text
        """
        values = dict(values, lien="")
        lines = self._lines(values)
        if not any(values["titre"] in line for line in lines):
            lines.insert(0, f"{self._subject(values)}.")
        return "\n".join(lines)

    def _subject(self, values):
        return FRENCH_SPACE.sub("\N{NO-BREAK SPACE}", filled(self.subject, values))

    @api.model
    def _of(self, kind, channel, company):
        """:return: the text of a kind and channel, as superuser"""
        return self.sudo().search(
            [
                ("kind", "=", kind),
                ("channel", "=", channel),
                ("company_id", "=", company.id),
            ],
            limit=1,
        )


def filled(text, values):
    """:return: `text` with values for what stands in braces"""
    return PLACEHOLDER.sub(lambda found: values[found.group(1)] or "", text or "")


def unknown(text, values):
    """Whether a text would say what is not known."""
    return any(not values[name] for name in PLACEHOLDER.findall(text))


def without_link(text, values):
    """A text for when there is no page to answer on: it asks to call."""
    if values.get("lien"):
        return text
    text = text.replace("ici : {lien} ou {tel}", "au {tel}")
    text = text.replace("{lien} ou {tel}", "{tel}")
    return re.sub(r"[^.!?{}]*\{lien\}\s*", " ", text)


def without_hour(text, values):
    """A text for an open date: it has a last day, and no hour."""
    if values.get("heure"):
        return text
    return re.sub(r"\{jour\},? (?:à )?\{heure\}", "jusqu’au {jour}", text)


def without_phone(text, values):
    """A text for when nobody has said which number to call."""
    if values.get("tel"):
        return text
    text = re.sub(r"(\{lien\}|\]) ou \{tel\}", r"\1", text)
    return re.sub(r"\s*Une question \? \{tel\}", "", text)


def sentences_known(text, values):
    """A text without the sentences of which something is not known."""
    kept = [part for part in SENTENCE_END.split(text) if not unknown(part, values)]
    return filled(" ".join(" ".join(kept).split()), values)


def shorter_and_shorter(values):
    """The same values, the title cut more and more, at last without the link."""
    for most in range(LONGEST_TITLE, SHORTEST_TITLE - 1, -1):
        yield dict(values, titre=cut_at_word(values["titre"], most))
    short = dict(values, titre=cut_at_word(values["titre"], SHORTEST_TITLE))
    yield dict(short, lien="")
    yield dict(short, lien="", rdv="")
