#!/usr/bin/env bash
# humanize 4.16.0 (4.17.0 is the same), zh_CN: intword counts in thousands and millions in Chinese words, never in 万:
# 120000 is "120.0 千", which nobody says; an ordinal is "3第", its parts in the wrong order; dates stay English.
# Seen on 2026-11-28:
#   12000 -> 12.0 千, 120000 -> 120.0 千, ordinal(3) -> 3第, 5 December 2001 -> Dec 05 2001
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check humanize==4.16.0
"$work/venv/bin/python" - <<'EOF'
import sys
from datetime import date
import humanize

print("humanize", humanize.__version__)
humanize.i18n.activate("zh_CN")
seen = [humanize.intword(12_000), humanize.intword(120_000), humanize.ordinal(3),
        humanize.naturaldate(date(2001, 12, 5))]
print("expected: 1.2 万, 12 万, 第3, 2001年12月5日")
print("seen:", seen)
sys.exit(0 if seen == ["12.0 千", "120.0 千", "3第", "Dec 05 2001"] else 1)
EOF
