"""Several processes as one: started together, watched, and stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType, TracebackType

#: Seconds that a process has to stop by itself.
GRACE = 10.0


class ProcessEnded(RuntimeError):
    """A supervised process ended by itself."""

    def __init__(self, name: str, code: int) -> None:
        super().__init__(f"{name} ended with code {code}")
        self.name = name
        self.code = code


@dataclass
class Supervisor:
    """Starts processes, each in a group of its own, and stops them all when it is left."""

    environment: dict[str, str] = field(default_factory=dict)
    """Set for every process beside what this process has."""
    _running: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)
    _stopping: bool = False

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a process; its output goes where ours goes."""
        process = subprocess.Popen(
            command, env={**os.environ, **self.environment}, start_new_session=True
        )
        self._running.append((name, process))

    def check(self) -> None:
        """Raise ProcessEnded when one of the processes is gone."""
        for name, process in self._running:
            code = process.poll()
            if code is not None and not self._stopping:
                raise ProcessEnded(name, code)

    def wait_until_up(self, url: str, seconds: float) -> None:
        """Wait until an address answers 200; TimeoutError when it does not in time."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            self.check()
            try:
                with urllib.request.urlopen(url, timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise TimeoutError(f"{url} did not answer within {seconds:.0f} s")

    def watch(self) -> None:
        """Stay until a process ends (ProcessEnded) or this one is asked to stop."""
        while not self._stopping:
            self.check()
            time.sleep(0.3)

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Ask `watch` to return; the processes are stopped when the supervisor is left."""
        self._stopping = True

    def __enter__(self) -> Supervisor:
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping = True
        for _, process in self._running:
            _signal_group(process, signal.SIGTERM)
        ends = time.monotonic() + GRACE
        for _, process in self._running:
            try:
                process.wait(max(0.1, ends - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
