"""Print one key of an addon's manifest, its items joined by commas."""

import ast
import sys
from pathlib import Path

addon, key = sys.argv[1:]
manifest = ast.literal_eval(Path(addon, "__manifest__.py").read_text(encoding="utf-8"))
print(",".join(manifest[key]))
