"""Sender of late answers by customer-service message."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol

from bot.channels.base.incoming import Structured
from bot.channels.wechat.api import WeChatApi
from bot.db.session import Session, session
from bot.db.threads import in_database
from bot.delivery.outcome import Outcome, Refused, Sent, with_retry
from bot.messages import erases
from bot.messaging.inbox_table import PassedOn, keep_passed_on, passed_on, take_back
from bot.messaging.incoming import Incoming
from bot.messaging.reply_choices import keep_unsent, save_choices, take_unsent
from bot.rendering.turn import RenderedTurn, render_wechat_turn

logger = logging.getLogger(__name__)
#: Choices of a menu to press; with more the text numbers them.
MENU_CHOICES = 8


class Notes(Protocol):
    """Record of the parts of an answer that have gone out."""

    def save_answer(self, db: Session, incoming: Incoming, texts: Sequence[str]) -> tuple[str, ...]:
        """Store the texts of an answer; return those that are to be sent."""

    async def confirm_hold(self, incoming: Incoming) -> None:
        """Return when an answer may be sent."""

    def begin_sending(self, incoming: Incoming, texts: Sequence[str]) -> None:
        """Remember the texts of an answer."""

    async def note_unsent(self, incoming: Incoming, texts: Sequence[str]) -> None:
        """Note what has not gone out yet."""


async def render_and_save_choices(
    incoming: Incoming,
    messages: Sequence[Structured],
    notes: Notes,
    arrived: datetime | None = None,
) -> RenderedTurn:
    """Return a turn's texts with those a quota had kept back, and save its choices.

    The texts are saved with the message that is answered. `arrived`: the first goes out as the
    reply to the platform's request of that moment, and is kept for a while, in case that asks
    again. Otherwise all are sent, without the one that a repeated request has had.
    """
    openid = incoming.address

    def render_and_save() -> RenderedTurn:
        with session() as db:
            rendered = render_wechat_turn(messages, take_unsent(db, "wechat", openid))
            save_choices(db, "wechat", openid, rendered.choices, rendered.remainder)
            texts = notes.save_answer(db, incoming, rendered.texts)
            if arrived is None:
                texts = _without_given(texts, take_back(db, "wechat", incoming.key))
            elif not any(map(erases, messages)):
                keep_passed_on(db, incoming, texts[:1], arrived)
            if list(texts) == rendered.texts:
                return rendered
            return replace(rendered, texts=list(texts), unnumbered="")

    return await in_database(render_and_save)


def _without_given(texts: tuple[str, ...], given: PassedOn | None) -> tuple[str, ...]:
    """Return what is to be sent of an answer whose first text was to be a reply."""
    if given is None:
        return texts
    rest = texts[1:] if texts[:1] == given.texts else texts
    return rest if given.repeated else (*given.texts, *rest)


async def reply_of_before(incoming: Incoming) -> str:
    """Return what was the reply to a request that comes again; empty when it is sent otherwise."""

    def passed_on_text() -> str:
        with session() as db:
            return next(iter(passed_on(db, incoming) or ()), "")

    return await in_database(passed_on_text)


class ReplyDelivery:
    """Sends what is left to send. What a quota refuses waits for the person's next message."""

    notes: Notes
    """The dispatcher, once it is there."""

    def __init__(self, api: WeChatApi) -> None:
        self._api = api

    async def answer(self, incoming: Incoming, messages: Sequence[Structured]) -> None:
        """Send a turn's answers, their choices as a menu to press where the account has it."""
        openid = incoming.address
        rendered = await render_and_save_choices(incoming, messages, self.notes)
        self.notes.begin_sending(incoming, rendered.texts)
        if rendered.unnumbered and 1 < len(rendered.choices) <= MENU_CHOICES:
            outcome = await with_retry(
                lambda: self._api.send_choices(openid, rendered.unnumbered, rendered.choices)
            )
            # Test accounts have no menus (40200): the numbered text does as well.
            if not isinstance(outcome, Refused) or outcome.unreachable:
                await self._handle_outcome(openid, outcome, rendered.texts)
                return
        await self.send(incoming, rendered.texts, saves_unsent=not any(map(erases, messages)))

    async def send(
        self, incoming: Incoming, texts: Sequence[str], saves_unsent: bool = True
    ) -> None:
        """Send texts in order, each struck off in the inbox once the platform has it.

        On the first that is not taken it and the rest are saved for the next answer
        (`saves_unsent`).
        """
        openid = incoming.address
        for index, text in enumerate(texts):
            await self.notes.confirm_hold(incoming)
            outcome = await with_retry(partial(self._api.send_text, openid, text))
            if not await self._handle_outcome(
                openid, outcome, texts[index:] if saves_unsent else ()
            ):
                return
            if unsent := texts[index + 1 :]:
                await self.notes.note_unsent(incoming, unsent)

    async def _handle_outcome(self, openid: str, outcome: Outcome, unsent: Sequence[str]) -> bool:
        """Return whether a send went out; else keep it, unless the person is gone."""
        if isinstance(outcome, Sent):
            return True
        # What is wrong with the account is for its keeper to know; no openid, no text.
        logger.warning("WeChat: %s (%s)", outcome.reason, outcome.code)
        if unsent and not (isinstance(outcome, Refused) and outcome.unreachable):
            await in_database(self._save_unsent, openid, "\n".join(unsent))
        return False

    def _save_unsent(self, openid: str, text: str) -> None:
        with session() as db:
            keep_unsent(db, "wechat", openid, text)
