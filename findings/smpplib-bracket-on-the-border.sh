#!/usr/bin/env bash
# smpplib 2.2.4: [ ] { } ~ ^ | € take two septets in an SMS, an escape and a character. gsm.make_parts cuts a long message
# between the two: one part ends with an escape that belongs to nothing, the next begins with < in place of [.
# Seen on 2026-11-29:
#   152 letters, a bracket, 20 letters -> part 1 ends with 0x1b, part 2 begins with "<b"
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check smpplib==2.2.4
"$work/venv/bin/python" - <<'EOF'
import sys
from importlib.metadata import version

from smpplib import gsm

print("smpplib", version("smpplib"))
parts, _, _ = gsm.make_parts("a" * 152 + "[" + "b" * 20)
bodies = [bytes(part)[6:] for part in parts]  # behind the header of six octets
print("expected: the bracket whole in one of the parts")
print("seen:", [body[-2:] for body in bodies[:1]], [body[:2] for body in bodies[1:]])
sys.exit(0 if bodies[0].endswith(b"a\x1b") and bodies[1].startswith(b"<b") else 1)
EOF
