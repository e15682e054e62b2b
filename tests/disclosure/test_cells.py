import pytest

from bot.disclosure.cells import Cell
from tests.disclosure.tables import row


def test_sums_that_do_not_hold_and_keys_twice_are_refused() -> None:
    figures = row(1, 2)
    with pytest.raises(ValueError, match="not the sum"):
        figures.add_sum("total", ["a"])
    with pytest.raises(ValueError, match="two cells"):
        figures.add(Cell("a", 1))
