#!/usr/bin/env bash
# zhon 2.1.1: its pattern for "a Chinese sentence" knows no figure and no letter, so that of a sentence with one only
# the rest behind the last of them is found, without a word; the pay and the licence of a posting are gone.
# Seen on 2026-11-29:
#   月薪4000元，包吃住。要求会开C1车。 -> 元，包吃住。 车。
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check zhon==2.1.1
"$work/venv/bin/python" - <<'EOF'
import re
import sys
from importlib.metadata import version

from zhon import hanzi

print("zhon", version("zhon"))
text = "月薪4000元，包吃住。要求会开C1车。"
found = re.findall(hanzi.sentence, text)
print("expected: two sentences, whole")
print("seen:", *found)
sys.exit(0 if found == ["元，包吃住。", "车。"] else 1)
EOF
