"""What the words of a posting say of a condition, and what they only seem to say."""

import pytest

from bot.understanding.extractors.conditions import refused, verdict

DENIED = [
    "不用上夜班", "无需上夜班", "不需要上夜班", "免夜班", "没夜班", "不安排夜班", "不用值夜班", "不设夜班", "无大夜",
    "不用倒班", "无夜班、倒班", "不用24小时值班", "夜班：无", "夜班可不上", "两班倒，不安排夜班", "只上白班",
    "夜班补贴20元/天，可只上白班",
]  # fmt: skip
STATED = [
    "夜班保安", "不限男女夜班保安", "无经验夜班保安", "无需经验，夜班", "免费班车，夜班", "不能上夜班者勿扰", "不接受夜班勿扰",
    "不上夜班勿扰", "不得不上夜班", "不光夜班", "能上夜班", "夜间巡逻", "三班倒", "不含夜班补贴，上夜班",
    "没有夜班经验也可，上夜班", "要上夜班，夜班费另算",
]  # fmt: skip


@pytest.mark.parametrize("words", DENIED)
def test_night_work_that_is_denied_holds_the_wish_for_none(words: str) -> None:
    assert not refused("no_nights", words)
    assert verdict("no_nights", words) == ("holds", "")


@pytest.mark.parametrize("words", STATED)
def test_night_work_that_is_stated_is_refused(words: str) -> None:
    assert refused("no_nights", words)
    assert verdict("no_nights", words)[0] == "against"


@pytest.mark.parametrize("words", ["夜班补贴20元/天", "夜班津贴另算", "有夜班费"])
def test_an_allowance_only_hints_at_night_work(words: str) -> None:
    assert not refused("no_nights", words)
    assert verdict("no_nights", words) == ("against", "夜班")


@pytest.mark.parametrize("words", ["夜间打车报销", "有夜间班车", "夜间补助"])
def test_the_way_home_at_night_says_nothing_of_night_work(words: str) -> None:
    assert not refused("no_nights", words)
    assert verdict("no_nights", words) == ("unknown", "")
