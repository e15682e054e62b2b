"""New courses for those who wish to hear of them: once, in one message a day, by day alone."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot import clock
from bot.clock import CHINA
from bot.db.session import session
from bot.db.tables import Consent, Course, CourseNotice, CourseSubscription
from bot.delivery.quiet_hours import QuietHours
from bot.notifications import new_courses
from bot.notifications.new_courses import CourseNeed
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
WELDING = CourseNeed("焊工", "210100")


def _course(market: Market, title: str = "焊工班", **columns: object) -> int:
    with session(market.url) as db:
        given = {
            "key": f"{title}{columns}"[:200], "title": title, "provider": "乙校", "trade": "电焊",
            "occupation_name": "焊工", "region_code": "210106", "starts_on": date(2026, 12, 20),
            "verified_on": TUESDAY.date(), "verified_by": "乙校", **columns,
        }  # fmt: skip
        return saved(db, Course(**given)).id


def _wish(market: Market, need: CourseNeed = WELDING, address: str = "anna") -> None:
    with session(market.url) as db:
        new_courses.subscribe(db, "web", address, need, "我会记下")


def _tell(market: Market, at: datetime = TUESDAY) -> int:
    with clock.frozen(at):
        return new_courses.notify_all(market.url, at, HOURS)


async def test_a_new_course_is_told_once_and_what_was_there_is_not(market: Market) -> None:
    _course(market, "旧班")
    _wish(market)
    assert _tell(market) == 0
    _course(market, "新班", fee=0)
    assert [_tell(market), _tell(market), _tell(market, TUESDAY + timedelta(days=1))] == [1, 0, 0]
    await market.worker.drain()
    (sent,) = market.recorder.got
    assert sent.kind == "course"
    assert "旧班" not in sent.body["text"]
    for word in ("沈阳市焊工培训班，新开了1个", "新班", "12月20日", "乙校核实", "不学了"):
        assert word in sent.body["text"]
    assert sent.slots["places"]["kind"] == "course"


@pytest.mark.parametrize(
    ("need", "course", "told"),
    [
        (WELDING, {}, 1),
        (WELDING, {"region_code": "210100"}, 1),
        (WELDING, {"region_code": "210203"}, 0),
        (WELDING, {"occupation_name": "保安员"}, 0),
        (WELDING, {"state": "closed"}, 0),
        (WELDING, {"state": "full"}, 0),
        (WELDING, {"enrol_by": date(2026, 11, 1)}, 0),
        (CourseNeed("焊工", "210100", "evening"), {"times": "weekend,evening"}, 1),
        (CourseNeed("焊工", "210100", "evening"), {"times": "day"}, 0),
        (CourseNeed("焊工", "210100", "", True), {"fee": 0}, 1),
        (CourseNeed("焊工", "210100", "", True), {"fee": 800}, 0),
        (CourseNeed("焊工", "210100", "", True), {}, 0),
    ],
)
def test_a_course_must_suit_the_wish(
    market: Market, need: CourseNeed, course: dict[str, object], told: int
) -> None:
    _wish(market, need)
    _course(market, **course)
    assert _tell(market) == told


def test_at_most_one_message_a_day_never_at_night_and_never_after_its_end(market: Market) -> None:
    _wish(market)
    _course(market, "一班")
    assert _tell(market, TUESDAY.replace(hour=23)) == 0
    assert _tell(market) == 1
    _course(market, "二班")
    _course(market, "三班")
    assert _tell(market, TUESDAY + timedelta(hours=3)) == 0
    assert _tell(market, TUESDAY + timedelta(days=1)) == 1
    assert "新开了2个" in market.deliveries()[-1].body
    _course(market, "四班", starts_on=date(2027, 12, 1))
    assert _tell(market, datetime(2027, 6, 1, 10, tzinfo=CHINA)) == 0


def test_invented_courses_are_not_told_beside_real_ones(market: Market) -> None:
    _wish(market)
    _course(market, "示范班", demo=True)
    _course(market, "真班")
    assert _tell(market) == 1
    assert "示范班" not in market.deliveries()[0].body


@pytest.mark.parametrize("way", ["withdraw", "unsubscribe", "unfollow", "erase"])
def test_who_takes_the_wish_back_hears_of_no_course(market: Market, way: str) -> None:
    _wish(market)
    with session(market.url) as db:
        if way == "withdraw":
            assert new_courses.withdraw(db, "web", "anna") == 1
        elif way == "unsubscribe":
            assert unsubscribe(db, "web", "anna")
        elif way == "unfollow":
            assert stop_pushes(db, "web", "anna")
        else:
            erase(db, "web", "anna")
    _course(market)
    assert _tell(market) == 0
    with session(market.url) as db:
        held = select(func.count()).where(
            Consent.withdrawn_at.is_(None), Consent.purpose == "course_news"
        )
        assert db.scalar(held) == 0
        assert db.scalars(select(CourseSubscription)).all() == []
    if way != "erase":
        _wish(market)
        _course(market, "后来的班")
        assert _tell(market) == 1


async def test_a_word_that_waits_is_stopped(market: Market) -> None:
    _wish(market)
    _course(market)
    assert _tell(market) == 1
    with session(market.url) as db:
        new_courses.withdraw(db, "web", "anna")
    await market.worker.drain()
    assert market.recorder.got == []


def test_killed_at_random_each_person_hears_of_each_course_once(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, kills = 6, RandomKills(random.Random(5), size(20, 300))
    for number in range(people):
        _wish(market, address=f"p{number}")
    _course(market, "一班")
    for step in ("put", "_notify"):
        monkeypatch.setattr(new_courses, step, kills.around(getattr(new_courses, step)))
    killed = 0
    while True:
        try:
            if not _tell(market):
                break
        except Killed:
            killed += 1
    assert killed > 3
    assert len(market.deliveries()) == people
    with session(market.url) as db:
        assert db.scalar(select(func.count()).select_from(CourseNotice)) == people


@pytest.mark.parametrize(("days", "told"), [(0, 1), (-1, 0)])
def test_a_subscription_holds_to_the_end_of_its_last_day(
    market: Market, days: int, told: int
) -> None:
    _wish(market)
    with session(market.url) as db:
        db.scalars(select(CourseSubscription)).one().expires_on = TUESDAY.date() + timedelta(days)
    _course(market)
    assert _tell(market) == told
