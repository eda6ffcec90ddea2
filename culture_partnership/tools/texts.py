"""Bytes to text, text to something that can be stored, compared and written out."""

import html
import re
import unicodedata

LEGACY_ENCODINGS = ("cp1252", "mac_roman", "cp850")
"""What Windows, old Macs and old consoles wrote; the first wins a draw."""
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
SAMPLE = 200_000
USUAL_LETTERS = frozenset("éèêëàâäçùûüîïôöœæÿñ")
USUAL_CAPITALS = frozenset("ÉÈÊËÀÂÄÇÙÛÜÎÏÔÖŒÆÑ")
USUAL_SIGNS = frozenset("’‘“”«»–—…€°\xa0\u202f")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
FOREIGN = re.compile(r"[^\W\d_a-zA-Z]{3}")
MOJIBAKE = re.compile("[ÃÂ][\x80-\xbf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")

# Controls, what turns the reading direction round, marks of encodings, half pairs.
# The two joiners U+200C and U+200D belong to the spelling of names: they stay.
NOT_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\uffff\ud800-\udfff]"
)
TAG = re.compile(r"<!--|-->|<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
HIDDEN = frozenset(("script", "style", "template"))
BREAKING = frozenset(("br", "p", "div", "li", "ul", "h1", "h2", "h3", "h4", "tr"))
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class UnreadableText(ValueError):
    """No encoding makes sense of these bytes."""


def decode(data):
    """Read bytes whatever program wrote them.

    The usual guess of a library takes a French file of Windows for a Turkish one,
    since it knows no French names; here the reading with the most plausible French
    letters wins. A text that was encoded twice ("Ã©") is put right.

    :param data: bytes
    :return: text, with ``\\n`` as only line end
    :raise UnreadableText: when no reading is plausible
    """
    text = _decode(data)
    if "\ufffd" in text:
        raise UnreadableText
    text = _undo_double_encoding(text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data):
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data, encoding)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(data)
    if "\x00" in text[:SAMPLE]:
        zeros_first = data[0:SAMPLE:2].count(0) > data[1:SAMPLE:2].count(0)
        return _decode_as(data, "utf-16-be" if zeros_first else "utf-16-le")
    return text


def _decode_as(data, encoding):
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableText from error


def _decode_legacy(data):
    best, best_score = None, -1
    for encoding in LEGACY_ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        score = _plausibility(text[:SAMPLE])
        if score > best_score:
            best, best_score = text, score
    if best is None:
        raise UnreadableText
    return best


def _plausibility(text):
    """How much the letters beyond ASCII look like French; below 0: not at all."""
    score = 0
    for found in NOT_ASCII.finditer(text):
        char = found.group()
        if FOREIGN.fullmatch(text, max(found.start() - 2, 0), found.end()):
            # three in a row: another alphabet, read as this one
            score -= 6
            continue
        before = text[found.start() - 1 : found.start()]
        after = text[found.end() : found.end() + 1]
        if char in USUAL_LETTERS:
            score += 1 if before.isupper() and after.isupper() else 3
        elif char in USUAL_CAPITALS:
            score += -3 if before.islower() else 2
        elif char in USUAL_SIGNS:
            score += 1
        elif char.isalpha():
            score -= 1
        else:
            score -= 2
    return score


def _undo_double_encoding(text):
    if not MOJIBAKE.search(text[:SAMPLE]):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def one_line(value):
    """What a cell says, on one line, without what no one types.

    :param value: anything a cell holds
    :return: text without control or direction characters, single spaces
    """
    text = "" if value is None else str(value)
    text = NOT_TEXT.sub("", unicodedata.normalize("NFC", text))
    if text[:1] == "'" and text[1:2] in FORMULA_STARTS:
        # our own reports write formulas so: read them back as they were
        text = text[1:]
    return " ".join(text.split())


def several_lines(value):
    """The same, line breaks kept; at most one empty line in a row."""
    text = NOT_TEXT.sub("", unicodedata.normalize("NFC", value.replace("\r", "")))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def without_markup(value):
    """The text of what may have been written as HTML.

    Only what is a tag goes; "Moins < 18 ans" stays. What remains is plain text and
    may still look like HTML once entities are read: it is stored as text and escaped
    wherever it is shown. One pass from left to right, whatever is never closed.

    :param value: text of an event
    :return: plain text
    """
    if "<" not in value:
        return html.unescape(value)
    kept, position, hidden = [], 0, None
    for tag in TAG.finditer(value):
        if not hidden:
            kept.append(value[position : tag.start()])
        position = tag.end()
        closing, name = tag.group(1), (tag.group(2) or tag.group()).lower()
        if hidden:
            if name == hidden and closing != "":
                hidden = None
        elif name == "<!--":
            hidden = "-->"
        elif name in HIDDEN and not closing:
            hidden = name
        elif name in BREAKING:
            kept.append("\n")
    if not hidden:
        kept.append(value[position:])
    return html.unescape("".join(kept))


def key(value):
    """What two writings of one name have in common.

    "Jean-Pierre LÉVÊQUE" and "jean pierre leveque" have the same key.

    :param value: text, or False
    :return: letters and digits only, folded; may be empty
    """
    text = unicodedata.normalize("NFKD", (value or "").casefold())
    text = text.replace("œ", "oe").replace("æ", "ae")
    return "".join(char for char in text if char.isalnum())


def inert(value):
    """A cell that no spreadsheet takes for a formula.

    :param value: anything
    :return: text
    """
    text = "" if value is None or value is False else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
