from hypothesis import given
from hypothesis import strategies as st

from bot.warning.filings import date_of, day_number, text_hashes

NUMBERS = st.text(st.sampled_from("ABCXYZ0123456789备案号-"), min_size=1, max_size=40)


@given(st.lists(NUMBERS, min_size=2, max_size=12, unique=True))
def test_a_number_has_one_hash_whatever_stands_beside_it(numbers: list[str]) -> None:
    together = text_hashes(numbers).tolist()
    assert together == [text_hashes([one]).tolist()[0] for one in numbers]
    assert len(set(together)) == len(numbers)


def test_no_two_of_many_numbers_share_a_hash() -> None:
    assert len(set(text_hashes([f"B{n}" for n in range(200_000)]).tolist())) == 200_000


@given(st.dates())
def test_days_are_numbers_and_back(day) -> None:  # type: ignore[no-untyped-def]
    assert date_of(day_number(day)) == day
