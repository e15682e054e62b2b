"""The source files of bot/ and actions/ as tests of the code itself read them: once a process."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from bot.settings import ROOT


@cache
def source_files() -> dict[Path, str]:
    """Return the text of each file, by its path from the root."""
    return {
        file.relative_to(ROOT): file.read_text(encoding="utf-8")
        for folder in ("bot", "actions")
        for file in sorted((ROOT / folder).rglob("*.py"))
    }


@cache
def source_trees() -> dict[Path, ast.Module]:
    """Return the syntax tree of each file, by its path from the root; to be read, not changed."""
    return {file: ast.parse(text) for file, text in source_files().items()}
