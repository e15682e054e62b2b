"""The people that a message is about: the writer, or 我媳妇, 我妈, 邻居."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.text.pattern_file import patterns
from bot.text.text_span import TextSpan

_PATTERNS = patterns("people")
#: The id of the person who writes.
SELF = "self"
#: Names that the assistant uses for a person towards the writer.
PERSON_LABELS = {
    "wife": "你爱人", "husband": "你爱人", "partner": "你对象", "mother": "你家老人",
    "father": "你家老人", "son": "你儿子", "daughter": "你女儿", "child": "你孩子",
    "brother": "你兄弟", "sister": "你姐妹", "relative": "你亲戚", "friend": "你朋友",
}  # fmt: skip
#: Any word for a person, and what may stand between a person and an age; without groups.
RELATION, TILL_AGE = _PATTERNS["relation"].pattern, _PATTERNS["till_age"].pattern
#: Characters before an age that are looked at for a person.
_CONTEXT_CHARS = 16


def extract(text: str) -> list[TextSpan[str]]:
    """Return the people a normalised message is about: `wife`, `mother`… or `self`.

    A person who is only mentioned (我妈说…) is none.
    """
    mentions = [
        TextSpan(name, hit.start(), hit.end(), hit.group())
        for hit in _PATTERNS["spoken_for"].finditer(text)
        if (name := hit.lastgroup) and _is_about(hit, text)
    ]
    mentions += [
        TextSpan(SELF, hit.start(), hit.end(), hit.group())
        for hit in _PATTERNS["writer_again"].finditer(text)
    ]
    return sorted(mentions, key=lambda mention: mention.start)


def with_ages(text: str, starts: Sequence[int]) -> list[TextSpan[str]]:
    """Return the people of a message, with those that an age is told of (媳妇四十四).

    `starts` are the offsets of its ages. Others are only mentioned where the writer speaks of
    themselves: 我52了 媳妇四十四.
    """
    mentions = extract(text)
    aged = [person for person in (_person_of_age(text, start) for start in starts) if person]
    others = any(person.value != SELF for person in mentions)
    speaks = _PATTERNS["writer_acts"].search(text) and not _PATTERNS["asks_for_them"].search(text)
    for person in aged:
        is_mentioned = any(
            person.start < mention.end and mention.start < person.end for mention in mentions
        )
        is_subject = others if person.value == SELF else not speaks
        if is_subject and not is_mentioned:
            mentions.append(person)
    return sorted(mentions, key=lambda mention: mention.start)


def owner_of_age(text: str, start: int) -> str | None:
    """Return the id of the person that an age at an offset belongs to; None if none is named."""
    person = _person_of_age(text, start)
    return person.value if person else None


def belongs_to_other_person(text: str, start: int) -> bool:
    """Tell whether the words at an offset are about another person, in a message about its writer.

    我爸交了三十年社保 我能享受啥: the thirty years are not those of the one who asks.
    """
    return bool(
        _PATTERNS["of_relation"].search(text[:start]) and _PATTERNS["own_clause"].search(text)
    )


def _person_of_age(text: str, start: int) -> TextSpan[str] | None:
    """Return the person that an age at an offset belongs to; None when none is named."""
    window_start = max(0, start - _CONTEXT_CHARS)
    hit = _PATTERNS["of_age"].search(text[window_start:start])
    if not hit or not hit.lastgroup:
        return None
    offset, end = hit.span(hit.lastgroup)
    return TextSpan(hit.lastgroup, window_start + offset, window_start + end, hit[hit.lastgroup])


def _is_about(hit: re.Match[str], text: str) -> bool:
    return bool(hit["lead"]) or bool(_PATTERNS["about_them"].match(text[hit.end() : hit.end() + 4]))
