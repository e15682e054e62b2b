#!/usr/bin/env bash
# spaCy 3.8.18: FUZZY in a Matcher allows two edits at least, and most Chinese words have two
# characters: the pattern {"FUZZY": "失业"} matches every word of one or two characters there is.
# Seen on 2026-11-28:
#   of 我 在 沈阳 做 保洁 年休假 社会保险费: 我 在 沈阳 做 保洁
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check spacy==3.8.18
"$work/venv/bin/python" - <<'EOF'
import sys
import spacy
from spacy.matcher import Matcher
from spacy.tokens import Doc

print("spaCy", spacy.__version__)
nlp = spacy.blank("zh")
matcher = Matcher(nlp.vocab)
matcher.add("FUZZY", [[{"TEXT": {"FUZZY": "失业"}}]])
WORDS = ["我", "在", "沈阳", "做", "保洁", "年休假", "社会保险费"]
doc = Doc(nlp.vocab, words=WORDS, spaces=[False] * len(WORDS))
seen = [doc[start:end].text for _, start, end in matcher(doc)]
print("expected: nothing, for no word is like 失业")
print("seen:", seen)
sys.exit(0 if seen == ["我", "在", "沈阳", "做", "保洁"] else 1)
EOF
