"""Programmes asked for by name; what 辽人社建〔2025〕21号 names and a seeker may ask has an answer."""

import os
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.policies import replies
from bot.policies.answers import answer
from bot.policies.errors import PolicyErrors
from bot.policies.programmes import _state, programme_in, programmes
from bot.policies.search import policy_index
from bot.policies.validate import check_folder, topics
from bot.text.normalise import normalise
from tests.policies.conftest import POLICIES, Folder

NOW = date(2026, 11, 24)
SEED = "辽人社建〔2025〕21号"
#: Row of the founding text's list → how it is asked for, and what the answer must say.
ROWS: dict[int, tuple[str, list[str]]] = {
    1: ("智慧就业顾问是啥", ["岗位", "政策"]),
    2: ("精准推送是怎么回事", ["跟踪服务"]),
    3: ("人岗匹配清单能给我看看不", ["一人一策"]),
    4: ("一人一策咋申请", ["按月"]),
    5: ("双驱动啥意思", ["人工服务"]),
    6: ("成功就业回访都问啥", ["待遇"]),
    7: ("特色招聘在哪办", ["小而精"]),
    8: ("一库一平台是干啥的", ["岗位信息", "公安"]),
    9: ("横向数据联动啥意思", ["民政", "市场监管"]),
    11: ("省级集中公共就业信息系统干啥用", ["分类援助计划"]),
    12: ("省就业管理服务信息系统能查办到哪步不", ["街道、社区"]),
    13: ("岗位供给清单在哪看", ["按月汇总"]),
    14: ("全省人力资源市场就业信息平台是啥", ["招聘岗位"]),
    16: ("能力提升示范项目是啥", ["省市系统共建"]),
    17: ("公共就业主要业务经办规程里写了啥", ["辽人社〔2025〕5号"]),
    18: ("经办规程2.0是哪个文件", ["辽人社〔2025〕5号"]),
    19: ("需求信息库记我啥", ["培训意愿", "创业需求", "求职意向"]),
    20: ("你们每月联系我几次", ["每月1次"]),
    21: ("大数据+铁脚板是啥", ["走访"]),
    23: ("失业登记退出机制咋回事", ["3次", "6个月"]),
    24: ("三次拒绝介绍就给我注销吗", ["3次", "6个月", "不能只因为"]),
    25: ("简化失业登记后要带啥", ["不收费"]),
    26: ("五类支持是哪五类", ["五类", "兜底安置"]),
    27: ("失业人员再就业专项行动是啥", ["四年"]),
    28: ("去年联系了多少失业人员", ["194.6万人次", "48.8万人次", "2024年"]),
    29: ("城镇新增就业多少", ["48.6万人", "42.5万", "9.8万"]),
    30: ("就业援助制度讲的啥", ["动态管理"]),
    31: ("就业困难人员台账是啥", ["实名制"]),
    32: ("困难人员实名制咋弄", ["实名制"]),
    33: ("公益性岗位实名制是啥", ["实名"]),
    34: ("零就业家庭动态清零啥意思", ["至少要有一个人"]),
    35: ("分类援助计划给谁做", ["残疾人", "大龄"]),
    37: ("专场招聘都给谁办", ["退役军人", "脱贫人口"]),
    39: ("不挑不拣真能24小时就业吗", ["24小时", "不是保证"]),
    40: ("求助有渠道啥意思", ["12333"]),
    41: ("岗位归集之后咋给我推", ["定向推送"]),
    42: ("岗位供给清单多久出一回", ["按月"]),
    43: ("上门兴企是干啥", ["进万企"]),
    44: ("三方联动是哪三方", ["企业", "重点群体"]),
    46: ("重点群体岗位有没有", ["就业困难人员"]),
    47: ("经营性人力资源机构能去不", ["不收费"]),
    48: ("零工线上服务平台咋进", ["没有核实过"]),
    49: ("基层筹集岗位是啥", ["街道、社区"]),
    50: ("舒心就业是啥", ["609个"]),
    51: ("舒心就业服务站全省有多少", ["609个", "2024年"]),
    52: ("站点能办什么", ["政策宣传", "权益保障"]),
    53: ("站点进阶功能有啥", ["零工驿站", "创业孵化"]),
    55: ("15分钟就业服务圈是啥", ["609个", "2024年"]),
    58: ("基层服务事项清单在哪看", ["受理"]),
    59: ("家门口申请是不是不用跑", ["街道、社区"]),
    60: ("职业指导师上哪找", ["基层服务网点"]),
    61: ("跟踪陪跑是啥", ["孵化场地"]),
    62: ("丹东网格化服务体系是啥", ["丹东"]),
    63: ("抚顺雷锋365是啥", ["抚顺"]),
    64: ("失业保险金标准是多少", ["85%", "90%"]),
    65: ("失业保险基金支出多少", ["73.7亿元"]),
    66: ("创业担保贷款最高多少", ["30万元", "3年", "3次", "50%"]),
    67: ("创业担保贷款的贷款余额多少", ["106亿元", "6.2万户", "64亿元"]),
    68: ("就业补助资金有多少", ["19.3亿元", "公益性岗位"]),
    69: ("稳岗返还发放了多少", ["3.7万户", "5亿元", "120.5万个"]),
    70: ("技能提升补贴发了多少", ["1.9亿元", "11.8万人次", "1621元"]),
    71: ("一次性扩岗补助是啥", ["4918万元", "8233户", "3.3万名"]),
    72: ("两优惠、三补贴都有啥", ["税收减免", "公益性岗位补贴"]),
    73: ("创业带头人社保补贴是啥", ["社保"]),
    74: ("重点群体创业推进行动是啥", ["工作方案"]),
    75: ("多渠道灵活就业有啥措施", ["若干措施"]),
    76: ("盘活公共就业服务体系的通知说了啥", ["通知"]),
    77: ("政策进社区啥时候来", ["进校园"]),
    78: ("春暖辽沈是啥", ["10项", "20项", "2022年"]),
    79: ("春风行动是啥", ["春风送岗促就业 精准服务暖民心"]),
    80: ("四技行动是啥", ["没写"]),
    81: ("新录用职工岗位技能培训给补贴不", ["企业"]),
    82: ("急需紧缺目录在哪看", ["按季度"]),
    83: ("劳动者就业需求目录是啥", ["培训目录"]),
    84: ("技能照亮前程咋报名", ["系列培训"]),
    86: ("重点培训项目载体都有谁", ["条件公开、自愿申请"]),
    87: ("差异化补贴看啥", ["紧缺", "劳动合同"]),
    88: ("培训信息导航图在哪", ["项目化培训专栏"]),
    89: ("技能人才有多少", ["567.3万人", "145.6万人"]),
    91: ("省技能大赛办过几届", ["2届", "5000人"]),
    92: ("辽服到家是啥", ["技能等级认定"]),
    93: ("劳务品牌有多少个", ["117个", "70万人"]),
    94: ("劳务协作是啥", ["100万人"]),
    95: ("返乡创业典型是啥", ["创业担保贷款"]),
    96: ("维权一件事在哪办", ["没有核实过", "12333"]),
    97: ("根治欠薪管不管我", ["劳动监察"]),
    98: ("改善用工条件管不管", ["就餐、住宿"]),
    99: ("关心关爱都给谁", ["新就业形态劳动者"]),
    101: ("就业监测看哪些", ["5个维度"]),
    102: ("失业警戒线分几级", ["三级", "没写"]),
    103: ("裁员预警企业名单在哪看", ["10%"]),
    105: ("重点帮扶清单有我没", ["一人一策"]),
    107: ("失业风险预警是啥", ["摸排", "失业登记"]),
}  # fmt: skip


