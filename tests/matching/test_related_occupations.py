"""What stands in for a trade of which nothing is open, what is refused, and what is named instead."""

from dataclasses import replace

from sqlalchemy.orm import Session

from bot.matching import Matches, find, replies
from bot.matching.job_preference import JobPreference
from tests.postings.conftest import Post

PARKING = JobPreference(occupations=("停车管理员",), region_code="210106")
GUARD = JobPreference(occupations=("保安员",), region_code="210106", welfare=("no_nights",))


def _ids(found: Matches) -> list[int]:
    return [match.features.posting_id for match in found.items]


def _said(found: Matches, wish: JobPreference) -> str:
    return replies.postings(found, wish, "find_job", later=False).text


def test_a_lorry_stands_in_for_no_car_park_and_is_not_named_either(
    words: Session, post: Post
) -> None:
    post(("货车司机",), description="要求B2证")
    cleaner = post(("保洁员",))
    found = find(words, PARKING)
    assert _ids(found) == []
    assert found.others.names == ("保洁员",)
    said = _said(found, PARKING)
    assert "相近的也没有" in said
    assert "铁西区现在招人的有保洁员" in said
    assert _ids(find(words, replace(PARKING, occupations=("保洁员",)))) == [cleaner.id]


def test_a_trade_that_needs_nothing_stands_in_unless_its_posting_asks_for_more(
    words: Session, post: Post
) -> None:
    plain = post(("保安员",))
    post(("保安员",), description="要求持消防证")
    post(("保安员",), education="college")
    assert _ids(find(words, PARKING)) == [plain.id]


def test_schooling_told_of_opens_what_asks_for_it(words: Session, post: Post) -> None:
    asks = post(("保安员",), education="college")
    assert _ids(find(words, PARKING)) == []
    assert _ids(find(words, replace(PARKING, education="college"))) == [asks.id]


def test_a_title_whose_first_trade_must_be_learned_stands_in_for_nothing(
    words: Session, post: Post
) -> None:
    post(("电工", "保安员"))
    assert _ids(find(words, PARKING)) == []


def test_other_trades_around_are_named_as_around(words: Session, post: Post) -> None:
    post(("保洁员",), region="210102")
    found = find(words, PARKING)
    assert found.others.around
    assert "铁西区附近现在招人的有保洁员" in _said(found, PARKING)


def test_nothing_near_by_the_classification_is_named_for_a_doctor(
    words: Session, post: Post
) -> None:
    post(("护士",))
    post(("保洁员",))
    found = find(words, replace(PARKING, occupations=("医生",)))
    assert _ids(found) == []
    assert found.others.names == ()


def test_stated_night_work_does_not_count_for_who_works_no_nights(
    words: Session, post: Post
) -> None:
    day = post(description="长白班，不上夜班")
    post(description="夜间巡逻、门岗登记，两班倒")
    silent = post(description="门岗登记")
    found = find(words, GUARD)
    assert set(_ids(found)) == {day.id, silent.id}
    assert (found.total, found.refused) == (2, 1)
    assert "写明要上夜班的有1个，没给你看" in _said(found, GUARD)


def test_stated_night_work_is_shown_to_whom_it_is_all_the_same(words: Session, post: Post) -> None:
    post(description="夜间巡逻、门岗登记，两班倒")
    found = find(words, replace(GUARD, welfare=()))
    assert (len(found.items), found.refused) == (1, 0)


def test_night_work_elsewhere_fills_no_list(words: Session, post: Post) -> None:
    post(region="210102", description="夜班保安，包住")
    assert _ids(find(words, GUARD)) == []
