"""Which tests `make check` takes for a change."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT
from scripts.affected import (
    CHANGED,
    ELSEWHERE,
    IMPORTS_IT,
    ITS_OWN,
    SAME_FOLDER,
    Affected,
    affected,
    changed_files,
    within,
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small project, in which all tests are empty but one."""
    for name in (
        "matching/test_search.py", "matching/test_join_names.py", "matching/components/test_score.py", "actions/test_answer.py",
        "policies/test_load.py", "understanding/test_salary.py", "test_clock.py", "test_command_line.py",
    ):  # fmt: skip
        file = tmp_path / "tests" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("", encoding="utf-8")
    imports = "from bot.matching.components import pay\nfrom bot import clock\n"
    (tmp_path / "tests/actions/test_answer.py").write_text(imports, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("bot/matching/join_names.py", {"matching/test_join_names.py": ITS_OWN, "matching/test_search.py": SAME_FOLDER,
                             "matching/components/test_score.py": SAME_FOLDER}),
        ("bot/matching/components/score.py", {"matching/components/test_score.py": ITS_OWN}),
        ("bot/matching/components/__init__.py", {"matching/components/test_score.py": SAME_FOLDER,
                                        "actions/test_answer.py": IMPORTS_IT}),
        ("bot/clock.py", {"test_clock.py": ITS_OWN, "actions/test_answer.py": IMPORTS_IT}),
        ("actions/answer.py", {"actions/test_answer.py": ITS_OWN}),
        ("bot/commands/ask.py", {"test_command_line.py": SAME_FOLDER}),
        ("data/policies/loan.yml", {"policies/test_load.py": SAME_FOLDER}),
        ("data/vocab/regions.tsv", {"understanding/test_salary.py": SAME_FOLDER}),
        ("tests/matching/test_join_names.py", {"matching/test_join_names.py": CHANGED}),
        ("tests/policies/conftest.py", {"policies/test_load.py": SAME_FOLDER}),
        ("README.md", {}),
    ],
)  # fmt: skip
def test_a_change_concerns_the_tests_that_mirror_it_and_those_that_import_it(
    checkout: Path, changed: str, expected: dict[str, int]
) -> None:
    found = affected(checkout, [changed], {})
    assert {one.file.removeprefix("tests/"): one.distance for one in found} == expected
    assert [one.distance for one in found] == sorted(expected.values())


def test_the_nearest_come_first_and_of_those_the_quick(checkout: Path) -> None:
    weights = {"tests/matching/test_search.py": 9.0, "tests/matching/components/test_score.py": 1.0}
    found = affected(checkout, ["bot/matching/join_names.py", "actions/answer.py"], weights)
    assert [one.file for one in found] == [
        "tests/actions/test_answer.py", "tests/matching/test_join_names.py",
        "tests/matching/components/test_score.py", "tests/matching/test_search.py",
    ]  # fmt: skip


def test_what_does_not_fit_into_the_time_is_left_out_and_named() -> None:
    long, short, last = (
        Affected(0, 50.0, "long"),
        Affected(1, 3.0, "short"),
        Affected(2, 3.0, "last"),
    )
    assert within(5.0, [long, short, last]) == ([short], [long, last])


def test_what_is_changed_new_or_committed_is_seen_and_what_is_deleted_is_not(
    tmp_path: Path,
) -> None:
    def git(*words: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@localhost")
        subprocess.run(("git", *who, *words), cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    for name in ("old.py", "gone.py", "committed.py"):
        (tmp_path / name).write_text("1", encoding="utf-8")
    git("add", "-A")
    git("commit", "-qm", "one")
    (tmp_path / "committed.py").write_text("2", encoding="utf-8")
    git("commit", "-qam", "two")
    (tmp_path / "old.py").write_text("2", encoding="utf-8")
    (tmp_path / "新.py").write_text("2", encoding="utf-8")
    (tmp_path / "gone.py").unlink()
    assert changed_files(tmp_path, "HEAD~1") == ["committed.py", "old.py", "新.py"]


def test_all_that_the_table_names_exists() -> None:
    named = [*ELSEWHERE, *(home for homes in ELSEWHERE.values() for home in homes)]
    assert [name for name in named if not (ROOT / name).exists()] == []
