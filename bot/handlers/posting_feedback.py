"""Feedback on the postings shown: saved, applied for, unsuitable, filled, a fraud."""

from __future__ import annotations

from dataclasses import replace

from bot.db.session import session
from bot.handlers.job_search import search_changes, search_jobs
from bot.matching import listed_replies
from bot.matching.details import newest_day, posting_item
from bot.matching.job_preference import JobPreference
from bot.messages import Message
from bot.postings.screening.user_reports import report_posting
from bot.seekers.identity import find_seeker
from bot.seekers.posting_notes import note, save, saved
from bot.text.normalise import normalise
from bot.turns.arbitration import LIKELY, state_of
from bot.turns.posting_references import referenced_posting, refers_to_posting, shown_postings
from bot.turns.turn import Turn
from bot.understanding.list_talk import closes, closes_for_now, complains_of_nothing_new
from bot.understanding.posting_feedback import (
    FeedbackKind,
    asks_for_preference,
    asks_for_saved,
    is_of_an_earlier_list,
    mentions_service,
    posting_feedback,
)

#: What `asked` holds while the number of a posting, or the yes to a report, is waited for.
POSTING_CHOICE, REPORT = "which_posting", "report_posting"
#: Postings that are left out of later lists; no list of them grows without end.
MAX_DISMISSED_POSTINGS = 200
#: Acts that what is said of a posting may be taken for.
_FEEDBACK_ACTS = frozenset(
    (
        "refine_job", "find_job", "follow_up", "report_posting", "deny", "affirm", "inform",
        "nlu_fallback", "out_of_scope", "my_data", "register", "subscribe",
    )
)  # fmt: skip

#: Acts that the news of a posting which is filled may be taken for: a disappointment too.
_FILLED_NEWS_ACTS = _FEEDBACK_ACTS | {"handoff"}


def answer_posting_feedback(turn: Turn) -> Message | None:
    """Return the answer to what is said of shown or saved postings; None when nothing is."""
    text = normalise(turn.text).text
    list_answer = _list_talk(turn, text)
    if list_answer:
        return list_answer
    if turn.act in (*_FEEDBACK_ACTS, "find_job", "help") and asks_for_saved(text):
        return _show_saved(turn)
    if turn.act in (*_FEEDBACK_ACTS, "help", "handoff") and asks_for_preference(text):
        return listed_replies.current_preference(JobPreference.from_slots(turn.previous.values))
    if not turn.previous.shown_ids or turn.previous.open_question == "region":
        return None
    names_posting = refers_to_posting(turn)
    kind = posting_feedback(text, names_posting)
    if kind is None or not _is_about_posting(turn, kind, names_posting):
        return None
    if kind == "dull" and referenced_posting(turn) is None and search_changes(turn):
        return None  # 这个太远了, of several: nearer ones are looked for
    return _answer_for_posting(turn, kind, text)


def _list_talk(turn: Turn, text: str) -> Message | None:
    """Answer remarks on a list that are about no posting of it: enough, nothing new."""
    if turn.previous.subject != "job":
        return None
    listed = bool(turn.previous.shown_ids) and turn.previous.form != "job"
    if closes(text) if listed else closes_for_now(text):
        turn.set(asked=None, pending=None, form=None)
        return listed_replies.fixed_reply("list_enough", "thanks")
    if listed and complains_of_nothing_new(text):
        with session() as db:
            return listed_replies.nothing_new(newest_day(db, shown_postings(turn)))
    return None


def answer_posting_choice(turn: Turn) -> Message | None:
    """Take the number of the posting that was meant; None when none is said."""
    pending = turn.previous.pending
    if not turn.of_kind("ordinal"):
        return None
    return _answer_for_posting(turn, pending["note"], pending["said"])


def answer_report(turn: Turn) -> Message | None:
    """Report a posting after a yes; None when the person speaks of something else."""
    pending = turn.previous.pending
    if turn.act not in ("affirm", "deny", "report_posting"):
        return None
    turn.set(asked=None, pending=None)
    if turn.act == "deny":
        return listed_replies.fixed_reply("report_left", "report_posting")
    with session() as db:
        seeker = find_seeker(db, turn.channel, turn.address)
        done = report_posting(
            db, pending["posting"], pending["said"], seeker.id if seeker else None
        )
    if done:
        _dismiss(turn, [done.posting_id])
    return listed_replies.fixed_reply("report_done", "report_posting")


def _is_about_posting(turn: Turn, kind: FeedbackKind, names_posting: bool) -> bool:
    """Tell whether a message is about a posting, not a question that has the same words in it."""
    if kind == "full" and not turn.of_kind("ordinal"):
        return _is_news_of_the_list(turn, names_posting)
    if names_posting:
        return turn.act in _FEEDBACK_ACTS or not turn.topic_sure
    if kind == "report":
        return turn.act == "report_posting"
    if kind == "applied":
        return turn.act in _FEEDBACK_ACTS and turn.act != "follow_up"
    return (
        turn.act in _FEEDBACK_ACTS and not turn.of_kind("occupation") and not turn.of_kind("region")
    )


