from datetime import date
from pathlib import Path

import pytest

from bot.disclosure.rule import DisclosureRule, disclosure_rule
from bot.warning.errors import DisclosureError


def test_the_rule_is_read_for_readers_inside_and_outside_and_without_one_nothing_is_printed(
    tmp_path: Path,
) -> None:
    day = date(2026, 11, 1)
    assert disclosure_rule("inside", "210106", day) == DisclosureRule(5, 20, 10, 3, 80, 0)
    assert disclosure_rule("outside", "210106", day) == DisclosureRule(10, 30, 10, 3, 80, 20)
    with pytest.raises(DisclosureError, match="未设"):
        disclosure_rule("inside", "110000", day)
