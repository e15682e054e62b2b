"""What is asked of a posting, and what only sounds like it."""

import re

import pytest
from hypothesis import given

from bot.text.questions import asks_or_not, is_question
from bot.understanding.entity_extractor import message_reader
from bot.understanding.extractors.benefits import names
from bot.understanding.posting_questions import extract_posting_questions, questions
from tests.anything import ANY

ASKED = {
    "给钱不": ["pay"],
    "一个月给多少钱": ["pay"],
    "第二个工资多少": ["pay"],
    "多少钱一个月": ["pay"],
    "几号开支": ["payday"],
    "什么时候发工资": ["payday"],
    "工资啥时候发": ["payday"],
    "工资压几个月啊": ["payday"],
    "他们要不要我这样的": ["group"],
    "管吃住不": ["meals", "lodging"],
    "有宿舍没": ["lodging"],
    "吃饭咋整": ["meals"],
    "这家交五险吗": ["insurance"],
    "管中午饭不": ["meals"],
    "没健康证能去不": ["certificate"],
    "有班车吗": ["shuttle"],
    "一个月休几天": ["days_off"],
    "几点上班啊": ["hours"],
    "要不要倒班": ["hours"],
    "一天干几个小时": ["hours"],
    "离铁西远不": ["place"],
    "这个离得近吗": ["place"],
    "地址": ["place"],
    "电话多少": ["contact"],
    "有电话吗": ["contact"],
    "把电话发我": ["contact"],
    "找谁": ["contact"],
    "去了找谁": ["contact"],
    "打哪个电话": ["contact"],
    "能加微信不": ["contact"],
    "咋报名": ["apply"],
    "在哪报名": ["apply"],
    "简历发哪": ["apply"],
    "邮箱多少": ["apply"],
    "报名要带啥": ["apply"],
    "网址": ["link"],
    "链接发我": ["link"],
    "有链接吗": ["link"],
    "在哪个网站": ["link"],
    "在哪条街": ["place"],
    "哪条路": ["place"],
    "在啥街上": ["place"],
    "具体地址": ["place"],
    "一共招几个": ["headcount"],
    "要多大岁数的": ["age"],
    "年龄要求": ["age"],
    "到多少岁": ["age"],
    "啥学历": ["schooling"],
    "学历要求": ["schooling"],
    "初中毕业行不行": ["schooling"],
    "啥时候发的": ["published"],
    "什么时候发布的": ["published"],
    "哪天发的": ["published"],
    "啥时候的": ["published"],
    "发布时间": ["published"],
    "是新发的吗": ["published"],
    "还招不": ["open"],
    "招满了吗": ["open"],
    "还有名额吗": ["open"],
    "过期了吗": ["open"],
    "截止到哪天": ["until"],
    "什么时候截止": ["until"],
    "招到啥时候": ["until"],
    "截止日期": ["until"],
    "有效期到哪天": ["until"],
    "哪来的": ["source"],
    "谁发的": ["source"],
    "我57了要吗": ["age"],
    "六十岁还要吗": ["age"],
    "残疾人能去吗": ["group"],
    "要男的还是女的": ["sex"],
    "没文化能去不": ["schooling"],
    "没干过的能去吗": ["experience"],
    "用不用带证": ["certificate"],
    "要叉车证不": ["certificate"],
    "没焊工证能去不": ["certificate"],
    "具体干啥": ["work"],
    "累不累": ["work"],
    "这是啥公司": ["employer"],
    "招几个人": ["headcount"],
    "还招人吗": ["open"],
    "啥时候能上班": ["start"],
    "签合同吗": ["contract"],
    "靠谱吗": ["trust"],
    "收不收押金": ["trust"],
    "工资高不高 交不交保险": ["pay", "insurance"],
    # what stands beside asks nothing
    "别整那些没用的 就告诉我哪家 电话多少": ["contact", "employer"],
    "甭墨迹 就说是哪个厂子 咋联系": ["contact", "employer"],
    "有电话没 我自己问": ["contact"],
    "应届生要不要 我刚毕业": ["group"],
    "五险一金都给交吗 双休不": ["insurance", "days_off"],
    "这几家靠谱吗 有没有假的": ["trust"],
}
NOT_ASKED = [
    # of the rules, not of a posting
    "失业金给多少钱", "单位不给交五险咋办", "公司不交社保违法吗", "厂子欠我工资给钱不", "社保断了咋办", "公益岗一个月多少钱",
    "人社局电话多少", "在哪登记失业", "失业金咋报名", "技能培训咋报名", "补贴截止到哪天", "找谁领失业金",
    "12333网址", "人社局网址", "就业登记在哪条街", "招工卡年龄合法吗", "电话号码换了", "年龄要求低点的",
    "养老保险交到多大岁数", "失业金啥时候发的", "补贴发多久", "社保啥时候截止", "电工一个月多少钱", "灵活就业社保补贴多少",
    # wishes, and other postings
    "管吃住的", "要双休的", "不要夜班", "工资高点的", "包吃住的有没有", "有没有白班的活", "国企的有吗", "太远了",
    "不要劳务派遣的", "多少都行", "找个保洁",
    # said of one
    "第二个", "第二个详细说说", "第一个投了", "第二个是骗人的", "第一个那家收押金", "这家不行",
    "", "你好", "没有", "转人工",
]  # fmt: skip


def _asked(text: str) -> list[str]:
    return [one.id for one in extract_posting_questions(text, message_reader().read(text))]


@pytest.mark.parametrize(("text", "ids"), ASKED.items())
def test_what_is_asked_of_a_posting_is_read(text: str, ids: list[str]) -> None:
    assert _asked(text) == ids


@pytest.mark.parametrize("text", NOT_ASKED)
def test_what_speaks_of_anything_else_asks_nothing_of_a_posting(text: str) -> None:
    assert _asked(text) == []


def test_what_stands_beside_is_passed_over_when_that_is_allowed() -> None:
    assert [
        one.id for one in extract_posting_questions("几点下班 能接孩子吗", allow_other_content=True)
    ] == ["hours"]
    assert extract_posting_questions("几点下班 能接孩子吗") == []
    assert extract_posting_questions("包吃住的有没有", allow_other_content=True) == []


def test_every_question_is_asked_for_in_some_example() -> None:
    assert set(questions()) == {name for ids in ASKED.values() for name in ids}


def test_what_answers_a_question_is_on_the_list_of_offers() -> None:
    assert {offer for one in questions().values() for offer in one.offers} <= set(names())


def test_no_question_asks_with_nothing_said() -> None:
    assert not [one.id for one in questions().values() if re.search(one.pattern, "")]


@given(ANY)
def test_no_text_makes_it_fail(text: str) -> None:
    assert isinstance(_asked(text), list)


def test_whether_something_is_asked() -> None:
    assert is_question("能领几个月")
    assert is_question("都截图了这算数不 工资条没有")
    assert is_question("五年前交过两年 没领过 作废没")
    assert not is_question("我不 同意")
    assert not is_question("有宿舍没")
    assert asks_or_not("有宿舍没")
    assert asks_or_not("交不交保险")
    assert not asks_or_not("管吃住的")
