"""Subscription to new postings: what is missing, what will be kept, the yes, and its end."""

from __future__ import annotations

from typing import Any

from bot import clock
from bot.db.session import session
from bot.fixed_replies import reply
from bot.matching import replies as compose
from bot.matching.job_preference import JobPreference
from bot.matching.stored_preference import to_slots
from bot.messages import Message
from bot.notifications.follow_ups import enrol
from bot.subscriptions import frequency as frequencies
from bot.subscriptions import replies
from bot.subscriptions.frequency import Frequency
from bot.subscriptions.service import (
    agreed_to_push,
    last_preference,
    preference_of,
    running,
    subscribe,
    unsubscribe,
)
from bot.turns.turn import Turn
from bot.understanding.slot_filling.job_preference import fill_preference_slots

#: What `asked` holds while the wish, and then the yes, is waited for.
PREFERENCE, CONSENT = "push_wish", "push_consent"
#: Acts by which a person goes on with the subscription that is being made.
_CONTINUING_ACTS = ("subscribe", "inform", "affirm", "find_job", "refine_job", "nlu_fallback")
#: Whose registration brings the monthly contact with it.
_REGISTERED = "registered_unemployed"


def answer_subscribe(turn: Turn) -> Message:
    """Begin a subscription, or go on with the one that runs."""
    _fill_from_subscription(turn)
    update = fill_preference_slots(turn.text, turn.entities, turn.current, None)
    turn.set(**update.slots)
    return _ask_missing_or_consent(turn, frequencies.extract_frequency(turn.text), update.ambiguous)


def answer_wish(turn: Turn) -> Message | None:
    """Take the answer to what was missing; None when the person speaks of something else."""
    pending = turn.previous.pending
    if turn.act == "deny" and not turn.entities:
        return _declined(turn)
    update = fill_preference_slots(turn.text, turn.entities, turn.previous, pending.get("asks"))
    tells_wish = bool(update.slots or update.ambiguous)
    if turn.act not in _CONTINUING_ACTS and not (tells_wish and len(turn.text) <= 10):
        return None
    turn.set(**update.slots)
    frequency = frequencies.extract_frequency(turn.text) or pending.get("frequency")
    return _ask_missing_or_consent(turn, frequency, update.ambiguous)


def answer_consent(turn: Turn) -> Message | None:
    """Take the yes or no to what was shown, or a change of it, which is shown again."""
    pending = turn.previous.pending
    frequency = frequencies.extract_frequency(turn.text)
    update = fill_preference_slots(turn.text, turn.entities, turn.previous, None)
    if turn.act not in (*_CONTINUING_ACTS, "deny"):
        return None
    if frequency or update.slots or update.ambiguous:
        turn.set(**update.slots)
        return _ask_missing_or_consent(
            turn, frequency or pending.get("frequency"), update.ambiguous
        )
    if turn.act == "deny":
        return _declined(turn)
    return _subscribed(turn, pending) if turn.act == "affirm" else None


def answer_unsubscribe(turn: Turn) -> Message:
    """Stop what is pushed on this channel, before the answer is given."""
    with session() as db:
        stopped = unsubscribe(db, turn.channel, turn.address)
    turn.set(asked=None, pending=None)
    return reply("unsubscribe" if stopped else "unsubscribe_none", "unsubscribe")


def answer_no_messages(turn: Turn) -> Message:
    """Send nothing from now on (别老给我发短信): what is pushed on this channel stops."""
    answer_unsubscribe(turn)
    return reply("no_messages", "unsubscribe")


def answer_keep(turn: Turn) -> Message:
    """Say that the subscription stays (别退订); without one, how to have it."""
    with session() as db:
        subscription = running(db, turn.channel, turn.address)
        terms = (preference_of(subscription), subscription.frequency) if subscription else None
    if terms is None:
        return reply("subscription_none", "subscribe")
    return replies.subscription_confirmation(terms[0], terms[1], already=True)  # type: ignore[arg-type]


def answer_resume(turn: Turn) -> Message:
    """Offer the subscription that was ended as it was; its yes is asked for again."""
    if not (turn.previous.occupations and turn.previous.region_code):
        with session() as db:
            turn.set(**missing_slots(turn, last_preference(db, turn.channel, turn.address)))
    return answer_subscribe(turn)


