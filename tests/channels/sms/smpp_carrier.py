"""A small SMPP 3.4 carrier (server) for what Kannel's fake one cannot do: refusing and failing.

By the handset's last digits: 0000 is refused, 0001 is throttled once, 9999 is not delivered.
"""

from __future__ import annotations

import socket
import struct
import threading
from dataclasses import dataclass, field

BIND, BIND_R, SUBMIT, SUBMIT_R = 0x09, 0x80000009, 0x04, 0x80000004
DELIVER, ENQUIRE, ENQUIRE_R, UNBIND, UNBIND_R = 0x05, 0x15, 0x80000015, 0x06, 0x80000006
INVALID_ADDRESS, THROTTLED = 0x0B, 0x58


@dataclass
class SmppCarrier:
    """Takes one transceiver after another."""

    port: int = 0
    taken: list[str] = field(default_factory=list)
    """Handsets of the messages that were taken, in order."""
    throttled: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", self.port))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        while head := stream.read(16):
            length, command, _, sequence = struct.unpack(">IIII", head)
            body = stream.read(length - 16)
            if command == BIND:
                _send(connection, BIND_R, 0, sequence, b"CARRIER\0")
            elif command == ENQUIRE:
                _send(connection, ENQUIRE_R, 0, sequence)
            elif command == UNBIND:
                _send(connection, UNBIND_R, 0, sequence)
            elif command == SUBMIT:
                self._submitted(connection, sequence, _handset(body))

    def _submitted(self, connection: socket.socket, sequence: int, handset: str) -> None:
        if handset.endswith("0000"):
            _send(connection, SUBMIT_R, INVALID_ADDRESS, sequence)
            return
        if handset.endswith("0001") and handset not in self.throttled:
            self.throttled.add(handset)
            _send(connection, SUBMIT_R, THROTTLED, sequence)
            return
        self.taken.append(handset)
        number = f"m{len(self.taken)}"
        _send(connection, SUBMIT_R, 0, sequence, number.encode() + b"\0")
        state = "UNDELIV" if handset.endswith("9999") else "DELIVRD"
        _send(connection, DELIVER, 0, 1000 + len(self.taken), _receipt(handset, number, state))


def _send(connection: socket.socket, command: int, status: int, number: int, body: bytes = b"") -> None:  # fmt: skip
    connection.sendall(struct.pack(">IIII", 16 + len(body), command, status, number) + body)


def _handset(body: bytes) -> str:
    """Return the destination of a submit_sm: the second address."""
    _service, rest = body.split(b"\0", 1)
    _source, rest = rest[2:].split(b"\0", 1)
    return rest[2:].split(b"\0", 1)[0].decode()


def _receipt(handset: str, number: str, state: str) -> bytes:
    code = "024" if state == "UNDELIV" else "000"
    text = (
        f"id:{number} sub:001 dlvrd:001 submit date:2611231600 done date:2611231601"
        f" stat:{state} err:{code} text:"
    ).encode()
    addresses = b"\1\1" + handset.encode() + b"\0" + b"\0\1" + b"10690000\0"
    # esm_class 4: a receipt; then protocol, priority, two times, four flags, and the text.
    return b"\0" + addresses + b"\4\0\0" + b"\0\0" + b"\0\0\0\0" + bytes([len(text)]) + text
