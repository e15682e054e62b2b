"""Registration of a job preference: what is missing, what will be kept, the yes."""

from __future__ import annotations

from dataclasses import replace

from bot.db.session import session
from bot.fixed_replies import reply
from bot.handlers.subscribe import current_preference, tries_so_far
from bot.matching import replies as compose
from bot.messages import Form, Message
from bot.subscriptions import replies
from bot.subscriptions.service import save_preference
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.turns.echo import note_trade
from bot.turns.turn import Turn
from bot.understanding.list_talk import asks_whether_to_register
from bot.understanding.slot_filling.job_preference import fill_preference_slots

#: What `asked` holds while the wish, and then the yes, is waited for.
PREFERENCE, CONSENT = "keep_wish", "keep_consent"
_CONTINUING_ACTS = ("register", "inform", "find_job", "refine_job", "nlu_fallback")
_PATTERNS = patterns("job_registration")


def answer_register(turn: Turn) -> Message:
    """Begin to register a job preference."""
    update = fill_preference_slots(turn.text, turn.entities, turn.previous, None)
    turn.set(**update.slots)
    if asks_whether_to_register(normalise(turn.text).text):
        turn.set(subject="job", form=None, asked=None, pending=None)
        return reply("register_not_needed", "register", note_trade(turn))
    if _PATTERNS["other_preference"].search(turn.text) and not _PATTERNS["job"].search(turn.text):
        return reply("register_other", "register")
    return _ask_missing_or_consent(turn, update.ambiguous)


def answer_wish(turn: Turn) -> Message | None:
    """Take the answer to what was missing; None when the person speaks of something else."""
    requested = turn.previous.pending.get("asks")
    if turn.act == "deny" and not turn.entities:
        turn.set(asked=None, pending=None)
        return reply("register_declined", "register")
    update = fill_preference_slots(turn.text, turn.entities, turn.previous, requested)
    if turn.act not in _CONTINUING_ACTS and not update.slots:
        return None
    turn.set(**update.slots)
    return _ask_missing_or_consent(turn, update.ambiguous)


def answer_consent(turn: Turn) -> Message | None:
    """Take the yes or no to what was shown, or a change of it, which is shown again."""
    update = fill_preference_slots(turn.text, turn.entities, turn.previous, None)
    if turn.act in _CONTINUING_ACTS and (update.slots or update.ambiguous):
        turn.set(**update.slots)
        return _ask_missing_or_consent(turn, update.ambiguous)
    if turn.act not in ("affirm", "deny"):
        return None
    consent_wording = turn.previous.pending.get("wording", "")
    turn.set(asked=None, pending=None)
    if turn.act == "deny":
        return reply("register_declined", "register")
    wish = current_preference(turn)
    with session() as db:
        save_preference(db, turn.channel, turn.address, wish, consent_wording)
    done = reply("register_done", "register")
    return replace(done, text=done.text.format(wish=replies.describe_preference(wish)))


def _ask_missing_or_consent(turn: Turn, ambiguous: tuple[str, ...]) -> Message:
    """Ask what is missing, else show what will be kept and ask for the yes."""
    turn.set(subject="job", form=None)
    if ambiguous:
        place_name = next(e["text"] for e in turn.of_kind("region") if not e["value"])
        turn.set(asked=PREFERENCE, pending={"region": list(ambiguous), "asks": "region"})
        return compose.ask_region(place_name, ambiguous, "register")
    wish = current_preference(turn)
    missing = wish.missing()
    if missing:
        tries = tries_so_far(turn, missing)
        if tries >= compose.MAX_TIMES_ASKED:
            turn.set(asked=None, pending=None)
            return reply("ask_left", "register")
        turn.set(asked=PREFERENCE, pending={"asks": missing, "tries": tries})
        past = turn.current.past_occupations
        return compose.question(missing, "register", (), past, tries)
    question = reply("register_consent", "register")
    text = question.text.format(wish=replies.describe_preference(wish))
    turn.set(asked=CONSENT, pending={"wording": text})
    return Form(act="register", asks=CONSENT, text=text, buttons=question.buttons)
