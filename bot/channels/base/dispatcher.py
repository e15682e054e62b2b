"""Dispatcher of a channel's messages: each once, each person's in order, people concurrently."""

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

from bot.channels.base.coalesce import coalesce, join_lines
from bot.channels.base.inbox import Inbox
from bot.channels.base.incoming import (
    IntakeResult,
    PendingReply,
    Reply,
    ResumeDelivery,
    RewriteText,
    Structured,
)
from bot.channels.base.middleware import Middleware, plain_message
from bot.channels.base.outage import (
    MAX_ANSWER_AGE_S,
    MAX_DATABASE_FAILURES,
    is_transient,
    wait_out,
)
from bot.db.session import Session, is_unavailable, session
from bot.db.threads import in_database
from bot.fixed_replies import reply
from bot.messages import erases
from bot.messaging import inbox_table
from bot.messaging.inbox_table import HeldElsewhere
from bot.messaging.incoming import Incoming
from bot.rate_limits.rate_limit import RateLimit, Verdict
from bot.runtime.admission import admission_queue
from bot.runtime.agent import Collector
from bot.runtime.idempotency import RepeatableMessage
from bot.runtime.sanitise import clean

logger = logging.getLogger(__name__)
#: Messages of one sender that wait; further ones are refused, and come again later.
MAX_QUEUE_PER_SENDER = 20
#: Keys that this process remembers, so that a retry needs no look at the database.
SEEN_KEYS = 20_000
#: Waiting people above which an answer will not be ready within seconds.
MAX_WAITING_SENDERS = 100
#: Seconds without a new message after which a crowd is in; seconds that is waited for at most,
#: from the moment that it was one.
QUIET_SECONDS, MAX_ADMISSION_WAIT_S = 0.1, 4.0
#: What the database says of a message that it has.
DUPLICATE = Reply()

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
#: Sends an answer that no caller waits for: the incoming message, its answers.
Deliver = Callable[[Incoming, Sequence[Structured]], Awaitable[None]]
#: Sends texts that are left of an answer, and strikes each off in the inbox.
SendRemainder = Callable[[Incoming, Sequence[str]], Awaitable[None]]
#: Tells the person that the answer comes later; must need neither database nor locks.
NotifyDelay = Callable[[Incoming], Awaitable[None]]


