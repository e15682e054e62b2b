"""One channel's desk: each message once, each person's in order, many people beside each other."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from rasa.core.channels.channel import UserMessage

from bot.channels.agent import Collector
from bot.channels.crowd import crowd
from bot.channels.frame.before import Before, plain
from bot.channels.frame.database import in_database
from bot.channels.frame.inbox import Inbox
from bot.channels.frame.incoming import (
    Incoming,
    Instead,
    Rest,
    Say,
    Structured,
    Taken,
    Turn,
)
from bot.channels.frame.limits import Limit
from bot.channels.frame.merge import joined, merged
from bot.channels.frame.outage import MOST, OLDEST, passes, wait_out
from bot.channels.inbound import clean
from bot.channels.repeatable import Repeatable
from bot.db.session import is_away, session
from bot.replies import reply

logger = logging.getLogger(__name__)
#: Messages of one sender that wait; further ones are told to slow down.
MOST_WAITING = 20
#: Keys that this process remembers, so that a retry needs no look at the database.
REMEMBERED = 20_000
#: People waiting beyond whom an answer will not be ready within seconds.
CROWD = 100
#: Seconds without a new message after which a crowd is in; seconds that is waited for at most,
#: from the moment that it was one.
CALM, LONGEST_LET_IN = 0.1, 4.0
#: What the database says of a message that it has.
REPEATED = Say()

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
#: Sends an answer that nobody waits for: the incoming message, its answers.
Deliver = Callable[[Incoming, Sequence[Structured]], Awaitable[None]]
#: Sends texts that are left of an answer, and strikes each off in the inbox.
SendRest = Callable[[Incoming, Sequence[str]], Awaitable[None]]
#: Tells the person that the answer comes later; must need neither database nor locks.
TellDelay = Callable[[Incoming], Awaitable[None]]


class Desk:
    """Takes verified messages and sees to it that each is answered once.

    `before` are asked in turn before the bot; `deliver` sends what nobody waits for, `send_rest`
    what a process that died had begun to send. What fails because database, locks or provider are
    away is done again when they are back; `tell_delay` says so meanwhile, where that costs nothing.
    """

    def __init__(
        self,
        on_new_message: OnNewMessage,
        deliver: Deliver,
        send_rest: SendRest,
        before: Sequence[Before] = (),
        per_sender: Limit | None = None,
        tell_delay: TellDelay | None = None,
    ) -> None:
        self._bot, self._deliver, self._before = on_new_message, deliver, tuple(before)
        self._send_rest, self._tell_delay = send_rest, tell_delay
        self._per_sender = per_sender or Limit(20, 10.0)
        self._waiting: dict[str, deque[Turn]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        #: What became of each message; None: nothing is waited for.
        self._seen: OrderedDict[tuple[str, str], asyncio.Future[Taken] | None] = OrderedDict()
        self._inbox = Inbox()
        self._unanswered: set[Turn] = set()
        self._arrived = 0.0
        self._crowded_at: float | None = None

    def open(self, channel: str) -> None:
        """Begin to answer what processes that died have left on a channel."""
        self._inbox.watch(channel, self._resume)

    def receive(self, incoming: Incoming, waited_for: bool = False) -> Turn:
        """Take a message; `waited_for` when the caller will ask the turn for its answer.

        Returns at once; the turn says when the message is kept, or that it cannot be: then it is
        not answered. A repeated message has an empty answer, one too many a kind word. The text is
        made safe before anything is written down.
        """
        incoming = replace(incoming, text=clean(incoming.text))
        turn = Turn(incoming, waited_for)
        known = (incoming.channel, incoming.key)
        if known in self._seen:
            turn.taken, turn.repeated = self._seen[known], True
            turn.take([])
            return turn
        self._arrived = asyncio.get_running_loop().time()
        verdict = self._per_sender.check(incoming.address)
        line = self._waiting.get(incoming.address)
        if verdict != "ok" or (line is not None and len(line) >= MOST_WAITING):
            self.start(self._hold_off(turn, tell=verdict == "tell"))
        else:
            turn.taken = self._inbox.take(incoming)
            self._line_up(turn)
        self._remember(turn)
        return turn

    def _resume(self, incoming: Incoming, to_send: Sequence[str] | None) -> None:
        """Go on with a message that another process took; nobody waits for it."""
        rest = None if to_send is None else Rest(to_send)
        turn = Turn(incoming, waited_for=False, rest=rest, resumed=True)
        self._remember(turn)
        self._line_up(turn)

    async def deliver(self, turn: Turn, messages: Sequence[Structured]) -> None:
        """Send an answer that nobody waits for any more, and keep its message no longer."""
        await self._send(turn, partial(self._deliver, turn.incoming, messages))

    async def send_rest(self, turn: Turn, texts: Sequence[str]) -> None:
        """Send what is left of an answer, and keep its message no longer."""
        await self._send(turn, partial(self._send_rest, turn.incoming, texts))

    def begin_sending(self, incoming: Incoming, texts: Sequence[str]) -> None:
        """Remember the texts of an answer: what is left of them is sent when it broke off."""
        self._inbox.begin_sending(incoming, texts)

    async def note_unsent(self, incoming: Incoming, texts: Sequence[str]) -> None:
        """Note what of an answer has not gone out yet; while the database is away, later."""
        await self._inbox.note_unsent(incoming, texts)

    def _line_up(self, turn: Turn) -> None:
        self._unanswered.add(turn)
        line = self._waiting.get(turn.incoming.address)
        if line is not None:
            line.append(turn)
        else:
            self._waiting[turn.incoming.address] = deque([turn])
            self.start(self._serve(turn.incoming.address))
            if len(self._waiting) == CROWD + 1:
                # Who came before the crowd would wait in vain: his answer stands behind it.
                for earlier in self._unanswered:
                    earlier.give_up()

    @property
    def crowded(self) -> bool:
        """Whether so many wait that it is no use to wait for an answer."""
        return len(self._waiting) > CROWD

    async def close(self, seconds: float = 10.0) -> None:
        """Wait until all that was taken is answered and sent, at most so many seconds.

        What is not answered then is left in the inbox.
        """
        end = asyncio.get_running_loop().time() + seconds
        while self._tasks and (left := end - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        await self._inbox.close()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside; `close` waits for it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _remember(self, turn: Turn) -> None:
        self._seen[turn.incoming.channel, turn.incoming.key] = turn.taken
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)

    async def _hold_off(self, turn: Turn, tell: bool) -> None:
        said: list[Structured] = [reply("too_fast", None).to_dict()] if tell else []
        await self._hand_over(turn, said)

    async def _serve(self, address: str) -> None:
        """Answer one person's messages until none waits."""
        line = self._waiting[address]
        try:
            await self._let_in()
            while line:
                looked = [(turn, await self._look(turn)) for turn in _emptied(line)]
                new = [(turn, said) for turn, said in looked if said is not REPEATED]
                self._unanswered -= {turn for turn, said in looked if said is REPEATED}
                texts = ["" if said else turn.incoming.text for turn, said in new]
                for group in merged(texts):
                    turns = [new[index][0] for index in group]
                    for turn in turns[:-1]:
                        turn.take([])
                    text = joined([texts[i] for i in group]) if turns[1:] else texts[group[0]]
                    await self._answer(turns, new[group[-1]][1] or Instead(text))
                    self._unanswered -= set(turns)
        finally:
            del self._waiting[address]

    async def _let_in(self) -> None:
        """While a crowd is coming, let everybody in first: the providers wait only seconds."""
        now = asyncio.get_running_loop().time
        if not self.crowded:
            self._crowded_at = None
            return
        if self._crowded_at is None:
            self._crowded_at = now()
        until = self._crowded_at + LONGEST_LET_IN
        while self.crowded and now() < until:
            if now() - self._arrived > CALM and not self._inbox.writes:
                return
            await asyncio.sleep(CALM / 2)

    async def _look(self, turn: Turn) -> Say | Instead | Rest | None:
        """Ask the database whether a message is new, and what it means without the bot."""
        if turn.rest is not None:
            return turn.rest
        if turn.taken is not None and (taken := await turn.taken) is not Taken.NEW:
            if taken is Taken.REFUSED:
                self._seen.pop((turn.incoming.channel, turn.incoming.key), None)
            turn.take([])
            return REPEATED
        failures = 0
        while True:
            try:
                return await in_database(self._asked, turn.incoming)
            except Exception as error:
                failures += 1
                if not passes(error) or failures > MOST:
                    logger.exception("message %s: not known what it means", uuid.uuid4().hex)
                    return None
                await self._wait_out([turn], error, failures)

    def _asked(self, incoming: Incoming) -> Say | Instead | None:
        with session() as db:
            answers = (ask(db, incoming) for ask in self._before)
            return next((said for said in answers if said is not None), None)

    async def _answer(self, turns: Sequence[Turn], said: Say | Instead | Rest) -> None:
        """Answer lines that are read as one, by themselves or by the bot; the last one's turn."""
        turn = turns[-1]
        if isinstance(said, Rest):
            await self._send(turn, partial(self._send_rest, turn.incoming, said.texts))
            return
        messages = await self._messages(turns, said)
        self._settle(*turns[:-1])
        await self._hand_over(turn, messages)

    async def _messages(self, turns: Sequence[Turn], said: Say | Instead) -> list[Structured]:
        """Return what is said to lines that are read as one, when what it needs is back."""
        if isinstance(said, Say):
            return list(said.messages)
        failures, began = 0, asyncio.get_running_loop().time()
        while True:
            try:
                # Only the bot is crowded: a provider slow to take answers holds up nobody.
                async with crowd().turn(self._let_in):
                    return await self._ask_bot(turns, said.text)
            except Exception as error:
                failures += 1
                late = asyncio.get_running_loop().time() - began > OLDEST
                if not passes(error) or (failures > MOST and is_away(error)) or late:
                    logger.exception("message %s failed", uuid.uuid4().hex)
                    return [reply("error", None).to_dict()]
                await self._wait_out(turns, error, failures)
            for turn in turns:
                turn.resumed = True  # what was said to it already is said again

    async def _wait_out(self, turns: Sequence[Turn], error: BaseException, failures: int) -> None:
        """Wait until what is away is back; whoever waits for the answer learns that it is late."""
        logger.error("a message waits: %s", type(error).__name__)
        turn, first = turns[-1], not turns[-1].delayed
        for one in turns:
            one.delay()
        if first and self._tell_delay is not None:
            try:
                await self._tell_delay(turn.incoming)
            except Exception as failed:
                logger.error("a delay was not told: %s", type(failed).__name__)
        await wait_out(error, failures)

    async def _hand_over(self, turn: Turn, messages: list[Structured]) -> None:
        if turn.take(messages) and messages:
            turn.settle_by(partial(self._settle, turn))
        elif messages:
            await self._send(turn, partial(self._deliver, turn.incoming, messages))
        else:
            self._settle(turn)

    async def _send(self, turn: Turn, send: Callable[[], Awaitable[None]]) -> None:
        """Send an answer; what is away is waited for, and what is left is sent then."""
        failures, began = 0, asyncio.get_running_loop().time()
        while True:
            try:
                await send()
                break
            except Exception as error:
                failures += 1
                late = asyncio.get_running_loop().time() - began > OLDEST
                if not passes(error) or late:
                    logger.exception("an answer on %s was not delivered", turn.incoming.channel)
                    break
                await self._wait_out([turn], error, failures)
            left = self._inbox.unsent(turn.incoming)
            if left is not None:
                send = partial(self._send_rest, turn.incoming, left)
        self._settle(turn)

    def _settle(self, *turns: Turn) -> None:
        """Keep messages no longer; what was held off never was."""
        if kept := [one.incoming for one in turns if one.taken is not None or one.resumed]:
            self._inbox.answered(*kept)

    async def _ask_bot(self, turns: Sequence[Turn], text: str) -> list[Structured]:
        incoming = turns[-1].incoming
        output = Collector(incoming.channel)
        keys = " ".join("_".join(turn.incoming.key.split()) for turn in turns)
        kind = Repeatable if any(turn.resumed for turn in turns) else UserMessage
        message = kind(
            clean(text), output, incoming.address,
            input_channel=incoming.channel, message_id=keys,
        )  # fmt: skip
        await self._bot(message)
        if isinstance(message, Repeatable) and message.answered_later:
            return []
        answers = [one.get("custom") or plain(one.get("text", "")) for one in output.messages]
        # Rasa swallows the failure of an action server that is away: nothing said is a failure.
        return answers or [reply("error", None).to_dict()]


def _emptied(line: deque[Turn]) -> list[Turn]:
    turns = list(line)
    line.clear()
    return turns
