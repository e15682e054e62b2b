"""Shifts of a posting: 三班倒, 两班倒, 长白班, 夜班."""

from __future__ import annotations

from bot.vocabulary import posting_benefits

#: A day's or a night's shift as the taxonomy's working time.
_WORK_TIMES = {"day_shift": "shift_day", "night_shift": "shift_night"}


def names() -> dict[str, str]:
    """Return the names of the shifts by id."""
    return {offer.id: offer.name for offer in posting_benefits.offers("shifts").values()}


def from_posting_text(text: str) -> tuple[str, ...]:
    """Return the ids of the shifts that a posting states, in the order of the list."""
    shifts = posting_benefits.from_posting_text(text, "shifts")
    if shifts & {"three_shifts", "two_shifts"}:
        # 两班倒 says it all: 白班 and 夜班 are its halves.
        shifts -= {"rotating", "day_shift", "night_shift"}
    elif {"day_shift", "night_shift"} <= shifts:
        shifts = (shifts - {"day_shift", "night_shift"}) | {"rotating"}
    return tuple(name for name in posting_benefits.offers("shifts") if name in shifts)


def work_time(shifts: tuple[str, ...]) -> str | None:
    """Return the working time of the taxonomy that shifts amount to, None if they leave it open."""
    if "rotating" in shifts:
        return None
    return next((time for shift, time in _WORK_TIMES.items() if shift in shifts), None)
