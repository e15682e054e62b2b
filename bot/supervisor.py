"""Several processes as one: started together, watched, started again, and stopped together.

None outlives the supervisor, however that ends: the kernel kills them with it (`end_with_parent`).
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType, TracebackType
from typing import Any

#: Seconds that a process has to stop by itself.
GRACE = 10.0
#: Set for a process that is to get ready and then wait for a line on its input before it serves.
HELD = "JIUYE_HELD"
#: Names the end of the pipe of turns that a process inherits (bot/monitoring/pipe.py).
TURNS_PIPE = "JIUYE_TURNS_PIPE"
#: The signals that ask to stop: a service manager's, Ctrl-C, a terminal that is closed.
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
#: prctl(2): the signal that a process gets when its parent ends.
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
#: A process that ends more often than this within so many seconds is not started again.
MOST_ENDS, WITHIN = 5, 60.0


class ProcessEnded(RuntimeError):
    """A supervised process ended by itself."""

    def __init__(self, name: str, code: int) -> None:
        super().__init__(f"{name} ended with code {code}")
        self.name = name
        self.code = code


@dataclass
class Watched:
    """A process that is supervised."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes]
    descriptors: Mapping[str, int] = field(default_factory=dict)
    """File descriptors that it inherits, by the variables that name them."""
    ends: list[float] = field(default_factory=list)
    """When it ended by itself, on the monotonic clock."""


@dataclass
class Supervisor:
    """Starts processes, each in a group of its own, and stops them all when it is left."""

    environment: dict[str, str] = field(default_factory=dict)
    """Set for every process beside what this process has."""
    notify: Callable[[str], None] = lambda _: None
    """Is told in a sentence when a process is started again."""
    _running: list[Watched] = field(default_factory=list)
    _stopping: bool = False

    def start(
        self,
        name: str,
        command: Sequence[str],
        paused: bool = False,
        descriptors: Mapping[str, int] | None = None,
    ) -> None:
        """Start a process; its output goes where ours goes.

        One that is held gets ready, waits in `until_released` and begins with `release`.
        `descriptors` are file descriptors that it inherits, each by a variable that names it.
        """
        descriptors = descriptors or {}
        self._running.append(
            Watched(name, command, self._open(command, paused, descriptors), descriptors)
        )

    def release(self) -> None:
        """Let all processes that are held begin. One that has ended is found by `check`."""
        for process in (watched.process for watched in self._running):
            if process.stdin and not process.stdin.closed:
                with suppress(BrokenPipeError):
                    process.stdin.write(b"begin\n")
                    process.stdin.close()

    def check(self) -> None:
        """Raise ProcessEnded when one of the processes is gone."""
        for ended in self._ended():
            raise ProcessEnded(ended.name, ended.process.returncode)

    def _open(
        self, command: Sequence[str], paused: bool, descriptors: Mapping[str, int]
    ) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **self.environment, **({HELD: "1"} if paused else {})}
        environment |= {variable: str(number) for variable, number in descriptors.items()}
        stdin = subprocess.PIPE if paused else subprocess.DEVNULL
        parent = os.getpid()
        return subprocess.Popen(
            command, env=environment, stdin=stdin, start_new_session=True,
            preexec_fn=lambda: end_with_parent(parent), pass_fds=tuple(descriptors.values()),
        )  # fmt: skip

    def _ended(self) -> list[Watched]:
        if self._stopping:
            return []
        return [watched for watched in self._running if watched.process.poll() is not None]

    def _restart(self, watched: Watched) -> None:
        """Restart one process while the others run; raises ProcessEnded when it keeps ending."""
        code, now = watched.process.returncode, time.monotonic()
        watched.ends = [*(end for end in watched.ends if now - end < WITHIN), now]
        if len(watched.ends) > MOST_ENDS:
            raise ProcessEnded(watched.name, code)
        self.notify(f"{watched.name} ended with code {code} and is started again")
        watched.process = self._open(watched.command, paused=False, descriptors=watched.descriptors)

    def wait_until_up(self, url: str, seconds: float) -> bool:
        """Wait until an address answers 200; False when this one is asked to stop before.

        Raises TimeoutError when it does not answer in time, ProcessEnded when a process is gone.
        """
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            if self._stopping:
                return False
            self.check()
            try:
                with urllib.request.urlopen(url, timeout=2):
                    return True
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise TimeoutError(f"{url} did not answer within {seconds:.0f} s")

    def watch(self) -> None:
        """Stay until this one is asked to stop; start again what ends.

        Raises ProcessEnded when one ends again and again.
        """
        while not self._stopping:
            for ended in self._ended():
                self._restart(ended)
            time.sleep(0.3)

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Ask `watch` to return; the processes are stopped when the supervisor is left."""
        self._stopping = True

    def __enter__(self) -> Supervisor:
        handle_stopping(self.stop)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping = True
        processes = [watched.process for watched in self._running]
        for process in processes:
            _signal_group(process, signal.SIGTERM)
        ends = time.monotonic() + GRACE
        for process in processes:
            try:
                process.wait(max(0.1, ends - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()


Handler = Callable[[int, FrameType | None], object]


def handle_stopping(handler: Handler) -> dict[signal.Signals, Any]:
    """Handle the signals that ask to stop; return what handled them before.

    One that is ignored stays so: under `nohup` a closed terminal stops nothing.
    """
    previous = {number: signal.getsignal(number) for number in STOPPING}
    for number, earlier in previous.items():
        if not (number == signal.SIGHUP and earlier == signal.SIG_IGN):
            signal.signal(number, handler)
    return previous


def end_with_parent(parent: int) -> None:
    """Let the kernel kill this process when its parent, of this number, ends; Linux only."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before that was said
        os._exit(1)


def until_released() -> None:
    """Wait, in a process that was started held, for the supervisor's word; else return at once.

    Raises SystemExit when the supervisor is gone before it gave it.
    """
    if os.environ.pop(HELD, None) and not sys.stdin.buffer.readline():
        raise SystemExit(1)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
