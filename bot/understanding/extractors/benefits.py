"""Benefits of a posting in addition to pay: insurance, board and lodging, days off, a bus.

A benefit that is denied (不包吃住) is not offered. The ids and their patterns stand in
data/vocab/offers.yml.
"""

from __future__ import annotations

from bot.text.pattern_file import patterns
from bot.vocabulary import posting_benefits


def names() -> dict[str, str]:
    """Return the names of the benefits by id."""
    return {offer.id: offer.name for offer in posting_benefits.offers("welfare").values()}


def reason_names() -> dict[str, str]:
    """Return the benefits that seekers wish for by id, in words that name them as a reason."""
    return {
        offer.id: offer.reason
        for offer in posting_benefits.offers("welfare").values()
        if offer.reason
    }


def from_posting_text(text: str, tags: str = "") -> tuple[str, ...]:
    """Return the ids of what a posting's text and tags (joined by commas) offer, in their order."""
    offer_ids = posting_benefits.from_posting_text(text, "welfare") if text else set()
    for tag in tags.split(","):
        offer_ids |= posting_benefits.from_tag(tag, "welfare")
    return tuple(name for name in posting_benefits.offers("welfare") if name in offer_ids)


_PATTERNS = patterns("welfare")


def wishes(text: str) -> tuple[list[str], list[str]]:
    """Return the ids of what a seeker's normalised message wishes for, and of what it gives up."""
    requested: list[str] = []
    given_up: list[str] = []
    for offer in posting_benefits.offers("welfare").values():
        hit = offer.pattern.search(text) if offer.reason else None
        if hit is None:
            continue
        preceding, following = text[: hit.start()], text[hit.end() :]
        over = _PATTERNS["given_up_after"].match(following) or _PATTERNS["given_up_before"].search(
            preceding
        )
        (given_up if over else requested).append(offer.id)
    return requested, given_up
