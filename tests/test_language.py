"""Names and docstrings of the code are the field's terms: narrative ones stay below a bar."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.source_trees import source_files, source_trees

#: Words that tell a story where a name has to say what a thing is.
NARRATIVE = frozenset(
    [
        "said",
        "says",
        "say",
        "told",
        "tell",
        "tells",
        "heard",
        "hear",
        "hears",
        "kept",
        "keep",
        "keeps",
        "shown",
        "asked",
        "asks",
        "given",
        "taken",
        "takes",
        "take",
        "found",
        "named",
        "there",
        "beside",
        "behind",
        "before",
        "most",
        "least",
        "one",
        "some",
        "mine",
        "ours",
        "away",
        "gone",
        "still",
        "again",
        "often",
        "more",
        "whole",
        "said_back",
        "posed",
        "rested",
        "held",
        "left",
        "wished",
        "wanted",
        "known",
        "knows",
        "seen",
        "met",
        "noted",
        "offered",
        "stated",
        "described",
        "counted",
        "answered",
        "saying",
        "whose",
        "which",
        "what",
        "who",
        "where",
        "when",
        "how",
        "much",
        "many",
        "few",
        "about",
        "of",
        "by",
        "at",
        "on",
        "near",
        "far",
        "back",
        "left_out",
        "passing",
    ]
)
#: Beginnings of a docstring that poses a riddle.
RIDDLE = re.compile(r"^(What|Whether|Who|Whom|How|Which|Where|When|Why|All that|That|Of)\b")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: What only a regular expression has.
OF_PATTERNS = re.compile(r"\(\?:|\[\^|\)\?|\|.*\|")
MAX_NAMES_PER_1000_LINES = 5
MAX_RIDDLES = 0.03
MAX_PATTERNS = 40
#: Class names that more than one module defines.
MAX_SHARED_CLASS_NAMES = 5
MAX_PACKAGE_LINES, MAX_PACKAGE_MODULES = 5_000, 45
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def _texts() -> dict[Path, str]:
    """Return the text of every file but those of the migrations."""
    return {file: text for file, text in source_files().items() if "versions" not in file.parts}


@cache
def _trees() -> dict[Path, ast.Module]:
    return {file: tree for file, tree in source_trees().items() if "versions" not in file.parts}


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS):
            yield node.name.strip("_")
            yield from (argument.arg for argument in (*node.args.args, *node.args.kwonlyargs))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def test_narrative_names_stay_below_the_bar() -> None:
    lines = sum(text.count("\n") for text in _texts().values())
    hits = [f"{file}: {name}" for file, tree in _trees().items() for name in _names(tree)
            if name in NARRATIVE]  # fmt: skip
    assert 1000 * len(hits) / lines <= MAX_NAMES_PER_1000_LINES, "\n".join(hits[:200])


@pytest.mark.parametrize(
    ("kinds", "limit"),
    [((ast.Module,), MAX_RIDDLES), ((*FUNCTIONS, ast.ClassDef), MAX_RIDDLES)],
    ids=("modules", "definitions"),
)
def test_docstrings_pose_no_riddles(kinds: tuple[type[ast.AST], ...], limit: float) -> None:
    docstrings = {
        f"{file}:{getattr(node, 'lineno', 1)}": text
        for file, tree in _trees().items()
        for node in ast.walk(tree)
        if isinstance(node, kinds) and (text := ast.get_docstring(node))  # type: ignore[arg-type]
    }
    riddles = [f"{place} {text[:60]}" for place, text in docstrings.items() if RIDDLE.match(text)]
    assert len(riddles) / len(docstrings) <= limit, "\n".join(riddles)


def _statements(tree: ast.AST) -> set[int]:
    """Return the constants that are docstrings."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _compiled(tree: ast.AST) -> set[int]:
    """Return the constants in the first argument of a call of `re`."""
    return {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        for argument in node.args[:1]
        for part in ast.walk(argument)
    }  # fmt: skip


def test_chinese_patterns_stand_in_data() -> None:
    patterns = [
        f"{file}:{node.lineno} {node.value[:60]}"
        for file, tree in _trees().items()
        for documented, compiled in [(_statements(tree), _compiled(tree))]
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and CHINESE.search(node.value) and id(node) not in documented
        and (id(node) in compiled or OF_PATTERNS.search(node.value))
    ]  # fmt: skip
    assert len(patterns) <= MAX_PATTERNS, "\n".join(patterns)


def test_a_class_name_stands_for_one_thing() -> None:
    places: dict[str, list[str]] = {}
    for file, tree in _trees().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(str(file))
    shared = [f"{name}: {', '.join(files)}" for name, files in sorted(places.items())
              if len(files) > 1]  # fmt: skip
    assert len(shared) <= MAX_SHARED_CLASS_NAMES, "\n".join(shared)


def test_process_caches_stand_in_the_registry() -> None:
    alone = [
        f"{file}:{node.lineno}"
        for file, tree in _trees().items()
        for node in ast.walk(tree)
        if isinstance(node, FUNCTIONS)
        for decorator in node.decorator_list
        if re.match(r"(functools\.)?(lru_cache|cache)\b", ast.unparse(decorator))
    ]
    assert alone == []


def test_a_package_has_one_subject() -> None:
    sizes: dict[str, list[int]] = {}
    for file, text in _texts().items():
        if len(file.parts) > 2 and file.name != "__init__.py":
            sizes.setdefault("/".join(file.parts[:2]), []).append(text.count("\n"))
    large = {
        package: (sum(lines), len(lines))
        for package, lines in sizes.items()
        if sum(lines) > MAX_PACKAGE_LINES or len(lines) > MAX_PACKAGE_MODULES
    }
    assert large == {}
