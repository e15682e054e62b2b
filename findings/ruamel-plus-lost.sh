#!/usr/bin/env bash
# ruamel.yaml 0.19.1, round trip: a number written with a plus is written back without it, although octal
# and hexadecimal numbers, underscores and leading zeros come back as they stood: +8613800138000 in a list of
# telephones is another number after any edit of the file.
# Seen on 2026-11-28:
#   phone: +8613800138000 -> phone: 8613800138000; code: 0411 and mask: 0x1F unchanged
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check ruamel.yaml==0.19.1
"$work/venv/bin/python" - <<'EOF'
import sys
from io import StringIO
import ruamel.yaml

print("ruamel.yaml", ruamel.yaml.__version__)
yaml, out = ruamel.yaml.YAML(), StringIO()
SOURCE = "phone: +8613800138000\ncode: 0411\nmask: 0x1F\nbig: 1_000\n"
yaml.dump(yaml.load(SOURCE), out)
print("expected:", SOURCE.split())
print("seen:", out.getvalue().split())
sys.exit(0 if out.getvalue() == SOURCE.replace("+", "") else 1)
EOF
