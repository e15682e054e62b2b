from __future__ import annotations

import pytest

from bot.messages import Button
from bot.turns.echo import ask_which, echoed_words
from bot.turns.turn import Turn
from bot.understanding.entity_extractor import message_reader

CHOICES = (Button("失业保险金", "失业保险金是什么"),)


def _turn(text: str) -> Turn:
    entities = [dict(entity) for entity in message_reader().read(text)]
    return Turn(text, "policy", 0.5, [], entities, {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("俺52 电焊干了20多年 厂子黄了", ["52岁", "电焊", "20多年"]),
        ("在鞍山待了三个月 在鞍山", ["鞍山", "三个月"]),
        ("嗯哼哈", []),
        ("我儿子三十四了，吃药稳定五年了，我想给他找个活", ["你儿子34岁"]),
        ("我婆婆七十九 我五十二 找个做饭的活", ["52岁", "做饭的"]),
        ("腰椎间盘突出五年 干不了重活", []),
        ("我48 离婚十年 以前在食堂干了七年", ["48岁", "七年"]),
        ("我爸交了三十年社保 我能享受啥", []),
        ("三个月没发工资了", ["三个月"]),
    ],
)
def test_what_was_read_is_said_back_once_in_its_order(text: str, words: list[str]) -> None:
    assert echoed_words(_turn(text)) == words


def test_a_trade_that_was_named_can_be_looked_for() -> None:
    asked = ask_which(_turn("俺52 电焊干了20多年 厂子黄了"), CHOICES)
    assert "52岁" in asked.text
    assert [button.says for button in asked.buttons] == ["失业保险金是什么", "找电焊的活"]


def test_what_nothing_was_read_of_is_asked_plainly() -> None:
    assert "听懂的是" not in ask_which(_turn("嗯哼哈"), CHOICES).text
