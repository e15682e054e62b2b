"""The caches of a process."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.caches import cache_uses, drop_caches, process_cache
from bot.settings import ROOT

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


def _calls() -> Iterator[tuple[str, ast.Call | ast.expr, bool]]:
    """Yield file, use and whether a module is its owner, of each cache of functools."""
    for file in sorted((ROOT / "bot").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        inside = {
            id(node)
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef)
            for statement in function.body
            for node in ast.walk(statement)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in ("lru_cache", "cache"):
                calls = [c for c in ast.walk(tree) if isinstance(c, ast.Call) and c.func is node]
                name = file.relative_to(ROOT).as_posix()
                yield name, calls[0] if calls else node, id(node) not in inside


def test_every_cache_of_functools_has_a_bound_and_those_of_modules_are_registered() -> None:
    for file, use, of_module in _calls():
        if isinstance(use, ast.Name) and use.id == "cache" and not of_module:
            continue  # a variable
        assert isinstance(use, ast.Call), file
        sizes = [ast.unparse(k.value) for k in use.keywords if k.arg == "maxsize"]
        assert sizes, file
        assert sizes != ["None"], file
        if of_module:
            assert file == "bot/caches.py"


def test_no_cache_of_the_product_is_unbounded() -> None:
    import bot.commands
    import bot.understanding.entity_extractor  # noqa: F401

    assert [use.name for use in cache_uses() if use.bound <= 0] == []
