"""Remarks amid a talk: a word of their kind, never the same twice, and matters left to others."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.readings import Reading
from bot.dialogue.state import DialogueState
from bot.fixed_replies import reply
from bot.handlers.remarks import (
    answer_remark,
    is_plain_fatigue,
    is_remark_reply,
    names_helpline,
    strip_excuse,
    with_excuse,
)
from bot.messages import Message
from bot.routing.router import _with_care
from bot.turns.turn import Turn
from bot.understanding.entity_extractor import message_reader
from bot.understanding.remark_kinds import GRAVE, kinds

TALK = Reading("small_talk", 0.7, "chat", 0.7)
KNOWLEDGE = Reading("knowledge", 0.7, "tell", 0.7)
AMID = {"dialogue": DialogueState(field="knowledge", thread="policy").to_slot()}


def said(
    text: str, reading: Reading = TALK, act: str = "out_of_scope", confidence: float = 0.4,
    slots: dict[str, Any] | None = None, distress: float = 0.0,
) -> Turn:  # fmt: skip
    entities = [dict(entity) for entity in message_reader().read(text)]
    ranking = [{"name": act, "confidence": confidence}]
    if distress:
        ranking.append({"name": "distress", "confidence": distress})
    parsed = {"intent_ranking": ranking}
    return Turn(
        text, act, confidence, [], entities, dict(slots or AMID), reading=reading, parsed=parsed
    )


@pytest.fixture(autouse=True)
def unanswered(monkeypatch: pytest.MonkeyPatch) -> None:
    """No unit of the policy base answers."""
    monkeypatch.setattr("bot.handlers.remarks.ranked", lambda turn: [])


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("外头又下冒烟雪了", "天儿"),
        ("昨晚又没睡着。我妈还不知道我被劝退的事。", "睡不着最熬人"),
        ("唉，活该我，去年刷单也让人整了八百", "不怪你"),
        ("我这两天血压高，大夫让少操心，我不操心谁操心", "身子要紧"),
    ],
)
def test_a_remark_gets_a_word_of_its_kind(text: str, word: str) -> None:
    message = answer_remark(said(text, Reading("small_talk", 0.85, "chat", 0.7)))
    assert message is not None
    assert word in message.text


def test_what_only_feels_is_a_remark_whatever_its_reading() -> None:
    message = answer_remark(said("天下乌鸦一般黑 良心让狗吃了", KNOWLEDGE, confidence=0.97))
    assert message is not None
    assert is_remark_reply(message)


@pytest.mark.parametrize(
    "text",
    [
        "我妈还不知道呢 这事单位会给家里打电话不",
        "疼得一宿没睡 老板说私了给两千我没敢签",
        "腿都肿了 单位说病假不算工龄",
        "气死我了 干了三个月没签合同",
        "下这么大雪 手机上能办不",
    ],
)
def test_a_matter_told_with_feeling_is_no_remark(text: str) -> None:
    assert answer_remark(said(text, KNOWLEDGE)) is None


def test_two_remarks_of_a_kind_get_different_words() -> None:
    first = said("外头又下雪了")
    one = answer_remark(first)
    two = answer_remark(said("这大风刮的", slots={**AMID, **first.changes}))
    assert one is not None
    assert two is not None
    assert one.text != two.text
    assert is_remark_reply(two)


def test_a_remark_leaves_what_is_spoken_of() -> None:
    turn = said("外头又下雪了")
    answer_remark(turn)
    state = DialogueState.from_slot(turn.changes["dialogue"])
    assert (state.field, state.thread) == ("knowledge", "policy")


def test_an_excuse_is_left_out_of_a_matter_and_answered_kindly() -> None:
    turn = said("送外卖摔了 锁骨折了 左手打字慢 别嫌弃", KNOWLEDGE)
    strip_excuse(turn)
    assert turn.text == "送外卖摔了 锁骨折了"
    (message,) = with_excuse(turn, [Message(act="policy", text="先治伤。")])
    assert message.text == reply("excused", None).text + "先治伤。"


@pytest.mark.parametrize("text", ["打字慢 别嫌弃", "送外卖摔了 锁骨折了"])
def test_nothing_is_left_out_without_both(text: str) -> None:
    turn = said(text, KNOWLEDGE)
    strip_excuse(turn)
    assert (turn.text, turn.excuses) == (text, False)


@pytest.mark.parametrize(
    "text",
    [
        "工资条上名字写错了能改吗",
        "身份证名字错了社保咋改",
        "合同上签字签错了算数不",
        "合同上字写错了 单位说作废",
        "打字总打错能改吗 我想申请失业金",
        "领导说别着急签 我该咋办",
    ],
)
def test_a_wrong_name_is_no_excuse_for_ones_writing(text: str) -> None:
    turn = said(text, KNOWLEDGE)
    strip_excuse(turn)
    assert (turn.text, turn.excuses) == (text, False)


@pytest.mark.parametrize(
    "text", ["手写的字丑你凑合认 欠我工钱找谁", "我眼花打字慢你别着急 单位黄了先办啥"]
)
def test_an_excuse_is_a_clause_of_its_own(text: str) -> None:
    turn = said(text, KNOWLEDGE)
    strip_excuse(turn)
    assert turn.text.strip() == text.split()[1]


@pytest.mark.parametrize(
    "text",
    [
        "还有啥法子把钱要回来",
        "还有啥法",
        "谁能给我做主啊",
        "谁能管我啊",
        "档案往哪放",
        "行李往哪放",
        "哪些材料都要带",
        "哪天都上班",
        "被欠薪了找谁说理",
        "这么办好不好",
        "不知道要带啥",
        "连工资都没有?",
    ],
)
def test_a_real_question_is_no_remark(text: str) -> None:
    assert answer_remark(said(text, Reading("small_talk", 0.95, "chat", 0.9))) is None


@pytest.mark.parametrize("text", ["我不操心谁操心", "上哪说理去", "年轻人谁乐意遭这罪"])
def test_a_fixed_saying_asks_nothing(text: str) -> None:
    assert answer_remark(said(text, Reading("small_talk", 0.95, "chat", 0.9))) is not None


@pytest.mark.parametrize(
    ("text", "tired"),
    [
        ("站一天柜台腿都累软了", True),
        ("今天跑了八十单 屁股都坐麻了", True),
        ("排队排得太乏了", True),
        ("累了 真累了 不想折腾了", False),
        ("觉得活着没意思", False),
        ("站在楼顶上 太累了", False),
        ("干不动了 想解脱 太累", False),
        ("干啥都没意思 活着太累", False),
        ("天天加班 我真的撑不下去了 太累", False),
        ("跑了半天 心里麻木了", False),
        ("站着累 跑着也累", False),
        ("加班，心里累", False),
        ("天天加班加到累 我成了家里的累赘", False),
    ],
)
def test_fatigue_of_the_body_is_no_despair(text: str, tired: bool) -> None:
    assert is_plain_fatigue(said(text, act="distress", confidence=0.7)) is tired
    assert not is_plain_fatigue(
        said(text, act="distress", confidence=0.7, slots={"dialogue": None})
    )


@pytest.mark.parametrize(
    ("confidence", "reading"),
    [(0.8, TALK), (0.97, TALK), (0.7, Reading("safety", 0.7, "tell", 0.7))],
)
def test_certain_despair_is_no_fatigue(confidence: float, reading: Reading) -> None:
    turn = said("站一天柜台腿都累软了", reading, act="distress", confidence=confidence)
    assert not is_plain_fatigue(turn)


@pytest.mark.parametrize(
    "text",
    [
        "村里狗都比人多 哈哈",
        "我孙女会背三十首诗",
        "我就要个明白账",
        "肚子里踢我一脚",
        "外头又下雪了",
    ],
)
def test_nothing_cheerful_is_said_where_despair_may_be_heard(text: str) -> None:
    message = answer_remark(said(text, Reading("small_talk", 0.95, "chat", 0.9), distress=0.35))
    assert message is not None
    assert message.text == reply("remark_hard", None).text


def test_a_grave_word_is_said_where_despair_may_be_heard() -> None:
    message = answer_remark(said("我成废人了", distress=0.35))
    assert message is not None
    assert names_helpline(message)


@pytest.mark.parametrize("kind", [None, *kinds()])
def test_a_line_of_care_is_said_but_to_what_names_the_helpline(kind: str | None) -> None:
    message = reply(f"remark_{kind}" if kind else "remark", None)
    turn = said("站一天柜台腿都累软了", act="out_of_scope", confidence=0.35)
    cared = _with_care(turn, [message])
    assert len(cared) == (1 if kind in GRAVE else 2)
    assert any("12356" in one.text for one in cared)
