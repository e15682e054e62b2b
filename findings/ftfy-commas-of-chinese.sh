#!/usr/bin/env bash
# ftfy 6.3.1: fix_text, made to mend broken encodings, writes ， ； （ ） and ： of intact Chinese as , ; ( ) and :, and
# leaves 。 and 、 as they are: half of the marks by which clauses are told are of another kind afterwards.
# Seen on 2026-11-29:
#   五险一金，双休（周六、周日）；包吃住。 -> 五险一金,双休(周六、周日);包吃住。
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check ftfy==6.3.1
"$work/venv/bin/python" - <<'EOF'
import sys
from importlib.metadata import version

import ftfy

print("ftfy", version("ftfy"))
text = "五险一金，双休（周六、周日）；包吃住。"
fixed = ftfy.fix_text(text)
print("expected: nothing to mend, the same text")
print("seen:", fixed)
sys.exit(0 if fixed == "五险一金,双休(周六、周日);包吃住。" else 1)
EOF