class MessageDispatcher:
    """Takes verified messages and sees to it that each is answered once.

    `middlewares` are asked in turn before the bot; `deliver` sends answers without a caller,
    `send_remainder` the texts that a process that died had begun to send. What fails because
    database, locks or provider are away is done again when they are back; `notify_delay` tells the
    person so, where that costs nothing.
    """

    def __init__(
        self,
        on_new_message: OnNewMessage,
        deliver: Deliver,
        send_remainder: SendRemainder,
        middlewares: Sequence[Middleware],
        per_sender: RateLimit,
        notify_delay: NotifyDelay | None = None,
    ) -> None:
        self._bot, self._deliver, self._middlewares = on_new_message, deliver, tuple(middlewares)
        self._send_remainder, self._notify_delay = send_remainder, notify_delay
        self._per_sender = per_sender
        self._waiting: dict[str, deque[PendingReply]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        #: What became of each message; None: nothing is waited for.
        self._seen: OrderedDict[tuple[str, str], asyncio.Future[IntakeResult] | None] = (
            OrderedDict()
        )
        #: Messages within their sender's limit that could not be kept: who sends one again, because
        #: he is told to, is not counted again.
        self._refused: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._inbox = Inbox()
        self._unanswered: set[PendingReply] = set()
        self._arrived = 0.0
        self._crowded_at: float | None = None

    def open(self, channel: str) -> None:
        """Begin to answer what processes that died have left on a channel."""
        self._inbox.watch(channel, self._resume)

    async def receive(self, incoming: Incoming, waited_for: bool = False) -> PendingReply:
        """Take a message; `waited_for` when the caller will ask the returned reply for its answer.

        Returns once the message is counted; the reply says when it is kept, or that it cannot be:
        then it is not answered. A repeated message has an empty answer, one too many a kind word.
        The text is made safe before anything is written down.
        """
        incoming = replace(incoming, text=clean(incoming.text))
        pending = PendingReply(incoming, waited_for)
        if self._is_repeated(pending):
            return pending
        again = (incoming.channel, incoming.key) in self._refused
        verdict: Verdict = "ok" if again else await self._per_sender.check(incoming.address)
        if self._is_repeated(pending):  # came a second time while the first one was counted
            return pending
        self._arrived = asyncio.get_running_loop().time()
        if verdict != "ok":
            self.start(self._reject(pending, warns=verdict == "tell"))
        elif len(self._waiting.get(incoming.address, ())) >= MAX_QUEUE_PER_SENDER:
            pending.refuse()
            self._forget_key(pending)
            return pending
        else:
            pending.intake = self._inbox.accept(incoming)
            self._enqueue(pending)
        self._remember_key(pending)
        return pending

    def _is_repeated(self, pending: PendingReply) -> bool:
        """Tell whether a message came to this process before; then nothing is answered to it."""
        message_key = (pending.incoming.channel, pending.incoming.key)
        if message_key not in self._seen:
            return False
        pending.intake, pending.repeated = self._seen[message_key], True
        pending.resolve([])
        return True

    def _resume(self, incoming: Incoming) -> None:
        """Go on with a message that another process took; no caller waits for it."""
        pending = PendingReply(incoming, waited_for=False, resumed=True)
        self._remember_key(pending)
        self._enqueue(pending)

    async def deliver(self, pending: PendingReply, messages: Sequence[Structured]) -> None:
        """Send an answer that no caller waits for any more, and keep its message no longer."""
        await self._send(pending, partial(self._deliver, pending.incoming, messages))

    async def send_remainder(self, pending: PendingReply, texts: Sequence[str]) -> None:
        """Send what is left of an answer, and keep its message no longer."""
        await self._send(pending, partial(self._send_remainder, pending.incoming, texts))

    def save_answer(self, db: Session, incoming: Incoming, texts: Sequence[str]) -> tuple[str, ...]:
        """Store the texts of an answer with its message; return those that are to be sent.

        Raises HeldElsewhere when another process has the message now, and answers it.
        """
        holder = self._inbox.holder_of(incoming)
        return inbox_table.save_answer(db, incoming.channel, incoming.key, texts, holder)

    def holder_of(self, incoming: Incoming) -> str | None:
        """Return as whom a message is held in the inbox; None when it does not stand there."""
        return self._inbox.holder_of(incoming)

    async def confirm_hold(self, incoming: Incoming) -> None:
        """Return when a message is still held here; raises HeldElsewhere when it is not."""
        await self._inbox.confirm(incoming)

    def begin_sending(self, incoming: Incoming, texts: Sequence[str]) -> None:
        """Remember the texts of an answer: what is left of them is sent when it broke off."""
        self._inbox.begin_sending(incoming, texts)

    async def note_unsent(self, incoming: Incoming, texts: Sequence[str]) -> None:
        """Note what of an answer has not gone out yet; while the database is away, later."""
        await self._inbox.note_unsent(incoming, texts)

    def _enqueue(self, pending: PendingReply) -> None:
        self._unanswered.add(pending)
        line = self._waiting.get(pending.incoming.address)
        if line is not None:
            line.append(pending)
        else:
            self._waiting[pending.incoming.address] = deque([pending])
            self.start(self._serve_sender(pending.incoming.address))
            if len(self._waiting) == MAX_WAITING_SENDERS + 1:
                # Earlier callers would wait in vain: their answers come after the crowd's.
                for earlier in self._unanswered:
                    earlier.stop_waiting()

    @property
    def is_overloaded(self) -> bool:
        """True when so many wait that it is no use to wait for an answer."""
        return len(self._waiting) > MAX_WAITING_SENDERS

    async def close(self, seconds: float = 10.0) -> None:
        """Wait until all that was taken is answered and sent, at most so many seconds.

        What is not answered then is left in the inbox.
        """
        end = asyncio.get_running_loop().time() + seconds
        while self._tasks and (remaining := end - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._tasks, timeout=remaining)
        await self._inbox.close()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine in the background; `close` waits for it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _remember_key(self, pending: PendingReply) -> None:
        self._seen[pending.incoming.channel, pending.incoming.key] = pending.intake
        if len(self._seen) > SEEN_KEYS:
            self._seen.popitem(last=False)

    def _forget_key(self, pending: PendingReply) -> None:
        """Let a message that could not be kept come again."""
        key = (pending.incoming.channel, pending.incoming.key)
        self._seen.pop(key, None)
        self._refused[key] = None
        self._refused.move_to_end(key)
        if len(self._refused) > SEEN_KEYS:
            self._refused.popitem(last=False)

    async def _reject(self, pending: PendingReply, warns: bool) -> None:
        messages: list[Structured] = [reply("too_fast", None).to_dict()] if warns else []
        await self._hand_over(pending, messages)

    async def _serve_sender(self, address: str) -> None:
        """Answer one person's messages until none waits."""
        line = self._waiting[address]
        try:
            await self._wait_for_admission()
            while line:
                looked = [(pending, await self._classify(pending)) for pending in _drained(line)]
                new = [(pending, result) for pending, result in looked if result is not DUPLICATE]
                self._unanswered -= {pending for pending, result in looked if result is DUPLICATE}
                texts = ["" if result else pending.incoming.text for pending, result in new]
                for group in coalesce(texts):
                    batch = [new[index][0] for index in group]
                    for pending in batch[:-1]:
                        pending.resolve([])
                    text = join_lines([texts[i] for i in group]) if batch[1:] else texts[group[0]]
                    result = new[group[-1]][1] or text
                    await self._answer(
                        batch, result.text if isinstance(result, RewriteText) else result
                    )
                    self._unanswered -= set(batch)
        finally:
            del self._waiting[address]

    async def _wait_for_admission(self) -> None:
        """While a crowd is coming, let everybody in first: the providers wait only seconds."""
        now = asyncio.get_running_loop().time
        if not self.is_overloaded:
            self._crowded_at = None
            return
        if self._crowded_at is None:
            self._crowded_at = now()
        until = self._crowded_at + MAX_ADMISSION_WAIT_S
        while self.is_overloaded and now() < until:
            if now() - self._arrived > QUIET_SECONDS and not self._inbox.writes:
                return
            await asyncio.sleep(QUIET_SECONDS / 2)

    async def _classify(self, pending: PendingReply) -> Reply | RewriteText | ResumeDelivery | None:
        """Ask the database whether a message is new, and what it means without the bot."""
        if pending.incoming.to_send is not None:
            return ResumeDelivery(pending.incoming.to_send)
        if pending.intake is not None and (intake := await pending.intake) is not IntakeResult.NEW:
            if intake is IntakeResult.REFUSED:
                self._forget_key(pending)
            pending.resolve([])
            return DUPLICATE
        if pending.incoming.given_up:
            return Reply((reply("error", None).to_dict(),))
        failures = 0
        while True:
            try:
                return await in_database(self._run_middlewares, pending.incoming)
            except Exception as error:
                failures += 1
                if not is_transient(error) or failures > MAX_DATABASE_FAILURES:
                    logger.exception("message %s: not known what it means", uuid.uuid4().hex)
                    return None
                if await self._wait_out([pending], error, failures):
                    failures = 0

    def _run_middlewares(self, incoming: Incoming) -> Reply | RewriteText | None:
        with session() as db:
            answers = (ask(db, incoming) for ask in self._middlewares)
            return next((result for result in answers if result is not None), None)

    async def _answer(
        self, batch: Sequence[PendingReply], result: Reply | ResumeDelivery | str
    ) -> None:
        """Answer lines that are read as one, by middleware or bot; the last one gets the answer.

        `result` is what middleware said, else the text for the bot.
        """
        pending = batch[-1]
        if isinstance(result, ResumeDelivery):
            await self._send(pending, partial(self._send_remainder, pending.incoming, result.texts))
            return
        messages = await self._messages(batch, result)
        if any(map(erases, messages)):
            self._forget_deleted(pending.incoming.address)
        self._acknowledge(*batch[:-1])
        await self._hand_over(pending, messages)

    def _forget_deleted(self, address: str) -> None:
        """Answer what else a person has sent although the inbox has it no longer: they had all that
        is kept of them deleted."""
        for pending in self._unanswered:
            if pending.incoming.address == address:
                self._inbox.forget(pending.incoming)

    async def _messages(
        self, batch: Sequence[PendingReply], result: Reply | str
    ) -> list[Structured]:
        """Return what is said to lines that are read as one, when what it needs is back."""
        if isinstance(result, Reply):
            return list(result.messages)
        failures, began = 0, asyncio.get_running_loop().time()
        while True:
            try:
                # Only the bot is crowded: a provider slow to take answers holds up no one.
                async with admission_queue().admit(self._wait_for_admission):
                    return await self._ask_bot(batch, result)
            except Exception as error:
                failures += 1
                late = asyncio.get_running_loop().time() - began > MAX_ANSWER_AGE_S
                if (
                    not is_transient(error)
                    or (failures > MAX_DATABASE_FAILURES and is_unavailable(error))
                    or late
                ):
                    logger.exception("message %s failed", uuid.uuid4().hex)
                    return [reply("error", None).to_dict()]
                if await self._wait_out(batch, error, failures):
                    failures = 0
            for pending in batch:
                pending.resumed = True  # what was said to it already is said again

    async def _wait_out(
        self, batch: Sequence[PendingReply], error: BaseException, failures: int
    ) -> bool:
        """Wait until what is away is back; the person is told that the answer is late.

        True when the database was away: then it is not the message that fails.
        """
        logger.error("a message waits: %s", type(error).__name__)
        pending, first = batch[-1], not batch[-1].delayed
        for delayed in batch:
            delayed.delay()
        if first and self._notify_delay is not None:
            try:
                await self._notify_delay(pending.incoming)
            except Exception as failed:
                logger.error("a delay was not told: %s", type(failed).__name__)
        return await wait_out(error, failures)

    async def _hand_over(self, pending: PendingReply, messages: list[Structured]) -> None:
        if pending.resolve(messages) and messages:
            pending.leave_to_caller(
                partial(self._acknowledge, pending),
                lambda: self.start(self.deliver(pending, messages)),
            )
        elif messages:
            await self._send(pending, partial(self._deliver, pending.incoming, messages))
        else:
            self._acknowledge(pending)

    async def _send(self, pending: PendingReply, send: Callable[[], Awaitable[None]]) -> None:
        """Send an answer; what is away is waited for, and what is left is sent then."""
        failures, began = 0, asyncio.get_running_loop().time()
        while True:
            try:
                await send()
                break
            except HeldElsewhere:
                logger.warning("an answer is left to another process")
                self._inbox.forget(pending.incoming)
                return
            except Exception as error:
                failures += 1
                late = asyncio.get_running_loop().time() - began > MAX_ANSWER_AGE_S
                if not is_transient(error) or late:
                    logger.exception("an answer on %s was not delivered", pending.incoming.channel)
                    break
                await self._wait_out([pending], error, failures)
            unsent = self._inbox.unsent(pending.incoming)
            if unsent is not None:
                send = partial(self._send_remainder, pending.incoming, unsent)
        self._acknowledge(pending)

    def _acknowledge(self, *batch: PendingReply) -> None:
        """Keep messages no longer; what was held off never was."""
        if persisted := [
            pending.incoming for pending in batch if pending.intake is not None or pending.resumed
        ]:
            self._inbox.acknowledge(*persisted)

    async def _ask_bot(self, batch: Sequence[PendingReply], text: str) -> list[Structured]:
        incoming = batch[-1].incoming
        output = Collector(incoming.channel)
        keys = " ".join("_".join(pending.incoming.key.split()) for pending in batch)
        kind = RepeatableMessage if any(pending.resumed for pending in batch) else UserMessage
        message = kind(
            clean(text), output, incoming.address,
            input_channel=incoming.channel, message_id=keys,
        )  # fmt: skip
        await self._bot(message)
        if isinstance(message, RepeatableMessage) and message.answered_later:
            return []
        answers = [
            message_json.get("custom") or plain_message(message_json.get("text", ""))
            for message_json in output.messages
        ]
        # Rasa swallows the failure of an action server that is away: nothing said is a failure.
        return answers or [reply("error", None).to_dict()]


def _drained(line: deque[PendingReply]) -> list[PendingReply]:
    batch = list(line)
    line.clear()
    return batch
