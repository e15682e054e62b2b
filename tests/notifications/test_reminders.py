"""Reminders of fairs: kept with consent, sent once, never in quiet hours, called off, taken back."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot import clock
from bot.clock import CHINA
from bot.db.session import session
from bot.db.tables import Consent, Delivery, Fair, FairSignup
from bot.delivery.quiet_hours import QuietHours, may_push
from bot.notifications import reminders
from bot.places.occurrences import occurrences
from bot.seekers.my_data import erase
from bot.seekers.opt_out import stop_pushes
from bot.subscriptions.service import unsubscribe
from tests.days import TUESDAY
from tests.factories import saved
from tests.notifications.kills import Killed, RandomKills
from tests.profiles import size
from tests.subscriptions.conftest import Market

pytestmark = pytest.mark.usefixtures("tuesday")
HOURS = QuietHours()
SATURDAY = datetime(2026, 11, 28, 9, tzinfo=CHINA)


def _fair(market: Market, begins: datetime = SATURDAY, **columns: object) -> int:
    with session(market.url) as db:
        given = {
            "key": f"f{begins:%m%d%H}", "title": "周末招聘会", "region_code": "210106", "kind": "fair",
            "starts_at": begins, "ends_at": begins + timedelta(hours=2), "last_on": begins.date(),
            "verified_on": TUESDAY.date(), "verified_by": "区人社局", "sign_up": "现场直接进", **columns,
        }  # fmt: skip
        return saved(db, Fair(**given)).id


def _sign_up(market: Market, fair: int, address: str = "anna") -> bool:
    with session(market.url) as db:
        row = db.get_one(Fair, fair)
        day = row.last_on
        one = occurrences(row, day, day)[0]
        reminder = reminders.reminder_for(one, clock.now(), HOURS)
        if reminder is None:
            return False
        reminders.sign_up(db, "web", address, reminder, "我会记下")
        return True


def _remind(market: Market, at: datetime) -> int:
    with clock.frozen(at):
        return reminders.remind_all(market.url, at, HOURS)


async def test_one_reminder_comes_on_the_last_working_day_before(market: Market) -> None:
    assert _sign_up(market, _fair(market))
    friday = datetime(2026, 11, 27, 10, tzinfo=CHINA)
    assert _remind(market, friday - timedelta(minutes=1)) == 0
    assert _remind(market, friday) == 1
    assert _remind(market, friday + timedelta(hours=1)) == 0
    with clock.frozen(friday):
        await market.worker.drain()
    (sent,) = market.recorder.got
    assert sent.kind == "fair"
    for word in ("周末招聘会", "11月28日", "9:00", "现场直接进", "区人社局核实"):
        assert word in sent.body["text"]


def test_a_sunday_fair_is_reminded_of_on_friday(market: Market) -> None:
    _sign_up(market, _fair(market, SATURDAY + timedelta(days=1)))
    with session(market.url) as db:
        at = db.scalar(select(FairSignup.remind_at))
    assert at == datetime(2026, 11, 27, 10, tzinfo=CHINA)


def test_who_asks_late_is_reminded_at_once_or_told_that_it_is_too_late(market: Market) -> None:
    fair = _fair(market, TUESDAY.replace(hour=18))
    assert _sign_up(market, fair)
    assert _remind(market, TUESDAY) == 1
    with clock.frozen(TUESDAY.replace(hour=19)):
        assert not _sign_up(market, fair, "bert")


def test_nothing_is_written_at_night_or_on_a_day_off(market: Market) -> None:
    _sign_up(market, _fair(market))
    for at in (datetime(2026, 11, 27, 22, tzinfo=CHINA), datetime(2026, 11, 28, 8, tzinfo=CHINA)):
        assert _remind(market, at) == 0
    assert market.deliveries() == []


def test_who_signed_up_is_told_that_it_is_called_off_once(market: Market) -> None:
    fair = _fair(market)
    _sign_up(market, fair)
    _sign_up(market, fair, "bert")
    with session(market.url) as db:
        db.get_one(Fair, fair).state = "cancelled"
    wednesday = TUESDAY + timedelta(days=1)
    assert _remind(market, wednesday) == 2
    assert _remind(market, wednesday) == 0
    assert all("已取消" in one.body for one in market.deliveries())
    assert _remind(market, datetime(2026, 11, 27, 10, tzinfo=CHINA)) == 0


def test_called_off_after_the_reminder_is_told_as_well(market: Market) -> None:
    fair = _fair(market)
    _sign_up(market, fair)
    friday = datetime(2026, 11, 27, 10, tzinfo=CHINA)
    assert _remind(market, friday) == 1
    with session(market.url) as db:
        db.get_one(Fair, fair).state = "cancelled"
    assert _remind(market, friday + timedelta(hours=2)) == 1


def test_a_day_left_out_of_a_recurring_fair_is_called_off(market: Market) -> None:
    fair = _fair(market, rule="FREQ=WEEKLY;BYDAY=SA;UNTIL=20261231T235959")
    _sign_up(market, fair)
    with session(market.url) as db:
        db.get_one(Fair, fair).left_out = "2026-11-28"
    assert _remind(market, datetime(2026, 11, 27, 10, tzinfo=CHINA)) == 1
    assert "已取消" in market.deliveries()[0].body


@pytest.mark.parametrize("way", ["withdraw", "unsubscribe", "unfollow", "erase"])
def test_who_takes_it_back_hears_nothing_more(market: Market, way: str) -> None:
    fair = _fair(market)
    _sign_up(market, fair)
    with session(market.url) as db:
        if way == "withdraw":
            assert reminders.withdraw(db, "web", "anna") == 1
        elif way == "unsubscribe":
            assert unsubscribe(db, "web", "anna")
        elif way == "unfollow":
            assert stop_pushes(db, "web", "anna")
        else:
            erase(db, "web", "anna")
    assert _remind(market, datetime(2026, 11, 27, 10, tzinfo=CHINA)) == 0
    assert market.deliveries() == []
    with session(market.url) as db:
        held = db.scalar(
            select(func.count()).where(
                Consent.withdrawn_at.is_(None), Consent.purpose == "fair_reminder"
            )
        )
        assert held == 0
    if way != "erase":  # and may ask again
        _sign_up(market, fair)
        assert _remind(market, datetime(2026, 11, 27, 10, tzinfo=CHINA)) == 1


async def test_a_reminder_that_waits_is_stopped(market: Market) -> None:
    _sign_up(market, _fair(market))
    friday = datetime(2026, 11, 27, 10, tzinfo=CHINA)
    _remind(market, friday)
    with session(market.url) as db:
        reminders.withdraw(db, "web", "anna")
    with clock.frozen(friday):
        await market.worker.drain()
    assert market.recorder.got == []


def test_killed_at_random_points_none_is_lost_and_none_comes_twice(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw, people = random.Random(4), 6
    fairs = [_fair(market), _fair(market, SATURDAY + timedelta(hours=4))]
    for number in range(people):
        for fair in fairs:
            _sign_up(market, fair, f"p{number}")
    kills = RandomKills(draw)
    for step in ("put", "_notify"):
        monkeypatch.setattr(reminders, step, kills.around(getattr(reminders, step)))
    friday = datetime(2026, 11, 27, 10, tzinfo=CHINA)
    kills.left = size(25, 300)
    while kills.left > 0:
        night = draw.random() < 0.3
        at = friday.replace(hour=draw.choice([22, 3])) if night else friday
        before = len(market.deliveries())
        if draw.random() < 0.1:  # asks again, at the same time
            _sign_up(market, draw.choice(fairs), f"p{draw.randrange(people)}")
        with suppress(Killed):
            _remind(market, at)
        if night:
            assert len(market.deliveries()) == before
        if len(market.deliveries()) == people * len(fairs):
            kills.left = 0
    assert _remind(market, friday) >= 0
    keys = [one.key for one in market.deliveries()]
    assert len(keys) == len(set(keys)) == people * len(fairs)
    assert all(may_push(clock.aware(one.created_at), HOURS) for one in market.deliveries())
    with session(market.url) as db:
        assert set(db.scalars(select(FairSignup.state))) == {"reminded"}
        for fair in fairs:
            db.get_one(Fair, fair).state = "cancelled"
    kills.left = size(25, 300)
    for _ in range(200):
        with suppress(Killed):
            if _remind(market, friday) == 0 and kills.left <= 0:
                break
        if len(market.deliveries()) == 2 * people * len(fairs):
            kills.left = 0
    with session(market.url) as db:
        off = db.scalar(select(func.count()).where(Delivery.key.like("fair\\_off:%", escape="\\")))
    assert off == people * len(fairs)
