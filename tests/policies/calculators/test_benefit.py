from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot.policies import compose
from bot.policies.calculators.benefit import contributions, unemployment_benefit
from bot.policies.calculators.workings import length
from bot.text.reader import message_reader

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("months", "rate", "length", "cap"),
    [
        (12, "85%", "3个月", "12个月"),
        (23, "85%", "3个月", "12个月"),
        (60, "85%", "13个月", "18个月"),
        (96, "85%", "16个月", "18个月"),
        (119, "85%", "18个月", "18个月"),
        (120, "90%", "24个月", "24个月"),
        (300, "90%", "24个月", "24个月"),
    ],
)
def test_rate_and_length_go_by_whole_years_of_contributions(
    policies: Session, months: int, rate: str, length: str, cap: str
) -> None:
    found = unemployment_benefit(policies, months, None, DAY)
    assert found is not None
    assert found.rate is not None
    assert found.length is not None
    assert found.cap is not None
    assert [found.rate.text, found.length.text, found.cap.text] == [rate, length, cap]


def test_less_than_a_year_gives_no_benefit_and_says_so(policies: Session) -> None:
    found = unemployment_benefit(policies, 11, None, DAY)
    assert found is not None
    assert not found.entitled
    said = compose.benefit(found, length(11), None, "失业保险金")
    assert "缴满1年" in said.text


def test_no_amount_in_yuan_without_a_verified_minimum_wage(policies: Session) -> None:
    found = unemployment_benefit(policies, 96, "210100", DAY)
    assert found is not None
    said = compose.benefit(found, length(96), "沈阳市", "失业保险金")
    assert "沈阳市的最低工资 × 85%" in said.text
    assert "元" not in said.text
    assert said.missing == ["minimum_wage"]


def test_without_a_place_the_place_is_asked_for(policies: Session) -> None:
    found = unemployment_benefit(policies, 99, None, DAY)
    assert found is not None
    said = compose.benefit(found, length(99), None, "失业保险金")
    assert "8年3个月" in said.text
    assert "哪个区县" in said.text
    assert "据整理资料" in said.text
    assert [c.number for c in said.citations if c.number] == ["辽人社建〔2025〕21号"]


def test_before_the_rule_held_there_is_no_calculation(policies: Session) -> None:
    assert unemployment_benefit(policies, 96, None, date(2010, 1, 1)) is None


@pytest.mark.parametrize(
    ("text", "known", "months"),
    [
        ("交了八年社保一个月能有多少", None, 96),
        ("失业保险缴了十年零三个月", None, 123),
        ("干了二十年电焊 厂子黄了", None, None),
        ("那要是十二年呢", 96, 144),
        ("失业金怎么领", 96, None),
    ],
)
def test_years_at_work_are_not_years_of_contributions(
    text: str, known: int | None, months: int | None
) -> None:
    lengths = [e for e in message_reader().read(text) if e["entity"] == "duration"]
    assert contributions(text, lengths, known) == months


@pytest.mark.parametrize(
    ("years", "months"),
    {1: "3", 2: "6", 3: "9", 4: "12", 5: "13", 6: "14", 7: "15", 8: "16", 9: "18", 10: "24", 40: "24"}.items(),
)  # fmt: skip
def test_the_length_goes_by_the_table_of_liaoning(
    policies: Session, years: int, months: str
) -> None:
    found = unemployment_benefit(policies, years * 12, None, DAY)
    assert found is not None
    assert found.length is not None
    assert found.length.value == months


def test_more_contributions_never_shorten_the_benefit_nor_pass_the_laws_limit(
    policies: Session,
) -> None:
    before, share = 0, 0
    for months_paid in range(12, 500):
        found = unemployment_benefit(policies, months_paid, None, DAY)
        assert found is not None
        assert found.length is not None
        assert found.rate is not None
        assert found.cap is not None
        length, rate = int(found.length.value), int(found.rate.value)
        assert before <= length <= int(found.cap.value)
        assert share <= rate
        before, share = length, rate