def _is_news_of_the_list(turn: Turn, names_posting: bool) -> bool:
    """Tell whether what is said to be filled is of postings shown: 我去了 人说早招满了.

    What an office said of a public post is not, nor what is told within a policy.
    """
    recent = turn.previous.subject == "job" or state_of(turn).shows in ("posting", "postings")
    if not recent or mentions_service(normalise(turn.text).text):
        return False
    if names_posting:
        return turn.act in _FILLED_NEWS_ACTS or not turn.topic_sure
    reading = turn.reading
    if reading is not None and reading.field == "knowledge" and reading.share >= LIKELY:
        return False
    return turn.act in _FILLED_NEWS_ACTS


def _answer_for_posting(turn: Turn, kind: FeedbackKind, text: str) -> Message:
    turn.set(asked=None, pending=None, form=None)
    posting = referenced_posting(turn)
    if kind == "full":
        earlier = not turn.of_kind("ordinal") and is_of_an_earlier_list(text)
        return _answer_filled(turn, None if earlier else posting)
    if posting is None and kind == "dull":
        _note(turn, shown_postings(turn), kind)
        return _show_others(turn)
    if posting is None:
        turn.set(asked=POSTING_CHOICE, pending={"note": kind, "said": text})
        return listed_replies.ask_which_posting(kind, len(shown_postings(turn)))
    with session() as db:
        posting_details = posting_item(db, posting, JobPreference.from_slots(turn.previous.values))
    if posting_details is None:
        return listed_replies.posting_gone()
    if kind == "report":
        turn.set(asked=REPORT, pending={"posting": posting, "said": text})
        return listed_replies.confirm_report(posting_details)
    if kind == "save":
        with session() as db:
            save(db, turn.channel, turn.address, posting, text)
        return listed_replies.confirm_feedback("save", posting_details)
    _note(turn, [posting], kind)
    return listed_replies.confirm_feedback(kind, posting_details)


def _answer_filled(turn: Turn, posting: int | None) -> Message:
    """Say sorry for a posting that is said to be filled, note it, and show the next of the list.

    `posting` is None where it is none of the list, or which one is not said.
    """
    if posting is not None:
        _note(turn, [posting], "full")
    wish = JobPreference.from_slots(turn.previous.values)
    with session() as db:
        filled_details = posting_item(db, posting, wish) if posting is not None else None
        number, after = _next_of_list(turn, posting)
        next_details = posting_item(db, after, wish) if after is not None else None
    turn.set(subject="job", viewed=next_details.id if next_details else None)
    return listed_replies.posting_filled(filled_details, number, next_details)


def _next_of_list(turn: Turn, posting: int | None) -> tuple[int, int | None]:
    """Return the number and id of the posting of the list to look at next; no id without one."""
    of_list, dismissed = shown_postings(turn), turn.current.dismissed_ids
    last = posting if posting is not None else turn.previous.viewed_id
    index = of_list.index(last) + 1 if last is not None and last in of_list else 0
    order = [*range(index, len(of_list)), *range(index)]
    index = next(
        (candidate for candidate in order if of_list[candidate] not in (*dismissed, last)), -1
    )
    return index + 1, of_list[index] if index >= 0 else None


def _note(turn: Turn, postings: list[int], kind: FeedbackKind) -> None:
    _dismiss(turn, postings)
    with session() as db:
        for posting in postings:
            note(db, turn.channel, turn.address, posting, kind)


def _dismiss(turn: Turn, postings: list[int]) -> None:
    """Keep postings out of the lists to come."""
    dismissed = turn.current.dismissed_ids
    turn.set(left_out=list(dict.fromkeys([*dismissed, *postings]))[-MAX_DISMISSED_POSTINGS:])


def _show_others(turn: Turn) -> Message:
    """Show other postings in place of those that do not suit."""
    next_page = replace(turn.part(None), act="refine_job", text="再来几个", entities=[])
    message = search_jobs(next_page)
    turn.set(**next_page.changes)
    return message


def _show_saved(turn: Turn) -> Message:
    wish = JobPreference.from_slots(turn.previous.values)
    with session() as db:
        ids = saved(db, turn.channel, turn.address)
        postings = [
            posting
            for posting in (posting_item(db, number, wish, include_expired=False) for number in ids)
            if posting
        ]
    turn.set(
        shown=[posting.id for posting in postings] or None, viewed=None, subject="job", asked=None
    )
    return listed_replies.saved_postings(postings)
