#!/usr/bin/env bash
# ir_measures 0.4.3 over pytrec_eval-terrier 0.5.11: documents with one score are ranked by their names, the
# last first, whatever order they were given in, and scores count as 32-bit floats: a reranker's order that
# differs from the 24th bit on is undone. Renaming a document changes the reciprocal rank.
# Seen on 2026-11-28:
#   scores 16777217 (right answer "a") and 16777216 ("b") -> RR 0.5; the same with names exchanged -> RR 1.0
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check ir-measures==0.4.3 pytrec-eval-terrier==0.5.11
"$work/venv/bin/python" - <<'EOF'
import sys
from importlib.metadata import version
import ir_measures
from ir_measures import RR, Qrel, ScoredDoc

print("ir_measures", version("ir_measures"), "pytrec_eval", version("pytrec_eval-terrier"))

def reciprocal_rank(right, wrong):
    run = [ScoredDoc("q", right, 16777217.0), ScoredDoc("q", wrong, 16777216.0)]
    return ir_measures.calc_aggregate([RR], [Qrel("q", right, 1)], run)[RR]

seen = [reciprocal_rank("a", "b"), reciprocal_rank("b", "a")]
print("expected: 1.0 both times, for the right document has the higher score and stands first")
print("seen:", seen)
sys.exit(0 if seen == [0.5, 1.0] else 1)
EOF
