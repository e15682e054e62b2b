import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.warning.identity import credit_code, identity_number, person_code, with_check
from tests.warning.office_files import KEY, person

CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    "code", ["91350100M000100Y43", "９１350100m000100y43", "9135 0100 M000 100Y 43"]
)
def test_the_standards_own_example_is_read_in_any_width_and_case(code: str) -> None:
    assert credit_code(code) == "91350100M000100Y43"


@pytest.mark.parametrize(
    "first", ["N2210106MF12345678", "A1210000MB0123456", "Y1210000MB0123456", "51210000500012345"]
)
def test_kinds_of_organisations_that_libraries_refuse_are_taken(first: str) -> None:
    code = with_check(first[:17])
    assert credit_code(code) == code


@given(
    st.text(CHARACTERS, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(CHARACTERS)
)
def test_one_wrong_character_is_noticed(first: str, place: int, other: str) -> None:
    code = with_check(first)
    wrong = code[:place] + other + code[place + 1 :]
    if wrong == code:
        assert credit_code(wrong) == code
        return
    with pytest.raises(ValueError, match="校验位"):
        credit_code(wrong)


def test_of_an_identity_number_date_and_check_digit_count_and_births_before_1983_are_fine() -> None:
    assert identity_number("11010519491231002X") == "11010519491231002X"
    assert identity_number("110105491231002") == "11010519491231002X"
    assert identity_number(" 11010519491231002x ") == "11010519491231002X"
    for wrong in ("110105194912310021", "11010519490231002X", "1101051949123100", "abc"):
        with pytest.raises(ValueError, match="证"):
            identity_number(wrong)


def test_a_fault_never_repeats_the_number() -> None:
    with pytest.raises(ValueError, match="校验位") as wrong:
        identity_number("110105194912310021")
    assert "1949" not in str(wrong.value)


def test_codes_differ_by_person_and_key_and_fit_a_database() -> None:
    codes = {person_code(person(number), KEY) for number in range(500)}
    assert len(codes) == 500
    assert all(-(2**63) <= code < 2**63 for code in codes)
    assert person_code(person(1), KEY) != person_code(person(1), KEY + "x")
