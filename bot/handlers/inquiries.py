"""Inquiries told by plain words (bot/understanding/inquiries.py), answered before the act is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot import clock
from bot.db.session import connection, session
from bot.fixed_replies import reply
from bot.handlers.calculate import home_region
from bot.handlers.follow_up import QUESTION, answer_unprompted
from bot.handlers.job_search import search_jobs
from bot.handlers.policy import answer_policy
from bot.matching import find_with_words, going_pay
from bot.matching import replies as jobs
from bot.matching.job_preference import JobPreference
from bot.messages import Button, Message
from bot.policies import replies
from bot.policies.answers import answer
from bot.policies.programmes import ProgrammeFinding, programme_of_id
from bot.policies.topics import titles
from bot.text.normalise import normalise
from bot.turns.slots import Slots
from bot.turns.turn import Topic, Turn
from bot.understanding.inquiries import Inquiry, Total, inquiry, lacks_money, requested_total
from bot.understanding.slot_filling.job_preference import fill_preference_slots
from bot.understanding.slot_filling.profile import (
    fill_incidental_slots,
    fill_region_slots,
    wanted_occupations,
)

#: What `asked` holds while another place may be named for what a trade pays (那大连呢).
PAY_PLACE = "going_pay"
#: The programmes (data/programmes.yml) that answer inquiries and totals.
_PROGRAMMES: dict[Inquiry, str] = {
    "no_livelihood": "livelihood",
    "low_income_proof": "allowance-proof",
    "low_income": "living-allowance",
    "conditions": "work-conditions",
}
_TOTALS: dict[Total, str] = {
    "talents": "talents-2024",
    "loans": "loans-2024",
    "retention": "retention-2024",
    "expansion": "expansion-2024",
    "upgrade": "skills-2024",
}
#: Acts of the model by which a certificate, or a business of one's own, was not understood.
_UNKNOWN_ACTS = frozenset(("out_of_scope", "nlu_fallback", "inform", "find_job", "refine_job"))
#: The words by which postings say that the public pays for them.
_PUBLIC_JOB_WORDS = ("公益性岗位", "公益岗", "公益性")
#: Inquiries that are told, not asked: within an interview they answer its question.
_INTERVIEW_FACTS = frozenset(("own_business", "certificate", "unhappy", "no_livelihood"))
#: What a rule is said by, where no aspect is asked for.
_RULE_ASPECTS = ("what", "who")
_LOAN_TOPIC, _PROMISE_TOPIC, _PUBLIC_JOB_TOPIC = (
    "startup-loan",
    "commitment-24h",
    "public-welfare-job",
)


def answer_inquiry(turn: Turn) -> list[Message] | None:
    """Return the answers to what plain words inquire; None leaves the turn to its act."""
    if turn.of_kind("ordinal"):
        return None
    text = normalise(turn.text).text
    total = requested_total(text)
    if total:
        return [_answer_programme(turn, _TOTALS[total], "policy")]
    kind = inquiry(text, turn.entities)
    if kind == "unhappy" and turn.previous.open_question == QUESTION:
        return None  # the answer to the question how it goes
    interviewed = turn.previous.interview.open_question is not None
    if kind is None or (interviewed and kind in _INTERVIEW_FACTS):
        return None
    answers = _HANDLERS[kind](turn)
    if answers is not None:
        turn.set(**{"asked": None, "pending": None, **turn.changes})
    return answers


def answer_place(turn: Turn) -> Message | None:
    """Say what the trade asked about pays in another place (那大连呢); None when none is named."""
    trades = turn.previous.pending.get("trades")
    kinds = {entity["entity"] for entity in turn.entities} - {"aspect"}
    if not trades or kinds != {"region"}:
        return None
    return _answer_pay(turn, trades)


def with_livelihood(turn: Turn, crisis: Message) -> list[Message]:
    """Return the care for who is in despair, with the paths of help for who asks for bread."""
    if inquiry(normalise(turn.text).text, turn.entities) != "no_livelihood":
        return [crisis]
    return [crisis, _answer_programme(turn, _PROGRAMMES["no_livelihood"], "policy")]


def _of_reply(name: str, act: str) -> Callable[[Turn], list[Message]]:
    return lambda turn: [reply(name, act)]


def _of_programme(kind: Inquiry, act: str) -> Callable[[Turn], list[Message]]:
    return lambda turn: [_answer_programme(turn, _PROGRAMMES[kind], act)]


def _answer_programme(turn: Turn, programme: str, act: str) -> Message:
    """Say what a programme of the file says, and what comes next of its first topic."""
    programme_finding: ProgrammeFinding = programme_of_id(programme, clock.today())
    turn.set(
        **fill_incidental_slots(turn.text, turn.entities, turn.previous),
        subject="policy",
        form=None,
    )
    turn.set(topic=programme_finding.topics[0])
    with session() as db:
        topic_finding = answer(
            db, programme_finding.topics[0], ["how"], home_region(turn.current.region_code)
        )
    topics = [(topic, titles()[topic]) for topic in programme_finding.topics]
    aspects = [] if programme in _PROGRAMMES.values() else ["how"]  # those say it themselves
    return replies.programme_answer(programme_finding, topic_finding, aspects, act, topics)


def _answer_topic(turn: Turn, topic: str) -> Message:
    part = turn.part(None).with_act("policy", topics=[Topic(topic, 1.0)], topic_sure=True)
    if not part.of_kind("aspect"):  # not what differs from place to place: the rule itself
        rule = [
            {"entity": "aspect", "value": aspect, "start": 0, "end": 0} for aspect in _RULE_ASPECTS
        ]
        part.entities = [*part.entities, *rule]
    message = answer_policy(part)
    turn.set(**part.changes)
    return message


def _answer_going_pay(turn: Turn) -> list[Message] | None:
    trades = wanted_occupations(turn.entities)
    if not trades:
        return None
    several = [e for e in turn.of_kind("region") if not e["value"]]
    if several:  # 铁西: 沈阳的 or 鞍山的
        turn.set(asked=PAY_PLACE, pending={"trades": trades})
        codes = tuple(map(str, several[-1]["codes"]))
        return [jobs.ask_region(several[-1]["text"], codes, "find_job")]
    return [_answer_pay(turn, trades)]


def _answer_pay(turn: Turn, trades: list[str]) -> Message:
    region = fill_region_slots(turn.entities)
    turn.set(**region, subject="job", form=None, asked=PAY_PLACE, pending={"trades": trades})
    if not turn.current.occupations:
        turn.set(past_occupation=trades)
    with connection() as db:
        pay_levels = going_pay.going_pay(db, trades, turn.current.region_code)
    return going_pay.going_pay_message(trades[0], pay_levels)


def _answer_own_business(turn: Turn) -> list[Message] | None:
    """Answer who wishes to open something: how a loan is come by."""
    unsure = turn.act == "policy" and not turn.topic_sure
    lacks = lacks_money(normalise(turn.text).text)
    is_sure = turn.act == "policy" and turn.topic_sure and not lacks
    if is_sure or not (unsure or lacks or turn.act in (*_UNKNOWN_ACTS, "training")):
        return None
    # The trade of the business is no trade that is looked for.
    turn.entities = [e for e in turn.entities if e["entity"] != "occupation"]
    turn.set(form=None)
    message = _answer_topic(turn, _LOAN_TOPIC)
    buttons = [Button("一次性创业补贴", "一次性创业补贴是什么"), *message.buttons]
    return [replace(message, buttons=buttons[:3])]


def _answer_certificate(turn: Turn) -> list[Message] | None:
    if turn.act not in _UNKNOWN_ACTS:
        return None
    turn.set(form=None, subject="policy")
    return [reply("training", "training")]


def _answer_unhappy(turn: Turn) -> list[Message] | None:
    message = answer_unprompted(turn)
    return [message] if message else None


def _answer_promise(turn: Turn) -> list[Message]:
    """Show postings first, then what the promise of work within a day is.

    Any occupation will do: a person who asks for work within a day does not choose.
    """
    update = fill_preference_slots(turn.text, turn.entities, turn.previous, None)
    if not Slots(update.slots).occupations and not turn.current.occupations:
        turn.set(any_occupation=True)
    return _with_postings(turn, _PROMISE_TOPIC)


def _with_postings(turn: Turn, topic: str) -> list[Message]:
    part = turn.part(None).with_act("find_job")
    listed = search_jobs(part)
    rule = _answer_topic(turn, topic)
    turn.set(**part.changes)  # what is spoken of is the search
    return [listed, rule] if listed.status == "postings" else [rule, listed]


def _answer_public_job(turn: Turn) -> list[Message]:
    """Say what the rule is, and which such postings are open where the person is."""
    update = fill_preference_slots(turn.text, turn.entities, turn.previous, None)
    if update.ambiguous:
        return [_answer_topic(turn, _PUBLIC_JOB_TOPIC)]
    turn.set(**{k: v for k, v in update.slots.items() if k in ("region", "region_code", "age")})
    rule = _answer_topic(turn, _PUBLIC_JOB_TOPIC)
    wish = JobPreference(region_code=turn.current.region_code, any_occupation=True)
    with connection() as db:
        matches = find_with_words(db, wish, _PUBLIC_JOB_WORDS)
    if not matches.items:
        place_name = jobs.describe_preference(wish).split(" · ")[0] if wish.region_code else "全省"
        none = reply("no_public_job", "find_job")
        return [rule, replace(none, text=none.text.format(where=place_name))]
    listed = jobs.postings(matches, wish, "find_job", later=False)
    posting_ids = [match.features.posting_id for match in matches.items]
    turn.set(shown=posting_ids, viewed=None, seen=posting_ids, subject="job", any_occupation=True)
    return [rule, listed]


_HANDLERS: dict[Inquiry, Callable[[Turn], list[Message] | None]] = {
    "case_status": _of_reply("case_status", "policy"),
    "policy_news": _of_reply("policy_news", "subscribe"),
    "no_livelihood": _of_programme("no_livelihood", "policy"),
    "low_income_proof": _of_programme("low_income_proof", "policy"),
    "low_income": _of_programme("low_income", "out_of_scope"),
    "conditions": _of_programme("conditions", "policy"),
    "going_pay": _answer_going_pay,
    "own_business": _answer_own_business,
    "certificate": _answer_certificate,
    "promise": _answer_promise,
    "public_job": _answer_public_job,
    "unhappy": _answer_unhappy,
}
