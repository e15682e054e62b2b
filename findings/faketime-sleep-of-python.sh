#!/usr/bin/env bash
# libfaketime 0.9.10 (Debian 12) with FAKETIME_DONT_FAKE_MONOTONIC=1, the setting for programs whose timeouts hang
# under it: time.sleep of Python 3.11 and later, which sleeps until a moment of the monotonic clock, ends with
# OSError 22, because the moment is moved by the faked time of day. select with a timeout sleeps as asked.
# Seen on 2026-11-29: sleep -> OSError 22; select -> slept.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for package in faketime libfaketime; do
  apt-get download -qq "$package=0.9.10-2.1" 2>/dev/null && dpkg -x "$package"_*.deb .
done
library=$(find . -name libfaketime.so.1 | head -n 1)
for python in python3.13 python3.12 python3.11 python3; do
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break
done
cat >sleep.py <<'EOF'
import select
import sys
import time


def outcome(call):
    try:
        call()
    except OSError as error:
        return f"OSError {error.errno}"
    return "slept"


print("Python", sys.version.split()[0], "libfaketime 0.9.10-2.1, it is", time.strftime("%Y-%m-%d"))
seen = [outcome(lambda: time.sleep(0.01)), outcome(lambda: select.select([], [], [], 0.01))]
print("expected: slept, slept")
print("seen:", ", ".join(seen))
sys.exit(0 if seen == ["OSError 22", "slept"] else 1)
EOF
LD_PRELOAD="$work/$library" FAKETIME="@2026-12-31 23:59:00" FAKETIME_DONT_FAKE_MONOTONIC=1 "$python" sleep.py
