"""Traits in a posting's words: groups that it suits, ages and rank (data/vocab/suits.yml)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.caches import process_cache
from bot.settings import settings
from bot.text.pattern_file import patterns
from bot.understanding.extractors.benefits import reason_names
from bot.yaml_files import read_yaml

_PATTERNS = patterns("posting_requirements")

#: How much of a description is read: what is offered stands near its beginning or end.
_MAX_READ = 1000
_DENIAL_REACH = 6


@dataclass(frozen=True)
class Traits:
    """Traits that the words of a posting state in addition to its fields."""

    welfare: frozenset[str] = frozenset()
    """Ids of offers.yml, of those that people wish for; read when the posting was imported."""
    suits: frozenset[str] = frozenset()
    """Groups of the taxonomy that it names as wanted."""
    bars: frozenset[str] = frozenset()
    """Groups that its words hardly suit."""
    ages: tuple[int, int] | None = None
    """Youngest and oldest age that it asks for; None when it asks for none."""
    words: str = ""
    """Title, tags and description, of which conditions are read (extractors/conditions.py)."""


Words = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class TraitWords:
    """The words of suits.yml, by id."""

    unless: tuple[str, ...]
    """Words that negate the word after them."""
    suits: Words
    bars: Words
    levels: Words
    group_texts: dict[str, str]
    """Plain words for groups."""


@process_cache(size=1)
def words() -> TraitWords:
    """Return the words of data/vocab/suits.yml."""
    content = read_yaml(settings().data_file("vocab", "suits.yml"))
    groups = content["groups"]
    return TraitWords(
        tuple(content["unless"].split()),
        {name: tuple(entry["suits"].split()) for name, entry in groups.items()},
        {name: tuple(entry["bars"].split()) for name, entry in groups.items()},
        {name: tuple(rank_words.split()) for name, rank_words in content["levels"].items()},
        {name: entry["says"] for name, entry in groups.items()},
    )


def traits(
    title: str, tags: str, description: str, welfare: str = "", age_text: str = ""
) -> Traits:
    """Read a posting's words; its welfare was read before (ids joined by commas).

    `age_text`: the age asked for in a column of its own, which counts before the words.
    """
    trait_words = words()
    text = f"{title} {tags} {_ends(description)}"
    return Traits(
        frozenset(welfare.split(",")) & _wished_for(),
        _ids_in_text(trait_words.suits, text),
        _ids_in_text(trait_words.bars, text),
        ages(age_text) or ages(text),
        text,
    )


@process_cache(size=1)
def _wished_for() -> frozenset[str]:
    return frozenset(reason_names())


def ages(text: str) -> tuple[int, int] | None:
    """Return the ages a posting asks for: 18-45岁, 50岁以下. The widest of several counts."""
    if "岁" not in text:
        return None
    spans = [(int(low), int(high)) for low, high in _PATTERNS["age_range"].findall(text)]
    spans = [(low, high) for low, high in spans if low < high] or [
        (16, int(high or upper)) for high, upper in _PATTERNS["oldest_age"].findall(text)
    ]
    if not spans:
        return None
    return min(low for low, _ in spans), max(high for _, high in spans)


def level(title: str) -> str | None:
    """Return the rank a title names: senior, student or entry; None when it names none."""
    words_by_rank = words().levels.items()
    return next(
        (name for name, rank_words in words_by_rank if any(word in title for word in rank_words)),
        None,
    )


def _ends(description: str) -> str:
    if len(description) <= _MAX_READ:
        return description
    return description[: _MAX_READ // 2] + " " + description[-_MAX_READ // 2 :]


def _ids_in_text(words_by_id: Words, text: str) -> frozenset[str]:
    """Return the ids that have a word in the text.

    Plain loops over plain words: several times faster than one pattern of them all, and this runs
    for every posting that is read for a message.
    """
    ids = []
    for name, id_words in words_by_id.items():
        for word in id_words:
            if word in text and _is_affirmed(word, text):
                ids.append(name)
                break
    return frozenset(ids)


def _is_affirmed(word: str, text: str) -> bool:
    """Tell whether a word stands somewhere without a denial right before it."""
    start = text.find(word)
    while start >= 0:
        if not text[max(0, start - _DENIAL_REACH) : start].endswith(words().unless):
            return True
        start = text.find(word, start + 1)
    return False
