"""Words of a posting that stand for what is offered: found fast, and not when they are denied.

A posting's text is long and a province has a million of them: a pattern is tried only where
one of its plain words stands, which is a hundred times faster than the pattern itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ruamel.yaml import YAML

from bot.caches import process_cache
from bot.settings import settings
from bot.text.plain_words import KeywordPrefilter

#: 不包吃住, 没有餐补, 暂无双休: what stands right before a word and denies it.
_DENIED = re.compile(
    r"(?:不|没|没有|无|暂无|非|未|不会|拒绝|取消)"
    r"(?:提供|含|购买|缴纳?|用|需要?|是|接受|上|安排|倒|有)?$"
)
#: 双休勿扰, 五险的核定: what stands right behind and takes it back.
_TAKEN_BACK = re.compile(r"^(?:一金)?(?:勿扰|的?(?:核定|核算|申报|增减|办理|稽核|管理|政策))")


@dataclass(frozen=True)
class Offer:
    """One thing that postings offer."""

    id: str
    name: str
    """What it is called where people read it."""
    says: str | None
    """How it is said as a reason for a posting; None for what nobody wishes for by name."""
    words: tuple[str, ...]
    """Plain words, of which one stands in every text that the pattern finds."""
    pattern: re.Pattern[str]


@process_cache(size=4)
def offers(kind: str) -> dict[str, Offer]:
    """Return what data/vocab/offers.yml lists of a kind (welfare, shifts), by id."""
    file = settings().data / "vocab" / "offers.yml"
    given = YAML(typ="safe").load(file.read_text("utf-8"))[kind]
    return {
        name: Offer(
            name,
            one["name"],
            one.get("says"),
            tuple(one["words"].split()),
            re.compile(one["finds"]),
        )
        for name, one in given.items()
    }


@process_cache(size=4)
def _plain(kind: str) -> KeywordPrefilter:
    return KeywordPrefilter({name: offer.words for name, offer in offers(kind).items()})


def field(text: str, kind: str) -> set[str]:
    """Return the ids of what a posting's text offers."""
    known = offers(kind)
    return {name for name in _plain(kind).keys(text) if _stated(text, known[name])}


def _stated(text: str, offer: Offer) -> bool:
    return any(
        not _DENIED.search(text[max(0, hit.start() - 8) : hit.start()])
        and not _TAKEN_BACK.match(text[hit.end() : hit.end() + 8])
        for hit in offer.pattern.finditer(text)
    )


@process_cache(size=20_000)
def of_tag(tag: str, kind: str) -> frozenset[str]:
    """Return what one tag offers: sources have the same few thousand."""
    return frozenset(field(tag, kind))
