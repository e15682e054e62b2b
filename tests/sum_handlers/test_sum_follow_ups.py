"""Talks that go on from sums: N+1, an offer, a total, what is supposed."""

from __future__ import annotations

import pytest

from bot.messages import Message
from bot.sum_handlers.sum_follow_ups import answer_sum_follow_up
from bot.turns.arbitration import remember
from bot.turns.turn import Topic, Turn
from bot.understanding.entity_extractor import message_reader

pytestmark = pytest.mark.usefixtures("policies_here")


class Talk:
    """A talk about sums: a message is worked out by its topic, or goes on from the sums before."""

    def __init__(self) -> None:
        self.slots: dict[str, object] = {}

    def say(self, text: str, topic: str | None = None) -> str:
        """Return the words that answer a message; empty where it goes its way."""
        from bot.handlers.policy import answer_policy

        entities = [dict(entity) for entity in message_reader().read(text)]
        topics = [Topic(topic, 0.95)] if topic else []
        turn = Turn(text, "calculate", 0.9, topics, entities, dict(self.slots))
        message: Message | None = answer_sum_follow_up(turn)
        if message is None and topic:
            message = answer_policy(turn)
        if message:
            remember(turn, [message])
        self.slots |= turn.changes
        return message.text if message else ""


@pytest.fixture
def severance() -> Talk:
    """A talk in which six and a half years at 3,800 yuan came to 7 months: 26,600."""
    talk = Talk()
    assert "26600元" in talk.say("干了六年半 一个月3800 补偿能给多少", "severance")
    return talk


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("那N+1呢", "N+1 = 26600元 + 3800元 = 30400元"),
        ("再给补一个月的呢", "= 30400元"),
        ("N+3呢", "N+3 = 26600元 + 11400元 = 38000元"),
        ("要是算违法辞退呢", "2N = 26600元 × 2 = 53200元"),
        ("双倍赔偿呢", "= 53200元"),
        ("光N是多少", "N = 26600元"),
        ("他给两万 差我多少", "比它少6600元"),
        ("他说给三万 够不够", "比它多3400元"),
        ("他就给一个月的，跟N比差多少", "比它少22800元"),
    ],
)
def test_a_severance_goes_on(severance: Talk, text: str, amount: str) -> None:
    assert amount in severance.say(text)


def test_what_is_supposed_changes_nothing_of_what_was_told(severance: Talk) -> None:
    assert "= 28500元" not in severance.say("那N+1呢")
    assert "30400元" in severance.say("要是再干一年呢")  # 7.5 years: 8 months
    assert "N+1 = 26600元" in severance.say("还是按现在的 N+1是多少")


def test_an_offer_made_before_is_compared(severance: Talk) -> None:
    assert severance.say("公司说给两万打包 干了六年半", "severance")
    assert "少6600元" in severance.say("差多少")


def test_the_sums_of_two_people_are_added_up(severance: Talk) -> None:
    assert "7800元" in severance.say("我媳妇干了三年整 一个月2600 她补偿多少", "severance")
    assert "26600元 + 媳妇7800元 = 34400元" in severance.say("俺俩的N加一块呢")
    assert "差4400元" in severance.say("厂里说给俩人一共三万 差多少")


def test_sums_of_several_kinds_are_added_up_with_what_is_told_besides(severance: Talk) -> None:
    worked = severance.say("没签合同干了8个月 一个月4000 双倍工资能要多少", "labor-contract")
    assert "28000元" in worked
    assert "= 54600元" in severance.say("补偿加双倍一共多少")
    assert "28000元 + 2000元 = 30000元" in severance.say("双倍再加上押金两千 一共多少")


@pytest.mark.parametrize(
    "text",
    [
        "失业金咋领",
        "想找个保洁的活",
        "他凭啥不给我",
        "我媳妇也在那儿干",
        "他这么干是不是违法的",
        "一共几个人能一起告",
        "老板态度差",
        "再给一个月时间让我交接 行不",
        "算不算违法",
    ],
)
def test_other_messages_go_their_way(severance: Talk, text: str) -> None:
    assert severance.say(text) == ""


@pytest.mark.parametrize("text", ["那N+1呢", "一共多少", "差多少", "要是再干一年呢"])
def test_without_a_sum_there_is_nothing_to_go_on_from(text: str) -> None:
    assert Talk().say(text) == ""
