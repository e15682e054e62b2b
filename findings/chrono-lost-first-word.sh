#!/usr/bin/env bash
# chrono-node 2.10.3, zh.hans: what stands before a date it knows is left out, and the rest is read as if it
# were all: 下下周一 is next Monday, 明年3月 is March of this year, 一个半月后 is half a month from now.
# Seen on 2026-11-28, from Saturday 2026-11-28:
#   下下周一   -> 下周一, 2026-11-30 (right: 2026-12-07)
#   明年3月    -> 年3月, 2026-03 (right: 2027-03)
#   一个半月后 -> 半月后, 2026-12-12 or -13 (right: the middle of January)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund chrono-node@2.10.3
cat > try.mjs <<'EOF'
import * as chrono from "chrono-node";
import { readFileSync } from "node:fs";
console.log("chrono-node", JSON.parse(readFileSync("node_modules/chrono-node/package.json")).version);
const from = new Date(2026, 10, 28, 10);
const read = (text) => chrono.zh.hans.parse(text, from).map((hit) => {
  const day = hit.start.date();
  return `${hit.text} ${day.getFullYear()}-${day.getMonth() + 1}`;
}).join();
const seen = ["下下周一", "明年3月", "一个半月后"].map(read);
console.log("expected: December 2026 (the 7th), March 2027, January 2027, or nothing");
console.log("seen:", seen);
process.exit(String(seen) === "下周一 2026-11,年3月 2026-3,半月后 2026-12" ? 0 : 1);
EOF
node try.mjs
