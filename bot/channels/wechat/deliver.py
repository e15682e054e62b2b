"""Answers that no request waits for any more, by customer-service message."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import Protocol

from bot.channels.frame.database import in_database
from bot.channels.frame.incoming import Incoming, Structured
from bot.channels.frame.outcome import Outcome, Refused, Sent, with_retry
from bot.channels.present import Presented, for_wechat
from bot.channels.wechat.api import WeChatApi
from bot.contact.inbox import save_answer
from bot.contact.offers import keep_unsent, save_choices, take_unsent
from bot.db.session import session
from bot.messages import erases

logger = logging.getLogger(__name__)
#: Choices of a menu to press; with more the text numbers them.
MENU_CHOICES = 8


class Notes(Protocol):
    """Where it is noted what of an answer has gone out."""

    def begin_sending(self, incoming: Incoming, texts: Sequence[str]) -> None:
        """Remember the texts of an answer."""

    async def note_unsent(self, incoming: Incoming, texts: Sequence[str]) -> None:
        """Note what has not gone out yet."""


async def present(openid: str, messages: Sequence[Structured], key: str = "") -> Presented:
    """Return a turn's texts with what a quota had kept back, and remember its choices.

    `key` names the message that is answered: the texts are put beside it in the inbox.
    """

    def remember() -> Presented:
        with session() as db:
            said = for_wechat(messages, take_unsent(db, "wechat", openid))
            offered = [(one.title, one.says) for one in said.choices]
            save_choices(db, "wechat", openid, offered, said.rest)
            if key:
                save_answer(db, "wechat", key, said.texts)
            return said

    return await in_database(remember)


class Delivery:
    """Sends what is left to send. What a quota refuses waits for the person's next message."""

    def __init__(self, api: WeChatApi) -> None:
        self._api = api
        self.notes: Notes | None = None
        """The desk, once it is there."""

    async def answer(self, incoming: Incoming, messages: Sequence[Structured]) -> None:
        """Send a turn's answers, their choices as a menu to press where the account has it."""
        openid = incoming.address
        said = await present(openid, messages, incoming.key)
        if self.notes is not None:
            self.notes.begin_sending(incoming, said.texts)
        if said.bare and 1 < len(said.choices) <= MENU_CHOICES:
            outcome = await with_retry(
                lambda: self._api.send_choices(openid, said.bare, said.choices)
            )
            # Test accounts have no menus (40200): the numbered text does as well.
            if not isinstance(outcome, Refused) or outcome.gone:
                await self._settle(openid, outcome, said.texts)
                return
        await self.send(incoming, said.texts, keep=not any(map(erases, messages)))

    async def send(self, incoming: Incoming, texts: Sequence[str], keep: bool = True) -> None:
        """Send texts in order, each struck off in the inbox once the platform has it.

        On the first that is not taken it and the rest are kept (`keep`) for the next answer.
        """
        openid = incoming.address
        for at, text in enumerate(texts):
            outcome = await with_retry(partial(self._api.send_text, openid, text))
            if not await self._settle(openid, outcome, texts[at:] if keep else ()):
                return
            if self.notes is not None and (left := texts[at + 1 :]):
                await self.notes.note_unsent(incoming, left)

    async def _settle(self, openid: str, outcome: Outcome, unsent: Sequence[str]) -> bool:
        """Return whether a send went out; else keep it, unless the person is gone."""
        if isinstance(outcome, Sent):
            return True
        # What is wrong with the account is for its keeper to know; no openid, no text.
        logger.warning("WeChat: %s (%s)", outcome.reason, outcome.code)
        if unsent and not (isinstance(outcome, Refused) and outcome.gone):
            await in_database(self._keep, openid, "\n".join(unsent))
        return False

    def _keep(self, openid: str, text: str) -> None:
        with session() as db:
            keep_unsent(db, "wechat", openid, text)
