from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Employer
from bot.matching import find
from bot.matching.candidates import KeySearchResult, find_keys
from bot.matching.explain import item
from bot.matching.job_preference import JobPreference
from tests.postings.conftest import Post

GUARD = JobPreference(occupations=("保安员",), region_code="210106")


def _ids(db: Session, wish: JobPreference, **given: object) -> list[int]:
    return [match.features.posting_id for match in find(db, wish, **given).items]  # type: ignore[arg-type]


def test_trade_and_district_hold(words: Session, post: Post) -> None:
    here = post()
    post(("会计",))
    post(region="210303")
    found = find(words, GUARD, limit=1)
    assert [match.features.posting_id for match in found.items] == [here.id]
    assert found.total == 1
    assert found.loosened == []


def test_a_city_includes_its_districts_and_a_district_no_other(words: Session, post: Post) -> None:
    district, city = post(), post(region="210100")
    post(region="210200")
    found = find(words, JobPreference(occupations=("保安员",), region_code="210100"), limit=2)
    assert {match.features.posting_id for match in found.items} == {district.id, city.id}
    assert found.total == 2


def test_the_lower_end_of_the_pay_must_reach_the_wish_first(words: Session, post: Post) -> None:
    reaches = post(salary_min=4000, salary_max=5000)
    tops_out = post(salary_min=3000, salary_max=4500)
    wish = JobPreference(occupations=("保安员",), region_code="210106", salary_min=4000)
    found = find(words, wish)
    assert [match.features.posting_id for match in found.items[:2]] == [reaches.id, tops_out.id]
    assert found.items[0].loosened is None
    assert "最高能到" in (found.items[1].loosened or "")
    assert found.total == 1


def test_pay_without_an_upper_end_reaches_the_wish(words: Session, post: Post) -> None:
    above = post(salary_min=5000, salary_max=None)
    wish = JobPreference(occupations=("保安员",), region_code="210106", salary_min=4000)
    assert _ids(words, wish) == [above.id]


def test_the_place_never_changes_without_a_word(words: Session, post: Post) -> None:
    near = post(region="210102")
    post(region="210303")
    found = find(words, GUARD)
    assert [match.features.posting_id for match in found.items] == [near.id]
    assert found.total == 0
    assert found.loosened == ["铁西区没有别的合适的了，这是市里其他区县的"]


def test_a_kindred_trade_is_offered_as_such(words: Session, post: Post) -> None:
    kin = post(("安检员",))
    found = find(words, GUARD)
    assert [match.features.posting_id for match in found.items] == [kin.id]
    assert "相近的工种" in found.loosened[0]


def test_what_gives_way_for_several_is_said_once(words: Session, post: Post) -> None:
    post(region="210102")
    post(("安检员",), region="210102")
    found = find(words, GUARD)
    assert len(found.items) == 2
    assert len(found.loosened) == len(set(found.loosened)) == 2


def test_lower_pay_comes_last_and_is_said(words: Session, post: Post) -> None:
    lower = post(salary_min=3500, salary_max=3600)
    wish = JobPreference(occupations=("保安员",), region_code="210106", salary_min=4000)
    found = find(words, wish)
    assert [match.features.posting_id for match in found.items] == [lower.id]
    assert found.loosened == ["工资比你要的低一些（3400元以上）"]


def test_what_is_ruled_out_is_not_shown(words: Session, post: Post) -> None:
    post(("销售员",))
    keeps = post(("会计",))
    post(("会计",), title="会计（夜班）", work_time="shift_night")
    anything = JobPreference(
        any_occupation=True, region_code="210106", excluded=("销售员", "shift_night")
    )
    assert _ids(words, anything) == [keeps.id]


def test_what_suits_is_found_behind_many_newer_ones_that_are_ruled_out(
    words: Session, post: Post
) -> None:
    keeps = [post(("会计",), published_on=date(2026, 1, 1)) for _ in range(3)]
    employer = Employer(name="某公司")
    for _ in range(520):
        post(("会计",), title="销售会计", employer=employer, published_on=date(2026, 11, 1))
    wish = JobPreference(any_occupation=True, region_code="210106", excluded=("销售",))
    found = find(words, wish)
    assert {match.features.posting_id for match in found.items} == {one.id for one in keeps}
    assert (found.total, found.at_least) == (3, False)


