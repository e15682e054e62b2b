"""The version of the day and the place answers: the day before, of and after each change."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.policies.answers import PolicyFinding, answer

NOW = date(2026, 11, 24)


def _text(found: PolicyFinding) -> str:
    return "\n".join(part.text for part in found.parts)


@pytest.mark.parametrize(
    ("topic", "aspect", "day", "must", "must_not"),
    [
        ("unemployment-benefit", "amount", date(2019, 10, 31), ["73%", "83%"], ["85%", "90%"]),
        ("unemployment-benefit", "amount", date(2019, 11, 1), ["85%", "90%"], ["73%", "83%"]),
        ("unemployment-benefit", "period", date(2021, 12, 31), ["18个月"], ["13个月"]),
        ("unemployment-benefit", "period", date(2022, 1, 1), ["13个月"], []),
        ("unemployment-benefit", "how", date(2023, 11, 30), ["15日"], ["10个工作日"]),
        ("unemployment-benefit", "how", date(2023, 12, 1), ["10个工作日", "15日"], []),
        ("minimum-wage", "amount", date(2017, 12, 31), ["没有核实过的数"], ["1620"]),
        ("minimum-wage", "amount", date(2018, 1, 1), ["1620元", "1120元"], ["1810"]),
        ("minimum-wage", "amount", date(2019, 11, 1), ["1810元", "1300元"], ["1620", "1910"]),
        ("minimum-wage", "amount", date(2021, 11, 1), ["1910元", "1420元"], ["1810"]),
        (
            "minimum-wage",
            "amount",
            date(2025, 11, 30),
            ["2100元", "1900元"],
            ["2230", "2080", "1700"],
        ),
        ("minimum-wage", "amount", date(2025, 12, 1), ["2230元", "2080元", "1930元"], []),
        ("overtime", "amount", date(2024, 12, 31), ["11天"], ["13天"]),
        ("overtime", "amount", date(2025, 1, 1), ["13天", "300%"], ["11天"]),
        ("labor-contract", "period", date(2025, 8, 31), ["1个月"], ["续签"]),
        ("labor-contract", "period", date(2025, 9, 1), ["1个月", "续签"], []),
        ("work-injury", "who", date(2025, 8, 31), ["48小时"], ["挂靠"]),
        ("work-injury", "who", date(2025, 9, 1), ["48小时", "挂靠"], []),
        ("public-welfare-job", "who", date(2026, 6, 30), ["就业困难人员"], ["低保"]),
        ("public-welfare-job", "who", date(2026, 7, 1), ["就业困难人员", "低保"], []),
        ("veteran-employment", "period", date(2024, 8, 31), ["工龄"], ["当兵的年限算失业保险"]),
        ("veteran-employment", "period", date(2024, 9, 1), ["当兵的年限算失业保险"], []),
        ("flexible-employment", "amount", date(2025, 12, 31), ["871.80元", "只是2025年"], []),
        (
            "flexible-employment",
            "amount",
            date(2026, 1, 1),
            ["20%", "4533元", "906.60元"],
            ["871.80"],
        ),
        ("skill-upgrade-subsidy", "amount", date(2025, 12, 31), ["1621元"], ["2000元"]),
        ("skill-upgrade-subsidy", "amount", date(2026, 1, 1), ["1000元", "2000元"], []),
        ("skill-upgrade-subsidy", "amount", date(2027, 1, 1), ["没有查到"], ["1000元", "2000元"]),
        ("job-retention-refund", "amount", date(2026, 12, 31), ["30%", "60%"], []),
        ("job-expansion-subsidy", "amount", date(2026, 1, 1), ["1500元"], []),
    ],
)
def test_a_change_holds_from_its_day_on(
    policies: Session, topic: str, aspect: str, day: date, must: list[str], must_not: list[str]
) -> None:
    with clock.frozen(day):
        text = _text(answer(policies, topic, [aspect]))
    for word in must:
        assert word in text
    for word in must_not:
        assert word not in text


@pytest.mark.parametrize(
    ("day", "place", "must", "must_not"),
    [
        (date(2019, 10, 31), "210100", ["没有核实过"], ["1810"]),
        (date(2019, 11, 1), "210100", ["1810元", "1540元", "18.3元"], ["1910"]),
        (date(2021, 10, 31), "210106", ["1810元"], ["1910"]),
        (date(2021, 11, 1), "210100", ["1910元", "1640元", "19.2元"], ["1810"]),
        (date(2024, 4, 30), "210181", ["1640元"], []),
        (date(2018, 1, 1), "210100", ["1620元", "1350元"], ["1810"]),
        (date(2024, 5, 1), "210100", ["归哪档，我没有核实过"], ["1910", "1700"]),
        (date(2019, 11, 1), "210281", ["1810元", "1710元", "18.3元"], ["1910"]),
        (date(2021, 11, 1), "210200", ["1910元", "没有核实过"], ["1710"]),
        (date(2024, 5, 1), "210200", ["2100元", "21元"], ["1910"]),
        (date(2019, 11, 1), "210300", ["1610元", "1480元"], ["1710"]),
        (date(2021, 11, 1), "210300", ["1710元", "没有核实过"], ["1610"]),
        (date(2021, 11, 1), "210500", ["1710元", "1580元", "15.9元"], ["1610"]),
        (date(2019, 11, 1), "210700", ["1480元", "没查到"], ["1610"]),
        (date(2019, 11, 1), "211400", ["1480元", "1300元"], ["1610"]),
        (date(2024, 4, 30), "210800", ["归哪档由市里定"], ["1900"]),
        (date(2024, 5, 1), "210804", ["1900元"], ["2080", "2100"]),
        (date(2025, 11, 30), "210882", ["1900元"], ["2080"]),
    ],
)
def test_the_minimum_wage_of_cities_of_earlier_years(
    policies: Session, day: date, place: str, must: list[str], must_not: list[str]
) -> None:
    with clock.frozen(day):
        text = _text(answer(policies, "minimum-wage", ["amount"], place))
    assert all(word in text for word in must), text
    assert not any(word in text for word in must_not), text


@pytest.mark.parametrize("topic", ["job-retention-refund", "job-expansion-subsidy"])
@pytest.mark.parametrize(("day", "ended"), [
    (date(2025, 12, 31), None), (date(2027, 1, 1), date(2026, 12, 31)),
])  # fmt: skip
def test_outside_its_year_a_rule_of_one_year_is_not_answered(
    policies: Session, topic: str, day: date, ended: date | None
) -> None:
    with clock.frozen(day):
        found = answer(policies, topic, ["amount"])
    assert (found.status, found.ended_on, found.parts) == ("not_in_force", ended, ())


@pytest.mark.parametrize(
    ("place", "must", "must_not"),
    [
        ("210100", ["2230元", "22元", "2025年12月1日"], ["2080", "1930"]),
        ("210106", ["2230元"], ["2080", "1930"]),
        ("210200", ["2230元"], ["2080", "1930"]),
        ("210211", ["2230元"], ["2080", "1930"]),
        ("210181", ["没有核实过", "12333"], ["2230", "2080", "1930"]),
        ("210123", ["没有核实过", "12333"], ["2230", "2080", "1930"]),
        ("210124", ["没有核实过", "12333"], ["2230", "2080", "1930"]),
        ("210281", ["没有核实过", "12333"], ["2230", "2080", "1930"]),
        ("210283", ["没有核实过", "12333"], ["2230", "2080", "1930"]),
        ("210224", ["没有核实过", "12333"], ["2230", "2080", "1930"]),
        ("210800", ["2080元", "20元", "2025年12月1日"], ["2230", "1930"]),
        ("210804", ["2080元"], ["2230", "1930"]),
        ("210882", ["2080元"], ["2230", "1930"]),
        ("210300", ["2230元", "2080元", "1930元", "没有核实过"], []),
        (None, ["2230元", "2080元", "1930元", "没有核实过"], []),
    ],
)
def test_the_minimum_wage_is_the_places_own_and_second_hand(
    policies: Session, place: str | None, must: list[str], must_not: list[str]
) -> None:
    found = answer(policies, "minimum-wage", ["amount"], place, NOW)
    for word in must:
        assert word in _text(found)
    for word in must_not:
        assert word not in _text(found)
    assert found.parts[0].second_hand
    assert "辽人社发〔2025〕7号" in [one.number for one in found.citations]
    assert (found.effective_from or NOW) == date(2025, 12, 1)


@pytest.mark.parametrize(
    ("topic", "aspect", "place", "must", "must_not"),
    [
        ("social-insurance-subsidy", "amount", "210500", ["60%", "原则上不超过"], ["200元"]),
        ("social-insurance-subsidy", "period", "210521", ["3年", "延到退休"], []),
        ("social-insurance-subsidy", "amount", "210800", ["200元", "100元"], ["60%"]),
        ("social-insurance-subsidy", "period", "210803", ["1年以内", "提前3个月"], ["36个月"]),
        ("social-insurance-subsidy", "amount", "210100", ["200元", "2024年8月"], ["60%"]),
        ("social-insurance-subsidy", "amount", "210200", ["30%", "没有核实过"], ["200元"]),
        ("social-insurance-subsidy", "amount", "210300", ["三分之二", "打12333"], []),
        ("public-welfare-job", "amount", "210804", ["1710元", "老数"], []),
        ("public-welfare-job", "amount", "210800", ["没有核实过"], ["1710"]),
        ("startup-site-subsidy", "amount", "210200", ["3000元", "8000元"], []),
        ("startup-subsidy", "amount", "210200", ["5000元", "担保贷款"], []),
        ("jobseeking-subsidy", "amount", "210200", ["2000元"], []),
        ("startup-leader-subsidy", "amount", "210300", ["企业该承担", "2020年"], []),
    ],
)
def test_what_single_cities_have_of_their_own(
    policies: Session, topic: str, aspect: str, place: str, must: list[str], must_not: list[str]
) -> None:
    text = _text(answer(policies, topic, [aspect], place, NOW))
    assert all(word in text for word in must), text
    assert not any(word in text for word in must_not), text


@pytest.mark.parametrize(
    ("day", "place", "must", "must_not"),
    [
        (date(2019, 11, 1), "210181", ["85%", "1539元", "1309元"], ["1785"]),
        (date(2020, 6, 1), "211422", ["1258元", "1332元"], ["1539"]),
        (date(2021, 11, 1), "210100", ["85%"], ["1539", "1785"]),
        (date(2024, 5, 1), "210106", ["85%", "1785元", "1890元"], ["1539"]),
        (date(2025, 11, 30), "210522", ["1615元", "1445元"], ["1785"]),
        (date(2025, 12, 1), "210100", ["85%"], ["1785"]),
    ],
)
def test_the_benefits_that_cities_announced(
    policies: Session, day: date, place: str, must: list[str], must_not: list[str]
) -> None:
    with clock.frozen(day):
        text = _text(answer(policies, "unemployment-benefit", ["amount"], place))
    assert all(word in text for word in must), text
    assert not any(word in text for word in must_not), text


def test_an_answer_says_since_when_its_source_holds(policies: Session) -> None:
    found = answer(policies, "labor-contract", ["who"], as_of=date(2025, 9, 1))
    since = {one.number: one.effective_from for one in found.citations}
    assert since["法释〔2025〕12号"] == "2025-09-01"
    assert found.effective_from == date(2025, 9, 1)


def test_what_a_change_leaves_alone_is_said_in_the_same_words(policies: Session) -> None:
    days = (date(2013, 1, 1), date(2020, 1, 1), date(2022, 6, 1), NOW)
    said = {_text(answer(policies, "unemployment-benefit", ["who"], as_of=day)) for day in days}
    assert len(said) == 1


def test_where_nothing_else_is_asked_what_differs_by_place_is_said(policies: Session) -> None:
    for place in ("210100", "210181", "210300"):
        found = answer(policies, "minimum-wage", [], place, NOW)
        assert [part.aspect for part in found.parts] == ["amount"]
    everywhere = answer(policies, "startup-loan", [], "210100", NOW)
    assert [part.aspect for part in everywhere.parts] == ["what", "who"]
