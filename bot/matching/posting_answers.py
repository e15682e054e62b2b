"""Answers of a posting to questions about it: its fields in words, and quotes of its text.

Nothing is concluded: what it does not state is said to be not stated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bot import clock
from bot.db.comma_lists import split
from bot.db.tables import Posting
from bot.matching import features_of
from bot.matching.details import visible_posting
from bot.postings.ingest import shifts
from bot.postings.screening.rules import faults
from bot.text.pattern_file import patterns
from bot.understanding.extractors import benefits, education, work_time
from bot.understanding.posting_questions import PostingQuestion, questions
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording

_PATTERNS = patterns("posting_answers")
_SAY = wording("posting_answers")

#: Clauses quoted to one question at most, and characters of one.
_MAX_QUOTES, _MAX_QUOTE_LENGTH = 3, 60
#: Questions with fields that are words of the text where no column states them.
_QUOTED_FIELDS = ("contact", "apply", "link", "place", "until")
#: Characters of a description that answer what the work is.
_MAX_DESCRIPTION_LENGTH = 160
_MAX_LEFTOVER = 1
_SENTENCE = re.compile(r"[。；;！!？?\n\r]+")
_CLAUSE = re.compile(r"[，,]\s{0,9}")


@dataclass(frozen=True)
class PostingAnswer:
    """The answer of one posting to one question."""

    question: PostingQuestion
    fields: tuple[str, ...] = ()
    """What its fields say, in plain words."""
    quotes: tuple[str, ...] = ()
    """Its own words."""
    fits: bool | None = None
    """Of an age limit: whether the person's age is within; None where either is unknown."""

    @property
    def is_answered(self) -> bool:
        """True when it states anything."""
        return bool(self.fields or self.quotes)


def posting_answers(
    db: Session, posting_id: int, questions_asked: Sequence[PostingQuestion], age: int | None = None
) -> list[PostingAnswer]:
    """Return the answers of an open posting to each question; empty when it is gone.

    `age` is the person's, where it is known: whether it is within a limit is told.
    """
    posting = visible_posting(db, posting_id)
    if posting is None:
        return []
    answers = [_posting_answer(posting, item) for item in questions_asked]
    return [
        replace(item, fits=_fits(posting, age)) if item.question.id == "age" else item
        for item in answers
    ]


def _fits(posting: Posting, age: int | None) -> bool | None:
    traits = features_of(posting).traits
    limits = traits.ages if traits else None
    return limits[0] <= age <= limits[1] if limits and age else None


def _posting_answer(posting: Posting, question: PostingQuestion) -> PostingAnswer:
    fields = tuple(_fields(posting, question))
    quoted = quotes(posting, question)
    if question.id == "place" and fields and not (posting.address or quoted):
        return PostingAnswer(question, (*fields, question.unknown))
    if question.id in _QUOTED_FIELDS:
        quoted = tuple(quote for quote in quoted if not _repeats(quote, fields))
    return PostingAnswer(question, fields, quoted)


def _repeats(quote: str, fields: Sequence[str]) -> bool:
    """Tell whether a quote says no more than the fields, which may stem from it."""
    parts = [part for field in fields for part in field.split() if part in quote]
    remainder = quote
    for part in parts:
        remainder = remainder.replace(part, "")
    return bool(parts) and len(_PATTERNS["label"].sub("", remainder)) <= _MAX_LEFTOVER


def quotes(posting: Posting, question: PostingQuestion) -> tuple[str, ...]:
    """Return the clauses of a posting's description that state what was asked."""
    if question.every_word:
        begin = " ".join(posting.description.split())
        return (_cut(begin, _MAX_DESCRIPTION_LENGTH),) if begin else ()
    if question.quotes is None:
        return ()
    sentences = []
    for sentence in _SENTENCE.split(posting.description):
        clauses = [
            clause.strip() for clause in _CLAUSE.split(sentence) if question.quotes.search(clause)
        ]
        if clauses:
            sentences.append(
                _cut(_PATTERNS["list_mark"].sub("", "，".join(clauses)), _MAX_QUOTE_LENGTH)
            )
    return tuple(dict.fromkeys(sentences))[:_MAX_QUOTES]


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}……"


