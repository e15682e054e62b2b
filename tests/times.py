"""Plugin that notes the CPU seconds of each test phase and each fixture (`-p tests.times`).

One JSON line each, in the file that JIUYE_TEST_TIMES names with the process added: what (setup,
call, teardown or fixture), node, file, name, wall seconds and CPU seconds. CPU seconds are those of the process and
of the children that it has waited for; a server that still runs counts when it is stopped.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator
from pathlib import Path

import pytest

_file = Path(os.environ.get("JIUYE_TEST_TIMES", "var/test-times.jsonl"))


def _cpu() -> float:
    return sum(os.times()[:4])


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
