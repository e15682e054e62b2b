"""The floors of the house: what may import what (CONTRIBUTING.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.settings import ROOT
from tests.source_trees import source_trees

#: From the ground up: a package imports those of lower floors, and none beside it on its own.
FLOORS = (
    ("bot.caches", "bot.ciphers", "bot.clock", "bot.fast_json", "bot.file_lock",
     "bot.logging_setup", "bot.private_files", "bot.progress", "bot.rasa_stubs",
     "bot.setting_types", "bot.supervisor", "bot.version", "bot.yaml_files"),
    ("bot.setting_parsers",),
    ("bot.allocator", "bot.arithmetic", "bot.linear", "bot.messages", "bot.ports", "bot.settings"),
    ("bot.fixed_replies", "bot.data_lock", "bot.keys", "bot.text", "bot.wording",
     "bot.workdays"),
    ("bot.db", "bot.embeddings", "bot.rendering"),
    ("bot.assistant", "bot.audit", "bot.backup", "bot.delivery", "bot.messaging",
     "bot.rate_limits", "bot.search", "bot.vocabulary"),
    ("bot.documents", "bot.failures", "bot.privacy", "bot.understanding"),
    ("bot.dialogue", "bot.seekers", "bot.unanswered"),
    ("bot.handoff", "bot.nlu", "bot.policies"),
    ("bot.policy_authoring", "bot.policy_learning", "bot.wages_owed"),
    ("bot.calculators",),
    ("bot.eligibility", "bot.postings"),
    ("bot.matching", "bot.monitoring", "bot.turns", "bot.warning"),
    ("bot.casework", "bot.disclosure", "bot.places", "bot.runtime", "bot.subscriptions"),
    ("bot.casework_accounts", "bot.casework_desk", "bot.casework_demo"),
    ("bot.casework_imports", "bot.channels", "bot.evaluation", "bot.list_exports",
     "bot.monthly_reports", "bot.reverse_matching"),
    ("bot.bootstrap", "bot.console", "bot.notifications"),
    ("bot.background", "bot.handlers"),
    ("bot.commands", "bot.next_steps", "bot.place_handlers", "bot.sum_handlers"),
    ("bot.__main__", "bot.routing"),
    ("actions",),
)  # fmt: skip
#: Imports upwards that stand in a function, each with its reason.
LATE: dict[tuple[str, str], str] = {}
#: Where Rasa may be imported.
WITH_RASA = ("bot.nlu", "bot.runtime", "bot.channels", "bot.rasa_stubs", "bot.commands", "bot.logging_setup",
             "actions")  # fmt: skip
FLOOR_OF = {package: at for at, floor in enumerate(FLOORS) for package in floor}


def _package(module: str) -> str:
    parts = module.split(".")
    return parts[0] if parts[0] == "actions" else ".".join(parts[:2])


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for file, tree in source_trees().items():
        parts = file.with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), tree


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            alone = node.module in ("bot", "actions")
            yield from (f"{node.module}.{n.name}" if alone else node.module for n in node.names)


@cache
def _imports() -> set[tuple[str, str]]:
    """Return which package imports which."""
    return {
        (_package(module), _package(name))
        for module, tree in _modules()
        for name in _imported(tree)
        if module != "bot" and name.split(".")[0] in ("bot", "actions")
    }


def test_every_package_has_its_floor() -> None:
    packages = {one for pair in _imports() for one in pair}
    assert sorted(packages - FLOOR_OF.keys()) == []
    assert all((ROOT / Path(*package.split("."))).exists() or
               (ROOT / Path(*package.split("."))).with_suffix(".py").exists()
               for package in FLOOR_OF)  # fmt: skip


def test_nothing_imports_upwards() -> None:
    upwards = [
        f"{above} imports {below}"
        for above, below in sorted(_imports() - LATE.keys())
        if above != below and FLOOR_OF[below] >= FLOOR_OF[above]
    ]
    assert upwards == []


def test_rasa_is_met_at_the_edge_alone() -> None:
    with_rasa = {
        _package(module)
        for module, tree in _modules()
        for name in _imported(tree)
        if name.split(".")[0] in ("rasa", "rasa_sdk")
    }
    assert sorted(with_rasa - set(WITH_RASA)) == []


def test_yaml_is_read_in_one_module() -> None:
    with_yaml = {
        module
        for module, tree in _modules()
        for name in _imported(tree)
        if name.split(".")[0] in ("ruamel", "yaml")
    }
    assert with_yaml == {"bot.yaml_files"}


def test_exceptions_are_no_more_than_there_are() -> None:
    assert sorted(LATE.keys() - _imports()) == []
