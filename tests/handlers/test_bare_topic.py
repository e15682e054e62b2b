from __future__ import annotations

import pytest

from bot.handlers.bare_topic import bare_topic
from bot.turns.turn import Turn
from bot.understanding.entity_extractor import message_reader


def _turn(text: str) -> Turn:
    return Turn(text, "policy", 0.9, [], [dict(e) for e in message_reader().read(text)], {})


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("失业登记", "unemployment-registration"),
        ("失业登记怎么办", "unemployment-registration"),
        ("请问失业登记是什么？", "unemployment-registration"),
        ("注销失业登记（退出）", "unemployment-deregistration"),
        ("注销失业登记", "unemployment-deregistration"),
        ("经济补偿与赔偿金是什么", "severance"),
        ("失业登记被社区给销了怎么办", None),
        ("怎么办", None),
        ("", None),
    ],
)
def test_a_name_and_nothing_else_is_no_guess(text: str, topic: str | None) -> None:
    assert bare_topic(_turn(text)) == topic
