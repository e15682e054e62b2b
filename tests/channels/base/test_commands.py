"""Words that stop pushes before the bot is asked."""

import pytest

from bot.channels.base.commands import is_stop


@pytest.mark.parametrize(
    "text",
    ["TD", "ｔｄ", "我要TD了谢谢", "你好，TD", "麻烦TD", "TD，别再发", "td了", "请TD，谢谢您", "您好 TD 谢谢",
     "那就TD吧", "麻烦您帮我TD，谢谢了！", "TD 不要再发了"],
)  # fmt: skip
def test_td_among_polite_words_stops(text: str) -> None:
    assert is_stop(text)


@pytest.mark.parametrize(
    "text",
    ["TD是啥意思", "我不要TD", "别TD", "TD-LTE工程师", "我想问TD怎么退", "回TD管用吗", "不是TD", "你好",
     "我回TD它说格式不对", "谢谢"],
)  # fmt: skip
def test_td_that_is_asked_about_or_denied_stops_nothing(text: str) -> None:
    assert not is_stop(text)


def test_long_texts_take_no_time() -> None:
    assert not is_stop("我要" * 20 + "td了谢谢")
