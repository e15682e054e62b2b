#!/usr/bin/env bash
# vobject 0.9.9 folds lines of iCalendar by characters, not by octets (RFC 5545 3.1: 75 octets): a Chinese summary stays
# in one line of 152 octets, twice what the format has. icalendar folds the same by octets.
# Seen on 2026-11-29:
#   a summary of 48 characters: vobject one line of 152 octets, icalendar lines of at most 75
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check vobject==0.9.9 icalendar==7.3.2
"$work/venv/bin/python" - <<'EOF'
import sys
from datetime import datetime
from importlib.metadata import version

import icalendar
import vobject

print("vobject", version("vobject"), "icalendar", version("icalendar"))
TEXT = "沈阳市铁西区人力资源和社会保障局就业服务中心举办冬季专场招聘会欢迎广大求职者到场洽谈咨询报名参加"
one = vobject.iCalendar()
event = one.add("vevent")
event.add("summary").value = TEXT
event.add("dtstart").value = datetime(2026, 12, 1, 9)
other = icalendar.Calendar()
of = icalendar.Event()
of.add("summary", TEXT)
of.add("dtstart", datetime(2026, 12, 1, 9))
other.add_component(of)
longest = [
    max(map(len, text.split(b"\r\n"))) for text in (one.serialize().encode(), other.to_ical())
]
print("expected: no line beyond 75 octets")
print("seen: vobject", longest[0], "icalendar", longest[1])
sys.exit(0 if longest[0] == 8 + 3 * len(TEXT) and longest[1] <= 75 else 1)
EOF
