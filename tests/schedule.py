"""Hands the tests to the processes of a run: file by file, those that take longest first.

How long a file takes stands in weights.json (CPU seconds, written by `python -m tests.times`). A
heavy file that is tested on both databases is handed out in two parts, one for each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from functools import lru_cache
from pathlib import Path

import pytest

try:
    from xdist.scheduler import LoadScopeScheduling
except ImportError:  # one process needs no schedule
    LoadScopeScheduling = object

WEIGHTS = Path(__file__).with_name("weights.json")
#: CPU seconds from which a file is divided, and what a file that nobody measured counts for.
DIVIDED_FROM, UNMEASURED = 30.0, 5.0
_DATABASE = re.compile(r"\[(?:[^\]]*-)?(sqlite|postgresql)\b")


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """Return the CPU seconds of each test file that was measured, by its path from the root."""
    measured: dict[str, float] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return measured


def part_of(nodeid: str) -> str:
    """Return the file, or the part of a heavy file, with which a test is handed out."""
    file = nodeid.split("::")[0]
    database = _DATABASE.search(nodeid)
    if database and weights().get(file, 0.0) >= DIVIDED_FROM:
        return f"{file}[{database[1]}]"
    return file


def weight_of(nodeid: str) -> float:
    """Return the CPU seconds of the file of a test, of half of it where it is divided."""
    part = part_of(nodeid)
    weight = weights().get(nodeid.split("::")[0], UNMEASURED)
    return weight / 2 if part.endswith("]") else weight


class LongestFirst(LoadScopeScheduling):  # type: ignore[misc, valid-type]
    """Keeps the tests of a part together, in the order of `pytest_collection_modifyitems`."""

    def _split_scope(self, nodeid: str) -> str:
        return part_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LongestFirst | None:
    """Take the place of `--dist loadfile` alone."""
    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # it would order the files by their number of tests
    return LongestFirst(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, None, None]:
    """Put heavy files first, in processes of a run; one process alone keeps pytest's order."""
    yield
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: (-weight_of(item.nodeid), part_of(item.nodeid)))
