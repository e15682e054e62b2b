#!/usr/bin/env bash
# py3langid 0.4.0: short messages in Mandarin come out as Wu or Cantonese: `== "zh"` is no test of whether somebody
# wrote Chinese.
# Seen on 2026-11-28:
#   你好 -> yue, 沈阳铁西区保洁 -> wuu, 招保安包吃住 -> wuu, 工伤赔偿 -> zh
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check py3langid==0.4.0
"$work/venv/bin/python" - <<'EOF'
import sys
from importlib.metadata import version
import py3langid

print("py3langid", version("py3langid"))
TEXTS = ("你好", "沈阳铁西区保洁", "招保安包吃住", "工伤赔偿")
seen = [py3langid.classify(text)[0] for text in TEXTS]
print("expected: zh four times")
print("seen:", seen)
sys.exit(0 if seen == ["yue", "wuu", "wuu", "zh"] else 1)
EOF
