import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.posting_feedback import (
    asks_for_more_than_these,
    asks_for_preference,
    asks_for_saved,
    is_of_an_earlier_list,
    means_those_named,
    mentions_service,
    only_asks_for_more,
    posting_feedback,
    reports_visit,
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
    "昨天去的那家说不招了": "full",
    "我打过去人家说不要人了": "full",
    "第一家说人招齐了": "full",
    "人够了": "full",
    "都招满了": "full",
    "第一家不缺人手了": "full",
    "打电话问了 说人够了": "full",
    "前两天你给我那个单位 我打过去人家说不要人了": "full",
    "我去了 人家说招满了 让我回家等": "full",
    "我打过去说不要人了 咋不早说": "full",
    # not wanted by him
    "第二个不要了": "dull",
    "第三个不要了 换一个": "dull",
    "都不要了": "dull",
    "这几个都不想去": "dull",
    "算了不要了": None,
    "不要了": None,
    "人家说不要我": None,
    # his own work, or asked
    "公司不要人了把我裁了": None,
    "我们厂人都够了 让我走": None,
    "单位说人够了 让我走": None,
    "俺们店不缺人了 老板把我辞了": None,
    "我岗位让人顶了": None,
    "听说不招人了": None,
    "第二个招满了吗": None,
    "人家说没说招满了?": None,
    "岗位早就让人顶了": "full",
    "还招不招了": None,
    "人家招人不": None,
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
    assert posting_feedback(text, refers_to_posting=text.startswith("第")) == kind


@pytest.mark.parametrize("text", ["不要保险公司的", "不去大连了", "没看上我", "太远了 换个近的"])
def test_a_refusal_that_names_no_posting_is_not_said_of_one(text: str) -> None:
    assert posting_feedback(text, refers_to_posting=False) is None


@pytest.mark.parametrize("text", ["看看我收藏的", "我存的岗位呢", "我的收藏", "给我看留着的活"])
def test_the_saved_postings_are_asked_for(text: str) -> None:
    assert asks_for_saved(text)


@pytest.mark.parametrize("text", ["第二个存一下", "社保存折", "存款利息"])
def test_saving_is_not_asking_for_what_is_saved(text: str) -> None:
    assert not asks_for_saved(text)


@pytest.mark.parametrize("text", ["我要找啥来着", "我的求职意向是啥", "我的条件都是什么"])
def test_the_wish_is_asked_for(text: str) -> None:
    assert asks_for_preference(text)


@given(st.text(max_size=100))
def test_no_text_makes_the_readers_fail(text: str) -> None:
    posting_feedback(text, refers_to_posting=True)
    asks_for_saved(text)
    asks_for_preference(text)


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


@pytest.mark.parametrize("text", ["换一个", "那给我换一个", "换两家呗", "除了这些还有啥"])
def test_others_in_place_of_those_shown_are_asked_for(text: str) -> None:
    assert only_asks_for_more(text)


@pytest.mark.parametrize("text", ["换一个工种", "换个地方", "换一批保安的"])
def test_a_change_of_the_search_is_not_the_next_page(text: str) -> None:
    assert not only_asks_for_more(text)


@pytest.mark.parametrize(
    ("text", "others"),
    {"除了这几个还有啥": True, "除这两家以外还有别的没": True, "除了这几样补贴还有啥": False,
     "除了这几个证还要啥材料": False, "还有吗": False}.items(),
)  # fmt: skip
def test_others_than_the_list_has_are_asked_for(text: str, others: bool) -> None:
    assert asks_for_more_than_these(text) is others


@pytest.mark.parametrize(
    ("text", "visit", "earlier"),
    [
        ("上回你们推的那家 我去了 人说早招满了", True, True),
        ("前两天给我那个 我打过去说不要人了", True, True),
        ("第二家我问了 满员了", True, False),
        ("第二个招满了", False, False),
    ],
)
def test_a_visit_and_an_earlier_list_are_read(text: str, visit: bool, earlier: bool) -> None:
    assert (reports_visit(text), is_of_an_earlier_list(text)) == (visit, earlier)


@pytest.mark.parametrize(
    ("text", "office"),
    {"我去街道问了 说公益岗没名额了": True, "去社保局 人家说没名额了": True, "服务站的人说招满了": True,
     "培训班说满员了": True, "我打过去人家说不要人了": False, "厂里说人够了": False}.items(),
)  # fmt: skip
def test_what_an_office_says_is_told_apart(text: str, office: bool) -> None:
    assert mentions_service(text) is office


@pytest.mark.parametrize(
    ("text", "those"),
    {"都行": True, "那都可以吧": True, "这几个都行": True, "三个都中": True, "啥活都行": False,
     "干啥都行": False, "随便": False}.items(),
)  # fmt: skip
def test_any_trade_is_not_those_named(text: str, those: bool) -> None:
    assert means_those_named(text) is those
