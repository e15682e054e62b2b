"""`make changelog`: join the fragments of changes/ into CHANGELOG.md, under the project's version.

What a fragment is like: changes/README.md.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Sections of a release, in their order.
KINDS = ("added", "changed", "deprecated", "removed", "fixed", "security")
_NAME = re.compile(rf"([a-z0-9][a-z0-9-]*)\.({'|'.join(KINDS)})\.md")
_RELEASE = re.compile(r"^## (\S+)", re.MULTILINE)
_VERSION = re.compile(r'^version = "([^"]+)"$', re.MULTILINE)


class ChangelogError(Exception):
    """Something that keeps the fragments from being joined, in a sentence."""


@dataclass(frozen=True)
class Fragment:
    """One change, as its file tells of it."""

    file: Path
    kind: str
    text: str

    @classmethod
    def read(cls, file: Path) -> Fragment:
        """Read a file; raises ChangelogError for a name or text that fits in no list."""
        named = _NAME.fullmatch(file.name)
        if named is None:
            raise ChangelogError(f"{file.name}: the name is to be NAME.KIND.md, KIND of {KINDS}")
        text = file.read_text(encoding="utf-8").strip()
        if not text:
            raise ChangelogError(f"{file.name} is empty")
        if any(line.startswith(("#", "- ", "* ")) for line in text.splitlines()):
            raise ChangelogError(f"{file.name}: sentences, without heading or bullet")
        return cls(file, named[2], text)

    def item(self) -> str:
        """Return the change as an item of a list."""
        return "- " + "\n  ".join(line.strip() for line in self.text.splitlines() if line.strip())


def fragments(folder: Path) -> list[Fragment]:
    """Return the changes of a folder, by name."""
    return [Fragment.read(file) for file in sorted(folder.glob("*")) if file.name != "README.md"]


def section(version: str, day: date, changes: Sequence[Fragment]) -> str:
    """Return the changelog's section of a release."""
    lists = [
        "\n".join([f"### {kind.capitalize()}", *(change.item() for change in of_kind)])
        for kind in KINDS
        if (of_kind := [change for change in changes if change.kind == kind])
    ]
    return f"## {version} – {day.isoformat()}\n" + "\n\n".join(lists) + "\n"


def joined(changelog: str, version: str, day: date, changes: Sequence[Fragment]) -> str:
    """Return the changelog with a release on top of those before."""
    if not changes:
        raise ChangelogError("changes/ holds no change: there is nothing to release")
    releases = list(_RELEASE.finditer(changelog))
    if version in [release[1] for release in releases]:
        raise ChangelogError(f"CHANGELOG.md has {version} already: set version in pyproject.toml")
    at = releases[0].start() if releases else len(changelog)
    return f"{changelog[:at]}{section(version, day, changes)}\n{changelog[at:]}"


def release(root: Path, day: date) -> str:
    """Write the changelog and remove the fragments; return the version."""
    changes = fragments(root / "changes")
    stated = _VERSION.search((root / "pyproject.toml").read_text(encoding="utf-8"))
    if stated is None:
        raise ChangelogError("pyproject.toml states no version")
    file = root / "CHANGELOG.md"
    file.write_text(joined(file.read_text(encoding="utf-8"), stated[1], day, changes), "utf-8")
    for change in changes:
        change.file.unlink()
    return stated[1]


def main(words: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.changelog", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only look at the fragments")
    parser.add_argument(
        "--date", type=date.fromisoformat, default=date.today(), help="of the release"
    )
    chosen = parser.parse_args(words)
    try:
        if chosen.check:
            print(f"{len(fragments(root / 'changes'))} changes")
        else:
            print(f"CHANGELOG.md has {release(root, chosen.date)}")
    except ChangelogError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
