from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.disclosure.audit import bounds, check
from bot.disclosure.cells import Cell, Figures, Printed
from bot.disclosure.rule import DisclosureRule, disclosure_rule
from bot.disclosure.suppress import suppress
from bot.warning.errors import DisclosureError
from tests.profiles import size
from tests.warning.tables_of_people import RULE, counts, crossed, one_table, simple_rule, two_months


def row(*values: int) -> Figures:
    """Cells a, b, c… with their total."""
    figures = Figures()
    for name, value in zip("abcdefg", values, strict=False):
        figures.add(Cell(name, value))
    figures.add(Cell("total", sum(values)))
    figures.add_sum("total", list("abcdefg"[: len(values)]))
    return figures


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


def test_what_an_earlier_report_gave_away_cannot_be_hidden_and_nothing_is_printed() -> None:
    figures = Figures()
    for name, value, before in (
        ("before", 100, "shown"),
        ("in", 20, "shown"),
        ("out", 117, "shown"),
        ("now", 3, None),
    ):
        figures.add(Cell(name, value, printed=before))  # type: ignore[arg-type]
    figures.add_sum("now", ["before", "in"], less=["out"])
    with pytest.raises(DisclosureError, match="以前公布的数"):
        suppress(figures, RULE)


def test_sums_that_do_not_hold_and_keys_twice_are_refused() -> None:
    figures = row(1, 2)
    with pytest.raises(ValueError, match="not the sum"):
        figures.add_sum("total", ["a"])
    with pytest.raises(ValueError, match="two cells"):
        figures.add(Cell("a", 1))


@pytest.mark.parametrize("seed", range(size(20, 600)))
def test_no_hidden_cell_of_a_random_table_can_be_bounded_closer_than_its_mark_says(
    seed: int,
) -> None:
    printed = suppress(one_table(np.random.default_rng(seed)), RULE)
    check(printed)


@pytest.mark.parametrize("seed", range(size(3, 400)))
def test_nor_with_the_month_before_and_its_flows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before = counts(rng)
    first = Figures()
    crossed(first, "before", before)
    printed = suppress(first, RULE)
    marks: dict[object, str] = {cell.key: printed.mark(cell.key) for cell in first.cells}
    check(suppress(two_months(before, rng, marks), RULE))


def test_the_simple_rule_hides_about_as_much_and_gives_figures_away() -> None:
    ours = simple = given_away = 0
    for seed in range(size(12, 300)):
        figures = one_table(np.random.default_rng(seed))
        ours += suppress(figures, RULE).hidden()
        plain = simple_rule(figures, RULE)
        simple += plain.hidden()
        given_away += any(not one.is_safe for one in bounds(plain))
    assert given_away > 0
    assert ours < 1.6 * simple


def test_the_rule_is_read_for_readers_inside_and_outside_and_without_one_nothing_is_printed(
    tmp_path: Path,
) -> None:
    day = date(2026, 11, 1)
    assert disclosure_rule("inside", "210106", day) == DisclosureRule(5, 20, 10, 3, 80, 0)
    assert disclosure_rule("outside", "210106", day) == DisclosureRule(10, 30, 10, 3, 80, 20)
    with pytest.raises(DisclosureError, match="未设"):
        disclosure_rule("inside", "110000", day)
