#!/usr/bin/env bash
# agate 1.14.2 (csvkit reads with it): a column of years of experience, 1-3 and 3-5, becomes dates (the third of
# January); a telephone column loses the zero of its area code.
# Seen on 2026-11-28 (the year is the library's own default):
#   经验 -> Date, 1-3 -> month 1, day 3; 电话 -> Number, 02412345678 -> 2412345678
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check agate==1.14.2
"$work/venv/bin/python" - <<'EOF'
import sys
import warnings
from importlib.metadata import version
from io import StringIO

warnings.simplefilter("ignore")
import agate

print("agate", version("agate"))
table = agate.Table.from_csv(StringIO("经验,电话\n1-3,02412345678\n3-5,04112345678\n"))
kinds = [type(kind).__name__ for kind in table.column_types]
day, phone = table.rows[0]
seen = [*kinds, (day.month, day.day) if hasattr(day, "month") else day, str(phone)]
print("expected: Text, Text, 1-3, 02412345678")
print("seen:", seen)
sys.exit(0 if seen == ["Date", "Number", (1, 3), "2412345678"] else 1)
EOF
