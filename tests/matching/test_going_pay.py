from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.matching.going_pay import MIN_POSTINGS, going_pay, going_pay_message
from tests.postings.conftest import Post

GUARD = ["保安员"]


def _post(post: Post, count: int, pay: int, **given: object) -> None:
    for number in range(count):
        post(salary_min=pay + 100 * number, salary_max=pay + 100 * number, **given)


def test_the_median_of_a_place_says_of_how_many_and_on_which_day(
    words: Session, post: Post
) -> None:
    _post(post, MIN_POSTINGS, 3000)
    post(region="210303", salary_min=9000, salary_max=9000)
    (found,) = going_pay(words, GUARD, "210106")
    assert (found.region_code, found.postings, found.median) == ("210106", MIN_POSTINGS, 3200)
    with clock.frozen(date(2026, 11, 24)):
        said = going_pay_message("保安员", [found]).text
    assert "沈阳市铁西区" in said
    assert f"有{MIN_POSTINGS}个" in said
    assert "3200元（2026年11月24日" in said
    assert "岗位不多，只能参考" in said


def test_too_few_are_said_to_be_so_and_a_wider_place_is_taken(words: Session, post: Post) -> None:
    post(region="210102")
    _post(post, MIN_POSTINGS, 5000, region="210303")
    found = going_pay(words, GUARD, "210102")
    assert [(one.region_code, one.postings) for one in found] == [
        ("210102", 1), ("210100", 1), ("210000", MIN_POSTINGS + 1),
    ]  # fmt: skip
    said = going_pay_message("保安员", found).text
    assert "沈阳市和平区现在写明工资的保安员岗位只有1个，太少" in said
    assert "辽宁省现在开着的保安员岗位" in said


@pytest.mark.parametrize("count", [0, MIN_POSTINGS - 1])
def test_of_too_few_in_the_whole_province_no_figure_is_said(
    words: Session, post: Post, count: int
) -> None:
    _post(post, count, 5000)
    found = going_pay(words, GUARD, None)
    assert [one.median for one in found] == [None]
    said = going_pay_message("保安员", found).text
    assert "说不准" in said
    assert "中位数" not in said


def test_odd_jobs_closed_postings_and_second_trades_do_not_count(
    words: Session, post: Post
) -> None:
    _post(post, MIN_POSTINGS, 3000)
    _post(post, MIN_POSTINGS, 9000, work_time="gig")
    _post(post, MIN_POSTINGS, 9000, status="expired")
    for _ in range(MIN_POSTINGS):
        post(("会计", "保安员"), salary_min=9000, salary_max=9000)
    (found,) = going_pay(words, GUARD, "210100")
    assert (found.postings, found.median) == (MIN_POSTINGS, 3200)


def test_the_name_of_a_family_stands_for_its_trades(words: Session, post: Post) -> None:
    for _ in range(MIN_POSTINGS):
        post(("货车司机",), salary_min=7000, salary_max=8000)
    (*_, last) = going_pay(words, ["司机"], "210100")
    assert (last.postings, last.median) == (MIN_POSTINGS, 7500)
