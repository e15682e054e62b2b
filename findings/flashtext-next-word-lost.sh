#!/usr/bin/env bash
# flashtext 2.7: of two keywords that stand side by side, as words do in Chinese, the second is lost: the character
# after a keyword is taken for its boundary and not looked at again. Between commas both are found.
# Seen on 2026-11-28, keywords 失业 and 保险:
#   问失业保险的事   -> ['失业']
#   问失业，保险的事 -> ['失业', '保险']
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check flashtext==2.7
"$work/venv/bin/python" - <<'EOF'
import sys
from importlib.metadata import version
from flashtext import KeywordProcessor

print("flashtext", version("flashtext"))
processor = KeywordProcessor()
processor.add_keywords_from_list(["失业", "保险"])
seen = [processor.extract_keywords(text) for text in ("问失业保险的事", "问失业，保险的事")]
print("expected: both words in both texts, for they do not overlap")
print("seen:", seen)
sys.exit(0 if seen == [["失业"], ["失业", "保险"]] else 1)
EOF
