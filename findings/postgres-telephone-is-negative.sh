#!/usr/bin/env bash
# PostgreSQL 18 (PGlite 0.5.17), to_tsvector('simple'): a hyphen between figures is a minus. A telephone 024-12345678
# is indexed as 024 and -12345678, so that 12345678 finds nothing; of 1-3年 the three is -3.
# Seen on 2026-11-28:
#   '024':1 '-12345678':2, match with 12345678 -> false, with 024-12345678 -> true
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @electric-sql/pglite@0.5.17
cat > try.mjs <<'EOF'
import { PGlite } from "@electric-sql/pglite";
const db = new PGlite();
const { rows: [row] } = await db.query(`
  select version() as version, to_tsvector('simple', '024-12345678')::text as words,
    to_tsvector('simple', '024-12345678') @@ plainto_tsquery('simple', '12345678') as part,
    to_tsvector('simple', '1-3 年')::text as years`);
console.log(row.version.slice(0, 40));
console.log("expected: the words 024 and 12345678; the number alone is found");
console.log("seen:", row.words, row.part, row.years);
const same = row.words === "'-12345678':2 '024':1" && row.part === false && row.years.includes("'-3'");
process.exit(same ? 0 : 1);
EOF
node try.mjs
