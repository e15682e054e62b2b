import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.feedback import (
    asks_for_saved,
    asks_for_wish,
    only_asks_for_more,
    said_of_posting,
)

SAID = {
    "第一个投了": "applied",
    "第二家我联系过": "applied",
    "没投": None,
    "没意思": "dull",
    "第三个不合适": "dull",
    "这个不感兴趣": "dull",
    "第二个已经招满了": "full",
    "打电话说不招人了": "full",
    "第二个存一下": "save",
    "帮我收藏第一个": "save",
    "这家收押金": "report",
    "第一个让先交三百块钱": "report",
    "去了是骗子": "report",
    "第二个详细说说": None,
    "工资高点的": None,
    "还有吗": None,
}


@pytest.mark.parametrize(("text", "kind"), SAID.items())
def test_what_is_said_of_a_posting_is_read(text: str, kind: str | None) -> None:
    assert said_of_posting(text, named=text.startswith("第")) == kind


@pytest.mark.parametrize("text", ["不要保险公司的", "不去大连了", "没看上我", "太远了 换个近的"])
def test_a_refusal_that_names_no_posting_is_not_said_of_one(text: str) -> None:
    assert said_of_posting(text, named=False) is None


@pytest.mark.parametrize("text", ["看看我收藏的", "我存的岗位呢", "我的收藏", "给我看留着的活"])
def test_the_saved_postings_are_asked_for(text: str) -> None:
    assert asks_for_saved(text)


@pytest.mark.parametrize("text", ["第二个存一下", "社保存折", "存款利息"])
def test_saving_is_not_asking_for_what_is_saved(text: str) -> None:
    assert not asks_for_saved(text)


@pytest.mark.parametrize("text", ["我要找啥来着", "我的求职意向是啥", "我的条件都是什么"])
def test_the_wish_is_asked_for(text: str) -> None:
    assert asks_for_wish(text)


@given(st.text(max_size=100))
def test_no_text_makes_the_readers_fail(text: str) -> None:
    said_of_posting(text, named=True)
    asks_for_saved(text)
    asks_for_wish(text)


@pytest.mark.parametrize(
    "text",
    [
        "还有吗",
        "还有没",
        "还有别的吗",
        "再来几个",
        "换一批",
        "下一页",
        "那再给我看看",
        "还有啥活",
        "更多的呢",
        "别的",
    ],
)
def test_the_list_is_to_go_on(text: str) -> None:
    assert only_asks_for_more(text)


@pytest.mark.parametrize(
    "text",
    [
        "失业补助金还有吗",
        "没有",
        "还有双休的吗",
        "再来个会计的",
        "接着领失业金",
        "别的地方有没有",
        "工资还有没有高的",
        "",
    ],
)
def test_who_says_anything_else_too_does_not_only_ask_for_more(text: str) -> None:
    assert not only_asks_for_more(text)
