import pytest

from bot.disclosure.audit import bounds, check
from bot.disclosure.cells import Cell, Figures, Printed
from bot.disclosure.suppress import suppress
from bot.warning.errors import DisclosureError
from tests.disclosure.tables import row
from tests.warning.tables_of_people import RULE


def test_a_small_figure_is_hidden_with_another_so_that_the_total_does_not_give_it_back() -> None:
    printed = suppress(row(3, 40, 60), RULE)
    assert [printed.text(key) for key in ("a", "b", "c", "total")] == ["<5", "—", "60", "103"]


def test_nobody_is_hidden_like_few() -> None:
    assert suppress(row(0, 40, 60), RULE).text("a") == "<5"


def test_two_small_figures_of_which_the_total_tells_too_much_lose_their_marks() -> None:
    """3 + 4 = 7: with both below 5 each would be 3 or 4."""
    printed = suppress(row(3, 4, 60), RULE)
    assert [printed.text(key) for key in ("a", "b", "c", "total")] == ["—", "—", "60", "67"]
    check(printed)
    naive = Printed(row(3, 4, 60), ("small", "small", "shown", "shown"), RULE)
    assert [(one.low, one.high) for one in bounds(naive)] == [(3, 4), (3, 4)]
    with pytest.raises(DisclosureError, match="推算"):
        check(naive)


def test_what_is_large_is_all_shown() -> None:
    printed = suppress(row(30, 40, 60), RULE)
    assert (printed.hidden(), printed.text("total")) == (0, "130")


def test_supply_is_never_small_and_sensitive_kinds_are_hidden_below_ten() -> None:
    figures = Figures(
        [Cell("postings", 0, people=False), Cell("ill", 9, sensitive=True), Cell("well", 9)],
        [],
        {"postings": 0, "ill": 1, "well": 2},
    )
    printed = suppress(figures, RULE)
    assert [printed.text(key) for key in ("postings", "ill", "well")] == ["0", "<10", "9"]


@pytest.mark.parametrize(
    ("contributors", "largest", "hidden"),
    [(2, 20, True), (3, 20, False), (9, 33, True), (9, 32, False)],
)
def test_a_figure_that_one_firm_makes_is_hidden(
    contributors: int, largest: int, hidden: bool
) -> None:
    figures = row(40, 60, 90)
    figures.cells[0] = Cell("a", 40, contributors=contributors, largest=largest)
    printed = suppress(figures, RULE)
    assert (printed.text("a") == "—") is hidden
    if hidden:
        (one,) = bounds(printed)
        assert (one.low <= 35, one.high >= 45) == (True, True)


def test_rates_need_a_denominator_and_both_of_their_figures() -> None:
    printed = suppress(row(3, 19, 20, 60), RULE)
    shown = {key: printed.mark(key) for key in "abcd"}
    assert printed.percent("a", "d") is None
    assert printed.percent("d", "total") == pytest.approx(100 * 60 / 102)
    assert shown["a"] == "small"
    assert suppress(row(19, 30), RULE).percent("b", "a") is None
    assert suppress(row(20, 30), RULE).percent("b", "a") == 150
