"""scripts/changelog.py: fragments of changes become a release's section of CHANGELOG.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.changelog import main

BEFORE = "# Changelog\nNotable changes.\n\n## 0.2.0 – 2026-11-30\n### Added\n- A.\n"
RELEASE = ["--date", "2027-01-15"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project about to be released as 0.3.0."""
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes" / "README.md").write_text("# How\n- so\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "jiuye"\nversion = "0.3.0"\n')
    (tmp_path / "CHANGELOG.md").write_text(BEFORE, encoding="utf-8")
    return tmp_path


def _change(project: Path, name: str, text: str) -> None:
    (project / "changes" / name).write_text(text, encoding="utf-8")


def _changelog(project: Path) -> str:
    return (project / "CHANGELOG.md").read_text(encoding="utf-8")


def test_fragments_are_joined_by_kind_and_gone(project: Path) -> None:
    _change(project, "pay.fixed.md", "面议 is no pay.\n")
    _change(project, "fairs.added.md", "Fairs by month.\n  And by district.\n\n")
    _change(project, "courses.added.md", "Courses by trade.")
    assert main(RELEASE, project) == 0
    assert _changelog(project) == (
        "# Changelog\nNotable changes.\n\n"
        "## 0.3.0 – 2027-01-15\n"
        "### Added\n- Courses by trade.\n- Fairs by month.\n  And by district.\n\n"
        "### Fixed\n- 面议 is no pay.\n\n" + BEFORE.partition("\n\n")[2]
    )
    assert [file.name for file in (project / "changes").iterdir()] == ["README.md"]


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("pay.md", "Something.", "NAME.KIND.md"),
        ("pay.better.md", "Something.", "NAME.KIND.md"),
        ("pay.fixed.md", " \n", "is empty"),
        ("pay.fixed.md", "- Something.", "without heading or bullet"),
    ],
)
def test_a_fragment_that_fits_nowhere_is_named_and_nothing_is_written(
    name: str, text: str, complaint: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _change(project, name, text)
    _change(project, "fairs.added.md", "Fairs by month.")
    for words in (["--check"], RELEASE):
        assert main(words, project) == 1
        assert complaint in capsys.readouterr().err
    assert _changelog(project) == BEFORE
    assert (project / "changes" / "fairs.added.md").exists()


def test_a_version_is_released_once_and_never_empty(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(RELEASE, project) == 1
    assert "nothing to release" in capsys.readouterr().err
    _change(project, "fairs.added.md", "Fairs by month.")
    assert main(RELEASE, project) == 0
    _change(project, "pay.fixed.md", "Pay.")
    assert main(RELEASE, project) == 1
    assert "has 0.3.0 already" in capsys.readouterr().err


def test_the_fragments_of_this_repository_can_be_joined() -> None:
    assert main(["--check"]) == 0
