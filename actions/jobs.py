"""Looking for a job: the search, its changes, the next page, one posting."""

from __future__ import annotations

from actions.policy import answer_policy
from actions.said_back import said_back
from actions.seeking import wishes_any_trade
from actions.turn import Turn
from bot.db.session import connection, session
from bot.jobs import compose
from bot.jobs.details import details
from bot.jobs.match import find
from bot.jobs.preference import JobPreference, Wish
from bot.messages import Message
from bot.push.follow_ups import note_interest
from bot.replies import reply
from bot.seekers.wishes import take_wishes
from bot.text import money
from bot.text.feedback import asks_for_more
from bot.text.inquiries import seeks_work
from bot.text.normalise import normalise

#: Words for work, without which 都行 may be of anything.
_WORK = ("活", "工作")
#: Postings of this search that are remembered as shown, so that no list grows without end.
REMEMBERED = 200


def speaks_of_jobs(turn: Turn) -> bool:
    """Tell whether what was read can only be about a job, or goes on with a search."""
    if turn.of_kind("occupation") or turn.of_kind("salary") or turn.of_kind("work_time"):
        return True
    if wishes_more(turn):
        return True
    goes_on = turn.of_kind("region") or turn.of_kind("ordinal") or turn.of_kind("person")
    return bool(goes_on) and "job" in (turn.slots.get("subject"), turn.slots.get("form"))


def wishes_more(turn: Turn) -> set[str]:
    """Return how a search goes on: a trade, what it should offer or pay, where else it may be.

    By the names of the slots; empty when it does not, or when no job is looked for.
    """
    if "job" not in (turn.slots.get("subject"), turn.slots.get("form")):
        return set()
    taken = take_wishes(turn.text, turn.entities, turn.slots, None).slots
    return {"welfare", "also_regions", "occupation", "salary_min"} & taken.keys()


def wishes_any_work(turn: Turn) -> bool:
    """Tell whether any work will do, in a message that names work: 随便啥活都行."""
    taken = take_wishes(turn.text, turn.entities, {}, None).slots
    return bool(taken.get("any_occupation")) and any(word in turn.text for word in _WORK)


def answer_jobs(turn: Turn) -> Message:
    """Search, or change the search; 那大连呢 after a policy's answer asks for it in 大连."""
    only = {"region", "person", "age"} >= {e["entity"] for e in turn.entities} - {"aspect"}
    told = turn.of_kind("region") or turn.of_kind("person")
    of_policy = turn.get("subject") == "policy" and turn.slots.get("form") != "job"
    if turn.act == "refine_job" and only and told and of_policy:
        turn.act, turn.topics = "policy", []
        return answer_policy(turn)
    return search_jobs(turn)


def search_jobs(turn: Turn) -> Message:
    """Return postings, one posting, or the next question; a pay that cannot be read is said so."""
    message = _searched(turn)
    unread = money.unread(normalise(turn.text).text)
    return compose.not_understood(message, unread) if unread else message


def _searched(turn: Turn) -> Message:
    """Search; remember what the search is."""
    running = turn.slots.get("subject") == "job"
    asked = turn.slots.get("asked")
    read = normalise(turn.text).text
    answers = running and asked is not None and not seeks_work(read, turn.entities)
    act = turn.act if turn.act in ("find_job", "refine_job") else "find_job"
    if answers or (running and turn.act not in ("find_job", "refine_job")):
        act = "refine_job"
    turn.set(subject="job", asked=None, pending=None, form=None)
    if _asks_for_one(turn):
        return _one(turn)
    taken = take_wishes(turn.text, turn.entities, turn.slots, asked)
    turn.set(**taken.slots)
    if wishes_any_trade(turn) and not turn.get("occupation"):
        turn.set(any_occupation=True)
    if taken.ambiguous:
        said = next(e["text"] for e in turn.of_kind("region") if not e["value"])
        turn.set(pending={"region": list(taken.ambiguous)}, asked="region", form="job")
        return compose.which_region(said, taken.ambiguous, act)
    if taken.asks_raise:
        turn.set(asked="salary")
        return compose.question("salary", act)
    wish = JobPreference.from_slots({**turn.slots, **turn.changes})
    goes_on = asked == "occupation" and (turn.act == "affirm" or bool(taken.slots))
    if wish.missing() == "occupation" and goes_on and turn.get("past_occupation"):
        # Offered once; who answers with a place or a sum has not asked for another.
        turn.set(occupation=turn.get("past_occupation"))
        wish = JobPreference.from_slots({**turn.slots, **turn.changes})
    missing = wish.missing()
    if missing:
        return _ask(turn, missing, act, asked)
    return _show(turn, wish, act, changed=bool(taken.slots))


def _ask(turn: Turn, missing: Wish, act: str, asked: str | None) -> Message:
    """Ask what is missing; what was asked often enough is asked no more."""
    before = turn.slots.get("pending") or {}
    past, heard = turn.get("past_occupation") or (), said_back(turn)
    tries = int(before.get("tries") or 0) if asked == missing else 0
    if asked == missing and not (heard and not before.get("heard")):
        tries += 1  # what is heard for the first time is said back in the same words
    if tries >= compose.TIMES:
        return reply("ask_left", act)
    pending = {"tries": tries, "heard": bool(heard or before.get("heard"))}
    turn.set(asked=missing, form="job", pending=pending)
    again = max(0, tries - 1) if past else tries
    return compose.question(missing, act, heard, past, again, note=asked == missing)


def _show(turn: Turn, wish: JobPreference, act: str, changed: bool) -> Message:
    later = asks_for_more(turn.text) and not changed
    seen = list(turn.slots.get("seen") or ()) if later else []
    before = () if later else tuple(turn.slots.get("seen") or ())
    left_out = turn.get("left_out") or ()
    with connection() as db:
        matches = find(db, wish, exclude=[*seen, *left_out], shown_before=before)
    message = compose.postings(matches, wish, act, later, turn.get("person"))
    shown = [match.features.posting_id for match in matches.items]
    if shown or not later:  # 第二个 still means the last list where nothing followed it
        turn.set(shown=shown, viewed=None, seen=(seen + shown)[-REMEMBERED:])
    if not wish.salary_min:
        turn.set(asked="salary")
    return message


def _asks_for_one(turn: Turn) -> bool:
    """第二个 or a lone `2` means a posting of the last list, unless a place is being chosen."""
    shown = turn.slots.get("shown")
    return bool(shown and turn.of_kind("ordinal")) and turn.slots.get("asked") != "region"


def _one(turn: Turn) -> Message:
    """Return the posting meant; a number beyond the list is said to be none."""
    shown = turn.slots["shown"]
    number = int(turn.of_kind("ordinal")[0]["value"])
    if number > len(shown):
        return compose.no_such(number, len(shown))
    at = len(shown) if number == -1 else number
    turn.set(viewed=int(shown[at - 1]))
    with session() as db:
        note_interest(db, turn.channel, turn.address, int(shown[at - 1]))
        wish = JobPreference.from_slots(turn.slots)
        return compose.one_posting(details(db, int(shown[at - 1]), wish), "refine_job")
