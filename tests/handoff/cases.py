"""A case for a ticket."""

from __future__ import annotations

from bot.handoff.tickets import Case, Line

PASSWORD = "long enough for a test"


def case(reason: str = "asked") -> Case:
    return Case("web", "web-anna", reason, [Line("seeker", "转人工")])  # type: ignore[arg-type]
