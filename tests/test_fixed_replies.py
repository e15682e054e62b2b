from typing import get_args

import pytest
from ruamel.yaml import YAML

from bot.fixed_replies import reply
from bot.messages import Clarify, Status
from bot.settings import ROOT

NAMES = YAML(typ="safe").load((ROOT / "data" / "replies.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_every_reply_becomes_a_message_with_a_known_status(name: str) -> None:
    message = reply(name, "help")
    assert message.status in get_args(Status)
    assert message.text
    assert all(button.says for button in message.buttons)


def test_a_reply_that_asks_back_is_a_clarifying_question() -> None:
    message = reply("unclear", None)
    assert isinstance(message, Clarify)
    assert message.to_dict()["type"] == "clarify"
    assert message.asks == "topic"


def test_despair_gets_a_helpline_and_no_statistics() -> None:
    message = reply("crisis", "distress")
    assert message.status == "crisis"
    assert "12356" in message.text


def test_an_unknown_reply_is_an_error() -> None:
    with pytest.raises(KeyError):
        reply("no such reply", None)
