"""A word set right is read into the message before it."""

from __future__ import annotations

import pytest

from bot.dialogue.state import DialogueState
from bot.messages import Message
from bot.turns.arbitration import checksum
from bot.turns.corrections import Correction, find_correction, with_correction
from bot.turns.turn import Turn


def turn_after(before: str, text: str, said: int = 0) -> Turn:
    state = DialogueState(field="knowledge", thread="policy", messages=(before,), said=said)
    return Turn(text, "out_of_scope", 0.5, [], [], {"dialogue": state.to_slot()})


@pytest.mark.parametrize(
    ("before", "text", "read"),
    [
        ("这还能算工商吗", "打错了 工伤", "这还能算工伤吗"),
        ("能申请失夜金吗", "失业金，打错了", "能申请失业金吗"),
        ("见西补贴多少", "打错字了 是见习", "见习补贴多少"),
        ("仲才要多久", "哎 写错了 仲裁", "仲裁要多久"),
        ("公益岗为么时候招", "输入法错了 应该是什么时候", "公益岗什么时候招"),
    ],
)
def test_a_word_set_right_is_read_into_the_message_before(
    before: str, text: str, read: str
) -> None:
    turn = turn_after(before, text)
    correction = find_correction(turn)
    assert correction is not None
    assert correction.text == read


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("这还能算工商吗", "工伤"),
        ("这还能算工商吗", "打错了"),
        ("失业金多少", "打错了 是十九"),
        ("失业金多少", "名字打错了怎么改"),
        ("失业金多少", "说错了 我妹三十八"),
        ("", "打错了 工伤"),
        ("失业金多少", "卡号打错了 钱退回去没"),
    ],
)
def test_another_message_is_left_as_it_is(before: str, text: str) -> None:
    turn = turn_after(before, text)
    assert find_correction(turn) is None


def test_the_same_answer_is_not_said_twice() -> None:
    answer = Message(act="policy", text="先治伤。")
    same = turn_after("这还能算工商吗", "打错了 工伤", checksum(answer))
    other = turn_after("这还能算工商吗", "打错了 工伤")
    correction = Correction("工伤", "这还能算工伤吗")
    (brief,) = with_correction(same, [answer], correction)
    (full,) = with_correction(other, [answer], correction)
    assert "按“工伤”读的" in brief.text
    assert "先治伤" not in brief.text
    assert full.text == "好，按“工伤”说。先治伤。"
