"""The ask of each claim that the encoder has not learned from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.policies.fresh_asks import fresh_ask


@given(st.text(max_size=30), st.integers(1, 50))
def test_it_is_one_of_the_claims_asks_and_always_the_same(claim: str, count: int) -> None:
    assert 0 <= fresh_ask(claim, count) < count
    assert fresh_ask(claim, count) == fresh_ask(claim, count)
