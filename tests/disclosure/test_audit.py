import numpy as np
import pytest

from bot.disclosure.audit import bounds, check
from bot.disclosure.cells import Cell, Figures
from bot.disclosure.suppress import suppress
from bot.warning.errors import DisclosureError
from tests.profiles import size
from tests.warning.tables_of_people import RULE, counts, crossed, one_table, simple_rule, two_months


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