def _fields(posting: Posting, question: PostingQuestion) -> list[str]:
    offer_ids = set(split(posting.welfare)) & set(question.offers)
    offer_names = [name for id_, name in benefits.names().items() if id_ in offer_ids]
    return [*_FIELDS.get(question.id, _none)(posting), *offer_names]


def _none(_: Posting) -> list[str]:
    return []


def _pay(posting: Posting) -> list[str]:
    return [posting.salary_text] if posting.salary_text else []


def _hours(posting: Posting) -> list[str]:
    names = shifts.names()
    shift_names = [names[shift] for shift in split(posting.shifts) if shift in names]
    return shift_names or [work_time.NAMES[posting.work_time]] if posting.work_time else shift_names


def _place(posting: Posting) -> list[str]:
    region = vocabulary().full_name(posting.region_code) if posting.region_code else ""
    return [part for part in (region or posting.place_text, posting.address) if part]


def _age(posting: Posting) -> list[str]:
    if posting.age_text:
        return [posting.age_text]
    posting_traits = features_of(posting).traits
    limits = posting_traits.ages if posting_traits else None
    return [_SAY("ages", youngest=limits[0], oldest=limits[1])] if limits else []


def _sex(posting: Posting) -> list[str]:
    return [_SAY("sex_column", sex=posting.sex_text)] if posting.sex_text else []


def _contact(posting: Posting) -> list[str]:
    return [posting.contact] if posting.contact else []


def _apply(posting: Posting) -> list[str]:
    """Return how to apply, else the contact and the link."""
    return [part for part in (posting.apply_text, posting.contact, posting.link) if part]


def _link(posting: Posting) -> list[str]:
    return [posting.link] if posting.link else []


def _published(posting: Posting) -> list[str]:
    day = posting.published_on
    return [questions()["published"].value_texts["day"].format(value=day)] if day else []


def _until(posting: Posting) -> list[str]:
    until = posting.valid_until
    if until is None:
        return []
    name = "over" if until < clock.today() else "day"
    return [questions()["until"].value_texts[name].format(value=until)]


def _source(posting: Posting) -> list[str]:
    return [posting.source] if posting.source else []


def _schooling(posting: Posting) -> list[str]:
    level = posting.education
    if level is None:
        return []
    if level == "none":
        return [_SAY("no_schooling")]
    return [_SAY("schooling_from", level=education.NAMES[level])]


def _experience(posting: Posting) -> list[str]:
    years = posting.experience_years
    if years is None:
        return []
    return [_SAY("experience_years", years=years) if years else _SAY("no_experience")]


def _employer(posting: Posting) -> list[str]:
    employer = posting.employer
    return [
        part for part in (employer.name, employer.kind, employer.industry, employer.size) if part
    ]


def _headcount(posting: Posting) -> list[str]:
    return [_SAY("headcount", count=posting.headcount)] if posting.headcount else []


def _open(posting: Posting) -> list[str]:
    days = [*_published(posting), *_until(posting)]
    return [*days, questions()["open"].value_texts["ask"]] if days else []


def _trust(posting: Posting) -> list[str]:
    all_faults = faults()
    return [all_faults[name].warning for name in split(posting.warnings) if name in all_faults]


_FIELDS: dict[str, Callable[[Posting], list[str]]] = {
    "pay": _pay,
    "hours": _hours,
    "place": _place,
    "age": _age,
    "sex": _sex,
    "contact": _contact,
    "apply": _apply,
    "link": _link,
    "published": _published,
    "until": _until,
    "source": _source,
    "schooling": _schooling,
    "experience": _experience,
    "employer": _employer,
    "headcount": _headcount,
    "open": _open,
    "trust": _trust,
}
