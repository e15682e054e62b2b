"""Each calculation as a talk: it asks only for what is missing and shows its arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from bot.arithmetic.results import CalculationResult, length, money
from bot.calculators.registry import CALCULATORS
from tests.calculators.conftest import Figures

Of = Callable[[str], Figures]


def _said(figures: Of, topic: str, **facts: Any) -> CalculationResult:
    return CALCULATORS[topic].calculate(facts, *figures(topic))


@pytest.mark.parametrize(
    ("topic", "facts", "missing"),
    [
        ("severance", {}, "months"),
        ("severance", {"months": 78}, "pay"),
        ("severance", {"months": 78, "pay": 6000}, None),
        ("labor-contract", {}, "months"),
        ("labor-contract", {"months": 7}, "pay"),
        ("labor-contract", {"months": 1}, None),
        ("probation", {}, "months"),
        ("probation", {"open_ended": True}, None),
        ("overtime", {}, "pay"),
        ("overtime", {"pay": 3000}, "hours"),
        ("overtime", {"pay": 3000, "days": 1}, "kind"),
        ("paid-leave", {}, "months"),
        ("paid-leave", {"months": 130}, None),
        ("labor-arbitration", {}, "date"),
        ("startup-loan", {}, "amount"),
        ("startup-loan", {"amount": 200000}, "rate"),
        ("startup-loan", {"amount": 200000, "lpr": 3.0}, None),
    ],
)
def test_only_the_next_missing_fact_is_asked_for(
    figures: Of, topic: str, facts: dict[str, Any], missing: str | None
) -> None:
    said = _said(figures, topic, **facts)
    assert said.missing == missing
    assert bool(said.ask) == bool(missing)


@pytest.mark.parametrize(
    ("topic", "facts", "shown"),
    [
        # Six full years and a half: 7 months of pay; N 42000, N+1 48000, 2N 84000.
        ("severance", {"months": 78, "pay": 6000}, ["6000元 × 7 = 42000元", "N+1 = 48000元", "42000元 × 2 = 84000元"]),
        # 72 months and some days: half a month more than six.
        ("severance", {"months": 72.5, "pay": 6000}, ["干了6年多", "6000元 × 6.5 = 39000元"]),
        # Three times 8000 is 24000 and below 30000; twelve months at most.
        ("severance", {"months": 240, "pay": 30000, "average": 8000}, ["高过当地平均工资8000元的3倍", "24000元 × 12 = 288000元"]),
        ("severance", {"months": 36, "pay": 4000, "protected": "孕期"}, ["孕期里", "单位不能辞你（劳动合同法第四十二条）", "2N = 24000元"]),
        ("labor-contract", {"months": 20, "pay": 4000}, ["4000元 × 11 = 44000元"]),
        ("probation", {"months": 24, "pay": 5000}, ["试用期最长2个月", "4000元"]),
        ("probation", {"months": 2}, ["不能约定试用期"]),
        ("overtime", {"pay": 3000, "days": 1, "kind": "holiday"}, ["3000元 ÷ 21.75 ÷ 8 × 8小时 × 300% = 413.79元"]),
        ("paid-leave", {"months": 130, "pay": 4350}, ["10天年休假", "4350元 ÷ 21.75 × 10 × 200% = 4000元"]),
        ("labor-arbitration", {"date": "2024-02-29"}, ["到2025-02-28为止", "节假日的，顺延"]),
        # 3.0 % and 50 hundredths are 3.5 %; 200000 × 3.5 % × 2 = 14000, half of it 7000.
        ("startup-loan", {"amount": 200000, "months": 24, "lpr": 3.0}, ["LPR+50BP = 3.5%", "2年一共14000元", "财政贴50%：7000元"]),
        # The bank's own rate counts more than the limit.
        ("startup-loan", {"amount": 200000, "months": 24, "lpr": 3.0, "rate": 3.2}, ["200000元 × 3.2% = 一年利息6400元"]),
        ("startup-loan", {"amount": 500000, "rate": 3.6}, ["个人最高30万元", "3年一共32400元"]),
    ],
)  # fmt: skip
def test_the_arithmetic_is_shown(
    figures: Of, topic: str, facts: dict[str, Any], shown: list[str]
) -> None:
    said = "\n".join(_said(figures, topic, **facts).lines)
    for part in shown:
        assert part in said


@pytest.mark.parametrize("topic", ["severance", "labor-contract", "overtime", "startup-loan"])
def test_what_was_taken_for_granted_is_named(figures: Of, topic: str) -> None:
    facts = {"months": 24, "pay": 5000, "hours": 2, "kind": "day", "amount": 1000, "rate": 3}
    assert _said(figures, topic, **facts).assumes


def test_every_figure_that_a_calculation_rests_on_is_in_the_policy_base(figures: Of) -> None:
    facts = {"months": 24, "pay": 5000, "hours": 2, "kind": "day", "amount": 1000, "rate": 3}
    facts |= {"date": "2026-01-05"}
    for topic, working in CALCULATORS.items():
        _, texts = figures(topic)
        said = working.calculate(facts, *figures(topic))
        assert said.used
        assert set(said.used) <= set(texts), topic


@pytest.mark.parametrize(
    ("months", "said"), {0: "0个月", 6: "6个月", 12: "1年", 99: "8年3个月", 72.5: "6年多"}.items()
)
def test_a_length_is_said_in_years_and_months(months: float, said: str) -> None:
    assert length(months) == said


def test_an_amount_is_said_to_the_fen_only_where_it_has_some() -> None:
    assert [money(Decimal(text)) for text in ("42000.00", "413.79", "0.50")] == [
        "42000元", "413.79元", "0.50元",
    ]  # fmt: skip
