"""What is offered by family and place, and which districts no station covers."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot import clock
from bot.__main__ import app
from bot.db.session import session
from bot.db.tables import Course, Station
from bot.matching.job_preference import JobPreference
from bot.notifications import new_courses
from bot.notifications.new_courses import CourseNeed
from bot.places.supply import CourseDemand, course_demand, coverage, most_wanted, supply
from tests.factories import make_posting, make_seeker, make_subscription, saved

TODAY = date(2026, 11, 24)


def test_supply_counts_postings_employers_pay_and_days(words: Session) -> None:
    for number in range(5):
        saved(
            words,
            make_posting(
                salary_min=3000 + 100 * number, salary_max=None, published_on=date(2026, 11, 14)
            ),
        )
    saved(words, make_posting(status="expired"))
    saved(words, make_posting(valid_until=date(2026, 11, 1)))
    saved(words, make_posting(region="210203"))
    saved(words, make_posting(("会计",), salary_min=None))
    guards, dalian, clerk = (
        next(one for one in supply(words, None, TODAY) if (one.region_code, one.postings) == key)
        for key in (("210106", 5), ("210203", 1), ("210106", 1))
    )
    assert (guards.employers, guards.pay, guards.paid, guards.days_open) == (5, 3200, 5, 10)
    assert (dalian.pay, clerk.pay, clerk.paid) == (None, None, 0)
    assert {one.region_code for one in supply(words, "210200", TODAY)} == {"210203"}


def test_what_seekers_are_told_are_the_sums_of_the_same_lines(words: Session) -> None:
    for region in ("210106", "210106", "210102", "210203"):
        saved(words, make_posting(region=region))
    saved(words, make_posting(("会计",)))
    lines = supply(words, "210100", TODAY)
    most = most_wanted(words, "210100", TODAY, 3)
    assert [number for _, number in most] == [3, 1]
    assert dict(most)[most[0][0]] == sum(o.postings for o in lines if o.family == most[0][0])
    assert most_wanted(words, "210100", TODAY, 1) == most[:1]
    assert most_wanted(words, "211200", TODAY, 3) == []


@pytest.mark.parametrize(("people", "told"), [(19, None), (20, 20)])
def test_few_wishes_are_not_told(words: Session, people: int, told: int | None) -> None:
    saved(words, make_posting())
    wish = JobPreference(("保安员",), region_code="210106")
    for _ in range(people):
        saved(words, make_subscription(wish, saved(words, make_seeker()), date(2027, 1, 1)))
    assert supply(words, None, TODAY)[0].wishes == told


@pytest.mark.parametrize(("people", "told"), [(19, 0), (20, 1)])
def test_what_many_wish_to_learn_stands_beside_the_courses(
    words: Session, people: int, told: int
) -> None:
    need = CourseNeed("焊工", "210100")
    for number in range(people):
        new_courses.subscribe(words, "web", f"p{number}", need, "我会记下")
    course = {"title": "焊工班", "provider": "乙校", "trade": "电焊", "occupation_name": "焊工"}
    saved(words, Course(key="c", region_code="210106", **course))
    today = clock.today()
    expected = [CourseDemand("焊工", "210100", 20, 1)]
    assert course_demand(words, "210100", today) == expected[:told]
    assert course_demand(words, "210200", today) == []


def test_a_district_without_a_station_near_is_blind(here: str) -> None:
    place = {"region_code": "210106", "verified_on": TODAY}
    with session() as db:
        db.add(Station(key="a", title="站", lat=41.717, lon=123.167, **place))
        db.add(Station(key="b", title="关了", lat=41.752, lon=123.401, state="closed", **place))
    with session() as db:
        found = {one.region_code: one for one in coverage(db)}
    assert len(found) == 100
    assert (found["210106"].stations, found["210106"].is_blind) == (1, False)
    assert (found["210102"].stations, found["210102"].is_blind) == (0, True)
    said = CliRunner().invoke(app, ["places", "coverage"]).output
    assert "沈阳市铁西区: 1" in said
    assert said.count("BLIND") == 99


def test_the_command_lists_the_supply(here: str) -> None:
    with session() as db:
        saved(db, make_posting())
    said = CliRunner().invoke(app, ["places", "supply", "--region", "沈阳"]).output
    assert "沈阳市铁西区: 1 postings of 1 employers, too few with pay (1)" in said
    assert "wishes: fewer than 20" in said
