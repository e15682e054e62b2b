"""Screen a posting for what it must not ask for; the patterns and the law stand in data.

What is found holds the posting for a counsellor, or is shown with it as a warning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.caches import process_cache
from bot.settings import settings
from bot.text.keyword_prefilter import KeywordPrefilter
from bot.text.pattern_file import patterns
from bot.yaml_files import read_yaml

_PATTERNS = patterns("posting_screen")

#: The fault of a posting that was entered on the page: it waits for another member of staff.
UNREVIEWED = "unreviewed"
#: How far around a find its context is looked at, in characters.
_CONTEXT_BEFORE, _CONTEXT_AFTER = 26, 18


@dataclass(frozen=True)
class Fault:
    """One thing that a posting must not ask for."""

    id: str
    words: tuple[str, ...]
    """Plain words: every text that `finds` matches holds one of them."""
    finds: re.Pattern[str] | None
    """None for a fault that is not found in words (pay below the minimum wage)."""
    unless: re.Pattern[str] | None
    holds: bool
    """True: the posting waits for a counsellor and is not shown."""
    warning: str
    """The warning for seekers, with the law."""


@process_cache(size=1)
def faults() -> dict[str, Fault]:
    """Return the faults that are looked for, by id."""
    content = read_yaml(settings().data_file("vocab", "screen.yml"))
    return {
        name: Fault(
            name,
            tuple(str(entry.get("words", "")).split()),
            re.compile(entry["finds"]) if "finds" in entry else None,
            re.compile(entry["unless"]) if "unless" in entry else None,
            entry["holds"],
            entry["says"],
        )
        for name, entry in content.items()
    }


@process_cache(size=1)
def _keyword_filter() -> KeywordPrefilter:
    return KeywordPrefilter({name: fault.words for name, fault in faults().items()})


def holds(fault: str) -> bool:
    """Tell whether a fault holds a posting; one that is no longer known does not."""
    fault_entry = faults().get(fault)
    return fault_entry is not None and fault_entry.holds


def screen(text: str) -> list[str]:
    """Return the ids of the faults found in a posting's words."""
    all_faults, candidate_ids = faults(), _keyword_filter().keys(text)
    return [
        name
        for name in all_faults
        if name in candidate_ids and matched_words(all_faults[name], text) is not None
    ]


def matched_words(fault: Fault, text: str) -> str | None:
    """Return the words in which a fault shows itself, None when it does not."""
    if fault.finds is None:
        return None
    for hit in fault.finds.finditer(text):
        if not _harmless(fault, text, hit):
            return hit.group()
    return None


def _harmless(fault: Fault, text: str, hit: re.Match[str]) -> bool:
    """Tell whether what stands around a find takes it back, within its own sentence."""
    if fault.unless is None:
        return False
    preceding = re.split(r"[。\n!！]", text[max(0, hit.start() - _CONTEXT_BEFORE) : hit.start()])[
        -1
    ]
    turns = list(_PATTERNS["turn"].finditer(preceding))
    if turns:
        preceding = preceding[turns[-1].end() :]
    following = re.split(r"[。\n!！]", text[hit.end() : hit.end() + _CONTEXT_AFTER])[0]
    return bool(fault.unless.search(preceding + hit.group() + following))
