"""Plugin that notes the CPU seconds of each test phase and each fixture (`-p tests.times`).

`python -m tests.times var/test-times*.jsonl` sums them up and writes weights.json, by which
tests are handed out.

One JSON line each, in the file that JIUYE_TEST_TIMES names with the process added: what (setup,
call, teardown or fixture), node, file, name, wall seconds and CPU seconds. CPU seconds are those of the process and
of the children that it has waited for; a server that still runs counts when it is stopped.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterable
from pathlib import Path

import pytest

from tests.commands import cpu_seconds
from tests.schedule import WEIGHTS

_file = Path(os.environ.get("JIUYE_TEST_TIMES", "var/test-times.jsonl"))


def _cpu() -> float:
    return sum(os.times()[:4]) + cpu_seconds()


def _note(**values: object) -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    _file.parent.mkdir(parents=True, exist_ok=True)
    with _file.with_suffix(f".{worker}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(values, ensure_ascii=False) + "\n")


def _timed(phase: str, item: pytest.Item) -> Generator[None, object, object]:
    wall, cpu = time.monotonic(), _cpu()
    try:
        return (yield)
    finally:
        _note(
            phase=phase, file=item.nodeid.split("::")[0], name=item.nodeid,
            wall=round(time.monotonic() - wall, 3), cpu=round(_cpu() - cpu, 3),
        )  # fmt: skip


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _timed("setup", item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _timed("call", item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _timed("teardown", item))


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    wall, cpu = time.monotonic(), _cpu()
    try:
        return (yield)
    finally:
        took = _cpu() - cpu
        if took > 0.02:
            _note(
                phase="fixture", file=request.node.nodeid.split("::")[0], name=fixturedef.argname,
                wall=round(time.monotonic() - wall, 3), cpu=round(took, 3),
            )  # fmt: skip


def read(files: Iterable[Path]) -> tuple[Counter[str], Counter[str]]:
    """Return the CPU seconds by test file, and by fixture (which are part of the former)."""
    by_file, by_fixture = Counter[str](), Counter[str]()
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            noted = json.loads(line)
            if noted["phase"] == "fixture":
                by_fixture[noted["name"]] += noted["cpu"]
            else:
                by_file[noted["file"]] += noted["cpu"]
    return by_file, by_fixture


def main() -> None:
    """Write weights.json from the notes of a run, and print where the time went by folder."""
    by_file, by_fixture = read(map(Path, sys.argv[1:]))
    measured = {file: round(seconds, 1) for file, seconds in sorted(by_file.items())}
    known = json.loads(WEIGHTS.read_text(encoding="utf-8")) if WEIGHTS.exists() else {}
    kept = {file: seconds for file, seconds in known.items() if Path(file).exists()}
    text = json.dumps({**kept, **measured}, indent=0, sort_keys=True)
    WEIGHTS.write_text(text + "\n", encoding="utf-8")
    by_folder = Counter[str]()
    for file, seconds in by_file.items():
        by_folder[str(Path(file).parent)] += seconds
    for title, table in (("folder", by_folder), ("file", by_file), ("fixture", by_fixture)):
        print(f"\nCPU seconds by {title} (in all {sum(table.values()):.0f})")
        for name, seconds in table.most_common(25):
            print(f"{seconds:8.1f}  {name}")


if __name__ == "__main__":
    main()
