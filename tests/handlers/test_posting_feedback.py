"""What people say of the postings shown: filled at an earlier time, asked after a policy."""

from __future__ import annotations

import pytest

from bot.db.session import session
from bot.db.tables import Posting
from bot.dialogue.readings import Reading
from bot.dialogue.state import DialogueState
from bot.handlers.posting_feedback import answer_posting_feedback
from bot.messages import Postings
from bot.turns.turn import Turn
from bot.understanding.entity_extractor import message_reader
from tests.factories import make_posting
from tests.handlers.conftest import Dialogue


def _posting(number: int, **given: object) -> Posting:
    return make_posting((), source="演示数据", title=f"保洁员{number}", **given)  # type: ignore[arg-type]


def _speak_of_a_policy(looking: Dialogue, messages: int) -> None:
    """Let a policy be what is spoken of since the list, for some messages."""
    state = DialogueState(field="knowledge", before=("jobs",), messages=("问",) * messages)
    looking.slots |= {"subject": "policy", "dialogue": state.to_slot()}


def _is_noted(looking: Dialogue, text: str, act: str, reading: Reading | None = None) -> bool:
    """Tell whether a message is taken for the news that a posting shown is filled."""
    entities = [dict(entity) for entity in message_reader().read(text)]
    turn = Turn(text, act, 0.9, [], entities, dict(looking.slots), reading=reading)
    message = answer_posting_feedback(turn)
    return message is not None and message.text.startswith("对不住")


@pytest.fixture
def looking(here: str, anna: Dialogue) -> Dialogue:
    """Anna, who was shown three postings; the first states an age limit."""
    with session(here) as db:
        ages = ("18-50岁", "", "")
        postings = [_posting(at, age_text=ages[at - 1]) for at in (1, 2, 3)]
        db.add_all(postings)
        db.flush()
        anna.slots |= {"subject": "job", "shown": [one.id for one in postings]}
    return anna


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("上回你们推的那家 我去了 人说早招满了", "refine_job"),
        ("前两天你给我那个 我打过去人家说不要人了 白折腾", "handoff"),
        ("昨天去的那家说不招了", "follow_up"),
    ],
)
def test_a_posting_of_an_earlier_list_that_was_filled_leads_to_the_next(
    looking: Dialogue, text: str, act: str
) -> None:
    message = looking.say(text, act)
    assert message.text.startswith("对不住")
    assert "先打个电话" in message.text
    assert "记下" not in message.text
    assert isinstance(message, Postings)
    assert [one.title for one in message.items] == ["保洁员1"]
    assert not looking.slots.get("left_out")


def test_one_that_was_filled_is_noted_and_the_one_behind_it_shown(looking: Dialogue) -> None:
    message = looking.say("第二家我问了 说招齐了", "refine_job")
    assert "“保洁员2”不再给你看" in message.text
    assert "记下" not in message.text  # nothing is kept of somebody who is not known
    assert "先看第3个" in message.text
    assert looking.slots["left_out"] == looking.slots["shown"][1:2]
    assert "先看第1个" in looking.say("这家也招满了", "refine_job").text
    assert "都看过了" in looking.say("第一个也满员了", "refine_job").text


def test_what_only_a_posting_is_asked_is_asked_of_the_list_after_a_policy(
    looking: Dialogue,
) -> None:
    _speak_of_a_policy(looking, 1)
    assert looking.say("没经验能干不", "policy").text.startswith("这几个：要不要经验没写")
    assert looking.slots["subject"] == "job"


@pytest.mark.parametrize(("age", "fits"), [(48, "你的岁数在里头"), (58, "你的岁数不在里头")])
def test_an_age_told_beside_a_question_is_held_against_the_limit(
    looking: Dialogue, age: int, fits: str
) -> None:
    told = looking.say(f"第一个我{age}了 交不交保险", "refine_job").text
    assert "交不交保险没写" in told
    assert "18-50岁" in told
    assert fits in told
    assert "年龄多大没写" in looking.say(f"第二个我{age}了 交不交保险", "refine_job").text


@pytest.mark.parametrize("act", ["refine_job", "deny", "out_of_scope", "inform"])
@pytest.mark.parametrize(
    "text",
    [
        "算了不要了", "不要了", "公司不要人了把我裁了", "我们厂人都够了 让我走", "这个公司不要人了把我裁了",
        "我去街道问了 说公益岗没名额了", "去社保局 人家说没名额了", "大厅窗口的人说名额满了",
        "我打过去问 人家说没说招满了吗",
    ],
)  # fmt: skip
def test_what_is_no_news_of_a_posting_is_not_taken_for_it(
    looking: Dialogue, text: str, act: str
) -> None:
    looking.slots["viewed"] = looking.slots["shown"][0]
    assert not _is_noted(looking, text, act)


@pytest.mark.parametrize("text", ["第二个不要了", "这个不要了"])
def test_a_posting_that_is_not_wanted_is_left_out_and_not_said_to_be_filled(
    looking: Dialogue, text: str
) -> None:
    looking.slots["viewed"] = looking.slots["shown"][1]
    message = looking.say(text, "refine_job")
    assert "对不住" not in message.text
    assert looking.slots["left_out"] == looking.slots["shown"][1:2]


def test_a_visit_is_of_the_list_only_while_it_is_spoken_of(looking: Dialogue) -> None:
    said = "我打过去 人家说不要人了"
    assert _is_noted(looking, said, "refine_job")
    assert not _is_noted(looking, said, "policy")
    assert not _is_noted(looking, said, "inform", Reading("knowledge", 0.8, "tell", 0.8))
    _speak_of_a_policy(looking, 1)
    assert not _is_noted(looking, said, "refine_job")
    looking.slots["dialogue"] = DialogueState(field="jobs", shows="postings").to_slot()
    assert _is_noted(looking, said, "refine_job")


def test_what_did_not_suit_stays_left_out_in_the_turns_to_come(looking: Dialogue) -> None:
    turn = Turn("都不合适", "refine_job", 0.9, [], [], dict(looking.slots))
    assert answer_posting_feedback(turn) is not None
    kept = turn.changed_slots()
    assert kept["left_out"] == looking.slots["shown"]
    assert turn.text == "都不合适"