def _told(db: Session, question: str) -> tuple[str, list[str | None]]:
    """Answer a question by the programme it names, else by the longest policy name in it."""
    found = programme_in(question, NOW)
    if found:
        said = replies.programme_answer(found, answer(db, found.topics[0], ["how"], as_of=NOW),
                                        ["how"], "policy", [])  # fmt: skip
        return f"{said.text}\n{said.next_step}", [one.number for one in found.citations]
    text = normalise(question).text
    names = [(len(name), topic) for name, topic in policy_index(db).names if name in text]
    policy = answer(db, max(names)[1], ["what", "amount", "period"], as_of=NOW)
    return "\n".join(p.text for p in policy.parts), [one.number for one in policy.citations]


def test_at_least_sixty_rows_are_asked() -> None:
    assert len(ROWS) >= 60


@pytest.mark.parametrize("row", ROWS)
def test_what_the_founding_text_names_is_answered_with_its_figure_and_source(
    policies: Session, row: int
) -> None:
    question, must = ROWS[row]
    text, cited = _told(policies, question)
    for word in must:
        assert word in text
    assert SEED in cited


def test_the_longest_name_wins() -> None:
    found = programme_in("急需紧缺技能人才目录和岗位供给清单哪个好", NOW)
    assert found is not None
    assert found.id == "shortage-catalogue"


