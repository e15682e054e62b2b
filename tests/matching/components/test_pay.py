"""Parts of the score that rest on pay."""

from __future__ import annotations

import pytest

from bot.matching.components.pay import market_part, named_pay_part, pay_part
from bot.matching.features import Market
from tests.matching.postings import guard, wish


@pytest.mark.parametrize(
    ("low", "wanted", "part"),
    [(3000, 3000, 0.5), (4500, 3000, 1.0), (9000, 3000, 1.0), (1500, 3000, 0.0),
     (None, 3000, 0.2), (3000, None, 0.5)],
)  # fmt: skip
def test_pay_counts_from_the_wished_yuan_on(
    low: int | None, wanted: int | None, part: float
) -> None:
    assert pay_part(guard(salary_min=low), wish(salary_min=wanted)) == pytest.approx(part)


@pytest.mark.parametrize(
    ("low", "high", "part"),
    [(3000, 5000, 0.5), (6000, 6000, 1.0), (10_000, 10_000, 1.0), (10_001, 10_001, 0.1),
     (2000, None, 0.0), (None, None, 0.5)],
)  # fmt: skip
def test_pay_that_is_too_good_to_be_true_counts_little(
    low: int | None, high: int | None, part: float
) -> None:
    posting = guard(salary_min=low, salary_max=high, market=Market("保安员", 4000, "210100"))
    assert market_part(posting, wish()) == pytest.approx(part)


def test_stated_pay_counts() -> None:
    assert (named_pay_part(guard(), wish()), named_pay_part(guard(salary_min=None), wish())) == (
        1,
        0,
    )
