"""Caches of the workers in the metrics: by name, of who still reports, without any entry."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from bot.caches import CacheUse, drop_caches, process_cache
from bot.monitoring import cache_report, metrics
from bot.monitoring.cache_report import CacheRecord, report_caches, start_reporting
from bot.monitoring.metrics import CacheMetrics
from bot.monitoring.pipe import worker_end
from bot.monitoring.server import InstallationStatus
from bot.monitoring.turns import TurnRecord
from bot.settings import Settings
from bot.supervisor import TURNS_PIPE


@process_cache(size=3)
def shouted(text: str) -> str:
    return text.upper()


NAME = f"{shouted.__module__}.shouted"


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    ends = os.pipe()
    monkeypatch.setenv(TURNS_PIPE, str(ends[1]))
    worker_end.forget()
    yield ends[0]
    worker_end.forget()
    os.close(ends[0])


def test_the_metrics_tell_entries_and_bound_of_each_cache_by_name(reading: int) -> None:
    drop_caches(NAME)
    shouted("13800138000"), shouted("王铁柱")
    report_caches()
    worker_end.write(TurnRecord("policy", "answered", "web", 30.0).line())
    writing = worker_end.descriptor()
    assert writing is not None
    os.close(writing)
    status = InstallationStatus(Settings())
    status.follow(reading)
    lines = "\n".join([*status.turns.lines(), *status.caches.lines()]).splitlines()
    assert f'jiuye_cache_entries{{cache="{NAME}"}} 2' in lines
    assert f'jiuye_cache_bound{{cache="{NAME}"}} 3' in lines
    assert 'jiuye_turn_seconds_count{act="policy",status="answered"} 1' in lines
    assert sum("jiuye_turn_seconds_count" in line for line in lines) == 1
    assert not [line for line in lines if "13800138000" in line or "王铁柱" in line]


def test_of_several_workers_the_fullest_is_shown_for_as_long_as_it_reports(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr(metrics.time, "monotonic", lambda: now[0])
    shown = CacheMetrics()
    shown.add(CacheRecord(1, CacheUse("a", 7, 9)))
    shown.add(CacheRecord(2, CacheUse("a", 3, 9)))
    assert 'jiuye_cache_entries{cache="a"} 7' in list(shown.lines())
    now[0] = metrics.MAX_REPORT_AGE_S + 1
    shown.add(CacheRecord(2, CacheUse("a", 4, 9)))
    assert 'jiuye_cache_entries{cache="a"} 4' in list(shown.lines())


@pytest.mark.parametrize(
    "line", ["", "policy answered web 3.0", "@cache 1 a 2", "@cache x a 2 3", "@other 1 a 2 3"]
)
def test_other_lines_are_no_record(line: str) -> None:
    assert CacheRecord.read(line) is None


def test_a_record_is_read_as_it_was_written() -> None:
    record = CacheRecord(7, CacheUse("bot.text.normalise", 2, 3))
    assert CacheRecord.read(record.line()) == record


def test_a_worker_begins_to_report_where_there_is_a_pipe(reading: int) -> None:
    start_reporting()
    assert os.read(reading, 100).startswith(b"@cache ")


def test_no_thread_is_begun_without_a_status_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TURNS_PIPE, raising=False)
    worker_end.forget()
    monkeypatch.setattr(cache_report.threading, "Thread", None)
    start_reporting()
    worker_end.forget()
