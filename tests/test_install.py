"""scripts/install-packages: what `make run` says when packages cannot be installed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT

#: As uv, setuptools and gcc print it, and what is to be said of it.
FAILURES = [
    ("error: Failed to build `x`\n  error: command 'gcc' failed: No such file or directory",
     "no compiler: apt-get install build-essential python3-dev"),
    ("x.c:1:10: fatal error: Python.h: No such file or directory\n"
     "error: command '/usr/bin/gcc' failed with exit code 1",
     "headers of Python or C are missing: apt-get install build-essential python3-dev"),
    ("error: Failed to fetch\n  Caused by: No space left on device (os error 28)", "df -h"),
    ("error: Failed to fetch\n  Caused by: dns error", "UV_INDEX_URL"),
    ("error: Hash mismatch for `x`", "error: Hash mismatch for `x`"),
]  # fmt: skip


def _install(folder: Path, printed: str, status: int) -> subprocess.CompletedProcess[str]:
    uv = folder / ".venv" / "bin" / "uv"
    uv.parent.mkdir(parents=True)
    uv.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{printed}\nEND\nexit {status}\n")
    uv.chmod(0o755)
    return subprocess.run(
        [ROOT / "scripts" / "install-packages", ".venv", "requirements.lock"],
        cwd=folder, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.parametrize(("printed", "told"), FAILURES)
def test_a_failure_says_what_to_do_and_where_the_rest_stands(
    printed: str, told: str, tmp_path: Path
) -> None:
    done = _install(tmp_path, printed, 2)
    assert done.returncode == 1
    assert told in done.stderr
    assert printed in (tmp_path / "var" / "install.log").read_text()


def test_what_succeeds_says_one_line(tmp_path: Path) -> None:
    done = _install(tmp_path, "warning: something", 0)
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
