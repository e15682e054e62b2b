"""Read what a posting gives beside pay: insurance, board and lodging, days off, a bus.

What is denied (不包吃住) is not offered. The ids and their patterns stand in data/vocab/offers.yml.
"""

from __future__ import annotations

from bot.text import offered


def names() -> dict[str, str]:
    """Return the ids with what they are called where people read them."""
    return {offer.id: offer.name for offer in offered.offers("welfare").values()}


def wished_for() -> dict[str, str]:
    """Return the ids of what seekers wish for, with the words that name it as a reason."""
    return {one.id: one.says for one in offered.offers("welfare").values() if one.says}


def field(text: str, tags: str = "") -> tuple[str, ...]:
    """Return the ids of what a posting's text and tags (joined by commas) offer, in their order."""
    found = offered.field(text, "welfare") if text else set()
    for tag in tags.split(","):
        found |= offered.of_tag(tag, "welfare")
    return tuple(name for name in offered.offers("welfare") if name in found)
