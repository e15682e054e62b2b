#!/usr/bin/env bash
# rjieba 0.2.2 (jieba-rs) beside jieba 0.42.1: the faster one keeps a range of figures as one word where jieba cuts it
# in three, and pulls the minutes of one time and the hour of the next together. An index made by the one is not
# found by the other.
# Seen on 2026-11-28:
#   工资4000-5000元 -> jieba 工资/4000/-/5000/元, rjieba 工资/4000-5000/元; 9:00-18:00 -> rjieba 9/:/00-18/:/00
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check rjieba==0.2.2 jieba==0.42.1 setuptools==69.5.1
"$work/venv/bin/python" - <<'EOF'
import logging
import sys
import warnings
from importlib.metadata import version

warnings.simplefilter("ignore")
import jieba
import rjieba

jieba.setLogLevel(logging.ERROR)
jieba.initialize()
print("rjieba", version("rjieba"), "jieba", version("jieba"))
TEXTS = ("工资4000-5000元", "9:00-18:00")
slow, fast = ["/".join(jieba.cut(x)) for x in TEXTS], ["/".join(rjieba.cut(x)) for x in TEXTS]
print("expected: the same words, for the one is a port of the other")
print("seen: jieba", slow, "rjieba", fast)
same = ["工资/4000/-/5000/元", "9/:/00/-/18/:/00"], ["工资/4000-5000/元", "9/:/00-18/:/00"]
sys.exit(0 if (slow, fast) == same else 1)
EOF
