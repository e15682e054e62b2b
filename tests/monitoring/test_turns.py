"""Records of turns: one line each in log and pipe, and nobody's words in either."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from bot.db.session import dry_run
from bot.messages import Message, Postings
from bot.monitoring.pipe import worker_end
from bot.monitoring.turns import TurnRecord, record_turn
from bot.runtime.agent import Collector
from bot.runtime.message_processor import Processor
from bot.supervisor import TURNS_PIPE

SAID = "我叫王铁柱，电话13800138000，想在铁西找个保安的活"


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    monkeypatch.setenv(TURNS_PIPE, str(writing))
    worker_end.forget()
    yield reading
    worker_end.forget()
    os.close(reading)
    os.close(writing)


def _answer(text: str, *said: Message, fails: bool = False) -> None:
    """Let the processor answer a text as Rasa would with these messages."""

    async def handle(_: Any, message: UserMessage) -> None:
        for one in said:
            await message.output_channel.send_custom_json(message.sender_id, one.to_dict())
        if fails:
            raise RuntimeError("电话13800138000")

    processor = Processor.__new__(Processor)
    processor.tracker_store = None
    message = UserMessage(text, Collector("sms"), "+8613800138000", input_channel="sms")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MessageProcessor, "handle_message", handle)
        asyncio.run(processor.handle_message(message))


def test_a_turn_is_one_line_with_act_status_and_milliseconds_and_without_words(
    pipe: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "bot"):
        _answer(
            SAID, Postings(act="find_job", text="铁西的保安"), Message(act="privacy", text="好")
        )
    (line,) = caplog.messages
    assert line.startswith("act=find_job status=postings channel=sms ms=")
    record = TurnRecord.read(os.read(pipe, 1000).decode())
    assert record is not None
    assert (record.act, record.status, record.channel) == ("find_job", "postings", "sms")
    assert 0 <= record.milliseconds < 1000
    assert not [word for word in ("王铁柱", "138", "铁西", "保安") if word in caplog.text]


@pytest.mark.parametrize(
    ("said", "fails", "line"),
    [
        ([], False, "none error sms"),
        ([Message(act="policy")], True, "policy error sms"),
        (
            [Message(act="policy"), Message(act="crisis", status="crisis")],
            False,
            "policy crisis sms",
        ),
        ([Message(act="我叫王铁柱", text="x")], False, "other answered sms"),
        ([Message(text="x")], False, "none answered sms"),
    ],
)
def test_the_gravest_status_counts_and_what_is_no_name_of_ours_is_left_out(
    pipe: int, said: list[Message], fails: bool, line: str
) -> None:
    if fails:
        with pytest.raises(RuntimeError):
            _answer(SAID, *said, fails=True)
    else:
        _answer(SAID, *said)
    assert os.read(pipe, 1000).decode().rpartition(" ")[0] == line


def test_a_dry_run_is_no_turn(pipe: int, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "bot"), dry_run():
        _answer(SAID, Message(act="policy"))
    os.set_blocking(pipe, False)
    with pytest.raises(BlockingIOError):
        os.read(pipe, 1)
    assert caplog.messages == []


def test_a_pipe_that_nobody_reads_holds_up_no_answer(pipe: int) -> None:
    for _ in range(5000):  # more than it holds
        with record_turn([], "sms"):
            pass
    read = os.read(pipe, 1_000_000).decode().splitlines()
    assert len(read) > 1000
    assert {TurnRecord.read(line) is None for line in read} == {False}


def test_the_pipe_is_not_told_to_children(pipe: int) -> None:
    with record_turn([], "sms"):
        pass
    assert TURNS_PIPE not in os.environ
