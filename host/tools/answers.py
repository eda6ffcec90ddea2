"""Exit 0 when the address answers 200, 1 when it does not (yet)."""

import sys
import urllib.request

try:
    with urllib.request.urlopen(sys.argv[1], timeout=10) as answer:
        sys.exit(answer.status != 200)
except OSError:
    sys.exit(1)