def tries_so_far(turn: Turn, missing: str) -> int:
    """Return how often, one after the other, what is missing was asked before this turn."""
    pending = turn.previous.pending
    return int(pending.get("tries") or 0) + 1 if pending.get("asks") == missing else 0


def current_preference(turn: Turn) -> JobPreference:
    """Return the conversation's wish as it is after this turn's changes."""
    return JobPreference.from_slots(turn.current.values)


def _ask_missing_or_consent(
    turn: Turn, frequency: Frequency | None, ambiguous: tuple[str, ...]
) -> Message:
    """Ask what is missing, else show what will be kept and ask for the yes."""
    turn.set(subject="job", form=None)
    if ambiguous:
        place_name = next(e["text"] for e in turn.of_kind("region") if not e["value"])
        _set_open_question(
            turn, PREFERENCE, {"region": list(ambiguous), "asks": "region", "frequency": frequency}
        )
        return compose.ask_region(place_name, ambiguous, "subscribe")
    wish = current_preference(turn)
    missing = wish.missing()
    if missing:
        tries = tries_so_far(turn, missing)
        if tries >= compose.MAX_TIMES_ASKED:
            _set_open_question(turn, None, None)
            return reply("ask_left", "subscribe")
        _set_open_question(
            turn, PREFERENCE, {"asks": missing, "frequency": frequency, "tries": tries}
        )
        past = turn.current.past_occupations
        return compose.question(missing, "subscribe", (), past, tries)
    with session() as db:
        subscription = running(db, turn.channel, turn.address)
        agreed = subscription and agreed_to_push(db, subscription.seeker_id, turn.channel)
        previous_wish = (
            preference_of(subscription)
            if subscription and agreed and not subscription.paused_at
            else None
        )
        previous_frequency: Any = subscription.frequency if subscription else None
    frequency = frequency or previous_frequency or "at_once"
    previous = replies.describe_preference(previous_wish) if previous_wish is not None else None
    if (previous, previous_frequency) == (replies.describe_preference(wish), frequency):
        _set_open_question(turn, None, None)
        return replies.subscription_confirmation(wish, frequency, already=True)
    previous_terms = (
        f"{previous}，{frequencies.FREQUENCY_TEXTS[previous_frequency]}" if previous_wish else None
    )
    question = replies.consent_question(
        wish, frequency, turn.current.group == _REGISTERED, previous_terms
    )
    _set_open_question(turn, CONSENT, {"frequency": frequency, "wording": question.text})
    return question


def _subscribed(turn: Turn, pending: dict[str, Any]) -> Message:
    """Write down the yes with the words it was given to."""
    wish, frequency = current_preference(turn), pending["frequency"]
    with session() as db:
        made = subscribe(db, turn.channel, turn.address, wish, frequency, pending["wording"])
        if turn.current.group == _REGISTERED:
            enrol(db, made.seeker_id, turn.channel, clock.today())
    _set_open_question(turn, None, None)
    return replies.subscription_confirmation(wish, frequency, already=False)


def _declined(turn: Turn) -> Message:
    _set_open_question(turn, None, None)
    return reply("push_declined", "subscribe")


def _set_open_question(turn: Turn, question: str | None, pending: dict[str, Any] | None) -> None:
    turn.set(asked=question, pending=pending)


def _fill_from_subscription(turn: Turn) -> None:
    """Fill what this conversation does not know with what the person is subscribed to."""
    if turn.previous.occupations and turn.previous.region_code:
        return
    with session() as db:
        subscription = running(db, turn.channel, turn.address)
        turn.set(**missing_slots(turn, preference_of(subscription) if subscription else None))


def missing_slots(turn: Turn, wish: JobPreference | None) -> dict[str, Any]:
    """Return the slots that a kept wish fills and the conversation does not."""
    if wish is None:
        return {}
    slots = to_slots(wish)
    if turn.current.region_code:  # further places would stand beside a place of another wish
        del slots["also_regions"]
    return turn.current.unfilled(slots)
