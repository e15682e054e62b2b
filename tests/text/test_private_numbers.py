from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalise import normalise
from bot.text.private_numbers import MASK, is_masked, masked

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("想找沈阳保安，电话13900139000", f"想找沈阳保安，{MASK}"),
        ("我电话是139-4000-1234，想在沈阳干保洁", f"{MASK}，想在沈阳干保洁"),
        ("有合适的打13940001234", f"有合适的打{MASK}"),
        ("１３８００１３８０００", MASK),
        ("+86 138 0013 8000", MASK),
        ("我叫张三，身份证号21010219680512345X，想找保安", f"我叫张三，{MASK}，想找保安"),
        ("身份证21010219680512348X 想问失业金", f"{MASK} 想问失业金"),  # mistyped, but named
        ("210102 19680512 3489，找会计", f"{MASK}，找会计"),
        ("我210102196805123484能查不", f"我{MASK}能查不"),
        ("6222021234567890128这张卡行不", f"{MASK}这张卡行不"),
        ("卡号6222 0212 3456 7890 120，打这张", f"{MASK}，打这张"),
        ("座机024-22903456", MASK),
        ("手机一三九零零一三九零零零，找保洁", f"{MASK}，找保洁"),
        ("电话22903456", MASK),
        ("工资3500 13800138000", f"工资3500 {MASK}"),
    ],
)
def test_private_numbers_are_masked_and_the_rest_stays(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert is_masked(masked(text))


@pytest.mark.parametrize(
    "text",
    [
        "打12333没人接", "024-12333", "4000-6000", "400-810-1234", "订单号202611281234567890",
        "210102196805123489", "快递单号6222021234567890128", "2024-01-01到2026-03-01", "4050人员", "12345",
        "工资5000-6000，交了15年3个月", "关联 1234 5678", "110 120 12356", "辽人社发〔2026〕12号",
    ],
)  # fmt: skip
def test_numbers_that_are_nobodys_stay(text: str) -> None:
    assert masked(text) == text


@given(
    st.sampled_from(["210102", "110105", "653101"]),
    st.dates(min_value=date(1940, 1, 1), max_value=date(2015, 12, 31)),
    st.integers(0, 999),
)
def test_identity_numbers_with_their_check_digit_are_known_without_a_word(
    place: str, born: date, order: int
) -> None:
    body = f"{place}{born:%Y%m%d}{order:03d}"
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    assert masked(f"看看{body}{'10X98765432'[total % 11]}") == f"看看{MASK}"


def test_the_mask_says_nothing_to_the_readers() -> None:
    assert normalise(f"{MASK}，找保安").text == "，找保安".replace("，", ",")


@given(st.text(max_size=300))
def test_masking_twice_changes_nothing_and_never_fails(text: str) -> None:
    assert masked(masked(text)) == masked(text)
