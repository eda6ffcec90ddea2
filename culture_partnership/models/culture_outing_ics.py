from odoo import models


class CultureOuting(models.Model):
    """An outing as an entry of a calendar."""

    _inherit = "culture.outing"

    def _calendar_text(self):
        """A calendar file: title and dates, nothing of anybody or of who invites.

        :return: text, None for what has no hour
        """
        if not self.date_begin:
            return None
        title = self.name
        for char in "\\;,":
            title = title.replace(char, f"\\{char}")
        stamp = "%Y%m%dT%H%M%SZ"
        lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//sorties//FR",
            "BEGIN:VEVENT",
            f"UID:outing-{self.id}@sorties",
            f"DTSTAMP:{self.write_date.strftime(stamp)}",
            f"DTSTART:{self.date_begin.strftime(stamp)}",
            f"DTEND:{self.date_end.strftime(stamp)}",
            *folded(f"SUMMARY:{' '.join(title.split())}"),
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
        return "\r\n".join(lines)


def folded(line, width=70):
    """A line of a calendar file in pieces short enough for every reader.

    :param line: text
    :param width: octets a piece
    :return: list of lines, each but the first with a leading space
    """
    pieces, piece = [], ""
    for char in line:
        if len((piece + char).encode()) > width:
            pieces.append(piece)
            piece = " "
        piece += char
    return [*pieces, piece]
