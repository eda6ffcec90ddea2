"""The table of rights, without loading Odoo's addons for it."""

from pathlib import Path

FILE = Path(__file__).parents[2] / "culture_partnership/security/access_table.py"


def load():
    lines = FILE.read_text().replace(
        "from odoo.tools.translate import LazyTranslate",
        "LazyTranslate = lambda n: str",
    )
    names = {"__name__": "access_table"}
    exec(compile(lines, FILE, "exec"), names)
    return names


TABLE = load()
ACCESS = TABLE["ACCESS"]
ROUTES = TABLE["ROUTES"]
