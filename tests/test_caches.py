"""The caches of a process."""

from __future__ import annotations

from bot.caches import cache_uses, drop_caches, process_cache

CALLS: list[int] = []


@process_cache(size=2)
def doubled(number: int) -> int:
    CALLS.append(number)
    return 2 * number


def test_a_result_is_computed_once_within_the_bound() -> None:
    drop_caches("tests.test_caches")
    CALLS.clear()
    assert [doubled(1), doubled(1), doubled(2), doubled(3), doubled(1)] == [2, 2, 4, 6, 2]
    assert CALLS == [1, 2, 3, 1]


def test_each_cache_has_a_name_and_a_bound_and_can_be_dropped() -> None:
    name = f"{doubled.__module__}.doubled"
    doubled(7)
    use = next(use for use in cache_uses() if use.name == name)
    assert (use.bound, use.entries > 0) == (2, True)
    assert drop_caches(name) == 1
    assert next(use for use in cache_uses() if use.name == name).entries == 0


def test_no_cache_of_the_product_is_unbounded() -> None:
    import bot.commands
    import bot.understanding.entity_extractor  # noqa: F401

    assert [use.name for use in cache_uses() if use.bound <= 0] == []
