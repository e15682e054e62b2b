"""Rendering of a whole turn for a medium: texts, numbered choices, remainder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.rendering.plain import (
    SMS_PART,
    SMS_PARTS,
    ReplyChoice,
    Structured,
    choices,
    sms_said,
    wechat,
    wechat_texts,
)


@dataclass(frozen=True)
class RenderedTurn:
    """A turn's answers in the words of a medium."""

    texts: list[str]
    """One element a send."""
    choices: list[ReplyChoice]
    """Meanings of the numbers of the last question or answer, from 1 on."""
    remainder: str = ""
    """Text that did not fit and comes for 0."""
    unnumbered: str = ""
    """The text without its numbers, for a menu of the medium's own; empty when it is several."""


def render_wechat_turn(messages: Sequence[Structured], unsent_text: str = "") -> RenderedTurn:
    """Return a turn in as few texts as WeChat's limits allow, at most five.

    `unsent_text` was kept back by a quota. Only the last message that offers choices numbers them:
    two lists of numbers would leave open which one is meant.
    """
    last = _last_offering(messages)
    front = [unsent_text] if unsent_text else []
    parts = ["\n".join(wechat(message, numbers=message is last)) for message in messages]
    texts = wechat_texts("\n\n".join(front + parts))
    plain = ["\n".join(wechat({**message, "buttons": []}, numbers=False)) for message in messages]
    unnumbered = wechat_texts("\n\n".join(front + plain))
    numbered_choices = choices(last) if last else []
    return RenderedTurn(
        texts, numbered_choices, unnumbered=unnumbered[0] if len(unnumbered) == 1 else ""
    )


def render_sms_turn(
    messages: Sequence[Structured], signature: str = "", tail: str = ""
) -> RenderedTurn:
    """Return a turn as texts of at most two parts each, between the signature and `tail`."""
    front = f"【{signature}】" if signature else ""
    max_units = SMS_PART * SMS_PARTS - len(front) - len(tail)
    sms_texts = [sms_said(message, max_units) for message in messages]
    last = _last_offering(messages)
    remainder = "\n".join(sms_text.remainder for sms_text in sms_texts if sms_text.remainder)
    return RenderedTurn(
        [_keep_surrogates_together(front + sms_text.text + tail) for sms_text in sms_texts],
        choices(last) if last else [],
        remainder,
    )


def _last_offering(messages: Sequence[Structured]) -> Structured | None:
    return next((message for message in reversed(messages) if choices(message)), None)


def _keep_surrogates_together(text: str) -> str:
    """Put a space where an emoji would lie across the border of two parts.

    Handsets join the halves; gateways on the way do not always.
    """
    units, single = 0, len(text.encode("utf-16-be", "surrogatepass")) // 2
    if single <= SMS_PART + 3:  # one SMS of up to 70 has no border
        return text
    padded = ""
    for char in text:
        size = len(char.encode("utf-16-be", "surrogatepass")) // 2
        if size == 2 and units % SMS_PART == SMS_PART - 1:
            padded, units = padded + " ", units + 1
        padded, units = padded + char, units + size
    return padded if units <= SMS_PART * SMS_PARTS else text
