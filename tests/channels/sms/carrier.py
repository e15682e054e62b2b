"""The carrier behind Kannel's `fake` SMSC: its one-line-a-message protocol over a plain socket."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes


@dataclass
class Part:
    """One SMS on the air."""

    sender: str
    to: str
    data: bytes
    """UTF-16BE."""
    header: bytes = b""
    """05 00 03 reference total number, for one of several parts."""


class Carrier:
    """Connects to bearerbox, sends for handsets and keeps what they receive."""

    def __init__(self, port: int) -> None:
        for _ in range(100):
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), timeout=5)
                break
            except OSError:
                time.sleep(0.05)
        self._socket.settimeout(None)
        self.parts: list[Part] = []
        self._changed = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, sender: str, text: str, to: str = "10690000") -> None:
        """Let a handset send a message."""
        data = quote(text.encode("utf-16-be"), safe="")
        self._socket.sendall(f"{sender} {to} ucs2 {data}\n".encode())

    def texts(self, to: str) -> list[str]:
        """Return the messages a handset has received, parts joined as handsets do."""
        whole: list[str] = []
        waiting: dict[int, dict[int, bytes]] = {}
        for part in [p for p in list(self.parts) if p.to == to]:
            if not part.header:
                whole.append(part.data.decode("utf-16-be"))
                continue
            reference, total, number = part.header[3:6]
            group = waiting.setdefault(reference, {})
            group[number] = part.data
            if len(group) == total:
                del waiting[reference]
                whole.append(b"".join(group[n] for n in sorted(group)).decode("utf-16-be"))
        return whole

    def until(self, to: str, count: int, seconds: float = 30) -> list[str]:
        """Wait until a handset has so many messages; what it has then."""
        end = time.monotonic() + seconds
        with self._changed:
            while len(self.texts(to)) < count and time.monotonic() < end:
                self._changed.wait(0.2)
        return self.texts(to)

    def close(self) -> None:
        self._socket.close()

    def _read(self) -> None:
        buffer = b""
        while True:
            try:
                got = self._socket.recv(65536)
            except OSError:
                return
            if not got:
                return
            *lines, buffer = (buffer + got).split(b"\n")
            with self._changed:
                self.parts += [_part(line) for line in lines]
                self._changed.notify_all()


def _part(line: bytes) -> Part:
    sender, to, kind, rest = line.split(b" ", 3)
    if kind == b"udh":
        header, _, data = rest.split(b" ", 2)
        return Part(sender.decode(), to.decode(), _bytes(data), _bytes(header))
    if kind == b"ucs-2":
        return Part(sender.decode(), to.decode(), _bytes(rest))
    return Part(sender.decode(), to.decode(), rest.decode().encode("utf-16-be"))


def _bytes(quoted: bytes) -> bytes:
    return unquote_to_bytes(quoted.replace(b"+", b" "))
