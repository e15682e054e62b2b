"""Learning reads its messages on all cores, as it would one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from bot.policy_learning.parallel import on_all_cores


def _squares(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    for number in numbers:
        if number == 13:
            raise ValueError(number)
        if number % 2:
            yield number, number * number


@pytest.mark.parametrize("size", [1, 4, 100])
@pytest.mark.parametrize("cores", [1, 3])
def test_what_is_made_comes_in_the_order_of_the_items(
    monkeypatch: pytest.MonkeyPatch, size: int, cores: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert list(on_all_cores(_squares, range(12), size)) == [(n, n * n) for n in range(1, 12, 2)]
    assert list(on_all_cores(_squares, [], size)) == []


def test_an_error_of_a_child_is_raised_and_the_next_work_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    with pytest.raises(ValueError, match="13"):
        list(on_all_cores(_squares, range(20), 3))
    assert list(on_all_cores(_squares, range(4), 2)) == [(1, 1), (3, 9)]
