"""Health of an installation: assistant, database, disk, outbox, feeds, calendar."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import func, select, text

from bot import clock
from bot.db.session import Session, session
from bot.db.tables import Delivery
from bot.delivery.outbox import PUSHED
from bot.delivery.quiet_hours import may_push, quiet_hours
from bot.postings.sources.config import read_sources
from bot.postings.sources.status import states
from bot.settings import ROOT, Settings
from bot.workdays import is_known, missing_data

Level = Literal["ok", "warning", "failing"]
_LEVELS: tuple[Level, ...] = ("ok", "warning", "failing")
#: Free bytes of a disk below which it is warned of, and below which SQLite may soon fail.
LOW_BYTES, CRITICAL_BYTES = 1024**3, 100 * 1024**2
#: Seconds after which a delivery that is due has waited too long: the worker looks every 2 s.
WARNING_DELAY_S, FAILING_DELAY_S = 300.0, 1800.0
#: Seconds that a check may take; a database that hangs must not hang the answer.
REQUEST_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Check:
    """Health of one part."""

    level: Level
    values: dict[str, Any] = field(default_factory=dict)
    """Numbers, names of our own and moments; never what a person wrote."""


@dataclass(frozen=True)
class Health:
    """All checks."""

    checks: dict[str, Check]

    @property
    def level(self) -> Level:
        """The worst level of a check."""
        return max((check.level for check in self.checks.values()), key=_LEVELS.index)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        checks = {name: {"status": c.level, **c.values} for name, c in self.checks.items()}
        return {"status": self.level, "checks": checks}


class Examiner:
    """Makes the checks, each in a thread and in bounded time."""

    def __init__(self, using: Settings) -> None:
        self._using = using
        self._threads = ThreadPoolExecutor(8, thread_name_prefix="health")
        self._checks: dict[str, Callable[[Settings], Check]] = {
            "assistant": check_assistant, "database": check_database, "disk": check_disk,
            "outbox": check_outbox, "feeds": check_feeds, "calendar": check_calendar,
        }  # fmt: skip

    def examine(self) -> Health:
        """Make all checks. One that fails or takes too long says which error, not its text."""
        ends = time.monotonic() + REQUEST_TIMEOUT_S
        begun = {name: self._threads.submit(do, self._using) for name, do in self._checks.items()}
        checks = {}
        for name, running in begun.items():
            try:
                checks[name] = running.result(max(0.0, ends - time.monotonic()))
            except TooSlow:
                running.cancel()
                checks[name] = Check("failing", {"error": "no answer in time"})
            except Exception as error:
                checks[name] = Check("failing", {"error": type(error).__name__})
        return Health(checks)


def check_assistant(using: Settings) -> Check:
    """Tell whether a server listens at the assistant's port. Raises OSError."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(using.host, using.host)
    with socket.create_connection((host, using.port), timeout=REQUEST_TIMEOUT_S / 2):
        return Check("ok")


def check_database(using: Settings) -> Check:
    """Ask the database something."""
    began = time.perf_counter()
    with session(using.database_url.reveal()) as db:
        db.execute(text("select 1"))
    return Check("ok", {"ms": round((time.perf_counter() - began) * 1000, 1)})


def check_disk(using: Settings) -> Check:
    """Look how much room is left where files change."""
    folders = {"var": ROOT / "var", "models": using.models}
    if using.database_url.sqlite_file is not None:
        folders["database"] = using.database_url.sqlite_file.parent
    free = {name: _free(folder) for name, folder in folders.items()}
    least_free = min(free.values())
    level: Level = "ok" if least_free >= LOW_BYTES else "warning"
    return Check("failing" if least_free < CRITICAL_BYTES else level, {"free_bytes": free})


def _free(folder: Path) -> int:
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def check_outbox(using: Settings) -> Check:
    """Look for how long deliveries wait, and for how long one waits that might go now."""
    now = clock.now()
    with session(using.database_url.reveal()) as db:
        by_state = db.execute(
            select(Delivery.state, func.count()).group_by(Delivery.state)
        ).tuples()
        counts = dict(by_state.all())
        oldest, due = _oldest(db, now)
    late = _seconds(due, now)
    level: Level = (
        "ok" if late < WARNING_DELAY_S else "warning" if late < FAILING_DELAY_S else "failing"
    )
    waits = {"oldest_queued_seconds": _seconds(oldest, now), "overdue_seconds": late}
    return Check(level, {**waits, "deliveries": counts})


def _oldest(db: Session, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return since when the oldest delivery is queued, and since when one is due that may go."""
    queued = Delivery.state == "queued"
    oldest = db.scalar(select(func.min(Delivery.created_at)).where(queued))
    due = select(func.min(Delivery.next_attempt_at)).where(queued, Delivery.next_attempt_at <= now)
    if not may_push(now, quiet_hours()):
        due = due.where(Delivery.kind.not_in(sorted(PUSHED)))
    return oldest, db.scalar(due)


def _seconds(since: datetime | None, now: datetime) -> float:
    return round(max(0.0, (now - clock.aware(since)).total_seconds()), 1) if since else 0.0


def check_feeds(using: Settings) -> Check:
    """Return when each source ran last; a failed last run is warned of."""
    sources = read_sources(using.sources_file)
    with session(using.database_url.reveal()) as db:
        source_states = states(db, sources)
    feeds = {
        state.name: {
            "last_run": _iso_moment(state.last_run) if state.last_run else None,
            "last_taken": _iso_moment(state.last_taken) if state.last_taken else None,
            "failed": state.error is not None,
        }
        for state in source_states
    }
    return Check(
        "warning" if any(state.error for state in source_states) else "ok", {"sources": feeds}
    )


def check_calendar(using: Settings) -> Check:
    """Tell whether the days off of this year and the next are known."""
    today = clock.today()
    years = {"this_year": is_known(today.year), "next_year": is_known(today.year + 1)}
    return Check("warning" if missing_data(today) else "ok", years)


def _iso_moment(moment: datetime) -> str:
    return clock.aware(moment).astimezone(clock.CHINA).isoformat()