def test_who_rules_out_nearly_all_reads_a_bounded_number(
    words: Session, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.matching.candidates.MIN_BRANCH_LIMIT", 10)
    monkeypatch.setattr("bot.matching.candidates._MAX_BRANCH_LIMIT", 40)
    employer = Employer(name="某公司")
    post(("会计",), published_on=date(2026, 1, 1))
    for _ in range(200):
        post(("会计",), title="销售会计", employer=employer, published_on=date(2026, 11, 1))
    wish = JobPreference(any_occupation=True, region_code="210106", excluded=("销售",))
    found = find_keys(words, wish, frozenset(), 10)
    assert found == KeySearchResult((), cut=True)


def test_held_and_expired_postings_are_never_shown(words: Session, post: Post) -> None:
    post(status="held")
    post(status="expired")
    assert _ids(words, GUARD) == []


def test_what_was_shown_is_not_shown_again_nor_its_copy(words: Session, post: Post) -> None:
    employer = Employer(name="某物业")
    first = post(employer=employer, title="保安")
    post(employer=employer, title="保安", source="other")
    other = post()
    assert set(_ids(words, GUARD)) == {first.id, other.id}
    assert _ids(words, GUARD, exclude=[first.id]) == [other.id]


def test_one_employer_does_not_fill_the_list(words: Session, post: Post) -> None:
    big = Employer(name="大单位")
    for number in range(6):
        post(employer=big, title=f"保安{number}", salary_min=3500, salary_max=4000)
    others = [post() for _ in range(3)]
    shown = find(words, GUARD).items
    assert sum(match.card.employer == big.name for match in shown) == 2
    assert {one.id for one in others} <= {match.features.posting_id for match in shown}


def test_fresh_and_clean_postings_come_first(words: Session, post: Post) -> None:
    old = post(published_on=date(2026, 1, 1))
    warned = post(published_on=date(2026, 11, 20), warnings="deposit")
    fresh = post(published_on=date(2026, 11, 20))
    with clock.frozen(date(2026, 11, 23)):
        assert _ids(words, GUARD) == [fresh.id, old.id, warned.id]


def test_an_age_limit_that_includes_a_person_takes_nothing_off(words: Session, post: Post) -> None:
    plain = post(published_on=date(2026, 11, 20))
    limited = post(published_on=date(2026, 11, 20), warnings="age", description="18-50岁")
    with clock.frozen(date(2026, 11, 23)):
        assert _ids(words, replace(GUARD, age=40)) == [limited.id, plain.id]
        assert _ids(words, replace(GUARD, age=55)) == [plain.id, limited.id]
        assert _ids(words, GUARD) == [plain.id, limited.id]  # equal: the older number


def test_what_asks_for_far_more_than_told_comes_last(words: Session, post: Post) -> None:
    far = post(salary_min=5000, salary_max=6000, education="bachelor")
    years = post(salary_min=5000, salary_max=6000, experience_years=5)
    fits = post(education="junior")
    near = post(region="210102")
    wish = replace(GUARD, education="junior", experience_years=1)
    found = find(words, wish)
    assert [match.features.posting_id for match in found.items] == [
        fits.id,
        near.id,
        years.id,
        far.id,
    ]
    assert found.total == 3
    able = replace(wish, education="bachelor", experience_years=6)
    assert _ids(words, able)[2:] == [fits.id, near.id]


def test_who_is_within_reach_behind_many_others_is_found_before_anything_gives_way(
    words: Session, post: Post
) -> None:
    fits = [post(published_on=date(2026, 1, 1)) for _ in range(6)]
    for _ in range(60):
        post(education="master", published_on=date(2026, 11, 1))
    found = find(words, replace(GUARD, education="junior"))
    assert {match.features.posting_id for match in found.items} <= {one.id for one in fits}
    assert (found.loosened, found.total) == ([], 66)


def test_every_posting_says_why_and_what_to_mind(words: Session, post: Post) -> None:
    post(
        salary_min=4200, salary_max=5000, education="none", experience_years=0,
        published_on=date(2026, 11, 20), warnings="deposit",
    )  # fmt: skip
    wish = JobPreference(occupations=("保安员",), region_code="210106", salary_min=4000)
    with clock.frozen(date(2026, 11, 23)):
        shown = item(find(words, wish).items[0], wish)
    assert shown.region == "沈阳市铁西区"
    assert shown.reasons == [
        "做保安员，对口", "在铁西区，是你说的地方", "每月4200元起，够你要的4000元", "不要求学历", "不要求经验", "这几天刚发布",
    ]  # fmt: skip
    assert "劳动合同法第九条" in shown.warnings[0]


def test_welfare_comes_from_what_the_import_read(words: Session, post: Post) -> None:
    post(description="包吃住")
    lodged = post(welfare="lodging,holiday_gifts")
    wish = JobPreference(occupations=("保安员",), region_code="210106", welfare=("lodging",))
    first, second = find(words, wish).items
    assert first.features.posting_id == lodged.id
    assert "管住" in item(first, wish).reasons
    assert "管住" not in item(second, wish).reasons
