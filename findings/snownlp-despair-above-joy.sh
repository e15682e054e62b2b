#!/usr/bin/env bash
# snownlp 0.12.3: the sentiment of 不想活了 (I do not want to live) is more positive than that of 太好了 (wonderful), and of
# 我很生气 (I am angry) as well: its model learned from shop reviews. No threshold tells a cry for help from thanks.
# Seen on 2026-11-28 (1 is positive):
#   不想活了 0.54, 太好了 0.47, 我很生气 0.48
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check snownlp==0.12.3
"$work/venv/bin/python" - <<'EOF'
import sys
from importlib.metadata import version
from snownlp import SnowNLP

print("snownlp", version("snownlp"))
despair, joy, anger = (round(SnowNLP(x).sentiments, 2) for x in ("不想活了", "太好了", "我很生气"))
print("expected: joy far above anger, anger above despair")
print("seen: despair", despair, "joy", joy, "anger", anger)
sys.exit(0 if despair > 0.5 > joy and despair > anger > joy else 1)
EOF
