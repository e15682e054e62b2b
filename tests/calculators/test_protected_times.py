"""Times in which a contract may not be ended."""

from __future__ import annotations

import pytest

from bot.calculators.protected_times import protected_time


@pytest.mark.parametrize(
    ("text", "is_protected"),
    [
        ("我怀孕了 公司要辞退我", True),
        ("产假没休完就给我开了", True),
        ("媳妇怀孕了我被开了", False),
        ("怀孕了我想辞职", False),
        ("干了六年被辞了", False),
    ],
)
def test_only_ones_own_time_protects_and_not_from_ones_own_notice(
    text: str, is_protected: bool
) -> None:
    assert (protected_time(text) is not None) == is_protected
