"""Address of the machine that a request comes from."""

from __future__ import annotations

from sanic.request import Request

#: Headers by which a proxy names whom it asks for.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def is_direct_from_here(request: Request) -> bool:
    """Tell whether a program of this machine asks, and no proxy for somebody else."""
    return other_machine(request) is None and not any(
        name in request.headers for name in _FORWARDED
    )


def other_machine(request: Request) -> str | None:
    """Return the address that a request comes from; None when that is this machine.

    What a proxy hands on is the other machine's (`SANIC_PROXIES_COUNT`).
    """
    if not request.remote_addr and request.ip in ("127.0.0.1", "::1"):
        return None
    return str(request.remote_addr or request.ip)
