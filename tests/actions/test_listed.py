"""What people say of the postings shown: filled at an earlier time, asked after a policy."""

from __future__ import annotations

import pytest

from bot.db.session import session
from bot.db.tables import Posting
from bot.messages import Postings
from tests.actions.conftest import Dialogue
from tests.factories import make_posting


def _posting(number: int, **given: object) -> Posting:
    return make_posting((), source="演示数据", title=f"保洁员{number}", **given)  # type: ignore[arg-type]


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
    assert isinstance(message, Postings)
    assert [one.title for one in message.items] == ["保洁员1"]
    assert not looking.slots.get("left_out")


def test_one_that_was_filled_is_noted_and_the_one_behind_it_shown(looking: Dialogue) -> None:
    message = looking.say("第二家我问了 说招齐了", "refine_job")
    assert "“保洁员2”不再给你看" in message.text
    assert "先看第3个" in message.text
    assert looking.slots["left_out"] == looking.slots["shown"][1:2]
    assert "先看第1个" in looking.say("这家也招满了", "refine_job").text
    assert "都看过了" in looking.say("第一个也满员了", "refine_job").text


def test_what_only_a_posting_is_asked_is_asked_of_the_list_after_a_policy(
    looking: Dialogue,
) -> None:
    looking.slots["subject"] = "policy"
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
