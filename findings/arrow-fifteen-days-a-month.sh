#!/usr/bin/env bash
# arrow 1.4.0: humanize says "2周后" of a day in 14 days and "1个月后" of a day in 15 (and so in English and German): a time limit of
# fifteen days (to sue after an award) is told as a month. From there on it counts the names of months, so that
# 45 days are one month in March and two in November.
# Seen on 2026-11-28:
#   14 days -> 2周后; 15, 20, 28 days -> 1个月后; 45 days from 2 March -> 1个月后, from 28 November -> 2个月后
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check arrow==1.4.0
"$work/venv/bin/python" - <<'EOF'
import sys
import arrow

print("arrow", arrow.__version__)

def said(day, days):
    return arrow.get(day).shift(days=days).humanize(arrow.get(day), locale="zh")

seen = [said("2026-03-02", days) for days in (14, 15, 20, 28, 45)] + [said("2026-11-28", 45)]
print("expected: 2周后, 2周后, 2周后, 4周后, 1个月后, 1个月后")
print("seen:", seen)
sys.exit(0 if seen == ["2周后", *["1个月后"] * 4, "2个月后"] else 1)
EOF
