#!/usr/bin/env bash
# linkify-it-py 2.2.0 (of markdown-it-py): Chinese has no blank before an address. The words before www. or a bare name become
# part of its host, and an address with http:// right behind a word is not found at all.
# Seen on 2026-11-29:
#   网址www.example.com.cn，电话 -> http://网址www.example.com.cn; 请登录http://example.com.cn，查询 -> nothing
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check linkify-it-py==2.2.0
"$work/venv/bin/python" - <<'EOF'
import sys
from importlib.metadata import version

from linkify_it import LinkifyIt

print("linkify-it-py", version("linkify-it-py"))
texts = ("网址www.example.com.cn，电话", "请登录http://example.com.cn，查询")
found = [[one.url for one in LinkifyIt().match(text) or ()] for text in texts]
print("expected: http://www.example.com.cn and http://example.com.cn")
print("seen:", found)
sys.exit(0 if found == [["http://网址www.example.com.cn"], []] else 1)
EOF
