"""Address of the machine that a request comes from."""

from __future__ import annotations

from sanic.request import Request


def other_machine(request: Request) -> str | None:
    """Return the address that a request comes from; None when that is this machine.

    What a proxy hands on is the other machine's (`SANIC_PROXIES_COUNT`).
    """
    if not request.remote_addr and request.ip in ("127.0.0.1", "::1"):
        return None
    return str(request.remote_addr or request.ip)
