"""Looking for a job: the search, its changes, the next page, one posting."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from bot.db.session import connection, session
from bot.handlers.job_search_detection import REGISTERED, wishes_any_trade
from bot.handlers.policy import answer_aside, answer_policy, is_about_a_policy
from bot.matching import find, list_notes, replies
from bot.matching.details import posting_item
from bot.matching.job_preference import JobPreference, PreferenceSlot
from bot.messages import Message
from bot.notifications.follow_ups import note_interest
from bot.text.normalise import normalise
from bot.text.questions import asks_or_not
from bot.turns.arbitration import SURE, goes_on_searching, state_of, was_just_said
from bot.turns.echo import echoed_words
from bot.turns.slots import Slots
from bot.turns.turn import Turn
from bot.understanding.extractors import salary
from bot.understanding.inquiries import (
    mentions_past_work,
    names_work,
    seeks_work,
    tells_registration,
)
from bot.understanding.list_talk import asks_what_there_is
from bot.understanding.posting_feedback import asks_for_more, means_those_named
from bot.understanding.slot_filling.job_preference import fill_preference_slots

#: Words for work, without which 都行 may be of anything.
_WORK_WORDS = ("活", "工作")
#: Kinds of what goes on with a search; and of what is told within a policy, of wages owed.
_SEARCH_KINDS = ("region", "ordinal", "person", "age", "education", "experience", "group")
_POLICY_FACT_KINDS = ("region", "salary", "amount", "duration", "date")
#: Policies of work that was done, or of a business of one's own: a trade told there is no wish.
_WORK_TOPICS = frozenset(
    (
        "wage-arrears", "labor-contract", "contract-termination", "severance", "probation",
        "overtime", "paid-leave", "work-injury", "labor-arbitration", "new-forms-of-employment",
        "discrimination", "recruitment-fraud", "social-insurance-enrolment", "startup-loan",
        "startup-subsidy", "startup-site-subsidy", "startup-leader-subsidy", "tax-relief",
    )
)  # fmt: skip
#: Kinds of what a person tells of himself.
_PERSON_KINDS = ("age", "experience", "group")
#: Facts of a person that a message tells beside a wish.
_PERSON_SLOTS = ("age", "education", "experience_years", "group")
#: What `asked` holds while the trades named in place of the one wished for wait for a yes.
OTHER_OCCUPATIONS = "other_trades"
#: Postings of this search that are remembered as shown, so that no list grows without end.
MAX_SEEN_POSTINGS = 200


def speaks_of_jobs(turn: Turn) -> bool:
    """Tell whether what was read can only be about a job, or goes on with a search."""
    if tells_of_policy(turn):
        return False
    if turn.of_kind("occupation") or turn.of_kind("salary") or turn.of_kind("work_time"):
        return True
    if search_changes(turn):
        return True
    if turn.previous.form == "job" and asks_what_there_is(normalise(turn.text).text):
        return True
    looking = "job" in (turn.previous.subject, turn.previous.form)
    return looking and any(turn.of_kind(kind) for kind in _SEARCH_KINDS)


def search_changes(turn: Turn) -> set[str]:
    """Return how a search goes on: a trade, what it should offer or pay, where else it may be.

    By the names of the slots; empty when it does not, or when no job is looked for.
    """
    if "job" not in (turn.previous.subject, turn.previous.form):
        return set()
    wish_slots = fill_preference_slots(turn.text, turn.entities, turn.previous, None).slots
    return {"welfare", "also_regions", "occupation", "salary_min"} & wish_slots.keys()


def tells_of_policy(turn: Turn) -> bool:
    """Tell whether a message tells a sum, time or place within the policy spoken of.

    A search opens on a clear wish for work only: 在鲅鱼圈干的活, of wages owed, is none.
    """
    if "job" in (turn.current.subject, turn.previous.form) or not turn.current.topic:
        return False
    text = normalise(turn.text).text
    tells_fact = any(turn.of_kind(kind) for kind in _POLICY_FACT_KINDS)
    done = tells_fact and mentions_past_work(text) and turn.current.topic in _WORK_TOPICS
    if turn.reading and turn.reading.field == "jobs" and turn.reading.share >= SURE and not done:
        return False
    trade = any(not occupation.get("past") for occupation in turn.of_kind("occupation"))
    if seeks_work(text, turn.entities) or wishes_any_work(turn):
        return False
    if turn.current.topic in _WORK_TOPICS and not names_work(text):
        return tells_fact or trade  # 干焊工的, of wages owed
    return tells_fact and (mentions_past_work(text) or not (trade or names_work(text)))


def wishes_any_work(turn: Turn) -> bool:
    """Tell whether any work will do, in a message that names work: 随便啥活都行."""
    return wishes_any_trade_at_all(turn) and any(word in turn.text for word in _WORK_WORDS)


def wishes_any_trade_at_all(turn: Turn) -> bool:
    """Tell whether any trade will do, even if no work is named: 别的啥都行."""
    update = fill_preference_slots(turn.text, turn.entities, Slots({}), None)
    return bool(Slots(update.slots).any_occupation)


def answer_jobs(turn: Turn) -> Message:
    """Search, or change the search; 那大连呢 after a policy's answer asks for it in 大连."""
    only = {"region", "person", "age"} >= {e["entity"] for e in turn.entities} - {"aspect"}
    names_place_or_person = turn.of_kind("region") or turn.of_kind("person")
    of_policy = turn.current.subject == "policy" and turn.previous.form != "job"
    of_policy = of_policy and not _is_surely_of_jobs(turn)  # 高新园区也可以 有班车没
    if (
        turn.act == "refine_job" and only and names_place_or_person and of_policy
    ) or tells_of_policy(turn):
        return answer_policy(turn.with_act("policy", topics=[]))
    return search_jobs(turn)


