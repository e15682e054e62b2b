"""Side questions of a message that holds a search: 有食堂要人不。健康证在哪办，多少钱."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.fixed_replies import reply
from bot.handlers.further_questions import MIN_FURTHER_PROBABILITY
from bot.handlers.posting_questions import answer_for_all_postings
from bot.handlers.ranked_units import answer_claim
from bot.messages import Message
from bot.policies import replies
from bot.policies.ranking.index import AnswerQuery, current_answers
from bot.text.clauses import clauses
from bot.text.normalise import normalise
from bot.text.questions import asks_or_not
from bot.turns.slots import Slots
from bot.turns.turn import Turn
from bot.understanding.extractors import benefits
from bot.understanding.inquiries import seeks_work
from bot.understanding.list_talk import asks_what_there_is, names_employers, wants_telephone
from bot.understanding.posting_questions import (
    PostingQuestion,
    extract_posting_questions,
    questions,
)
from bot.understanding.slot_filling.job_preference import fill_preference_slots

#: The acts of a search.
_SEARCH_ACTS = frozenset(("find_job", "refine_job"))
#: Slots that a part of a search fills, and characters of a question of its own.
_PREFERENCE_SLOTS = frozenset(
    ("welfare", "salary_min", "work_time", "also_regions", "excluded", "age")
)
_MIN_QUESTION_CHARS = 6
#: What every card states: 我能干点啥 is no question of one.
_QUESTIONS_ON_CARDS = ("work", "pay")


def answer_side_questions(turn: Turn, answers: Sequence[Message]) -> list[Message]:
    """Return the answers to the side questions of a search that was answered with a list:
    what the postings state, what a claim says, or that it is not verified.

    They stand below the list and are no business of their own (`act`): it stays what is shown.
    """
    if (
        len(answers) != 1
        or answers[0].act not in _SEARCH_ACTS
        or not getattr(answers[0], "items", None)
    ):
        return []
    requested, other_question = _split_questions(turn)
    of_list = [answer_for_all_postings(turn, requested)] if requested else []
    of_base = [_answer_from_base(turn, other_question)] if other_question is not None else []
    return [replace(message, act=None) for message in (*of_list, *of_base)]


def _split_questions(turn: Turn) -> tuple[list[PostingQuestion], Turn | None]:
    """Return what is asked of the postings, and the part that asks something else."""
    text = normalise(turn.text).text
    requested = [questions()["contact"]] if wants_telephone(text) else []
    others: list[Turn] = []
    following, searches = _questions_after_search(turn)
    for part in following:
        of_posting = [] if others else _posting_questions(part)
        requested += of_posting
        if others or (searches and not (of_posting or _is_of_the_search(part))):
            others.append(part)
    return list(dict.fromkeys(requested)), _joined(turn, others) if others else None


def _posting_questions(part: Turn) -> list[PostingQuestion]:
    """Return what a part asks that no card states, nor a line of the list."""
    if benefits.wishes(normalise(part.text).text)[0]:
        return []
    requested = extract_posting_questions(part.text, part.entities)
    return [question for question in requested if question.id not in _QUESTIONS_ON_CARDS]


def _is_of_the_search(part: Turn) -> bool:
    """Tell whether a part only goes on with the search: 那司机的呢, 管吃住不, 有没有近点的."""
    if len(part.text) < _MIN_QUESTION_CHARS or names_employers(normalise(part.text).text):
        return True
    update = fill_preference_slots(part.text, part.entities, Slots({}), None)
    return update.asks_raise or bool(update.slots.keys() & _PREFERENCE_SLOTS)


def _questions_after_search(turn: Turn) -> tuple[list[Turn], bool]:
    """Return the questions that follow the search in a message, and whether there is a search.

    Without one the message changes a search, and asks of its list.
    """
    parts = _clauses(turn)
    searches = [index for index, part in enumerate(parts) if _seeks(part)]
    following = parts[searches[-1] + 1 if searches else 0 :]
    return [part for part in following if asks_or_not(part.text)], bool(searches)


def _clauses(turn: Turn) -> list[Turn]:
    """Return the clauses of a message of several, with what the classifier made of its requests."""
    read = normalise(turn.text)
    parts = []
    for start, end in (read.original_span(*span) for span in clauses(read.text)):
        holds = (request for request in turn.requests if request["start"] <= start < request["end"])
        part = turn.part({**next(holds, {}), "start": start, "end": end})
        parts.append(replace(part, text=part.text.rstrip()))
    return parts if len(parts) > 1 else []


def _seeks(part: Turn) -> bool:
    text = normalise(part.text).text
    looks = seeks_work(text, part.entities) or asks_what_there_is(text)
    return looks or bool(part.of_kind("region"))


def _joined(turn: Turn, parts: Sequence[Turn]) -> Turn:
    """Return several questions, one after the other, as one: 健康证在哪办，多少钱."""
    first = parts[0]
    start = turn.text.index(first.text)
    return replace(first, text=turn.text[start:].strip(), requests=())


def _answer_from_base(turn: Turn, part: Turn) -> Message:
    """Return what a claim says to a side question of the search, or that it is not verified.

    It begins a business of its own: what was spoken of before does not weigh.
    """
    topics = {topic.name: topic.confidence for topic in part.topics}
    hits = current_answers().search(AnswerQuery(part.text, topics, None, (), None), limit=1)
    best = hits[0] if hits else None
    if best and best.unit.aspect is None and best.probability >= MIN_FURTHER_PROBABILITY:
        message = answer_claim(part, best)
        if message:
            # The part shares `units` with the turn; a job is still what is spoken of.
            turn.set(**{**part.changes, "subject": turn.current.subject})
            return replies.further_answer(message, (part.text, *best.unit.asks))
    unverified = reply("beside_unverified", "refine_job")
    return replace(unverified, text=unverified.text.format(question=part.text))
