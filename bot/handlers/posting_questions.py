"""Questions about the postings shown: 管吃住不, 第二个几点上班, 57了要吗."""

from __future__ import annotations

import re
from typing import Any

from bot.db.session import session
from bot.fixed_replies import reply
from bot.handlers.policy import names_topic
from bot.handlers.ranked_units import likely_topic
from bot.matching import answer_replies, listed_replies, replies
from bot.matching.details import posting_item
from bot.matching.job_preference import JobPreference
from bot.matching.posting_answers import posting_answers
from bot.messages import Message
from bot.notifications.follow_ups import note_interest
from bot.text.normalise import normalise
from bot.turns.arbitration import OVER_A_RULE, state_of
from bot.turns.posting_references import referenced_posting, refers_to_posting, shown_postings
from bot.turns.turn import Turn
from bot.understanding.extractors import benefits
from bot.understanding.inquiries import seeks_work
from bot.understanding.list_talk import (
    asks_telephone,
    names_employers,
    names_service_place,
    wants_telephone,
)
from bot.understanding.posting_questions import (
    PostingQuestion,
    extract_posting_questions,
    may_ask_of_rules,
    questions,
)
from bot.understanding.slot_filling.job_preference import fill_preference_slots
from bot.understanding.slot_filling.profile import fill_incidental_slots

#: What `asked` holds while the number of the posting is waited for.
POSTING_CHOICE = "asked_posting"
#: Acts of a message that nobody else would answer: what it asks of the posting is.
_UNKNOWN_ACTS = ("out_of_scope", "nlu_fallback", "inform")
#: What a person tells of himself in such a question; a place in it is where it is far from.
_PERSON_SLOTS = ("age", "group")
#: Acts of a message whose questions are wishes as well.
_PREFERENCE_ACTS = ("find_job", "refine_job", "subscribe", *_UNKNOWN_ACTS)
#: Slots of what a list was looked for by.
_SEARCH_SLOTS = frozenset(("region_code", "also_regions", "occupation"))
#: What stands between two questions of one message.
_SEPARATORS = re.compile(r"[\s,，。;；、?？]+")


def answer_posting_question(turn: Turn) -> Message | None:
    """Return what a shown posting states of what is asked; None when nothing is asked of one."""
    text = normalise(turn.text).text
    if _asks_service_place(turn, text):
        return reply("station", "station")
    if (
        not shown_postings(turn)
        or turn.previous.open_question == "region"
        or "person" in turn.changes
    ):
        return None  # nothing was shown yet to another person
    if not refers_to_posting(turn) and _interview_is_open(turn):
        return None
    posting, numbers = referenced_posting(turn), turn.of_kind("ordinal")
    unclaimed = posting is not None and _is_unclaimed(turn)
    requested = _questions_asked(turn, text, unclaimed)
    if (
        not requested
        or _asks_about_law(turn, requested)
        or not _is_of_the_list(turn, text, requested)
    ):
        return None
    if posting is None and not numbers and _wishes(turn, text):
        return None  # 管吃住不, of a list: those that do are looked for
    turn.set(asked=None, pending=None, form=None, subject="job")
    if posting is not None:
        return _answer_for_posting(turn, posting, requested)
    if numbers:
        return replies.no_such_number(int(numbers[0]["value"]), len(shown_postings(turn)))
    turn.set(asked=POSTING_CHOICE, pending={"questions": [question.id for question in requested]})
    return _answer_for_list(turn, requested)


def asks_of_listed(turn: Turn) -> bool:
    """Tell whether a message asks nothing but what postings just shown state: 哪家 电话多少.

    Then no place near by, no counsellor and no subscription that is under way answers it.
    """
    text = normalise(turn.text).text
    if not shown_postings(turn) or state_of(turn).shows not in ("postings", "posting"):
        return False
    return not _asks_service_place(turn, text) and bool(
        _questions_asked(turn, text, unclaimed=False)
    )


def answer_for_all_postings(turn: Turn, requested: list[PostingQuestion]) -> Message:
    """Say what each posting of the last list, also one of this turn, states of what is asked."""
    listed = turn.current.shown_ids
    return (
        _answer_for_posting(turn, listed[0], requested)
        if len(listed) == 1
        else _answer_for_list(turn, requested)
    )


def answer_posting_choice(turn: Turn) -> Message | None:
    """Take the number of the posting that was meant; None when none is said."""
    posting = referenced_posting(turn) if turn.of_kind("ordinal") else None
    if posting is None:
        return None
    ids = turn.previous.pending.get("questions") or ()
    turn.set(asked=None, pending=None)
    return _answer_for_posting(
        turn,
        posting,
        [questions()[question_id] for question_id in ids if question_id in questions()],
    )


