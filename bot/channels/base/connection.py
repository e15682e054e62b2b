"""State of the connection that a request came by, as the kernel knows it.

A busy process reads a request late, and the end of its connection later still; the kernel says now.
"""

from __future__ import annotations

import socket
import struct
from typing import Any

from sanic.request import Request

#: Of Linux's `struct tcp_info`: the connection's state, and milliseconds since data came in last.
_STATE, _LAST_DATA_RECEIVED, _SIZE = 0, 52, 104
#: States of a connection that its other end has closed: TIME_WAIT, CLOSE, CLOSE_WAIT, LAST_ACK.
_CLOSED = (6, 7, 8, 9)


def has_hung_up(request: Request) -> bool:
    """Tell whether the other end has closed the connection of a request."""
    transport: Any = request.transport
    if transport is None or transport.is_closing():
        return True
    info = _tcp_info(request)
    return info is not None and info[_STATE] in _CLOSED


def seconds_since_sent(request: Request) -> float:
    """Return the seconds since the last byte of a request came in; 0 where that is not known."""
    info = _tcp_info(request)
    if info is None:
        return 0.0
    milliseconds: int = struct.unpack_from("I", info, _LAST_DATA_RECEIVED)[0]
    return milliseconds / 1000


def _tcp_info(request: Request) -> bytes | None:
    transport: Any = request.transport
    connection = transport.get_extra_info("socket") if transport is not None else None
    if connection is None or connection.family not in (socket.AF_INET, socket.AF_INET6):
        return None
    if not hasattr(socket, "TCP_INFO"):
        return None
    try:
        info: bytes = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _SIZE)
    except OSError:
        return None
    return info if len(info) >= _LAST_DATA_RECEIVED + 4 else None
