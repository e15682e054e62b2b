"""What changed between what is loaded and the files, or between two folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.policies.load import load
from bot.policies.validate import read_folder
from bot.policy_authoring.diff import Change, diff, readable
from bot.policy_authoring.snapshot import snapshots_of_database, snapshots_of_files
from tests.policies.conftest import POLICIES, WRITTEN, Folder, project_policies


def _files(folder: Path, text: str = WRITTEN) -> dict:  # type: ignore[type-arg]
    (folder / "topics.yml").write_bytes((POLICIES / "topics.yml").read_bytes())
    (folder / "loan.yml").write_text(text, encoding="utf-8")
    return snapshots_of_files(read_folder(folder))


def _changes(folder: Path, *replaced: tuple[str, str]) -> list[Change]:
    text = WRITTEN
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new, 1)
    return diff(_files(folder), _files(folder, text))


def test_what_is_loaded_differs_in_nothing_from_the_files_it_was_loaded_from(
    policies: Session,
) -> None:
    assert diff(snapshots_of_database(policies), snapshots_of_files(list(project_policies()))) == []


@pytest.mark.parametrize(
    ("old", "new", "version", "part", "kind", "before", "after"),
    [
        ("title: 创业担保贷款", "title: 创业贷", "", "title", "changed", "创业担保贷款", "创业贷"),
        ("names: [创业贷款]", "names: [创业贷款, 贷款]", "", "names", "changed", "创业贷款", "创业贷款、贷款"),
        ("2025-12-31", "2025-11-30", "2025-01-01 210000", "effective_to", "changed", "2025-12-31", "2025-11-30"),
        ("到窗口申请。", "上网申请。", "2025-01-01 210000", "answers.how", "changed", "到窗口申请。 [doc]", "上网申请。 [doc]"),
        ("新文件", "更新的文件", "2026-01-01 210000", "sources.doc", "changed", "新文件 · 某厅 · grade C", "更新的文件 · 某厅 · grade C"),
    ],
)  # fmt: skip
def test_a_change_is_told_by_version_and_part_with_both_texts(
    tmp_path: Path, old: str, new: str, version: str, part: str, kind: str, before: str, after: str
) -> None:
    (one,) = _changes(tmp_path, (old, new))
    assert (one.policy, one.version, one.part) == ("startup-loan", version, part)
    assert (one.kind, one.old, one.new) == (kind, before, after)


def test_a_changed_figure_changes_the_answers_that_name_it(tmp_path: Path) -> None:
    figure, answer = _changes(
        tmp_path, ("value: '300000', unit: yuan, text: 30万元", "value: '310000', unit: yuan, text: 31万元")
    )  # fmt: skip
    assert (figure.part, figure.old, figure.new) == (
        "figures.max_amount", "30万元 (300000 yuan, doc)", "31万元 (310000 yuan, doc)",
    )  # fmt: skip
    assert (answer.part, answer.new) == ("answers.amount", "最高能贷31万元。 [doc]")


def test_a_new_version_is_told_with_all_that_it_brings(tmp_path: Path) -> None:
    text = WRITTEN[: WRITTEN.rindex("  - effective_from")]
    changes = diff(_files(tmp_path, text), _files(tmp_path))
    assert {change.version for change in changes} == {"2026-01-01 210100"}
    assert {change.kind for change in changes} == {"added"}
    assert [change.part for change in changes] == [
        "version", "sources.doc", "figures.max_amount", "answers.amount",
    ]  # fmt: skip
    back = diff(_files(tmp_path), _files(tmp_path, text))
    assert {change.kind for change in back} == {"removed"}


def test_a_policy_that_is_gone_is_told(words: Session, folder: Folder, tmp_path: Path) -> None:
    load(words, folder())
    changes = diff(snapshots_of_database(words), {})
    assert (changes[0].part, changes[0].kind, changes[0].old) == (
        "policy", "removed", "创业担保贷款",
    )  # fmt: skip


def test_an_edit_shows_before_it_is_loaded_and_not_after(words: Session, folder: Folder) -> None:
    load(words, folder())
    edited = folder("到窗口申请。", "上网申请。")
    wanted = snapshots_of_files(read_folder(edited))
    assert [change.part for change in diff(snapshots_of_database(words), wanted)] == ["answers.how"]
    load(words, edited)
    words.expire_all()
    assert diff(snapshots_of_database(words), wanted) == []


def test_the_lines_for_people_are_grouped(tmp_path: Path) -> None:
    lines = list(
        readable(_changes(tmp_path, ("[创业贷款]", "[贷款]"), ("到窗口申请。", "上网申请。")))
    )
    assert lines == [
        "startup-loan 创业担保贷款",
        "    ~ names",
        "        - 创业贷款",
        "        + 贷款",
        "  2025-01-01 210000",
        "    ~ answers.how",
        "        - 到窗口申请。 [doc]",
        "        + 上网申请。 [doc]",
    ]
