"""Memory, open files and processor time of a process and all that it started, read from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
#: Of the kernel's processor time, a second.
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """What a process and its descendants hold."""

    memory_mb: float
    """Their memory; what several of them share counts once, who else runs does not matter."""
    files: int
    """Open file descriptors."""
    processes: int
    """How many processes they are."""
    processor_s: float
    """Seconds of processor time that they have taken so far."""


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
    taken = sum(map(_processor_s, pids))
    return Usage(_memory_kb(pids) / 1024, sum(map(_files, pids)), len(pids), taken)


def command(pid: int) -> str:
    """Return a process's command line, empty when it is gone."""
    try:
        words = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    return b" ".join(words).decode(errors="replace").strip()


def _parent(folder: Path) -> int | None:
    words = _stat(folder)
    return int(words[1]) if words else None


def _processor_s(pid: int) -> float:
    words = _stat(PROC / str(pid))
    return (int(words[11]) + int(words[12])) / TICKS if words else 0.0


def _stat(folder: Path) -> list[str]:
    """Return the words of a process's `stat` that follow its name, none when it is gone."""
    try:
        # The name stands in brackets and may hold anything.
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _memory_kb(pids: Iterable[int]) -> int:
    """Add what is theirs alone, and of each file that they map what the one holds that holds most.

    The kernel's own proportional share (PSS) would give less of a library the more other programs
    of the machine use it.
    """
    own, shared = 0, dict[str, int]()
    for pid in pids:
        files: dict[str, int] = {}
        for mapped in _mappings(pid):
            if mapped.file:
                own += mapped.anonymous_kb
                files[mapped.file] = files.get(mapped.file, 0) + mapped.resident_kb
            else:
                own += mapped.share_kb
        for file, held in files.items():
            shared[file] = max(held, shared.get(file, 0))
    return own + sum(shared.values())


@dataclass
class _Mapping:
    """A stretch of a process's memory."""

    file: str
    """The file that is mapped there, empty for none."""
    resident_kb: int = 0
    """Pages of the file."""
    anonymous_kb: int = 0
    """Pages that the process has written."""
    share_kb: int = 0
    """All its pages, those of several processes by their share."""


def _mappings(pid: int) -> list[_Mapping]:
    try:
        lines = (PROC / str(pid) / "smaps").read_text().splitlines()
    except OSError:
        return []
    found: list[_Mapping] = []
    for line in lines:
        words = line.split()
        if not words[0].endswith(":"):
            path = " ".join(words[5:])
            found.append(_Mapping(path if path.startswith("/") else ""))
        elif words[0] == "Rss:":
            found[-1].resident_kb = int(words[1])
        elif words[0] == "Pss:":
            found[-1].share_kb = int(words[1])
        elif words[0] == "Anonymous:":
            found[-1].anonymous_kb = int(words[1])
            found[-1].resident_kb -= found[-1].anonymous_kb
    return found


def _files(pid: int) -> int:
    try:
        return len(os.listdir(PROC / str(pid) / "fd"))
    except OSError:
        return 0
