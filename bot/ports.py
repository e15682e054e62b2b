"""The port that `serve` listens at, held exclusively, also against those who would share it.

Its servers bind with SO_REUSEPORT, so that the kernel alone would let a second `serve` take half of
the messages.
"""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.file_lock import FileLocked, locked, sign
from bot.private_files import make_own_folder

#: Seconds for which a port may still be held by processes that were just killed.
RELEASE_WAIT_S = 2.0


class PortTaken(RuntimeError):
    """A port is taken by another listener."""

    def __init__(self, variable: str, port: int, process: str | None = None) -> None:
        owner = f"another `serve` (process {process})" if process else "another program"
        super().__init__(f"port {port} is taken by {owner}")
        self.variable = variable
        self.port = port
        self.process = process
        """Number of the `serve` that has it; None when it is none of ours."""


class HostUnfit(RuntimeError):
    """The address to listen on is none of this machine, or the port needs more rights."""


@contextmanager
def claimed(folder: Path, host: str, port: int) -> Iterator[None]:
    """Keep a port for this process, by a lock on a file of `folder` that names it.

    Raises PortTaken, HostUnfit, and OSError when the folder cannot be written. The kernel takes the
    lock away from a process that is killed.
    """
    make_own_folder(folder)
    try:
        with locked(folder / f"serve-{port}.pid") as lock:
            probe(host, port, "JIUYE_PORT")
            sign(lock)
            yield
    except FileLocked as taken:
        raise PortTaken("JIUYE_PORT", port, taken.process) from None


def probe(host: str, port: int, variable: str) -> None:
    """Raise PortTaken when a process listens at a port, HostUnfit when it cannot be bound at all.

    Looks again for `RELEASE_WAIT_S` seconds: processes that were just killed may still be there.
    """
    ends = time.monotonic() + RELEASE_WAIT_S
    name = variable.replace("PORT", "HOST")
    while True:
        try:
            _bind(host, port)
            return
        except socket.gaierror as unknown:
            raise HostUnfit(f"{name} is {host!r}, whose address is not known") from unknown
        except OSError as refused:
            if refused.errno == errno.EADDRNOTAVAIL:
                raise HostUnfit(f"{name} is {host!r}, no address of this machine") from refused
            if refused.errno == errno.EACCES:
                raise HostUnfit(f"{variable} is {port}, which only root may listen at") from refused
            if refused.errno != errno.EADDRINUSE:
                raise
            if time.monotonic() > ends:
                raise PortTaken(variable, port) from refused
        time.sleep(0.1)


def _bind(host: str, port: int) -> None:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind(address)
        tried.listen(1)
