#!/usr/bin/env bash
# simhash 2.1.2: near-duplicates are said to lie within 3 bits of 64. Of a posting of 20 characters, one
# digit of the pay changed moves the hash by 15 bits, so that SimhashIndex(k=3) does not find it again.
# Seen on 2026-11-28:
#   distance 15; get_near_dups -> []
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check simhash==2.1.2
"$work/venv/bin/python" - <<'EOF'
import sys
from importlib.metadata import version
from simhash import Simhash, SimhashIndex

print("simhash", version("simhash"))
first = Simhash("沈阳铁西区招保洁员，月薪3000，包吃住")
second = Simhash("沈阳铁西区招保洁员，月薪3200，包吃住")
index = SimhashIndex([("first", first)], k=3)
seen = [first.distance(second), index.get_near_dups(second)]
print("expected: near, for one character of twenty differs")
print("seen:", seen)
sys.exit(0 if seen == [15, []] else 1)
EOF
