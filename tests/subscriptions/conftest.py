"""A small labour market: postings, subscribers, and a counterpart that notes what it gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from bot.clock import CHINA
from bot.db.session import session
from bot.db.tables import Delivery
from bot.delivery.outcome import Outcome, Sent
from bot.delivery.quiet_hours import QuietHours
from bot.delivery.sender import Outgoing, Sender
from bot.delivery.worker import Worker
from bot.matching.job_preference import JobPreference
from bot.notifications.digest import compose_all
from bot.reverse_matching.sql_matcher import match_new
from bot.subscriptions.frequency import Frequency
from bot.subscriptions.service import subscribe
from tests.days import TUESDAY
from tests.factories import make_posting, saved

GUARD_IN_SHENYANG = JobPreference(("保安员",), region_code="210100", salary_min=3000)
WORDS = "我会记下：沈阳市 · 保安员。同意就回“好”。"


@dataclass
class Recorder(Sender):
    """Takes what it gets, or answers what it is told to."""

    answers: list[Outcome | Exception] = field(default_factory=list)
    got: list[Outgoing] = field(default_factory=list)

    async def send(self, delivery: Outgoing) -> Outcome:
        self.got.append(delivery)
        answer = self.answers.pop(0) if self.answers else Sent(f"p{len(self.got)}")
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class Market:
    """Postings and subscribers on one database, as the worker finds them."""

    url: str
    recorder: Recorder = field(default_factory=Recorder)
    hours: QuietHours = field(default_factory=QuietHours)

    def post(
        self, trades: tuple[str, ...] = ("保安员",), region: str = "210106", **given: Any
    ) -> int:
        """Add a posting: a guard in 沈阳市铁西区 for 3000–4000 a month unless said otherwise."""
        with session(self.url) as db:
            return saved(db, make_posting(trades, region, **{"imported_at": TUESDAY, **given})).id

    def subscribe(
        self,
        address: str = "anna",
        wish: JobPreference = GUARD_IN_SHENYANG,
        frequency: Frequency = "at_once",
        channel: str = "web",
    ) -> int:
        """Subscribe an address with its consent; return the seeker's id."""
        with session(self.url) as db:
            return subscribe(db, channel, address, wish, frequency, WORDS).seeker_id

    def subscribe_all(self, everyone: Iterable[tuple[str, JobPreference]]) -> None:
        """Subscribe many people by the web, in one transaction."""
        with session(self.url) as db:
            for address, wish in everyone:
                subscribe(db, "web", address, wish, "at_once", WORDS)

    def match(self) -> int:
        """Match all that is new; return how many matches were made."""
        made = 0
        while True:
            with session(self.url) as db:
                read, found = match_new(db)
            if not read:
                return made
            made += found

    def push(self, now: datetime) -> int:
        """Match what is new and compose the digests that are due."""
        self.match()
        return compose_all(self.url, now, self.hours)

    @property
    def worker(self) -> Worker:
        """A worker whose channels are the recorder."""
        return Worker(self.url, {"web": self.recorder, "sms": self.recorder}, hours=self.hours)

    def deliveries(self) -> list[Delivery]:
        """All deliveries, oldest first."""
        with session(self.url) as db:
            return list(db.query(Delivery).order_by(Delivery.id))


@pytest.fixture
def market(committed: str) -> Market:
    """An empty market, once on SQLite and once on PostgreSQL."""
    return Market(committed)


At = Callable[[int, int], datetime]


@pytest.fixture
def at() -> At:
    """A moment of November 2026 in China: day and hour."""
    return lambda day, hour: datetime(2026, 11, day, hour, tzinfo=CHINA)
