"""Compare or renew the addon's translations.

usage: i18n.py check|update NEW-TEMPLATE FOLDER

NEW-TEMPLATE is what Odoo has just exported, FOLDER the addon's i18n/.
"""

import re
import sys
from pathlib import Path

import polib

NAME = "culture_partnership.pot"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|\$\{[^}]*\}")


def terms(catalogue):
    return {
        entry.msgid: sorted(name for name, _line in entry.occurrences)
        for entry in catalogue
        if not entry.obsolete
    }


def template_problems(exported, committed):
    new, old = terms(exported), terms(committed)
    for term in new.keys() - old.keys():
        yield f"{NAME}: missing: {term!r}"
    for term in old.keys() - new.keys():
        yield f"{NAME}: no longer in the addon: {term!r}"
    for term in new.keys() & old.keys():
        if new[term] != old[term]:
            yield f"{NAME}: no longer in the same places: {term!r}"


def french_problems(exported, french):
    entries = {entry.msgid: entry for entry in french if not entry.obsolete}
    for entry in french.obsolete_entries():
        yield f"fr.po: obsolete: {entry.msgid!r}"
    for term in entries.keys() - terms(exported).keys():
        yield f"fr.po: no longer in the addon: {term!r}"
    for term in terms(exported):
        entry = entries.get(term)
        if entry is None or not entry.msgstr:
            yield f"fr.po: untranslated: {term!r}"
        elif entry.fuzzy:
            yield f"fr.po: fuzzy: {term!r}"
        elif placeholders(term) != placeholders(entry.msgstr):
            yield f"fr.po: other placeholders than in the source: {term!r}"


def placeholders(text):
    return sorted(PLACEHOLDER.findall(text))


def check(exported, folder):
    problems = []
    for name, compare in ((NAME, template_problems), ("fr.po", french_problems)):
        path = folder / name
        if path.exists():
            problems += sorted(compare(exported, polib.pofile(str(path))))
        else:
            problems.append(f"{name}: missing")
    print(*problems, sep="\n", end="\n" if problems else "")
    return bool(problems)


def update(exported, folder):
    folder.mkdir(exist_ok=True)
    template, path = folder / NAME, folder / "fr.po"
    if template.exists() and terms(polib.pofile(str(template))) == terms(exported):
        print(f"{NAME}: unchanged")
    else:
        exported.save(str(template))
        print(f"{NAME}: {len(exported)} terms")
    french = polib.pofile(str(path), wrapwidth=78) if path.exists() else new_french()
    french.merge(exported)
    for entry in french.obsolete_entries():
        french.remove(entry)
    french.save(str(path))
    todo = french.untranslated_entries() + french.fuzzy_entries()
    print(f"fr.po: {len(french)} terms, {len(todo)} to translate")
    return 0


def new_french():
    french = polib.POFile(wrapwidth=78)
    french.metadata = {
        "Project-Id-Version": "Odoo Server 19.0",
        "Language": "fr",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    return french


if __name__ == "__main__":
    action = {"check": check, "update": update}[sys.argv[1]]
    sys.exit(action(polib.pofile(sys.argv[2]), Path(sys.argv[3])))
