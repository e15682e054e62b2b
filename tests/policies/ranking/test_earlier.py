"""A message that goes back is read with the matter that it takes up, and only such a one."""

from __future__ import annotations

import pytest

from bot.policies.ranking.earlier import Matter, refers_back, resumed_matter

CASH = "有两个大姐写了条子不要上社保，要我把钱折现给她们，行不行？"
PENALTY = "三方签了能反悔吗 违约金写了5000"
GAP = "十八岁下井干到98年，后来蹬过倒骑驴看过大门烧过锅炉，保险是自己接着交的,中间停过三年。我到底多大岁数能退？"
BETWEEN = "车间里有个大姨机器夹了手指头，算工伤吗"


def _taken_up(text: str, *before: str) -> Matter | None:
    matters = [Matter(one, f"topic-{at}") for at, one in enumerate(before)]
    return resumed_matter(text, matters, lambda token: 3.0)


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("等等，刚才说的折现那事，已经给她们发了一年的钱，能要回来吗", CASH),
        ("说回折现 有人不认咋办", CASH),
        ("5000是必须给吗 还能上法院告我啊", PENALTY),
        ("那三年能补不", GAP),
        ("那两千能要回来不", "老板扣了我两千押金"),
    ],
)
def test_what_was_said_some_messages_ago_is_taken_up(text: str, earlier: str) -> None:
    matter = _taken_up(text, earlier, BETWEEN, "我招失业的人，是不是给我补钱？")
    assert matter is not None
    assert matter.topic == "topic-0"


def test_of_a_long_message_stands_what_both_share() -> None:
    matter = _taken_up("停的那三年能补不？", GAP, BETWEEN)
    assert matter is not None
    assert matter.text == "保险是自己接着交的,中间停过三年。我到底多大岁数能退?"


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("刚才说的折现那事，能要回来吗", (BETWEEN, CASH)),  # the last message: nothing between
        ("刚才说的折现那事，能要回来吗", (CASH,)),
        ("5000是必须给吗", (PENALTY, "公司让我实习交5000押金")),
        ("算工伤的话谁出钱", (CASH, BETWEEN)),
        ("再说我也没证据", (CASH, BETWEEN)),
        ("干了三年能领几个月", (GAP, BETWEEN)),  # no length of time that is pointed at
        ("前面路口那家招人不", (CASH, BETWEEN)),
        ("2009年的还算不", ("我2009年进的厂", BETWEEN)),
    ],
)
def test_what_goes_on_takes_up_nothing_earlier(text: str, before: tuple[str, ...]) -> None:
    assert _taken_up(text, *before) is None


@pytest.mark.parametrize("text", ["失业金一个月多少", "那要啥材料", "沈阳", "那大连呢"])
def test_most_messages_have_nothing_that_goes_back(text: str) -> None:
    assert not refers_back(text)
