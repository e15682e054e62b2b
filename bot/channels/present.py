"""All that one turn says, as a medium sends it: its texts, its numbered choices, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.render import (
    SMS_PART,
    SMS_PARTS,
    Choice,
    Structured,
    choices,
    sms_said,
    wechat,
    wechat_texts,
)


@dataclass(frozen=True)
class Presented:
    """A turn's answers in the words of a medium."""

    texts: list[str]
    """One element a send."""
    choices: list[Choice]
    """What the numbers of the last question or answer mean, from 1 on."""
    rest: str = ""
    """What did not fit and comes for 0."""
    bare: str = ""
    """The text without its numbers, for a menu of the medium's own; empty when it is several."""


def for_wechat(messages: Sequence[Structured], before: str = "") -> Presented:
    """Return a turn in as few texts as WeChat's limits allow, at most five.

    `before` is what a quota had kept back. Only the last message that offers choices numbers them:
    two lists of numbers would leave open which one is meant.
    """
    last = _last_offering(messages)
    front = [before] if before else []
    parts = ["\n".join(wechat(one, numbers=one is last)) for one in messages]
    texts = wechat_texts("\n\n".join(front + parts))
    plain = ["\n".join(wechat({**one, "buttons": []}, numbers=False)) for one in messages]
    bare = wechat_texts("\n\n".join(front + plain))
    offered = choices(last) if last else []
    return Presented(texts, offered, bare=bare[0] if len(bare) == 1 else "")


def for_sms(messages: Sequence[Structured], signature: str = "", tail: str = "") -> Presented:
    """Return a turn as texts of at most two parts each, the signature in front, `tail` behind."""
    front = f"【{signature}】" if signature else ""
    most = SMS_PART * SMS_PARTS - len(front) - len(tail)
    said = [sms_said(message, most) for message in messages]
    last = _last_offering(messages)
    rest = "\n".join(one.rest for one in said if one.rest)
    return Presented(
        [_whole_pairs(front + one.text + tail) for one in said], choices(last) if last else [], rest
    )


def _last_offering(messages: Sequence[Structured]) -> Structured | None:
    return next((message for message in reversed(messages) if choices(message)), None)


def _whole_pairs(text: str) -> str:
    """Put a space where an emoji would lie across the border of two parts.

    Handsets join the halves; gateways on the way do not always.
    """
    units, single = 0, len(text.encode("utf-16-be", "surrogatepass")) // 2
    if single <= SMS_PART + 3:  # one SMS of up to 70 has no border
        return text
    kept = ""
    for char in text:
        size = len(char.encode("utf-16-be", "surrogatepass")) // 2
        if size == 2 and units % SMS_PART == SMS_PART - 1:
            kept, units = kept + " ", units + 1
        kept, units = kept + char, units + size
    return kept if units <= SMS_PART * SMS_PARTS else text
