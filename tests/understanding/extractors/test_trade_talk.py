import pytest

from bot.understanding.entity_extractor import message_reader


def _trades(text: str) -> list[dict[str, object]]:
    return [one for one in message_reader().read(text) if one["entity"] == "occupation"]


@pytest.mark.parametrize(
    "text",
    ["大夫让少操心", "会计说都这么办的", "站长说我是合作的不是员工", "保安不让我进门", "出纳把工资条撕了", "警察不管 保安管吗",
     "店长昨天把我撵走了", "前台小姑娘说老板不在", "快递员给我送来个开除通知", "大夫开了三个月假条", "公司请了会计来对账",
     "我问了会计 没给准话", "我跟店长吵了一架", "找大夫看看得花多少钱", "有办公室有前台，还给我看了证照", "他家有厂房有司机，看着挺正规",
     "不出海也行", "不开大车也成，矿上要人就去"],
)  # fmt: skip
def test_a_trade_in_a_story_is_only_spoken_of(text: str) -> None:
    assert _trades(text)
    assert all(one.get("aside") for one in _trades(text))


@pytest.mark.parametrize(
    "text",
    ["想找个会计的活", "沈阳有会计吗", "有没有保安有没有保洁", "有保安有保洁的活吗", "学校招老师不", "帮我问问保安招不招", "我想问下会计一个月多少钱",
     "司机给开多少钱", "保安给我介绍一个", "会计要求啥学历", "保洁管不管饭", "保洁让退休的干不", "听说保安缺人", "保洁和保安哪个好干",
     "沈阳找护士", "找老师的工作", "和保安差不多的活", "帮我老公找活 他是焊工", "跟着师傅学焊工"],
)  # fmt: skip
def test_a_trade_asked_for_or_told_of_oneself_is_not(text: str) -> None:
    assert _trades(text)
    assert not any(one.get("aside") for one in _trades(text))


@pytest.mark.parametrize(
    ("text", "trade"),
    {
        "以前在网吧当过网管": "康乐服务员",
        "公司招网管": "运维工程师",
        "在敬老院干护理": "养老护理员",
        "医院护理": "护士",
    }.items(),
)
def test_a_name_means_what_it_means_in_its_place(text: str, trade: str) -> None:
    assert trade in [one["value"] for one in _trades(text)]