def _is_surely_of_jobs(turn: Turn) -> bool:
    return turn.reading is not None and turn.reading.field == "jobs" and turn.reading.share >= SURE


def search_jobs(turn: Turn) -> Message:
    """Return postings, one posting, or the next question; a pay that cannot be read is said so."""
    message = _search(turn)
    unread = salary.unreadable_pay(normalise(turn.text).text)
    return replies.not_understood(message, unread) if unread else message


def _search(turn: Turn) -> Message:
    """Search; remember what the search is."""
    running = turn.previous.subject == "job"
    open_question = turn.previous.open_question
    read = normalise(turn.text).text
    answers = running and open_question is not None and not seeks_work(read, turn.entities)
    act = turn.act if turn.act in ("find_job", "refine_job") else "find_job"
    if answers or (running and turn.act not in ("find_job", "refine_job")):
        act = "refine_job"
    turn.set(subject="job", asked=None, pending=None, form=None)
    if _asks_for_posting(turn):
        return _shown_posting(turn)
    update = fill_preference_slots(turn.text, turn.entities, turn.previous, open_question)
    turn.set(**update.slots)
    if wishes_any_trade(turn) and not turn.current.occupations:
        turn.set(any_occupation=True)
    if update.ambiguous:
        place_name = next(e["text"] for e in turn.of_kind("region") if not e["value"])
        turn.set(pending={"region": list(update.ambiguous)}, asked="region", form="job")
        return replies.ask_region(place_name, update.ambiguous, act)
    if update.asks_raise and not update.slots:
        turn.set(asked="salary")
        return replies.question("salary", act)
    wish = _wish(turn)
    goes_on = open_question == "occupation" and (turn.act == "affirm" or bool(update.slots))
    if wish.missing() == "occupation" and goes_on and turn.current.past_occupations:
        # Offered once; who answers with a place or a sum has not asked for another.
        turn.set(occupation=turn.current.past_occupations)
        wish = _wish(turn)
    missing = wish.missing()
    if missing and (_only_tells(turn, read) or _must_ask(turn, wish, open_question)):
        return _ask(turn, missing, act)
    return _show(turn, wish, act, facts=_PERSON_SLOTS & update.slots.keys())


