"""`make check`: lint, types, the nearest tests of what changed and a few dialogues, in 90 seconds.

What changed is what differs from HEAD~1 (or from `--since`), with what is not committed. It is no
`make test`: what does not fit into the time is left out, and said to be.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scripts.affected import REASONS, affected, changed_files, within
from tests.schedule import UNMEASURED, weights

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
#: CPU seconds of tests: with the start of pytest they take as long as lint and dialogues beside.
BUDGET = 40.0
CONVERSATIONS = "tests/conversations/test_conversations.py"
SMOKE = ("-m", "smoke", "-k", "sqlite", CONVERSATIONS)


@dataclass(frozen=True)
class Step:
    """A command that was run."""

    name: str
    passed: bool
    seconds: float
    output: str


def run(name: str, *words: str) -> Step:
    """Run a command from the root; what it wrote is kept for the case that it fails."""
    began = time.monotonic()
    done = subprocess.run(
        words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
    )  # fmt: skip
    step = Step(name, done.returncode == 0, time.monotonic() - began, done.stdout)
    print(f"{'ok  ' if step.passed else 'FAIL'} {step.seconds:5.1f} s  {name}", flush=True)
    return step


def lint_and_smoke(changed: Sequence[str]) -> list[Step]:
    """Check style, types and perhaps policies, then have the dialogues."""
    scripts = Path(PYTHON).parent
    python = [name for name in changed if name.endswith(".py")] or ["scripts/check.py"]
    steps = [
        run("ruff check", str(scripts / "ruff"), "check", *python),
        run("ruff format", str(scripts / "ruff"), "format", "--check", *python),
    ]
    if any(name.startswith(("bot/", "actions/")) for name in changed):
        steps.append(run("mypy", str(scripts / "mypy")))
    if any(name.startswith("data/policies/") for name in changed):
        steps.append(run("policies check", PYTHON, "-m", "bot", "policies", "check"))
    if _model_is_current():
        steps.append(run("smoke dialogues (SQLite)", *_pytest(SMOKE)))
    else:
        print("left out: the smoke dialogues, for the model is missing or stale (make train)")
    return steps


def _model_is_current() -> bool:
    asked = (
        "from bot.nlu import training; from bot.settings import settings;"
        " raise SystemExit(training.current_model(settings()) is None)"
    )
    return subprocess.run((PYTHON, "-c", asked), cwd=ROOT, capture_output=True).returncode == 0


def _pytest(words: Sequence[str]) -> tuple[str, ...]:
    return (PYTHON, "-m", "pytest", "-q", "-x", "--no-header", *words)


def tests(files: Sequence[str]) -> list[Step]:
    """Run the chosen test files."""
    return [run(f"{len(files)} test files", *_pytest(files))] if files else []


def main() -> int:
    """Print what changed, what is run for it and what is left out; 1 when anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--since", default="HEAD~1", help="the commit to compare with")
    parser.add_argument("--budget", type=float, default=BUDGET, help="CPU seconds of tests")
    given = parser.parse_args()
    changed = changed_files(ROOT, given.since)
    print(f"changed since {given.since}: {len(changed)} files")
    near = [
        one for one in affected(ROOT, changed, weights(), UNMEASURED) if one.file != CONVERSATIONS
    ]
    chosen, left = within(given.budget, near)
    for one in chosen:
        print(f"  {one.file} ({REASONS[one.distance]}, {one.seconds:.0f} s)")
    if left:
        names = ", ".join(one.file for one in left[:6])
        print(f"left out for `make test`: {len(left)} files, {names}{'…' if len(left) > 6 else ''}")
    with ThreadPoolExecutor(2) as beside:
        lint = beside.submit(lint_and_smoke, changed)
        tested = beside.submit(tests, [one.file for one in chosen])
    failed = [step for step in (*lint.result(), *tested.result()) if not step.passed]
    for step in failed:
        print(f"\n--- {step.name}\n{step.output}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
