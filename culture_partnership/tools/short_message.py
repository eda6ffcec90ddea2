"""Texts as telephones take them: the GSM 7-bit alphabet, 160 places a message."""

import re
import unicodedata

from odoo.exceptions import UserError

from odoo.addons.phone_validation.tools.phone_validation import phone_format

ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWO_PLACES = frozenset("^{}\\[~]|€")
INSTEAD = {
    "’": "'",
    "‘": "'",
    "«": '"',
    "»": '"',
    "“": '"',
    "”": '"',
    "„": '"',
    "…": "...",
    "–": "-",
    "—": "-",
    "œ": "oe",
    "Œ": "OE",
    "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
}
LONGEST = 160
"""Places of one message: a second one is another message, which may come first."""


def folded(text):
    """A text in the alphabet of telephones.

    One sign outside of it would halve the room of the whole message. A letter loses the
    sign that the alphabet lacks; what stays unknown becomes a question mark.

    :param text: text
    :return: text, of the alphabet only
    """
    text = unicodedata.normalize("NFC", text)
    for sign, plain in INSTEAD.items():
        text = text.replace(sign, plain)
    return "".join(map(_folded_sign, text))


def _folded_sign(sign):
    if sign in ALPHABET or sign in TWO_PLACES:
        return sign
    bare = "".join(
        part
        for part in unicodedata.normalize("NFKD", sign)
        if not unicodedata.combining(part)
    )
    if bare and all(part in ALPHABET for part in bare):
        return bare
    return "" if unicodedata.combining(sign) else "?"


def length(text):
    """Places that a folded text takes.

    :param text: text of the alphabet
    :return: number
    """
    return len(text) + sum(sign in TWO_PLACES for sign in text)


def cut_at_word(text, most):
    """A title short enough, whole words as far as they go.

    :param text: text
    :param most: number of characters
    :return: text, shorter than or as long as `most`
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    head = text[: most + 1]
    if " " in head:
        head = head.rpartition(" ")[0]
    return head[:most].rstrip(" ,;:.-–—(«")


def mobile(number, country):
    """A number that takes messages, as gateways want it.

    French landlines take none: who has only one is called.

    :param number: as written in a file, or False
    :param country: ISO code of the country of numbers without prefix
    :return: "+33612345678", empty for what is no such number
    """
    digits = re.sub(r"[^\d+]", "", number or "")
    digits = re.sub(r"^00", "+", digits)
    if country == "FR" or digits.startswith("+33"):
        french = re.fullmatch(r"(?:\+330?|0)([67]\d{8})", digits)
        if french or not digits.startswith("+") or digits.startswith("+33"):
            return f"+33{french[1]}" if french else ""
    if not digits:
        return ""
    try:
        return phone_format(digits, country, None, force_format="E164")
    except UserError:
        return ""
