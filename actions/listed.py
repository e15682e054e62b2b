"""What a person says of postings he was shown: saved, applied for, not for him, filled, a fraud."""

from __future__ import annotations

from actions.jobs import search_jobs
from actions.shown import is_named, meant, shown
from actions.turn import Turn
from bot.db.session import session
from bot.jobs import compose_listed
from bot.jobs.details import details, newest
from bot.jobs.preference import JobPreference
from bot.jobs.reports import report
from bot.messages import Message
from bot.seekers.identity import find_seeker
from bot.seekers.notes import note, save, saved
from bot.text.feedback import Kind, asks_for_saved, asks_for_wish, said_of_posting
from bot.text.list_talk import closes, closes_for_now, complains_of_nothing_new
from bot.text.normalise import normalise

#: What `asked` holds while the number of a posting, or the yes to a report, is waited for.
WHICH, REPORT = "which_posting", "report_posting"
#: Postings that are left out of later lists; no list of them grows without end.
REMEMBERED = 200
#: Acts that what is said of a posting may be taken for.
_MAY_BE = frozenset(
    (
        "refine_job", "find_job", "follow_up", "report_posting", "deny", "affirm", "inform",
        "nlu_fallback", "out_of_scope", "my_data", "register", "subscribe",
    )
)  # fmt: skip


def answer_listed(turn: Turn) -> Message | None:
    """Return the answer to what is said of shown or saved postings; None when nothing is."""
    text = normalise(turn.text).text
    beside = _list_talk(turn, text)
    if beside:
        return beside
    if turn.act in (*_MAY_BE, "find_job", "help") and asks_for_saved(text):
        return _saved(turn)
    if turn.act in (*_MAY_BE, "help", "handoff") and asks_for_wish(text):
        return compose_listed.wish(JobPreference.from_slots(turn.slots))
    if not turn.slots.get("shown") or turn.slots.get("asked") == "region":
        return None
    named = is_named(turn)
    kind = said_of_posting(text, named)
    if kind is None or not _is_meant(turn, kind, named):
        return None
    return _of_posting(turn, kind, text)


def _list_talk(turn: Turn, text: str) -> Message | None:
    """Answer what is said beside a list and is of none of it: enough, nothing new."""
    if turn.slots.get("subject") != "job":
        return None
    listed = bool(turn.slots.get("shown")) and turn.slots.get("form") != "job"
    if closes(text) if listed else closes_for_now(text):
        turn.set(asked=None, pending=None, form=None)
        return compose_listed.said("list_enough", "thanks")
    if listed and complains_of_nothing_new(text):
        with session() as db:
            return compose_listed.nothing_new(newest(db, shown(turn)))
    return None


def answer_which(turn: Turn) -> Message | None:
    """Take the number of the posting that was meant; None when none is said."""
    pending = turn.slots.get("pending") or {}
    if not turn.of_kind("ordinal"):
        return None
    return _of_posting(turn, pending["note"], pending["said"])


def answer_report(turn: Turn) -> Message | None:
    """Report a posting after a yes; None when the person speaks of something else."""
    pending = turn.slots.get("pending") or {}
    if turn.act not in ("affirm", "deny", "report_posting"):
        return None
    turn.set(asked=None, pending=None)
    if turn.act == "deny":
        return compose_listed.said("report_left", "report_posting")
    with session() as db:
        seeker = find_seeker(db, turn.channel, turn.address)
        done = report(db, pending["posting"], pending["said"], seeker.id if seeker else None)
    if done:
        _leave_out(turn, [done.posting_id])
    return compose_listed.said("report_done", "report_posting")


def _is_meant(turn: Turn, kind: Kind, named: bool) -> bool:
    """Tell whether a message is about a posting, not a question that has the same words in it."""
    if named:
        return turn.act in _MAY_BE or not turn.topic_sure
    if kind == "report":
        return turn.act == "report_posting"
    if kind == "applied":
        return turn.act in _MAY_BE and turn.act != "follow_up"
    return turn.act in _MAY_BE and not turn.of_kind("occupation") and not turn.of_kind("region")


def _of_posting(turn: Turn, kind: Kind, text: str) -> Message:
    turn.set(asked=None, pending=None, form=None)
    posting = meant(turn)
    if posting is None and kind == "dull":
        _note(turn, shown(turn), kind)
        return _next(turn)
    if posting is None:
        turn.set(asked=WHICH, pending={"note": kind, "said": text})
        return compose_listed.which(kind, len(shown(turn)))
    with session() as db:
        found = details(db, posting, JobPreference.from_slots(turn.slots))
    if found is None:
        return compose_listed.gone()
    if kind == "report":
        turn.set(asked=REPORT, pending={"posting": posting, "said": text})
        return compose_listed.confirm_report(found)
    if kind == "save":
        with session() as db:
            save(db, turn.channel, turn.address, posting, text)
        return compose_listed.noted("save", found)
    _note(turn, [posting], kind)
    return compose_listed.noted(kind, found)


def _note(turn: Turn, postings: list[int], kind: Kind) -> None:
    _leave_out(turn, postings)
    with session() as db:
        for posting in postings:
            note(db, turn.channel, turn.address, posting, kind)


def _leave_out(turn: Turn, postings: list[int]) -> None:
    """Keep postings out of the lists to come."""
    before = list(turn.get("left_out") or ())
    turn.set(left_out=list(dict.fromkeys([*before, *postings]))[-REMEMBERED:])


def _next(turn: Turn) -> Message:
    """Show other postings in place of those that do not suit."""
    turn.act, turn.text, turn.entities = "refine_job", "再来几个", []
    turn.slots = {**turn.slots, **turn.changes}
    return search_jobs(turn)


def _saved(turn: Turn) -> Message:
    wish = JobPreference.from_slots(turn.slots)
    with session() as db:
        ids = saved(db, turn.channel, turn.address)
        found = [one for one in (details(db, number, wish, over=False) for number in ids) if one]
    turn.set(shown=[one.id for one in found] or None, viewed=None, subject="job", asked=None)
    return compose_listed.saved(found)
