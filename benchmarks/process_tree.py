"""Memory and open files of a process and all that it started, read from /proc."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Usage:
    """What a process and its descendants hold."""

    memory_mb: float
    """Sum of their proportional shares (PSS): pages that several share count once."""
    files: int
    """Open file descriptors."""
    processes: int
    """How many processes they are."""


def descendants(pid: int) -> list[int]:
    """Return a process and all below it; none when it is gone."""
    children: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit() and (parent := _parent(folder)) is not None:
            children.setdefault(parent, []).append(int(folder.name))
    found = [pid] if (PROC / str(pid)).exists() else []
    for one in found:
        found.extend(children.get(one, []))
    return found


def usage(pid: int) -> Usage:
    """Return what a process and its descendants hold now; one that just ended counts nothing."""
    pids = descendants(pid)
    held = [_memory_kb(one) for one in pids]
    return Usage(sum(held) / 1024, sum(map(_files, pids)), len(pids))


def command(pid: int) -> str:
    """Return a process's command line, empty when it is gone."""
    try:
        words = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    return b" ".join(words).decode(errors="replace").strip()


def _parent(folder: Path) -> int | None:
    try:
        # The name stands in brackets and may hold anything.
        after = (folder / "stat").read_text().rpartition(")")[2]
    except OSError:
        return None
    return int(after.split()[1])


def _memory_kb(pid: int) -> int:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _files(pid: int) -> int:
    try:
        return len(os.listdir(PROC / str(pid) / "fd"))
    except OSError:
        return 0
