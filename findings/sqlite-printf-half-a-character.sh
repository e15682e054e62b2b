#!/usr/bin/env bash
# SQLite 3.54 (apsw) beside DuckDB 2.0.1: the same printf counts bytes in the one and characters in the other. %.2s of
# Chinese cuts through a character and gives text that is no UTF-8; %-6s leaves no blank behind 保安.
# Seen on 2026-11-29:
#   printf('%.2s', '保安员'): DuckDB 保安, SQLite the bytes e4 bf; printf('%-6s|', '保安'): DuckDB 4 blanks, SQLite none
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.1 apsw==3.54.1.0
"$work/venv/bin/python" - <<'EOF'
import sys
from importlib.metadata import version

import apsw
import duckdb

print("duckdb", version("duckdb"), "sqlite", apsw.sqlite_lib_version())
CUT, PAD = "printf('%.2s', '保安员')", "printf('%-6s|', '保安')"
(duck,) = duckdb.sql(f"select {CUT}, {PAD}").fetchall()
lite = next(apsw.Connection(":memory:").execute(f"select hex({CUT}), {PAD}"))
print("expected: the same of both")
print("seen: DuckDB", duck, "SQLite", lite)
sys.exit(0 if duck == ("保安", "保安    |") and lite == ("E4BF", "保安|") else 1)
EOF
