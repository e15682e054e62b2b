#!/usr/bin/env bash
# ruamel.yaml 0.18.15: the order of the keys of a mapping that takes others over with `<<` depends on the loader. Read
# with typ="safe" (as PyYAML reads it) what is taken over stands first, read with typ="rt" last, so that a list of
# sources, numbered by their order, differs between a quick reading and one that knows the lines.
# Seen on 2026-11-29: safe -> law, rules, notice; rt -> notice, law, rules. Both say that the two are equal.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check ruamel.yaml==0.18.15 PyYAML==6.0.2
"$work/venv/bin/python" - <<'EOF'
import sys
from importlib.metadata import version

import yaml
from ruamel.yaml import YAML

TEXT = "base: &base {law: 1, rules: 2}\nown:\n  <<: *base\n  notice: 3\n"
print("ruamel.yaml", version("ruamel.yaml"), "PyYAML", version("PyYAML"))
safe, rt = (YAML(typ=kind).load(TEXT)["own"] for kind in ("safe", "rt"))
print("expected: the same order from both loaders")
print("seen: safe", list(safe), "rt", list(rt), "PyYAML", list(yaml.safe_load(TEXT)["own"]))
seen = (list(safe), list(rt), dict(safe) == dict(rt), list(yaml.safe_load(TEXT)["own"]) == list(safe))
first, last = ["law", "rules", "notice"], ["notice", "law", "rules"]
sys.exit(0 if seen == (first, last, True, True) else 1)
EOF
