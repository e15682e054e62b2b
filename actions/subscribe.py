"""Subscribing to new postings: what is missing, what will be kept, the yes; and stopping."""

from __future__ import annotations

from typing import Any

from actions.turn import Turn
from bot import clock
from bot.db.session import session
from bot.jobs import compose
from bot.jobs.preference import JobPreference
from bot.messages import Message
from bot.push import frequency as frequencies
from bot.push import wording
from bot.push.follow_ups import enrol
from bot.push.frequency import Frequency
from bot.push.subscriptions import (
    agreed_to_push,
    last_preference,
    preference_of,
    running,
    subscribe,
    unsubscribe,
)
from bot.replies import reply
from bot.seekers.wishes import fill_preference_slots

#: What `asked` holds while the wish, and then the yes, is waited for.
WISH, CONSENT = "push_wish", "push_consent"
#: Acts by which a person goes on with the subscription that is being made.
_GOES_ON = ("subscribe", "inform", "affirm", "find_job", "refine_job", "nlu_fallback")
#: Whose registration brings the monthly contact with it.
_REGISTERED = "registered_unemployed"


def answer_subscribe(turn: Turn) -> Message:
    """Begin a subscription, or go on with the one that runs."""
    _take_over_running(turn)
    taken = fill_preference_slots(turn.text, turn.entities, {**turn.slots, **turn.changes}, None)
    turn.set(**taken.slots)
    return _next(turn, frequencies.extract_frequency(turn.text), taken.ambiguous)


def answer_wish(turn: Turn) -> Message | None:
    """Take the answer to what was missing; None when the person speaks of something else."""
    pending = turn.slots.get("pending") or {}
    if turn.act == "deny" and not turn.entities:
        return _declined(turn)
    taken = fill_preference_slots(turn.text, turn.entities, turn.slots, pending.get("asks"))
    told = bool(taken.slots or taken.ambiguous)
    if turn.act not in _GOES_ON and not (told and len(turn.text) <= 10):
        return None
    turn.set(**taken.slots)
    often = frequencies.extract_frequency(turn.text) or pending.get("frequency")
    return _next(turn, often, taken.ambiguous)


def answer_consent(turn: Turn) -> Message | None:
    """Take the yes or no to what was shown, or a change of it, which is shown anew."""
    pending = turn.slots.get("pending") or {}
    often = frequencies.extract_frequency(turn.text)
    taken = fill_preference_slots(turn.text, turn.entities, turn.slots, None)
    if turn.act not in (*_GOES_ON, "deny"):
        return None
    if often or taken.slots or taken.ambiguous:
        turn.set(**taken.slots)
        return _next(turn, often or pending.get("frequency"), taken.ambiguous)
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
        there = running(db, turn.channel, turn.address)
        kept = (preference_of(there), there.frequency) if there else None
    if kept is None:
        return reply("subscription_none", "subscribe")
    return wording.subscription_confirmation(kept[0], kept[1], already=True)  # type: ignore[arg-type]


def answer_resume(turn: Turn) -> Message:
    """Offer the subscription that was ended anew, as it was; its yes is asked for again."""
    if not (turn.slots.get("occupation") and turn.slots.get("region_code")):
        with session() as db:
            turn.set(**missing_slots(turn, last_preference(db, turn.channel, turn.address)))
    turn.act = "subscribe"
    return answer_subscribe(turn)


def asked_before(turn: Turn, missing: str) -> int:
    """Return how often, one after the other, what is missing was asked before this turn."""
    pending = turn.slots.get("pending") or {}
    return int(pending.get("tries") or 0) + 1 if pending.get("asks") == missing else 0


def wish_in(turn: Turn) -> JobPreference:
    """Return the conversation's wish as it is after this turn's changes."""
    return JobPreference.from_slots({**turn.slots, **turn.changes})


def _next(turn: Turn, often: Frequency | None, ambiguous: tuple[str, ...]) -> Message:
    """Ask what is missing, else show what will be kept and ask for the yes."""
    turn.set(subject="job", form=None)
    if ambiguous:
        named = next(e["text"] for e in turn.of_kind("region") if not e["value"])
        _wait(turn, WISH, {"region": list(ambiguous), "asks": "region", "frequency": often})
        return compose.ask_region(named, ambiguous, "subscribe")
    wish = wish_in(turn)
    missing = wish.missing()
    if missing:
        again = asked_before(turn, missing)
        if again >= compose.MAX_TIMES_ASKED:
            _wait(turn, None, None)
            return reply("ask_left", "subscribe")
        _wait(turn, WISH, {"asks": missing, "frequency": often, "tries": again})
        past = turn.get("past_occupation") or ()
        return compose.question(missing, "subscribe", (), past, again)
    with session() as db:
        there = running(db, turn.channel, turn.address)
        agreed = there and agreed_to_push(db, there.seeker_id, turn.channel)
        before = preference_of(there) if there and agreed and not there.paused_at else None
        at_present: Any = there.frequency if there else None
    often = often or at_present or "at_once"
    described = wording.describe_preference(before) if before is not None else None
    if (described, at_present) == (wording.describe_preference(wish), often):
        _wait(turn, None, None)
        return wording.subscription_confirmation(wish, often, already=True)
    said = f"{described}，{frequencies.FREQUENCY_TEXTS[at_present]}" if before else None  # type: ignore[index]
    asked = wording.consent_question(wish, often, turn.get("group") == _REGISTERED, said)
    _wait(turn, CONSENT, {"frequency": often, "wording": asked.text})
    return asked


def _subscribed(turn: Turn, pending: dict[str, Any]) -> Message:
    """Write down the yes with the words it was given to."""
    wish, often = wish_in(turn), pending["frequency"]
    with session() as db:
        made = subscribe(db, turn.channel, turn.address, wish, often, pending["wording"])
        if turn.get("group") == _REGISTERED:
            enrol(db, made.seeker_id, turn.channel, clock.today())
    _wait(turn, None, None)
    return wording.subscription_confirmation(wish, often, already=False)


def _declined(turn: Turn) -> Message:
    _wait(turn, None, None)
    return reply("push_declined", "subscribe")


def _wait(turn: Turn, asked: str | None, pending: dict[str, Any] | None) -> None:
    turn.set(asked=asked, pending=pending)


def _take_over_running(turn: Turn) -> None:
    """Fill what this conversation does not know with what the person is subscribed to."""
    if turn.slots.get("occupation") and turn.slots.get("region_code"):
        return
    with session() as db:
        there = running(db, turn.channel, turn.address)
        turn.set(**missing_slots(turn, preference_of(there) if there else None))


def missing_slots(turn: Turn, wish: JobPreference | None) -> dict[str, Any]:
    """Return the slots that a kept wish fills and the conversation does not."""
    if wish is None:
        return {}
    kept = {
        "occupation": list(wish.occupations) or None,
        "any_occupation": wish.any_occupation or None,
        "region_code": wish.region_code,
        "region": wording.region_name(wish.region_code),
        "salary_min": wish.salary_min,
        "salary_max": wish.salary_max,
        "work_time": wish.work_time,
        "excluded": list(wish.excluded) or None,
        "education": wish.education,
        "welfare": list(wish.welfare) or None,
    }
    if not turn.get("region_code"):  # else they would stand beside a place of another wish
        kept["also_regions"] = list(wish.also_regions) or None
    return {name: value for name, value in kept.items() if value and not turn.get(name)}
