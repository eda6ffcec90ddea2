"""What the outing sheet says of a discipline: no update touches the lists."""

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools import file_open

SHIPPED = "culture_partnership/data/closed_lists.xml"


def migrate(cr, version):
    """Give the shipped disciplines, and their copies by name, what they say.

    Only where nothing is said yet: run twice, or after somebody wrote another sentence,
    it changes nothing.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    disciplines = env["culture.discipline"].with_context(active_test=False)
    with file_open(SHIPPED, "rb") as file:
        records = etree.parse(file).iterfind(".//record[@model='culture.discipline']")
        shipped = [
            (
                record.findtext("field[@name='name']"),
                record.findtext("field[@name='sheet_sentence']"),
                record.find("field[@name='is_show']") is not None,
            )
            for record in records
        ]
    for name, words, is_show in shipped:
        silent = [("name", "=", name), ("sheet_sentence", "=", False)]
        disciplines.search(silent).write({"sheet_sentence": words, "is_show": is_show})
