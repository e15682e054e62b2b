#!/usr/bin/env bash
# dateparser 1.5.0, Chinese: 3月5日前 (before 5 March) is read as "3 months and 5 days ago", and a period for
# applying, 3月5日到4月10日, becomes two spans back from today, the end before the beginning.
# Seen on 2026-11-28, with 2026-11-28 as the base:
#   3月5日前               -> 2026-08-23
#   3月5日到4月10日报名    -> 3月5日: 2026-08-23, 4月10日: 2026-07-18
#   11月28日               -> None
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check dateparser==1.5.0
"$work/venv/bin/python" - <<'EOF'
import sys
import warnings
from datetime import datetime

warnings.simplefilter("ignore")
import dateparser
from dateparser.search import search_dates

print("dateparser", dateparser.__version__)
BASE = {"RELATIVE_BASE": datetime(2026, 11, 28)}
before = dateparser.parse("3月5日前", languages=["zh"], settings=BASE)
period = search_dates("3月5日到4月10日报名", languages=["zh"], settings=BASE)
today = dateparser.parse("11月28日", languages=["zh"], settings=BASE)
print("expected: 5 March; 5 March and 10 April; 28 November")
seen = [str(before)[:10], [(text, str(day)[:10]) for text, day in period or ()], today]
print("seen:", seen)
sys.exit(0 if seen == ["2026-08-23", [("3月5日", "2026-08-23"), ("4月10日", "2026-07-18")], None] else 1)
EOF