def test_width_and_spaces_do_not_matter() -> None:
    found = programme_in("雷锋３６５ 是啥", NOW)
    assert found is not None
    assert found.id == "leifeng-365"


@pytest.mark.parametrize(
    "question",
    ["失业金怎么领", "想找个稳定的岗位", "失业青年见习给多少钱", "失业保险基金给交医保不",
     "证书急需紧缺能领几次", "想在沈阳找个保安的活", "五类保险公司给交不"],
)  # fmt: skip
def test_other_questions_name_no_programme(question: str) -> None:
    assert programme_in(question, NOW) is None


@pytest.mark.parametrize(
    ("question", "day", "known"),
    [
        ("大龄领金人员养老谁交", date(2024, 12, 31), False),
        ("大龄领金人员养老谁交", date(2025, 1, 1), True),
        ("大龄领金人员养老谁交", date(2039, 12, 31), True),
        ("大龄领金人员养老谁交", date(2040, 1, 1), False),
        ("就业救助咋申请", date(2026, 6, 30), False),
        ("就业救助咋申请", date(2026, 7, 1), True),
    ],
)
def test_a_programme_is_known_from_its_first_day_to_its_last(
    question: str, day: date, known: bool
) -> None:
    assert (programme_in(question, day) is not None) is known


@pytest.mark.parametrize(
    ("question", "topic", "must", "number"),
    [
        (
            "快退休了失业谁给交养老",
            "unemployment-benefit",
            ["先缴后补", "1年"],
            "辽人社〔2025〕1号",
        ),
        ("小微企业贷款最高多少", "startup-loan", ["400万元", "2年"], "财金〔2023〕75号"),
    ],
)
def test_what_was_not_seen_in_the_original_is_said_as_second_hand(
    policies: Session, question: str, topic: str, must: list[str], number: str
) -> None:
    found = programme_in(question, NOW)
    assert found is not None
    beside = answer(policies, topic, ["how"], as_of=NOW)
    said = replies.programme_answer(found, beside, ["how"], "policy", [(topic, "题")])
    for word in must:
        assert word in said.text
    assert "据整理资料，以经办机构为准" in said.text
    assert said.topics == [topic]
    assert said.citations[0].number == number
    assert said.citations[0].second_hand


def test_what_was_asked_of_its_topic_comes_next(policies: Session) -> None:
    found = programme_in("雷锋365在哪", NOW)
    assert found is not None
    beside = answer(policies, found.topics[0], ["where"], as_of=NOW)
    said = replies.programme_answer(
        found, beside, ["where"], "policy", [("service-station", "站点")]
    )
    assert "社区" in said.next_step
    assert [button.says for button in said.buttons] == ["站点是什么"]
    assert len(said.citations) == len(set(said.citations))


