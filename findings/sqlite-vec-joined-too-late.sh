#!/usr/bin/env bash
# sqlite-vec 0.1.9: a nearest-neighbour query that is narrowed by a join, by EXISTS or by an expression is narrowed
# after the k nearest were taken: of 20 rows of the city asked for it returns none. `id in (select …)` and an equality
# on a metadata column are looked at before and give ten.
# Seen on 2026-11-28 (1000 rows, every fiftieth of 沈阳, k = 10):
#   join 0, exists 0, in (select …) 10, metadata column 10, substr(metadata column, 1, 1) 0
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check sqlite-vec==0.1.9 apsw
"$work/venv/bin/python" - <<'EOF'
import random
import struct
import sys
import apsw
import sqlite_vec

db = apsw.Connection(":memory:")
db.enable_load_extension(True)
db.load_extension(sqlite_vec.loadable_path())
print("sqlite-vec, SQLite", *db.execute("select vec_version(), sqlite_version()").fetchone())
db.execute("create virtual table v using vec0(id integer primary key, e float[4], city text)")
db.execute("create table place(id integer primary key, city text)")
chance = random.Random(1)
for number in range(1000):
    city = "大连" if number % 50 else "沈阳"
    vector = struct.pack("4f", *(chance.random() for _ in range(4)))
    db.execute("insert into v(id, e, city) values (?, ?, ?)", (number, vector, city))
    db.execute("insert into place values (?, ?)", (number, city))
NEAR = "select v.id from v {} where e match ? and k = 10 and {}"
WAYS = {
    "join": ("join place p on p.id = v.id", "p.city = '沈阳'"),
    "exists": ("", "exists (select 1 from place p where p.id = v.id and p.city = '沈阳')"),
    "in": ("", "v.id in (select id from place where city = '沈阳')"),
    "metadata": ("", "v.city = '沈阳'"),
    "expression": ("", "substr(v.city, 1, 1) = '沈'"),
}
asked = struct.pack("4f", 0.5, 0.5, 0.5, 0.5)
seen = {name: len(db.execute(NEAR.format(*way), (asked,)).fetchall()) for name, way in WAYS.items()}
print("expected: ten each way")
print("seen:", seen)
sys.exit(0 if seen == {"join": 0, "exists": 0, "in": 10, "metadata": 10, "expression": 0} else 1)
EOF
