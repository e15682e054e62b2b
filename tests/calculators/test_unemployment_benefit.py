from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot.arithmetic.results import length
from bot.calculators import replies as calculation_replies
from bot.calculators.contributions import contributions
from bot.calculators.unemployment_benefit import unemployment_benefit
from bot.understanding.entity_extractor import message_reader

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
    said = calculation_replies.benefit(found, length(11), None, "失业保险金")
    assert "缴满1年" in said.text


@pytest.mark.parametrize("place", ["210300", "210381", "210181", "210281", "210900", "211402"])
def test_no_amount_in_yuan_where_the_tier_of_the_minimum_wage_is_not_known(
    policies: Session, place: str
) -> None:
    found = unemployment_benefit(policies, 96, place, DAY)
    assert found is not None
    said = calculation_replies.benefit(found, length(96), "那里", "失业保险金")
    assert "那里的最低工资 × 85%" in said.text
    assert "元" not in said.text
    assert said.missing == ["minimum_wage"]


@pytest.mark.parametrize(
    ("place", "months", "sum_line"),
    [
        ("210100", 96, "2230 × 85% = 每月1895.50元"),
        ("210106", 120, "2230 × 90% = 每月2007元"),
        ("210211", 12, "2230 × 85% = 每月1895.50元"),
    ],
)
def test_where_the_tier_is_known_the_amount_is_worked_out_and_said_as_second_hand(
    policies: Session, place: str, months: int, sum_line: str
) -> None:
    found = unemployment_benefit(policies, months, place, DAY)
    assert found is not None
    said = calculation_replies.benefit(found, length(months), "那里", "失业保险金")
    assert f"{sum_line}（据整理资料，以经办机构为准）" in said.text
    assert "2230" in [figure.value for figure in said.figures]
    assert any(one.second_hand for one in said.citations)
    assert said.missing == []


@pytest.mark.parametrize("place", ["210800", "210804", "210881"])
def test_in_yingkou_the_one_step_of_the_whole_city_holds(policies: Session, place: str) -> None:
    found = unemployment_benefit(policies, 96, place, DAY)
    assert found is not None
    assert str(found.monthly) == "1768.00"


def test_before_the_tiers_of_2025_no_amount_is_worked_out(policies: Session) -> None:
    found = unemployment_benefit(policies, 96, "210100", date(2025, 11, 30))
    assert found is not None
    assert (found.wage, found.monthly, found.missing) == (None, None, ("minimum_wage",))


def test_the_share_of_the_day_is_taken(policies: Session) -> None:
    rates = [
        found.rate.value
        for day in (date(2019, 10, 31), date(2019, 11, 1))
        for months in (12, 120)
        if (found := unemployment_benefit(policies, months, None, day)) and found.rate
    ]
    assert rates == ["73", "83", "85", "90"]


def test_before_the_table_held_only_the_limit_of_the_law_is_known(policies: Session) -> None:
    found = unemployment_benefit(policies, 60, None, date(2021, 12, 31))
    assert found is not None
    assert found.length is None
    assert found.cap is not None
    assert found.cap.text == "18个月"


def test_without_a_place_the_place_is_asked_for(policies: Session) -> None:
    found = unemployment_benefit(policies, 99, None, DAY)
    assert found is not None
    said = calculation_replies.benefit(found, length(99), None, "失业保险金")
    assert "8年3个月" in said.text
    assert "哪个区县" in said.text
    assert "据整理资料" in said.text
    numbers = {c.number for c in said.citations if c.number}
    assert numbers == {"辽人社建〔2025〕21号", "辽人社〔2021〕26号"}


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
