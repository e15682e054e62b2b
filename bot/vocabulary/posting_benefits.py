"""Benefits and shifts that a posting offers: found fast, and not when they are denied.

A posting's text is long and a province has a million of them: a pattern is tried only where
one of its plain words stands, which is a hundred times faster than the pattern itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.caches import process_cache
from bot.settings import settings
from bot.text.keyword_prefilter import KeywordPrefilter
from bot.text.pattern_file import patterns
from bot.yaml_files import read_yaml

_PATTERNS = patterns("posting_benefits")


@dataclass(frozen=True)
class PostingBenefit:
    """A benefit or kind of shift that postings offer."""

    id: str
    name: str
    """Its name for users."""
    reason: str | None
    """Its words as a reason for a posting; None where no wish names it."""
    words: tuple[str, ...]
    """Plain words: every text that the pattern matches holds one of them."""
    pattern: re.Pattern[str]


@process_cache(size=4)
def offers(kind: str) -> dict[str, PostingBenefit]:
    """Return the offers of a kind (welfare, shifts) in data/vocab/offers.yml, by id."""
    file = settings().data_file("vocab", "offers.yml")
    content = read_yaml(file)[kind]
    return {
        name: PostingBenefit(
            name,
            entry["name"],
            entry.get("says"),
            tuple(entry["words"].split()),
            re.compile(entry["finds"]),
        )
        for name, entry in content.items()
    }


@process_cache(size=4)
def _prefilter(kind: str) -> KeywordPrefilter:
    return KeywordPrefilter({name: offer.words for name, offer in offers(kind).items()})


def from_posting_text(text: str, kind: str) -> set[str]:
    """Return the ids of the offers in a posting's text."""
    offers_by_id = offers(kind)
    return {name for name in _prefilter(kind).keys(text) if _is_offered(text, offers_by_id[name])}


def _is_offered(text: str, offer: PostingBenefit) -> bool:
    return any(
        not _PATTERNS["denied"].search(text[max(0, hit.start() - 8) : hit.start()])
        and not _PATTERNS["taken_back"].match(text[hit.end() : hit.end() + 8])
        for hit in offer.pattern.finditer(text)
    )


@process_cache(size=20_000)
def from_tag(tag: str, kind: str) -> frozenset[str]:
    """Return the ids of the offers in one tag; cached, as sources have the same few thousand."""
    return frozenset(from_posting_text(tag, kind))
