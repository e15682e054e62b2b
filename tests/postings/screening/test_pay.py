from collections.abc import Callable
from datetime import date, datetime, timezone

from sqlalchemy.orm import Session

from bot.db.tables import (
    Policy,
    PolicyCitation,
    PolicyFigure,
    PolicyRegion,
    PolicyVersion,
    Posting,
)
from bot.postings.screening.pay import screen_pay, usual_range

SINCE = datetime(2026, 10, 1, tzinfo=timezone.utc)
Post = Callable[..., Posting]


def _wage(db: Session, region: str, value: str) -> None:
    version = PolicyVersion(
        effective_from=date(2025, 12, 1),
        regions=[PolicyRegion(region_code=region)],
        figures=[
            PolicyFigure(name="month", value=value, unit="yuan", text=f"{value}元", source="a"),
            PolicyFigure(name="hour", value="22", unit="yuan", text="22元", source="a"),
        ],
        citations=[PolicyCitation(position=0, key="a", document="某文", issuer="某厅", grade="C")],
    )
    db.add(Policy(id="minimum-wage", title="最低工资", content_hash="x", versions=[version]))
    db.flush()


def test_full_time_pay_below_the_places_minimum_wage_holds(words: Session, post: Post) -> None:
    _wage(words, "210100", "2230")
    low = {"salary_text": "1500-2000元/月", "salary_min": 1500, "salary_max": 2000}
    bad = post(**low)
    fine = post(salary_text="2-3千", salary_min=2000, salary_max=3000)
    part_time = post(**low, work_time="part_time")
    by_hour = post(salary_text="12元/时", salary_min=2000, salary_max=2000)
    elsewhere = post(region="210202", **low)
    assert screen_pay(words, SINCE) == 1
    words.expire_all()
    assert (bad.status, bad.warnings) == ("held", "low_pay")
    assert [p.status for p in (fine, part_time, by_hour, elsewhere)] == ["open"] * 4


def test_without_a_figure_for_the_place_nothing_is_said(words: Session, post: Post) -> None:
    posting = post(salary_text="1千/月", salary_min=1000, salary_max=1000)
    assert screen_pay(words, SINCE) == 0
    assert posting.warnings == ""


def test_what_was_screened_before_is_left_alone(words: Session, post: Post) -> None:
    _wage(words, "210100", "2230")
    old = datetime(2026, 9, 1, tzinfo=timezone.utc)
    posting = post(salary_text="1千/月", salary_min=1000, salary_max=1000, imported_at=old)
    assert screen_pay(words, SINCE) == 0
    assert posting.status == "open"


def test_pay_far_from_that_of_the_trade_warns(words: Session, post: Post) -> None:
    for number in range(60):
        pay = 3000 + 50 * number
        post(salary_min=pay, salary_max=pay + 1000, family_code="4-07")
    absurd = post(salary_min=50_000, salary_max=80_000, family_code="4-07")
    high = post(salary_min=8000, salary_max=9000, family_code="4-07")
    assert screen_pay(words, SINCE) == 0
    words.expire_all()
    assert (absurd.status, absurd.warnings) == ("open", "odd_pay")
    assert high.warnings == ""
    screen_pay(words, SINCE)
    words.expire_all()
    assert absurd.warnings == "odd_pay"


def test_absurd_postings_do_not_move_what_is_usual() -> None:
    pays = [4000.0 + 20 * n for n in range(100)]
    plain, with_absurd = usual_range(pays), usual_range([*pays, *[1_000_000.0] * 10])
    assert plain is not None
    assert with_absurd is not None
    assert with_absurd.high < 2 * plain.high


def test_few_postings_say_nothing_about_what_is_usual() -> None:
    assert usual_range([4000.0] * 10) is None
