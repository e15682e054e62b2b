"""What a seeker says when he is asked how it went: his state, why, and what could change.

Reads words only; what is kept of it is decided in `bot.push.follow_ups`. A counsellor's tone:
nobody is pressed, and nothing follows from saying nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.text.normalise import normalise
from bot.text.trade_needs import trade_needs

State = Literal[
    "looking", "not_gone", "applied", "not_hired", "working", "unpaid", "unhappy", "left",
    "fraud", "refused",
]  # fmt: skip
Question = Literal["went", "settled", "paid", "found", "monthly"]
Why = Literal["far", "tired", "pay", "age", "experience", "full"]

#: What is heard, the surest first: the first pattern that is found decides.
_HEARD: tuple[tuple[State, str], ...] = (
    ("refused", r"不想说|别(?:再|老)?问|不用(?:你|你们)?管|不告诉|关你|甭问"),
    ("fraud", r"骗|押金|黑中介|先交钱|交了?(?:报名|培训|服装)费"),
    (
        "unpaid",
        r"(?:工资|钱|薪水?|开支).{0,4}(?:没|未|不)(?:发|给|开)|没(?:给)?(?:发|开|给)(?:工资|钱|薪|支)"
        r"|欠.{0,4}(?:工资|薪|钱)|一分(?:钱)?(?:都|也)?没",
    ),
    (
        "not_hired",
        r"没(?:看|相|选)(?:上|中)我|不要我|没要我|没录|没(?:通)?过|刷下来|招满|不招了|嫌我"
        r"|要.{0,6}以下的?|说岁数大|没应聘上|没面上|没成",
    ),
    (
        "left",
        r"不干了|辞(?:了|职)|没再去|给(?:我)?(?:开|辞)了|干了?.{0,6}就(?:回来|走)|被(?:开|辞)",
    ),
    (
        "unhappy",
        r"干不惯|不(?:太|大|怎么)?(?:适应|习惯|得劲|满意)|太累|受不了|不一样|不咋|干不(?:动|了|下去)|不想干|不给上保险|不(?:舒心|顺心|开心)|憋屈|[熬吃]不(?:住|消)",
    ),
    ("looking", r"没(?:找|上班|上岗|活|工作)|在家(?:待|呆)|没消息|暂时不找|还没呢?$"),
    ("not_gone", r"没(?:去|打|投|联系|面试|相中|看上)|(?:嫌|太)远|不合适|打不通|没人接"),
    (
        "working",
        r"上(?:了)?(?:班|岗)|入职|干(?:着|上|得惯|的惯)|报到|录用|签(?:了)?合同|找(?:到|着)|试(?:用|工)"
        r"|挺好|不错|习惯|工资(?:都)?发了|发工资了|开支了|干了|满意",
    ),
    (
        "applied",
        r"面试|面完|等(?:信|通知|消息)|投(?:了|过)|打(?:了|过)电话|电话打了|体检|报名|去(?:了|过|看)",
    ),
)  # fmt: skip
_WHY: tuple[tuple[Why, str], ...] = (
    ("far", r"远"),
    ("tired", r"累|站一天|受不了|干不动"),
    ("pay", r"工资(?:太|有点)?(?:低|少)|钱少|给的?少|不一样"),
    ("age", r"岁数|年龄|年纪|以下的?"),
    ("experience", r"经验|不会"),
    ("full", r"招满|不招了"),
)
#: A bare yes and a bare no: nothing else is said.
_YES = re.compile(
    r"(?:嗯{1,9}呐?|对|是|好|行|中|去(?:过|问)?|发|给|开|有|找(?:着|到)|打|惯|还行|可以|挺好|干得惯)[了的呢呀啊吧嘞]{0,9}"
)
_NO = re.compile(
    r"(?:还|都)?(?:没|未)(?:去|问|打|发|给|开|有|找(?:着|到)?)?[了的呢呀啊吧]{0,9}|不(?:惯|行|好|是|太惯)?[了的呢呀啊吧]{0,9}"
)
#: What yes and no mean as the answer to a question.
_BARE: dict[Question, tuple[State, State]] = {
    "went": ("applied", "not_gone"),
    "settled": ("working", "unhappy"),
    "paid": ("working", "unpaid"),
    "found": ("working", "looking"),
    "monthly": ("working", "looking"),
}
#: By how much a wish is lowered or raised when that is proposed.
LOWER, HIGHER = 0.9, 1.1
_AT_WORK = frozenset(("working", "unpaid", "unhappy"))


@dataclass(frozen=True)
class FollowUpAnswer:
    """What was understood of an answer."""

    state: State
    why: Why | None = None
    """The reason given, None when none was."""


@dataclass(frozen=True)
class Proposal:
    """A change of the wish that is proposed, and made only after a yes."""

    question: str
    """The question, in plain words."""
    slots: dict[str, Any] = field(default_factory=dict)
    """The slots that a yes sets."""


def interpret_answer(text: str, question: Question | None, act: str = "") -> FollowUpAnswer | None:
    """Return what an answer says; None when it says nothing of the kind.

    `question` is what was asked last: a bare 没 or 嗯 has its meaning from it.
    """
    normalised = normalise(text).text
    why = next((name for name, pattern in _WHY if re.search(pattern, normalised)), None)
    if question is not None and (_YES.fullmatch(normalised) or _NO.fullmatch(normalised)):
        return FollowUpAnswer(_BARE[question][bool(_NO.fullmatch(normalised))], why)
    for state, pattern in _HEARD:
        if re.search(pattern, normalised):
            return FollowUpAnswer(state, why)
    if question is not None and act in ("affirm", "deny"):
        return FollowUpAnswer(_BARE[question][act == "deny"], why)
    return None


def question_for(step: int, state: str | None) -> Question:
    """Return what is asked so many days after a push (0: once a month) of one in such a state."""
    if step == 0:
        return "monthly"
    if step == 3:
        return "went"
    if state in _AT_WORK or state == "applied":
        return "settled" if step == 15 else "paid"
    return "found"


def propose(answer: FollowUpAnswer, slots: Mapping[str, Any]) -> Proposal | None:
    """Return which change of the wish could help; None when nothing is to be changed."""
    trades = list(slots.get("occupation") or ())
    pay = slots.get("salary_min")
    if answer.why == "pay" and pay and answer.state in ("unhappy", "left", "not_gone"):
        raised_pay = round(pay * HIGHER, -2)
        return Proposal(
            f"要不要只看{raised_pay}元以上的？", {"salary_min": raised_pay, "salary_max": None}
        )
    if answer.state not in ("not_hired", "looking", "left", "unhappy"):
        return None
    substitutes = [
        substitute
        for trade in trades
        for substitute in trade_needs().substitutes(trade)
        if substitute not in trades
    ]
    if substitutes:
        similar_trades = list(dict.fromkeys(substitutes))[:3]
        return Proposal(
            f"要不要把{'、'.join(similar_trades)}也一起看看？",
            {"occupation": trades + similar_trades},
        )
    if pay and answer.state in ("not_hired", "looking"):
        lowered_pay = round(pay * LOWER, -2)
        return Proposal(
            f"工资放到{lowered_pay}元以上，能多不少岗位，要不要？",
            {"salary_min": lowered_pay, "salary_max": None},
        )
    return None