def _asks_service_place(turn: Turn, text: str) -> bool:
    """Tell whether a place of the service itself is asked for, or its number after that."""
    if refers_to_posting(turn) or seeks_work(text, turn.entities):
        return False
    after = state_of(turn).field == "places" and asks_telephone(text)
    looking = turn.previous.subject == "job"
    return after or (looking and names_service_place(text))


def _questions_asked(turn: Turn, text: str, unclaimed: bool) -> list[PostingQuestion]:
    """Return what a message asks of postings; the contact where a telephone is asked for."""
    if wants_telephone(text) and not _looks_elsewhere(turn):
        return [questions()["contact"]]
    return extract_posting_questions(turn.text, turn.entities, unclaimed)


def _looks_elsewhere(turn: Turn) -> bool:
    """Tell whether a message names another place or trade than the list shown has."""
    update = fill_preference_slots(turn.text, turn.entities, turn.previous, None)
    return not _SEARCH_SLOTS.isdisjoint(turn.previous.altered(update.slots))


def _wishes(turn: Turn, text: str) -> bool:
    """Tell whether a question is a wish at the same time: 管吃住不, of no posting named."""
    return (
        bool(benefits.wishes(text)[0])
        and turn.act in _PREFERENCE_ACTS
        and not refers_to_posting(turn)
    )


def _is_of_the_list(turn: Turn, text: str, requested: list[PostingQuestion]) -> bool:
    """Tell whether a question is of the list shown, also when a policy was spoken of since.

    Then the list is recent, and it is asked of postings alone, or of those who take people on:
    他们要吗. Where the law may be meant as well (十一加班吗), it is not.
    """
    if refers_to_posting(turn) or turn.previous.subject == "job":
        return True
    reading = turn.reading
    if reading is not None and reading.field == "knowledge" and reading.share >= OVER_A_RULE:
        return False
    if not _is_recent(turn) or may_ask_of_rules(requested, text):
        return False
    of_postings = all(question.alone for question in requested) and not names_topic(turn)
    return of_postings or names_employers(text)


def _is_recent(turn: Turn) -> bool:
    """Tell whether postings are what is shown, or were before the only matter since."""
    state = state_of(turn)
    one_since = state.before[-1:] == ("jobs",) and len(state.messages) <= 1
    return state.shows in ("posting", "postings") or one_since


def _answer_for_list(turn: Turn, requested: list[PostingQuestion]) -> Message:
    """Say what each posting of the list states of what is asked."""
    turn.set(**_person_slots(turn))
    wish = JobPreference.from_slots(turn.current.values)
    listed = turn.current.shown_ids
    with session() as db:
        answers = [
            (
                posting_item(db, posting_id, wish),
                posting_answers(db, posting_id, requested, wish.age),
            )
            for posting_id in listed
        ]
    return answer_replies.answer_for_list(requested, answers)


def _interview_is_open(turn: Turn) -> bool:
    """Tell whether an answer about the person's circumstances is waited for: 社保交没交过."""
    return turn.previous.interview.open_question is not None


def _is_unclaimed(turn: Turn) -> bool:
    """Tell whether no other subject would take it: not understood, or no topic is named.

    Nor is it likely to be of a policy: 社保断了影响退休不 asks no posting.
    """
    if likely_topic(turn) is not None or turn.of_kind("occupation"):
        return False
    return turn.act in _UNKNOWN_ACTS or (turn.act == "policy" and not names_topic(turn))


def _asks_about_law(turn: Turn, requested: list[PostingQuestion]) -> bool:
    """Tell whether the law is asked for: 试用期交社保吗, two things in one question."""
    together = len(requested) > len(_SEPARATORS.split(turn.text.strip()))
    return together and turn.act == "policy" and names_topic(turn) and not refers_to_posting(turn)


def _person_slots(turn: Turn) -> dict[str, Any]:
    """Return the slots that a question about postings tells of the person: 我57了要吗."""
    profile = fill_incidental_slots(turn.text, turn.entities, turn.previous)
    return {slot: profile[slot] for slot in _PERSON_SLOTS if slot in profile}


def _answer_for_posting(turn: Turn, posting: int, requested: list[PostingQuestion]) -> Message:
    person_slots = _person_slots(turn)
    turn.set(viewed=posting, **person_slots)
    if "age" in person_slots and questions()["age"] not in requested:
        requested = [*requested, questions()["age"]]  # 我55了 给上保险不
    wish = JobPreference.from_slots(turn.current.values)
    with session() as db:
        note_interest(db, turn.channel, turn.address, posting)
        item, states = (
            posting_item(db, posting, wish),
            posting_answers(db, posting, requested, wish.age),
        )
    return (
        answer_replies.answer_for_posting(item, states) if item else listed_replies.posting_gone()
    )
