"""Write the table of rights into the guide of roles, from the table itself.

usage: guide_table.py --check | --update

The names of models are those that users read: fr.po's.
"""

import argparse
import sys
from pathlib import Path

import polib
from rights import ACCESS, TABLE

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/guide-roles.md"
FRENCH = ROOT / "culture_partnership/i18n/fr.po"
ROLES = {
    "referent": "Référent social",
    "coordinator": "Coordination",
    "administrator": "Administration",
    "relay": "Relais (agent)",
}
LETTERS = {"c": "C", "r": "L", "u": "M", "d": "S"}
WHOSE = {
    "own": "siens",
    "shared": "partagés",
    "scope": "périmètre",
    "company": "tout",
}
BEGIN, END = "<!-- rights -->\n", "<!-- /rights -->\n"


def french_names():
    """The French name of each model of the addon."""
    names = {}
    prefix = "model:ir.model,name:culture_partnership.model_"
    for entry in polib.pofile(FRENCH):
        for place, line in entry.occurrences:
            words = f"{place}:{line}" if line else place
            if words.startswith(prefix):
                names[words.removeprefix(prefix)] = entry.msgstr
    return names


def cell(rights):
    """What a role may do with a model: "L tout, CM siens"."""
    parts = []
    for whose, words in reversed(WHOSE.items()):
        letters = "".join(LETTERS[op] for op in "crud" if rights.get(op) == whose)
        if letters:
            parts.append(f"{letters} {words}")
    return ", ".join(parts)


def rows():
    names = french_names()
    lists = TABLE["READ_LISTS"]
    yield ["", *ROLES.values()]
    yield ["---"] * (len(ROLES) + 1)
    for model, rights in ACCESS.items():
        if rights is not lists:
            name = names[model.replace(".", "_")]
            yield [name, *(cell(rights.get(role, {})) for role in ROLES)]
    yield ["Listes de choix", *(cell(lists.get(role, {})) for role in ROLES)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--check", action="store_true")
    wanted.add_argument("--update", action="store_true")
    options = parser.parse_args()
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows())
    before, rest = GUIDE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    text = f"{before}{BEGIN}\n{table}\n{END}{after}"
    if options.update:
        GUIDE.write_text(text, encoding="utf-8")
    elif text != GUIDE.read_text(encoding="utf-8"):
        sys.exit(f"{GUIDE.name} is not what the table of rights says: --update")


if __name__ == "__main__":
    main()
