"""`python -m bot --version`: one version, from a checkout and from an installed distribution."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.version import PROJECT_FILE, version


def _printed(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "--version"],
        cwd=folder, capture_output=True, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_command_prints_the_version_of_pyproject() -> None:
    stated = re.search(r'^version = "(.+)"$', PROJECT_FILE.read_text(encoding="utf-8"), re.M)
    assert stated is not None
    assert _printed(ROOT) == f"jiuye {stated[1]}\n"


def test_a_folder_as_the_bundle_unpacks_it_has_its_own_version(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "bot", tmp_path / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "data").symlink_to(ROOT / "data")
    text = PROJECT_FILE.read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(text.replace(f'"{version()}"', '"9.8.7"', 1))
    assert _printed(tmp_path) == "jiuye 9.8.7\n"


@pytest.mark.parametrize("other", [None, '[project]\nname = "else"\nversion = "5"\n'])
def test_without_our_pyproject_the_distribution_is_asked(
    other: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pyproject.toml"
    if other:
        file.write_text(other)
    monkeypatch.setattr(metadata, "version", {"jiuye": "1.2.3"}.__getitem__)
    assert version(file) == "1.2.3"


def test_the_changelog_tells_of_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    latest = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert latest is not None
    assert latest[1] == version()
