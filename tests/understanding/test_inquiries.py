from pathlib import Path

import pytest

from bot.settings import settings
from bot.text.errors import VocabularyError
from bot.text.normalise import normalise
from bot.text.pattern_file import read_patterns
from bot.understanding.entity_extractor import message_reader
from bot.understanding.inquiries import (
    inquiry,
    lacks_money,
    names_service_point,
    requested_total,
    seeks_near,
    seeks_work,
    tells_registration,
)

CASES = {
    "case_status": [
        "查一下我的办理进度", "我上次说的那个事咋样了", "我报的培训通过没", "我的申请办到哪了", "帮我看看我的补贴批下来没有",
        "我那失业金审核到哪一步了", "能查下我的申请状态吗", "我交的材料审完没", "上次那事有没有下文", "我报名的班录上了没",
        "我上个月报的班咋还没信", "我申请的补贴一直没有消息",
    ],
    "policy_news": [
        "有新政策提醒我", "出了新政策告诉我一声", "政策变了通知我", "以后有补贴新规定发给我", "我想订阅政策",
        "有政策更新了吱一声",
    ],
    "no_livelihood": [
        "我没活干没钱吃饭，该找谁", "失业了家里揭不开锅，找哪个部门", "没工作没收入，快吃不上饭了咋办",
        "丢了工作，兜里一分钱没有，上哪求助",
    ],
    "low_income_proof": ["办补贴还要开低保证明吗", "申请补贴得要低保证明不", "办失业金要交低保证吗"],
    "low_income": ["低保怎么申请", "上哪办低保"],
    "going_pay": [
        "保洁工资行情", "大连普工工资", "焊工工资一般多少，沈阳", "沈阳保安一般给多少钱", "鞍山电工工资水平咋样",
        "厨师现在行情多少，大连", "普工现在能挣多少",
    ],
    "own_business": [
        "想自己开个小店", "我想自己开个小饭店", "想开理发店没本钱", "想包个大棚", "想干个早餐摊，手里没钱", "我想养羊没资金",
        "想搞个修车铺，本钱不够", "我寻思开个面馆", "我打算自己摆摊",
    ],
    "certificate": ["想考叉车证", "我想考个电工证", "上哪考焊工证"],
    "conditions": ["食堂饭菜馊了，没人管", "食堂伙食太差，老板不管", "宿舍漏雨没人管", "宿舍一股霉味"],
    "promise": [
        "24小时给我安排个活，干啥都行，沈阳", "一天之内给我找个工作，啥都能干，大连", "我不挑活，24小时内给安排，沈阳",
    ],
    "public_job": ["我要找公益性岗位，沈阳铁西", "沈河区有没有公益性岗位", "给我找个公益岗，大连的"],
    "unhappy": ["干得不习惯，太累", "活太累了，干不惯", "干着不舒心，累", "上班不适应"],
    None: [
        "失业登记网上能办吗", "失业登记在社区能办吗", "困难认定过期了用重新办不", "失业登记几天能办完", "工资拖了三个月没发咋办",
        "老板欠我保洁工资", "保安最低工资多少", "电工试用期工资怎么给", "低保户能安排公益岗吗", "低保家庭毕业生补贴",
        "想找个开饭店的活", "在饭店打工", "公益性岗位工资多少", "公益岗干几年到期", "24小时倒班的活", "想找个不累的活",
        "承诺24小时安排工作咋申请", "有新岗位告诉我", "活着太累", "我想学月嫂", "沈阳找保洁", "我没工作能领啥",
    ],
}  # fmt: skip
SEEKING = [
    "我登记失业了，想在大连找会计", "失业登记办完了，想找个电工，五千", "刚办了失业登记，大连有啥活",
    "我失业登记了，你们给我推岗位吧", "沈阳铁西找保洁，我是登记失业人员", "上周刚在街道登了失业，鞍山有没有保安的活",
    "失业登记我弄好了，帮我瞅瞅沈阳的仓库管理员", "昨天去把失业登记办了，现在想在抚顺干收银员", "登记失业俩月了，有没有丹东的电工活",
]  # fmt: skip
#: Told or not, no work is looked for: a rule is asked for.
NOT_SEEKING = [
    "办完失业登记会有人跟进吗", "失业登记办了，多久能领失业金", "登记失业人员能享受啥", "失业登记办完给不给安排工作吗",
    "我办过失业登记，找着活了用注销吗",
]  # fmt: skip
NOT_TOLD = [
    "失业登记咋办",
    "我还没办失业登记",
    "想办个失业登记",
    "不想登记失业了",
    "失业登记上哪办",
]


def _said(text: str) -> tuple[str, list[dict[str, object]]]:
    plain = normalise(text).text
    return plain, message_reader().read(plain)


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in CASES.items() for text in texts]
)
def test_plain_words_tell_an_inquiry(kind: str | None, text: str) -> None:
    assert inquiry(*_said(text)) == kind


@pytest.mark.parametrize("text", SEEKING)
def test_a_registration_is_told_beside_the_work_that_is_looked_for(text: str) -> None:
    plain, entities = _said(text)
    assert tells_registration(plain)
    assert seeks_work(plain, entities)


@pytest.mark.parametrize("text", NOT_SEEKING)
def test_who_asks_for_a_rule_looks_for_no_work(text: str) -> None:
    assert not seeks_work(*_said(text))


@pytest.mark.parametrize("text", NOT_TOLD)
def test_a_registration_that_is_wished_or_denied_is_not_told(text: str) -> None:
    assert not tells_registration(normalise(text).text)


def test_money_for_a_business_is_missing_where_that_is_said() -> None:
    assert all(
        map(lacks_money, ["想开理发店没本钱", "想养羊没资金", "本钱不够", "手里没钱", "想贷点款"])
    )
    assert not any(map(lacks_money, ["想包个大棚", "想自己开个小店"]))


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("辽宁有多少技能人才", "talents"), ("2024年发了多少创业贷款", "loans"),
        ("去年发放创业担保贷款多少亿", "loans"), ("稳岗返还2024年发了多少", "retention"),
        ("扩岗补助去年一共发了多少", "expansion"), ("技能提升补贴全省发了多少", "upgrade"),
        ("创业贷款最高能贷多少", None), ("稳岗返还能返多少", None), ("我能贷多少创业贷款", None),
        ("技能提升补贴2026年每人多少", None),
    ],
)  # fmt: skip
def test_totals_of_the_province_are_no_share_of_one_person(text: str, total: str | None) -> None:
    assert requested_total(normalise(text).text) == total


def test_a_street_is_a_place_to_work_near_and_a_service_point_is_not() -> None:
    for text in ("铁西区兴华街道附近有没有保洁", "我住皇姑区三台子街道，找个近点的活"):
        assert seeks_near(text)
        assert seeks_work(*_said(text))
        assert not names_service_point(text)
    assert names_service_point("附近的就业站在哪")


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("words: {}\n", "1: patterns"),
        ("words: {}\npatterns:\n  one: '('\n", "3: one"),
        ("words: {}\npatterns:\n  one: ['a', '%two%']\n", "3: one"),
    ],
)
def test_a_faulty_file_is_refused_with_line_and_field(
    tmp_path: Path, content: str, wrong: str
) -> None:
    file = tmp_path / "inquiries.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(VocabularyError, match=f"inquiries.yml:{wrong}"):
        read_patterns(file)
    assert "case_status" in read_patterns(settings().data / "vocab" / "inquiries.yml")
