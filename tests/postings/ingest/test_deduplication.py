import pytest

from bot.postings.ingest.deduplication import (
    PostingIdentity,
    employer_key,
    is_same_job,
    job_key,
    title_key,
)
from bot.postings.ingest.parser import Draft, Drafter
from bot.vocabulary.vocabulary import vocabulary

ROW = {"title": "电工", "company": "沈阳甲机械有限公司", "city": "沈阳", "salary": "5-6千"}


@pytest.fixture(scope="module")
def drafter() -> Drafter:
    return Drafter()


def _draft(drafter: Drafter, **given: str) -> Draft:
    return drafter.draft({**ROW, **given}, "x")


def _offer(draft: Draft) -> PostingIdentity:
    pay = draft.pay
    return PostingIdentity(1, draft.region_code, pay.min if pay else None, pay.max if pay else None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("沈阳甲机械有限公司", "沈阳甲机械有限责任公司"),
        ("（沈阳）甲机械股份有限公司", "沈阳甲机械公司"),
        ("ＡＢＣ集团有限公司", "abc"),
    ],
)
def test_an_employer_is_the_same_by_any_form_of_its_name(one: str, other: str) -> None:
    assert employer_key(one) == employer_key(other)


def test_a_branch_is_not_its_company() -> None:
    assert employer_key("甲有限公司沈阳分公司") != employer_key("甲有限公司")


def test_a_title_is_the_same_without_what_it_says_about_the_offer() -> None:
    assert title_key("【急聘】电工（包吃住）五险一金") == title_key("电工")
    assert title_key("电工（高压）") != title_key("电工（低压）")
    assert title_key("招聘") == "招聘"


def test_a_district_is_in_its_city_but_not_in_another_district(drafter: Drafter) -> None:
    city, west, east = (
        _draft(drafter, city=place) for place in ("沈阳", "沈阳·铁西区", "沈阳·大东区")
    )
    assert job_key(city) == job_key(west) == job_key(east)
    assert is_same_job(_offer(city), west, vocabulary())
    assert not is_same_job(_offer(west), east, vocabulary())


@pytest.mark.parametrize(
    ("pay", "alike"),
    [("5000-6000元/月", True), ("5001-6000", True), ("面议", True), ("6-7千", False), ("", True)],
)
def test_pay_is_compared_by_what_it_means(drafter: Drafter, pay: str, alike: bool) -> None:
    assert is_same_job(_offer(_draft(drafter)), _draft(drafter, salary=pay), vocabulary()) is alike
