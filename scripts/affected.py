"""Finds the test files that a change concerns, the nearest first.

The test folders mirror the packages: bot/matching → tests/matching. A test of its
own is nearer than one that imports the module, and that nearer than the rest of the folder.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

#: Where the tests of a path are, when not in the folder of its name; the longest prefix counts.
ELSEWHERE: dict[str, tuple[str, ...]] = {
    "bot/commands": ("tests/test_command_line.py",),
    "bot/commands/serve.py": ("tests/test_serve.py", "tests/test_workers.py"),
    "bot/handoff": ("tests/handoff", "tests/channels/test_desk_page.py"),
    "bot/bootstrap.py": ("tests/test_serve.py",),
    "bot/channels/web": ("tests/channels/test_web.py", "tests/channels/test_web_edges.py",
                         "tests/channels/test_browser.py"),
    "data/policies": ("tests/policies",),
    "data/vocab": ("tests/understanding", "tests/vocabulary"),
    "data/patterns": ("tests/understanding", "tests/text/test_pattern_file.py"),
    "data/wording": ("tests/test_wording.py", "tests/handlers"),
    "data/nlu": ("tests/nlu",),
    "data/law": ("tests/documents",),
    "data/replies.yml": ("tests/test_fixed_replies.py",),
    "docs/policies.md": ("tests/policies/test_docs.py",),
    "config.yml": ("tests/nlu",),
    "domain.yml": ("tests/runtime/test_tracker.py", "tests/runtime/test_prediction_cache.py"),
    "scripts": ("tests/test_check.py",),
    "scripts/changelog.py": ("tests/test_changelog.py",),
    "changes": ("tests/test_changelog.py",),
    "docs": ("tests/test_docs_names.py",),
    "README.md": ("tests/test_docs_names.py",),
    "pyproject.toml": ("tests/test_version.py",),
    "tests/conversations/cases": (),  # the smoke dialogues are run in any case
}  # fmt: skip
#: How near a test file is to a change.
CHANGED, ITS_OWN, IMPORTS_IT, SAME_FOLDER = range(4)
REASONS = ("changed itself", "of the changed module", "imports it", "of its folder")


@dataclass(frozen=True, order=True)
class Affected:
    """A test file that a change concerns."""

    distance: int
    seconds: float
    """CPU seconds that it takes, as measured."""
    file: str


def changed_files(root: Path, since: str) -> list[str]:
    """Return what differs from a commit, uncommitted and new files as well; nothing deleted."""

    def git(*words: str) -> list[str]:
        done = subprocess.run(("git", *words), cwd=root, check=True, capture_output=True, text=True)
        return [name for name in done.stdout.split("\0") if name]

    tracked = git("diff", "--name-only", "--diff-filter=d", "-z", since)
    return sorted({*tracked, *git("ls-files", "--others", "--exclude-standard", "-z")})


def affected(
    root: Path, changed: Iterable[str], weights: Mapping[str, float], unmeasured: float = 5.0
) -> list[Affected]:
    """Return the test files that changed files concern, the nearest first and of those the quick.

    A changed conftest concerns its folder. Paths are relative to the root, with slashes.
    """
    tests = {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in sorted((root / "tests").rglob("test_*.py"))
    }
    distances: dict[str, int] = {}
    for name in changed:
        for file, distance in _near(PurePosixPath(name), tests).items():
            distances[file] = min(distance, distances.get(file, distance))
    return sorted(
        Affected(distance, weights.get(file, unmeasured), file)
        for file, distance in distances.items()
    )


def within(budget: float, candidates: Sequence[Affected]) -> tuple[list[Affected], list[Affected]]:
    """Return what fits into so many CPU seconds, the nearest first, and what is left out."""
    chosen: list[Affected] = []
    left: list[Affected] = []
    for one in candidates:
        fits = sum(other.seconds for other in chosen) + one.seconds <= budget
        (chosen if fits else left).append(one)
    return chosen, left


def _near(changed: PurePosixPath, tests: Mapping[str, str]) -> dict[str, int]:
    """Return how near each test file is that a changed file concerns."""
    if str(changed) in tests:
        return {str(changed): CHANGED}
    near = {file: SAME_FOLDER for file in tests if _below(file, _homes(changed))}
    if changed.suffix != ".py":
        return near
    if (
        changed.parts[0] in ("bot", "actions", "benchmarks", "tests")
        and changed.name != "conftest.py"
    ):
        imported = _imports(changed)
        near |= {file: IMPORTS_IT for file, text in tests.items() if imported.search(text)}
    for file in near:
        if PurePosixPath(file).name == f"test_{changed.stem.lstrip('_')}.py":
            near[file] = ITS_OWN
    return near


def _homes(changed: PurePosixPath) -> tuple[str, ...]:
    """Return the test files and folders that mirror a changed file."""
    places = [str(changed), *map(str, changed.parents)][:-1]
    for place in places:
        if place in ELSEWHERE:
            return ELSEWHERE[place]
    first, *rest = changed.parts
    if first == "tests":
        return (str(changed.parent),) if len(rest) > 1 and changed.suffix == ".py" else ()
    if first == "bot":
        # A folder of the same name at any depth, or the module's own file at the top.
        return ("/".join(("tests", *rest[:-1])) if len(rest) > 1 else f"tests/test_{rest[0]}",)
    return (f"tests/{first}",) if first in ("actions", "benchmarks") else ()


def _below(file: str, homes: Iterable[str]) -> bool:
    return any(file == home or file.startswith(f"{home}/") for home in homes)


def _imports(changed: PurePosixPath) -> re.Pattern[str]:
    parts = changed.with_suffix("").parts
    if parts[-1] == "__init__":
        parts = parts[:-1]
    package, name = re.escape(".".join(parts[:-1])), re.escape(parts[-1])
    whole = re.escape(".".join(parts))
    return re.compile(
        rf"(?m)^\s*(?:from {whole} import |import {whole}\b|from {package} import [^\n]*\b{name}\b)"
    )
