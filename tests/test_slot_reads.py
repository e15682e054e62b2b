"""Slots of a conversation are read by the properties of bot/turns/slots.py, not by their names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tests.source_trees import source_trees

TYPED_VIEW = "bot/turns/slots.py"
#: Where slots are read by names that are no constants, all alike.
GENERIC = {
    "bot/evaluation/judge.py": "compares each slot that a case names",
    "bot/evaluation/result.py": "reports the counts of each slot",
    "bot/matching/job_preference.py": "fills the fields of a dataclass",
    "bot/matching/stored_preference.py": "takes the fields that a subscription has columns for",
    "bot/runtime/in_process.py": "reports the slots of a contract",
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _holds_slots(node: ast.AST, names: set[str]) -> bool:
    """Tell whether an expression is a mapping of slots: `turn.slots`, `slots or {}`, `{**slots}`."""
    if isinstance(node, ast.Name):
        return node.id in names or node.id == "slots" or node.id.endswith("_slots")
    if isinstance(node, ast.Attribute):
        of_turn = isinstance(node.value, ast.Name) and node.value.id in ("self", "turn", "part")
        of_view = isinstance(node.value, ast.Attribute) and node.value.attr in (
            "changed", "current", "previous",
        )  # fmt: skip
        return (
            node.attr == "slots"
            or (node.attr in ("changes", "stored") and of_turn)
            or (node.attr == "values" and of_view)
        )
    if isinstance(node, ast.BoolOp):
        return any(_holds_slots(value, names) for value in node.values)
    if isinstance(node, ast.Dict):
        return any(
            key is None and _holds_slots(value, names)
            for key, value in zip(node.keys, node.values, strict=True)
        )
    if isinstance(node, ast.Call):
        made = isinstance(node.func, ast.Name) and node.func.id in ("dict", "ChainMap")
        copied = isinstance(node.func, ast.Attribute) and node.func.attr == "current_slot_values"
        return copied or (made and any(_holds_slots(one, names) for one in node.args))
    return False


def _key(node: ast.AST, names: set[str]) -> ast.expr | None:
    """Return the key by which an expression reads a slot; None when it reads none."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        return node.slice if _holds_slots(node.value, names) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        of_turn = isinstance(node.func.value, ast.Name) and node.func.value.id == "turn"
        reads = node.func.attr in ("get", "pop", "setdefault") and (
            of_turn or _holds_slots(node.func.value, names)
        )
        return node.args[0] if reads or node.func.attr == "get_slot" else None
    return None


def _assigned(function: ast.AST) -> set[str]:
    """Return the local names of mappings of slots: `profile = turn.slots`."""
    names: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and _holds_slots(node.value, names):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _reads(tree: ast.AST) -> Iterator[tuple[int, bool, str]]:
    """Yield the line, whether the key is a constant, and the code of each read by name."""
    scopes = [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
    inside = {id(node) for scope in scopes for node in ast.walk(scope)}
    found = {
        id(node): (getattr(node, "lineno", 0), isinstance(key, ast.Constant), ast.unparse(node))
        for scope, names in [(tree, set[str]()), *((scope, _assigned(scope)) for scope in scopes)]
        for node in ast.walk(scope)
        if (scope is not tree or id(node) not in inside) and (key := _key(node, names))
    }
    yield from sorted(found.values())


@cache
def _reads_outside_the_view() -> list[tuple[str, tuple[int, bool, str]]]:
    return [
        (file.as_posix(), read)
        for file, tree in source_trees().items()
        if file.as_posix() != TYPED_VIEW
        for read in _reads(tree)
    ]


def test_no_slot_is_read_by_its_name_outside_the_typed_view() -> None:
    by_name = [
        f"{file}:{line}: {code}"
        for file, (line, constant, code) in _reads_outside_the_view()
        if constant or file not in GENERIC
    ]
    assert by_name == []


def test_generic_reads_are_no_more_than_there_are() -> None:
    assert sorted(GENERIC) == sorted({file for file, _ in _reads_outside_the_view()})


@pytest.mark.parametrize(
    "code",
    [
        "turn.get('age')",
        "turn.slots['age']",
        "turn.slots.get('age')",
        "turn.changes.get('age')",
        "(slots.get('pending') or {}).get('region')",
        "(turn.slots or {})['age']",
        "turn.current.values['age']",
        "{**turn.slots, **turn.changes}['age']",
        "wish_slots.get('occupation')",
        "tracker.get_slot('age')",
        "tracker.current_slot_values()['age']",
        "def age(turn):\n    profile = dict(turn.slots)\n    return profile['age']",
    ],
)
def test_a_read_by_name_is_seen(code: str) -> None:
    assert len(list(_reads(ast.parse(code)))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "turn.slots['age'] = 52",
        "del slots['age']",
        "turn.current.occupations[0]",
        "turn.previous.pending.get('slots')",
        "facts['age']",
        "message.get('slots')",
        "turn.set(**update.slots)",
        "changes['age']",
        "def age(turn):\n    values = turn.slots\n\ndef form(values):\n    return values['age']",
    ],
)
def test_what_reads_no_slot_by_name_is_left_alone(code: str) -> None:
    assert list(_reads(ast.parse(code))) == []
