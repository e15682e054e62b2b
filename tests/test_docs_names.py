"""Paths and dotted names that pages, docstrings and comments mention are those of the tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.settings import ROOT

#: Folders at the top that a path or a dotted name begins with.
FOLDERS = "actions|benchmarks|bot|changes|data|deploy|docs|findings|models|scripts|tests"
PATH = re.compile(rf"(?<![\w/.@-])((?:{FOLDERS}|\.ci)/[\w./*{{}},-]+)", re.ASCII)
DOTTED = re.compile(
    r"(?<![\w/.])((?:actions|benchmarks|bot|scripts|tests)(?:\.[A-Za-z_]\w*)+)(?![\w/])", re.ASCII
)
#: A file of the tree by the end of its path: `dates.py`, `calculators/test_talks.py`.
FILE = re.compile(r"`((?:[\w-]+/)*[\w-]+\.(?:py|yml))`", re.ASCII)
#: Something that a file defines: bot/routing/router.py:answer.
DEFINITION = re.compile(r"\b([\w/]+\.py):([A-Za-z_][\w.]*\w)", re.ASCII)
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
#: Part of a path that stands for any name (data/wording/NAME.yml).
PLACEHOLDER = re.compile(r"[A-Z]{2,}\b|NNNN")
#: Files that pages make up for an example, or that a command writes.
EXAMPLES = ("benchmarks/results", "data/policies/first-job-bonus.yml", "first-job-bonus.yml",
            "data/nlu/policy/first-job-bonus.yml")  # fmt: skip
#: Their names of files that are gone are history.
HISTORY = ("CHANGELOG.md",)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _pages() -> list[Path]:
    found = [*ROOT.glob("*.md"), *(page for folder in FOLDERS.split("|") for page in
             (ROOT / folder).rglob("*.md"))]  # fmt: skip
    return sorted(page for page in found if page.name not in HISTORY)


def _comments() -> Iterator[tuple[Path, str]]:
    """Yield the docstrings and comments of the code, the comments and dotted names of YAML."""
    for folder in ("bot", "actions", "scripts"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            text = file.read_text(encoding="utf-8")
            docstrings = [
                ast.get_docstring(node) or ""
                for node in ast.walk(ast.parse(text))
                if isinstance(node, (ast.Module, *DEFINITIONS))
            ]
            yield file, "\n".join([*docstrings, *re.findall(r"#.*", text)])
    for file in sorted((ROOT / "data").rglob("*.yml")):
        yield file, "\n".join(re.findall(r"^\s*#.*", file.read_text(encoding="utf-8"), re.M))
    for name in ("config.yml", "credentials.yml", "domain.yml", "endpoints.yml"):
        yield ROOT / name, (ROOT / name).read_text(encoding="utf-8")


PAGES = _pages()


@cache
def _tree() -> frozenset[str]:
    """Return the paths below the folders, and those of the files at the top."""
    below = (path for folder in FOLDERS.split("|") for path in (ROOT / folder).rglob("*"))
    return frozenset(
        path.relative_to(ROOT).as_posix()
        for path in (*below, *ROOT.glob("*"), *(ROOT / ".ci").glob("*"))
        if "__pycache__" not in path.parts
    )


def _alternatives(path: str) -> list[str]:
    """Return the paths that braces stand for: a/{b,c}.py."""
    inner = re.search(r"\{([^{}]*)\}", path)
    if inner is None:
        return [path.replace("{", "").replace("}", "").rstrip("/")]
    return [
        (path[: inner.start()] + one + path[inner.end() :]).rstrip("/")
        for one in inner[1].split(",")
    ]


def is_path(mentioned: str) -> bool:
    """Tell whether a path exists; with `*` whether one like it does."""
    path = mentioned.rstrip(".,/")
    if path.startswith(EXAMPLES) or PLACEHOLDER.search(path):
        return True
    return all(
        any(ROOT.glob(one)) if "*" in one else one in _tree() or f"{one}.py" in _tree()
        for one in _alternatives(path)
    )


@cache
def _definitions(file: Path) -> frozenset[str]:
    """Return what a module defines, members of its classes as `Class.member`."""
    names: set[str] = set()

    def collect(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, DEFINITIONS):
                names.add(prefix + node.name)
                if isinstance(node, ast.ClassDef):
                    collect(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names.update(prefix + ast.unparse(target) for target in targets)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                names.update(prefix + (name.asname or name.name) for name in node.names)

    collect(ast.parse(file.read_text(encoding="utf-8")).body, "")
    return frozenset(names)


def is_dotted(mentioned: str) -> bool:
    """Tell whether a dotted name is a package, a module or something that one defines."""
    parts = mentioned.split(".")
    for size in range(len(parts), 0, -1):
        path, rest = ROOT.joinpath(*parts[:size]), ".".join(parts[size:])
        module = path.with_suffix(".py")
        if module.is_file() or (path / "__init__.py").is_file():
            file = module if module.is_file() else path / "__init__.py"
            return not rest or rest in _definitions(file)
    return False


def wrong_names(text: str) -> list[str]:
    """Return the paths and dotted names of a text that are not of the tree."""
    paths = [path for path in PATH.findall(text) if not is_path(path)]
    defined = [
        f"{path}:{name}"
        for path, name in DEFINITION.findall(text)
        if not name.isdigit() and is_path(path) and name not in _definitions(ROOT / path)
    ]
    return paths + defined + [name for name in DOTTED.findall(text) if not is_dotted(name)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_what_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    ends = [
        file
        for file in FILE.findall(text)
        if file not in EXAMPLES
        and not PLACEHOLDER.search(file)
        and not any(path == file or path.endswith(f"/{file}") for path in _tree())
    ]
    links = [link for link in LINK.findall(text) if not (page.parent / link).exists()]
    assert wrong_names(text) + ends + links == []


def test_docstrings_and_comments_name_what_exists() -> None:
    wrong = {str(file.relative_to(ROOT)): names for file, text in _comments()
             if (names := wrong_names(text))}  # fmt: skip
    assert wrong == {}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("see bot/text/normalise.py and bot/text/gone.py.", ["bot/text/gone.py."]),
        ("`bot/policies/{load,gone}.py`, data/wording/*.yml", ["bot/policies/{load,gone}.py"]),
        ("data/gone/*.yml, data/wording/NAME.yml", ["data/gone/*.yml,"]),
        ("bot.settings.Settings, bot.settings.Gone", ["bot.settings.Gone"]),
        ("bot.runtime.lock_store.QuickLockStore.lock", []),
        ("`bot/routing/router.py:answer`", []),
        ("`bot/routing/router.py:gone`", ["bot/routing/router.py:gone"]),
        ("bot.gone.lock_store", ["bot.gone.lock_store"]),
    ],
)
def test_a_name_that_is_gone_is_found(text: str, wrong: list[str]) -> None:
    assert wrong_names(text) == wrong


#: Names in docstrings that are those of a library, of a file or of a syllable.
OTHERS = frozenset(("as_dict", "asdict", "clean", "gives_way", "jin", "nohup", "other", "zan"))


def _unknown_names(function: ast.FunctionDef | ast.AsyncFunctionDef, code: str) -> list[str]:
    """Return the names in a function's docstring that neither it nor its module's code has."""
    names = re.findall(r"`([a-z_]\w*)`", ast.get_docstring(function) or "")
    parameters = {
        argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)
    }
    words = parameters | set(re.findall(r"\w+", code)) | OTHERS
    return [name for name in names if name not in words]


def test_docstrings_name_parameters_as_they_are_called() -> None:
    wrong = []
    for folder in ("bot", "actions"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            text = file.read_text(encoding="utf-8")
            code = re.sub(r'(?s)""".*?"""', "", text)
            wrong += [
                f"{file.relative_to(ROOT)}:{node.lineno} {name}"
                for node in ast.walk(ast.parse(text))
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                for name in _unknown_names(node, code)
            ]
    assert wrong == []
