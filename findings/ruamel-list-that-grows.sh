#!/usr/bin/env bash
# ruamel.yaml 0.17.40: an implicit resolver that is registered for any first character (first=None, as Rasa registers
# its own for environment variables) is appended to the list of a value's first character at every such value that is
# read, not once. The list stays that long for the next file, and each value is compared with all of it.
# Seen on 2026-11-30: 1,000 values that begin with a digit: the list for "1" goes from 3 to 1,003 entries.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check ruamel.yaml==0.17.40
"$work/venv/bin/python" - <<'EOF'
import re
import sys
from importlib.metadata import version

from ruamel.yaml import YAML
from ruamel.yaml.resolver import Resolver

print("ruamel.yaml", version("ruamel.yaml"))


class Settled(Resolver):
    """The rules of YAML 1.2, whatever version a document asks for."""

    processing_version = (1, 2)

    def __init__(self, version=None, loader=None, loadumper=None):
        super().__init__(loadumper or loader)


Settled.add_implicit_resolver("!env", re.compile(r"^\$\{\w+\}$"), None)
reader = YAML(typ="safe")
reader.Resolver = Settled
before = len(Settled.yaml_implicit_resolvers["1"])
reader.load("\n".join(f"- 1st of {number}" for number in range(1000)))
seen = [before, len(Settled.yaml_implicit_resolvers["1"])]
print("expected:", [before, before])
print("seen:", seen)
sys.exit(0 if seen == [3, 1003] else 1)
EOF