def test_every_programme_belongs_to_topics_and_is_found_by_each_of_its_names() -> None:
    known = set(topics(POLICIES))
    for one in programmes():
        assert set(one.topics) <= known
        for name in one.names:
            found = programme_in(name, max(NOW, one.version.effective_from))
            assert found is not None
            assert len(found.name) >= len(name), (one.id, name)


WRITTEN = """programmes:
  circle:
    title: 服务圈
    names: [服务圈]
    topics: [service-station]
    effective_from: 2025-05-16
    regions: ['210000']
    sources:
      doc: {document: 某文件, issuer: 某厅, grade: A}
    figures:
      stations: {value: '609', unit: place, text: 609个, source: doc}
    answers:
      what: {text: '有{stations}站点。', sources: [doc]}
  second:
    title: 另一个
    names: [另一个]
    topics: [service-station]
    effective_from: 2025-05-16
    regions: ['210000']
    sources:
      doc: {document: 某文件, issuer: 某厅, grade: A}
    answers:
      what: {text: 另一个项目。, sources: [doc]}
"""


@pytest.fixture
def place(tmp_path: Path, folder: Folder) -> Path:
    """A folder of policies with a file of programmes beside it."""
    inner = tmp_path / "policies"
    inner.mkdir()
    for file in folder().glob("*.yml"):
        file.rename(inner / file.name)
    (tmp_path / "programmes.yml").write_text(WRITTEN, encoding="utf-8")
    return inner


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "reason"),
    [
        ("有{stations}站点", "有六百个站点", 13, "circle.answers.what.text", "六百个"),
        ("有{stations}站点", "有609个站点", 13, "circle.answers.what.text", "609个"),
        ("{stations}", "{places}", 13, "circle.answers.what.text", "is no figure"),
        ("grade: A", "grade: D", 9, "circle.sources.doc.grade", "not verified"),
        ("[service-station]", "[nowhere]", 2, "circle.topics", "is no topic"),
        ("names: [另一个]", "names: [服务圈]", 14, "second.names", "is a name of circle"),
        ("names: [服务圈]", "names: []", 2, "names", "is missing"),
        ("title: 服务圈", "title: ''", 2, "title", "is missing"),
        ("what: {text: 另", "how: {text: 另", 14, "second.answers.what", "is missing"),
        ("sources: [doc]", "sources: [nix]", 13, "circle.answers.what.sources", "no source"),
        ("programmes:", "projects:", 1, "programmes", "is missing"),
        ("programmes:", "programmes: [", 3, "file", "is no YAML"),
    ],
)
def test_a_wrong_file_of_programmes_is_refused_with_line_and_field(
    place: Path, old: str, new: str, line: int, field: str, reason: str
) -> None:
    (place.parent / "programmes.yml").write_text(WRITTEN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyErrors) as wrong:
        check_folder(place)
    fault = wrong.value.faults[0]
    assert (fault.file, fault.line, fault.field) == ("programmes.yml", line, field)
    assert reason in fault.reason


def test_a_file_in_order_passes_and_an_edit_answers_at_once(place: Path) -> None:
    check_folder(place)
    file = place.parent / "programmes.yml"
    first = programme_in("服务圈是啥", NOW, path=file)
    file.write_text(WRITTEN.replace("609", "700"), encoding="utf-8")
    os.utime(file, ns=(1, 1))
    _state.cache_clear()  # a second later
    second = programme_in("服务圈是啥", NOW, path=file)
    assert first is not None
    assert second is not None
    assert (first.parts[0].text, second.parts[0].text) == ("有609个站点。", "有700个站点。")


def test_a_broken_file_names_nothing_and_is_logged(
    place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = place.parent / "programmes.yml"
    file.write_text(WRITTEN.replace("title: 服务圈", "title: ''"), encoding="utf-8")
    os.utime(file, ns=(2, 2))
    _state.cache_clear()
    assert programme_in("服务圈是啥", NOW, path=file) is None
    assert "programmes.yml has 1 faults" in caplog.text


def test_without_a_file_there_are_no_programmes(tmp_path: Path) -> None:
    assert programmes(tmp_path / "none.yml") == ()