def _wish(turn: Turn) -> JobPreference:
    """Return the conversation's wish as it is after this turn's changes."""
    return JobPreference.from_slots(turn.current.values)


def _must_ask(turn: Turn, wish: JobPreference, open_question: str | None) -> bool:
    """Tell whether neither trade nor place is known, and the question is not asked again."""
    is_known = wish.missing() != "occupation" or wish.places or turn.current.past_occupations
    skipped = turn.previous.form == "job" and open_question == "occupation"
    list_shown = turn.previous.subject == "job" and turn.previous.shown_ids
    return not (is_known or skipped or list_shown)


def _only_tells(turn: Turn, text: str) -> bool:
    """Tell whether a first message tells of its writer, and does not say that work is wished for.

    52了 电焊干了20多年 厂子黄了: they are asked, and not shown a whole province.
    """
    tells_of_person = any(turn.of_kind(kind) for kind in _PERSON_KINDS)
    past = any(occupation.get("past") for occupation in turn.of_kind("occupation"))
    begins = turn.previous.subject != "job"
    return begins and (tells_of_person or past) and not seeks_work(text, turn.entities)


def _ask(turn: Turn, missing: PreferenceSlot, act: str) -> Message:
    """Ask for the trade or the place, once; after any answer postings are shown."""
    turn.set(asked=missing, form="job", pending=None)
    return replies.question(missing, act, echoed_words(turn), turn.current.past_occupations)


def _show(turn: Turn, wish: JobPreference, act: str, facts: Set[str] = frozenset()) -> Message:
    """Search and show; a trade done so far is taken where none is named."""
    if wish.group == REGISTERED:
        facts = facts - {"group"}  # noted elsewhere
    same = _plainly(wish) == _plainly(JobPreference.from_slots(turn.previous.values))
    later = same and asks_for_more(turn.text)
    question = asks_or_not(turn.text)
    seeks = seeks_work(normalise(turn.text).text, turn.entities)
    unanswered = question and not seeks
    told_nothing = same and not later and not facts
    seeks = seeks or tells_registration(normalise(turn.text).text)
    is_side_question = told_nothing and not (seeks or goes_on_searching(turn))
    aside = answer_aside(turn) if is_side_question and turn.previous.shown_ids else None
    if aside:
        return aside
    if told_nothing and unanswered and turn.previous.shown_ids and _asks_of_a_policy(turn):
        return answer_policy(turn.with_act("policy"))
    if told_nothing and _was_shown(turn, unanswered):
        turn.set(pending=turn.previous.pending or None)
        return replies.same_list(act, len(turn.previous.shown_ids), question)
    past = () if wish.missing() != "occupation" else tuple(turn.current.past_occupations)
    seen_ids = turn.previous.seen_ids if later else []
    earlier_ids = () if later else tuple(turn.previous.seen_ids)
    dismissed = turn.current.dismissed_ids
    with connection() as db:
        of_past = replace(wish, occupations=past) if past else wish
        matches = find(db, of_past, exclude=[*seen_ids, *dismissed], shown_before=earlier_ids)
        has_past_matches = bool(matches.total) or not past
        if not has_past_matches:
            matches = find(db, wish, exclude=[*seen_ids, *dismissed], shown_before=earlier_ids)
    wish = of_past if past and has_past_matches else wish
    next_wish = None if later else _next_wish(turn, wish)
    if next_wish == "salary" and not matches.items:
        next_wish = None  # nothing that could be picked finer
    note = (
        list_notes.past_trade_note(past, has_past_matches)
        if past
        else list_notes.missing_slot_question(next_wish)
    )
    message = replies.postings(
        matches, wish, act, later, turn.current.person, facts=facts, offer_lines=note
    )
    shown_ids = [match.features.posting_id for match in matches.items]
    if shown_ids or not later:  # 第二个 still means the last list where nothing followed it
        turn.set(shown=shown_ids, viewed=None, seen=(seen_ids + shown_ids)[-MAX_SEEN_POSTINGS:])
    turn.set(asked="occupation" if past else "salary" if not wish.salary_min else None)
    others = list(matches.others.names)
    if others:
        turn.set(asked=OTHER_OCCUPATIONS, pending={"trades": others})
        if was_just_said(turn, message):
            return replies.still_none(act, others)
    return message


