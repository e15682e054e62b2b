"""The version of this code, as pyproject.toml states it."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

#: Beside the package in a checkout and in a bundle, where nothing is installed as a distribution.
PROJECT_FILE = Path(__file__).resolve().parent.parent / "pyproject.toml"
_VERSION = re.compile(r'^name = "jiuye"\nversion = "([^"]+)"$', re.MULTILINE)


def version(project_file: Path = PROJECT_FILE) -> str:
    """Return the version of the checkout, else of the installed distribution."""
    try:
        stated = _VERSION.search(project_file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        stated = None
    return stated[1] if stated else metadata.version("jiuye")
