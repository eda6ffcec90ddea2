"""The links that messages carry, made as the application makes them.

It gives them to nobody who asks: tests sign their own, with the database's secret.
"""

import hashlib
import hmac
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "culture_partnership" / "tools"))
from link_text import BASE, to_text

KINDS = {"week": 1, "offer": 5}
ROOM, LETTERS = 8, 10
SCOPE = "culture.registration.answer"
SECRET = "SELECT value FROM ir_config_parameter WHERE key = 'database.secret'"
MOMENTS = """
    SELECT offer_expiry::text, coalesce(date_begin, date_end)::text
      FROM culture_registration WHERE id = %s
"""


def answer_path(sql, line, kind):
    """The path of a link.

    :param line: id of a registration
    :param kind: of the message: ``week`` or ``offer``
    """
    [[secret]] = sql(SECRET)
    [[expiry, begin]] = sql(MOMENTS, line)
    message = (line, KINDS[kind], expiry if kind == "offer" else begin)
    told = repr((SCOPE, message)).encode()
    signed = int(hmac.new(secret.encode(), told, hashlib.sha256).hexdigest(), 16)
    head = to_text(line * ROOM + KINDS[kind])
    return f"/o/{head}{to_text(signed % BASE**LETTERS, LETTERS)}"
