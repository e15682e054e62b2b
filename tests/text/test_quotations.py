import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.quotations import is_placeholder, own_words

DASHES = "- - - - - - - - - - - - - - -"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (f"「就业助手：想看哪个，回数字就行」\n{DASHES}\n2", "2"),
        ("「小就：想看哪个」\n————————————\n第二个", "第二个"),
        ("「就业顾问: 找到5个：\n1. 保安\n   为什么：近」\n-------------------\n2", "2"),
        (f"「甲：「乙：在吗」\n{DASHES}\n在」\n{DASHES}\n失业金咋领", "失业金咋领"),
        (f"「就业顾问：【辽宁就业】3个新岗位，退订回T」\n{DASHES}\nT", "T"),
        ("T 【辽宁就业】沈阳3个新岗位：1保安 4500元。回复数字看详情 退订回T", "T"),
        ("【辽宁就业】沈阳3个新岗位：1保安 4500元 退订回T\nTD", "TD"),
        ("> 【辽宁就业】沈阳2个新岗位 退订回T\n退订", "退订"),
        ("回复：“【辽宁就业】新岗位1保洁 退订回T”\nt", "t"),
        ("【辽宁就业】1保安 4500元 2门卫 退订回T\n2", "2"),
    ],
)
def test_what_is_quoted_is_not_said(text: str, own: str) -> None:
    assert own_words(text) == own


@pytest.mark.parametrize(
    "text",
    [
        "【京东招聘】日薪500加微信 回T退订 这是真的吗", "「失业金」是啥", "【辽宁就业】沈阳3个新岗位 退订回T",
        "五险一金---有没有", "第一\n第二", f"「就业助手：想看哪个」\n{DASHES}\n",
    ],
)  # fmt: skip
def test_other_texts_are_said_whole(text: str) -> None:
    assert own_words(text) == text


@given(st.text(alphabet="「」【】-—\n>T退订回1 a", max_size=200))
def test_something_is_always_left(text: str) -> None:
    assert own_words(text).strip() or not text.strip(" \n>")


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("【收到不支持的消息类型，暂无法显示】", True),
        ("[收到一条不支持的消息，请在手机上查看]", True),
        ("【该消息类型暂不能展示】", True),
        ("[动画表情]", True),
        ("[图片][图片]", True),
        ("[图片]这个岗位咋样", False),
        ("【失业金】", False),
        ("[OK]", False),
        ("公司发的消息无法显示", False),
    ],
)
def test_what_stands_for_a_sticker_or_a_picture_is_known(text: str, holds: bool) -> None:
    assert is_placeholder(text) is holds
