"""A fair as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from datetime import timedelta, timezone

from icalendar import Calendar, Event

from bot import clock
from bot.places import wording
from bot.places.occurrences import Occurrence

_PRODUCT = "-//Jiuye//Fairs//ZH"


def calendar(occurrence: Occurrence) -> bytes:
    """Return a fair on one of its days, in UTC; a cancelled one has that status."""
    made, row = Calendar(), occurrence.fair
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    event = Event()
    event.add("uid", f"fair-{row.id}-{occurrence.day.isoformat()}@jiuye")
    event.add("dtstamp", clock.now().astimezone(timezone.utc))
    event.add("dtstart", occurrence.begins.astimezone(timezone.utc))
    event.add(
        "dtend",
        max(occurrence.ends, occurrence.begins + timedelta(minutes=1)).astimezone(timezone.utc),
    )
    event.add("summary", row.title)
    event.add("location", wording.address(row))
    event.add("status", "CANCELLED" if row.state == "cancelled" else "CONFIRMED")
    parts = [
        wording.how_many(row),
        row.sign_up,
        f"电话{wording.phone(row)}",
        wording.sureness([row], "fair"),
    ]
    event.add("description", "\n".join(part for part in parts if part))
    made.add_component(event)
    return bytes(made.to_ical())
