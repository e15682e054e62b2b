#!/usr/bin/env bash
# tantivy 0.26.2 (0.27.0 is the same): the default analyser takes a run of Chinese as one word and drops words of 40
# bytes or more without a word: a line of 14 characters is stored and can never be found, one of 13 can.
# Seen on 2026-11-28:
#   13 characters, asked in full -> 1 hit
#   14 characters, asked in full -> 0 hits, though the document is stored
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check tantivy==0.26.2
"$work/venv/bin/python" - <<'EOF'
import sys
import tantivy

print("tantivy", tantivy.__version__)
fields = tantivy.SchemaBuilder()
fields.add_text_field("line", stored=True)
index = tantivy.Index(fields.build())
LINES = ["失业人员领取失业保险金期限", "失业人员领取失业保险金的期限"]
writer = index.writer()
for line in LINES:
    writer.add_document(tantivy.Document(line=line))
writer.commit()
index.reload()
searcher = index.searcher()
seen = [(len(x), searcher.search(index.parse_query(x, ["line"]), 5).count) for x in LINES]
print("expected: each line is found by its own words")
print("seen: (characters, hits)", seen, "of", searcher.num_docs, "documents")
sys.exit(0 if seen == [(13, 1), (14, 0)] and searcher.num_docs == 2 else 1)
EOF
