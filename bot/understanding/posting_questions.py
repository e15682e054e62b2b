"""Questions on one posting: 管吃住不, 几点上班, 57了要吗. Patterns are data.

A message asks of a posting when nothing else stands in it: 失业金给多少钱 is no question of pay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.caches import process_cache
from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.text.questions import asks_or_not
from bot.understanding.list_talk import asks_for_others, without_asides
from bot.yaml_files import read_yaml

Entity = Mapping[str, Any]

#: Kinds of entities that may stand in such a question; patterns see `<age>` in their place. A
#: group or a trade may stand only where a pattern has it: 残疾人能去吗, 要叉车证不.
_ALLOWED_ENTITIES = ("ordinal", "age", "region", "person", "group", "occupation")
#: Longer messages say more than a question.
_MAX_CHARS = 60
_PATTERNS = patterns("posting_questions")


@dataclass(frozen=True)
class PostingQuestion:
    """A kind of question on a posting."""

    id: str
    name: str
    """Its name in texts for people."""
    pattern: re.Pattern[str]
    bare: re.Pattern[str] | None
    """The part of `pattern` that asks by itself; the rest needs a question."""
    offers: tuple[str, ...]
    """Ids of offers.yml that answer it."""
    quotes: re.Pattern[str] | None
    """Words of a posting that state it; None where only its fields do."""
    every_word: bool
    """True when all of its words state it."""
    unknown: str
    """The answer when the posting does not state it."""
    rule_question: str | None
    """A question on the rule that applies to it."""
    alone: bool
    """True when it is asked of postings only, whatever the subject was before."""
    of_rules: re.Pattern[str] | None = None
    """Words with which it may be asked of the law, or of one's own employer, as well."""
    value_texts: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Sentences on its values, by name; {value} stands for the value."""


#: A question with its span in the text.
Hit = tuple[PostingQuestion, int, int]


@process_cache(size=1)
def questions() -> dict[str, PostingQuestion]:
    """Return the questions of data/vocab/posting_questions.yml by id, in the order of answering."""
    file = settings().data_file("vocab", "posting_questions.yml")
    content = read_yaml(file)
    return {
        name: PostingQuestion(
            name,
            entry["name"],
            re.compile(entry["asks"]),
            re.compile(entry["bare"]) if "bare" in entry else None,
            tuple(entry.get("offers", ())),
            re.compile(entry["quotes"]) if "quotes" in entry else None,
            entry.get("whole", False),
            entry["unknown"],
            entry.get("more"),
            entry.get("alone", False),
            re.compile(entry["of_rules"]) if "of_rules" in entry else None,
            entry.get("says", {}),
        )
        for name, entry in content.items()
    }


def extract_posting_questions(
    text: str, entities: Sequence[Entity] = (), allow_other_content: bool = False
) -> list[PostingQuestion]:
    """Return the questions of a message on a posting; none when it speaks of anything else too.

    `allow_other_content`: other things may stand in it (几点下班 能接孩子吗).
    """
    rest = without_asides(normalise(_marked(text, entities)).text)
    if len(rest) > _MAX_CHARS or asks_for_others(rest):
        return []
    hits = _longest(
        (question, *hit.span())
        for question in questions().values()
        for hit in question.pattern.finditer(rest)
    )
    if not (asks_or_not(text) or all(_asks_by_itself(hit, rest) for hit in hits)):
        return []
    covered = {index for _, start, end in hits for index in range(start, end)}
    uncovered = "".join(" " if index in covered else char for index, char in enumerate(rest))
    if _PATTERNS["filler"].sub("", uncovered) and not allow_other_content:
        return []
    return list(dict.fromkeys(question for question, _, _ in hits))


def may_ask_of_rules(candidates: Iterable[PostingQuestion], text: str) -> bool:
    """Tell whether a normalised question may be of the law as well: 他们不给交保险吗."""
    return any(question.of_rules and question.of_rules.search(text) for question in candidates)


def _asks_by_itself(hit: Hit, text: str) -> bool:
    question, start, end = hit
    return bool(question.bare and question.bare.search(text[start:end]))


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Return the finds that do not stand within a longer one: 工资 in 什么时候发工资."""
    candidates = list(hits)
    return [
        (question, start, end)
        for question, start, end in candidates
        if not any(a <= start and end <= z and z - a > end - start for _, a, z in candidates)
    ]


def _marked(text: str, entities: Sequence[Entity]) -> str:
    """Return a text with the kind of each place, age, person or number in its place."""
    stand = [entity for entity in entities if entity["entity"] in _ALLOWED_ENTITIES]
    for entity in sorted(stand, key=lambda entity: int(entity["start"]), reverse=True):
        text = f"{text[: int(entity['start'])]}<{entity['entity']}>{text[int(entity['end']) :]}"
    return text
