"""Fail if the addon warns, or is warned about, in a log file of Odoo.

usage: check_log.py FILE...
"""

import os
import re
import sys
from pathlib import Path

ENTRY = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) ", re.MULTILINE)
OURS = re.compile(r"culture_partnership|\bculture[._]")


def names_addon(text):
    """Whether a log entry is about the addon. The cache has the addon's name too."""
    return OURS.search(text.replace(os.environ.get("CULTURE_CACHE", "\0"), ""))


def entries(text):
    """Each entry of the log with its level; a traceback belongs to its entry."""
    starts = list(ENTRY.finditer(text))
    ends = [match.start() for match in starts[1:]] + [len(text)]
    for match, end in zip(starts, ends, strict=True):
        yield match["level"], text[match.start() : end].rstrip()


def complaints(path):
    for level, entry in entries(Path(path).read_text(encoding="utf-8")):
        if level in {"WARNING", "ERROR", "CRITICAL"} and names_addon(entry):
            yield entry


if __name__ == "__main__":
    found = [entry for path in sys.argv[1:] for entry in complaints(path)]
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))
