"""Consent to news of courses: what will be kept, the yes, and its withdrawal."""

from __future__ import annotations

from dataclasses import asdict, replace

from bot.db.session import session
from bot.fixed_replies import reply
from bot.messages import Message
from bot.notifications import new_courses
from bot.notifications.new_courses import CourseNeed
from bot.place_handlers.listing import ListedPlaces
from bot.places import wording
from bot.places.figures import figures
from bot.turns.turn import Turn
from bot.vocabulary.vocabulary import vocabulary

#: What `asked` holds while the yes is waited for.
CONSENT = "course_consent"
ACT = "training"


def course_need(listing: ListedPlaces) -> CourseNeed | None:
    """Return what courses were asked for, as it would be kept; None without a trade or a city."""
    trade = listing.wish.get("occupation")
    city = vocabulary().city_of(listing.region) if listing.region else None
    if not trade or not city:
        return None
    times = listing.wish.get("times") or []
    time = times[0] if len(times) == 1 else ""  # of several any will do
    return CourseNeed(trade, city, time, bool(listing.wish.get("free")))


def ask(turn: Turn, listing: ListedPlaces) -> Message:
    """Show what will be kept and ask for the yes."""
    listing.remember(turn)
    need = course_need(listing)
    if need is None:
        return reply("course_news_which", ACT)
    with session() as db:
        is_subscribed = new_courses.subscribed(db, turn.channel, turn.address, need)
    values = {"what": need.in_words(), "days": figures().course_days}
    if is_subscribed:
        return Message(act=ACT, text=wording.reply_text("course_consented_already", **values))
    question = reply("course_consent", ACT)
    worded = question.text.format(**values)
    turn.set(asked=CONSENT, pending={"need": asdict(need), "wording": worded})
    return replace(question, text=worded)


def answer_consent(turn: Turn) -> Message | None:
    """Take the yes or no; None when the person speaks of something else."""
    pending = turn.previous.pending
    if turn.act not in ("affirm", "deny") or "need" not in pending:
        return None
    need = CourseNeed(**pending["need"])
    turn.set(asked=None, pending=None)
    if turn.act == "deny":
        return reply("course_declined", ACT)
    with session() as db:
        new_courses.subscribe(db, turn.channel, turn.address, need, pending["wording"])
    return Message(act=ACT, text=wording.reply_text("course_consented", what=need.in_words()))


def withdraw(turn: Turn, listing: ListedPlaces) -> Message:
    """Take back the wish to hear of new courses."""
    with session() as db:
        is_withdrawn = new_courses.withdraw(db, turn.channel, turn.address)
    listing.remember(turn)
    return reply("course_withdrawn" if is_withdrawn else "course_nothing_kept", ACT)
