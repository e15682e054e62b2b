import pytest

from bot.understanding.list_talk import names_employers, wants_telephone, without_asides


@pytest.mark.parametrize(
    ("text", "wanted"),
    {
        "铁西能打电话的活发我 现在就打": True,
        "有电话的给我发几个": True,
        "留了联系方式的推几个": True,
        "电话都发我": True,
        "有新的打电话告诉我": False,
        "别给我打电话": False,
        "他有电话的是老板": False,
        "12333电话打不通": False,
    }.items(),
)
def test_postings_that_can_be_rung_are_asked_for(text: str, wanted: bool) -> None:
    assert wants_telephone(text) is wanted


@pytest.mark.parametrize(
    ("text", "named"),
    {
        "58岁人家收不收": True,
        "我没学历他们要吗": True,
        "那家管饭不": True,
        "要不要我这样的": True,
        "需要啥材料": False,
        "主要看啥": False,
        "失业金咋领": False,
    }.items(),
)
def test_those_at_the_other_end_of_a_posting_are_named(text: str, named: bool) -> None:
    assert names_employers(text) is named


@pytest.mark.parametrize(
    ("text", "left"),
    {
        "别整那些没用的 就告诉我哪家": "哪家",
        "痛快点 电话多少": "电话多少",
        "有电话没 我自己打过去问": "有电话没",
        "自己交社保行不": "自己交社保行不",
        "别去了": "别去了",
    }.items(),
)
def test_what_stands_beside_a_question_is_passed_over(text: str, left: str) -> None:
    assert without_asides(text).strip() == left