def _asks_of_a_policy(turn: Turn) -> bool:
    """Tell whether the classifier takes a question amid a list for one of some policy."""
    return turn.intended in ("policy", "calculate") and is_about_a_policy(turn)


def answer_others(turn: Turn) -> Message | None:
    """Search for the trades that were named in place of the one wished for, after a yes.

    啥活都行 is of any trade, not only of those.
    """
    trades = turn.previous.pending.get("trades")
    any_will_do = wishes_any_trade_at_all(turn)
    if not trades or not (turn.act == "affirm" or any_will_do):
        return None
    if turn.of_kind("occupation"):
        return None  # one of them, or another
    if any_will_do and not means_those_named(normalise(turn.text).text):
        turn.set(occupation=None, any_occupation=True)
    else:
        turn.set(occupation=trades)
    others = replace(turn.part(None), act="refine_job")
    message = search_jobs(others)
    turn.set(**others.changes)
    return message


def _plainly(wish: JobPreference) -> JobPreference:
    """Return a wish without what changes nothing of a search: that any trade will do."""
    return replace(wish, any_occupation=False)


def _was_shown(turn: Turn, or_earlier: bool) -> bool:
    """Tell whether the last answer, or with `or_earlier` any, was a list for the same person."""
    if not turn.previous.shown_ids or turn.of_kind("person"):
        return False
    return or_earlier or state_of(turn).shows in ("postings", "posting")


def _next_wish(turn: Turn, wish: JobPreference) -> PreferenceSlot | None:
    """Return what is asked for under a list: the first thing missing, each once in a talk."""
    already_requested = list(turn.previous.pending.get("asked_for") or ())
    if "salary_min" in turn.changes:
        already_requested.append("salary")  # any pay will do
    missing: dict[PreferenceSlot, bool] = {
        "occupation": wish.missing() == "occupation",
        "region": not wish.places,
        "salary": not wish.salary_min,
    }
    next_wish = next(
        (
            wish_name
            for wish_name, open_ in missing.items()
            if open_ and wish_name not in already_requested
        ),
        None,
    )
    turn.set(
        pending={"asked_for": [*already_requested, next_wish] if next_wish else already_requested}
    )
    return next_wish


def _asks_for_posting(turn: Turn) -> bool:
    """Tell whether a message means a posting of the last list: 第二个, or a lone `2`."""
    shown_ids = turn.previous.shown_ids
    return bool(shown_ids and turn.of_kind("ordinal")) and turn.previous.open_question != "region"


def _shown_posting(turn: Turn) -> Message:
    """Return the posting meant; a number beyond the list is said to be none."""
    shown_ids = turn.previous.shown_ids
    number = int(turn.of_kind("ordinal")[0]["value"])
    if number > len(shown_ids):
        return replies.no_such_number(number, len(shown_ids))
    position = len(shown_ids) if number == -1 else number
    turn.set(viewed=int(shown_ids[position - 1]))
    with session() as db:
        note_interest(db, turn.channel, turn.address, int(shown_ids[position - 1]))
        wish = JobPreference.from_slots(turn.previous.values)
        return replies.posting_details(
            posting_item(db, shown_ids[position - 1], wish), "refine_job"
        )
