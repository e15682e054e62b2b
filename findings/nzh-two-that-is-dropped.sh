#!/usr/bin/env bash
# nzh 1.0.14: decodeS knows 二 but not 两, and drops what it does not know instead of refusing:
# 两百五十 is 50, 两万五千 is 5000. Its own encoder never writes 两, so that a round trip shows nothing.
# Seen on 2026-11-28:
#   二百五十 -> 250, 两百五十 -> 50, 两万五千 -> 5000
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund nzh@1.0.14
cat > try.mjs <<'EOF'
import nzh from "nzh";
import { readFileSync } from "node:fs";
console.log("nzh", JSON.parse(readFileSync("node_modules/nzh/package.json")).version);
const seen = ["二百五十", "两百五十", "两万五千"].map((text) => nzh.cn.decodeS(text));
console.log("expected: 250, 250 and 25000, or a refusal");
console.log("seen:", seen);
process.exit(String(seen) === "250,50,5000" ? 0 : 1);
EOF
node try.mjs
