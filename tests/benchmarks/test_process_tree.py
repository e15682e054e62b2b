"""Memory and files of a tree of processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.process_tree import command, descendants, usage

MB = 2**20


@contextmanager
def _running(program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program that prints a line when it is where it should be, then waits."""
    process = subprocess.Popen(
        [sys.executable, "-c", f"{program}\nprint('there', flush=True)\ninput()", *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        yield process
    finally:
        process.communicate("\n", timeout=30)


def test_memory_that_a_child_takes_is_its_parents_tree_s() -> None:
    with _running("") as small:
        before = usage(small.pid).memory_mb
    child = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', {!r}], stdout=2)"
    held = "import sys; kept = bytearray(b'x') * (80 * 2**20); sys.stdin.read()"
    with _running(child.format(held) + "\nimport time; time.sleep(2)") as parent:
        used = usage(parent.pid)
        assert used.processes == len(descendants(parent.pid)) == 2
        assert 75 < used.memory_mb - before < 120


def test_a_file_that_two_processes_map_counts_once(tmp_path: Path) -> None:
    file = tmp_path / "mapped"
    file.write_bytes(os.urandom(60 * MB))
    mapping = (
        "import mmap, os, sys\n"
        "file = open(sys.argv[1], 'rb')\n"
        "seen = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)\n"
        "touch = lambda: sum(seen[n] for n in range(0, len(seen), 4096))\n"
        "read, write = os.pipe()\n"
    )
    forked = "if os.fork() == 0:\n  touch(); os.write(write, b'.'); sys.stdin.read(); os._exit(0)\n"
    with _running(f"{mapping}touch()", str(file)) as one:
        alone = usage(one.pid).memory_mb
    with _running(f"{mapping}{forked}touch(); os.read(read, 1)", str(file)) as two:
        used = usage(two.pid)
        assert used.processes == 2
        assert alone > 60
        assert used.memory_mb < alone + 20


def test_open_files_are_counted() -> None:
    with _running("") as none, _running("kept = [open('/dev/null') for _ in range(25)]") as many:
        assert usage(many.pid).files == usage(none.pid).files + 25


def test_processor_time_is_that_of_work_not_of_waiting() -> None:
    busy = "import time\nwhile time.process_time() < 0.5: pass"
    with _running("") as idle, _running(busy) as working:
        assert 0.4 < usage(working.pid).processor_s - usage(idle.pid).processor_s < 0.9


def test_a_process_that_is_gone_holds_nothing() -> None:
    with _running("") as process:
        assert command(process.pid).endswith("input()")
    gone = usage(process.pid)
    assert (gone.memory_mb, gone.files, gone.processes) == (0, 0, 0)
    assert command(process.pid) == ""
