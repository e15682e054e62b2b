"""The twelve ways in which answers of this kind usually go wrong, each held off."""

import re
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.arithmetic.formulas import severance
from bot.arithmetic.results import numbers
from bot.calculators import replies as calculation_replies
from bot.calculators.registry import CALCULATORS
from bot.calculators.unemployment_benefit import unemployment_benefit
from bot.db.tables import Policy
from bot.policies import replies
from bot.policies.answers import answer, render_answer
from bot.policies.programmes import programme_in, programmes
from bot.policies.versions import version_in_force

NOW = date(2026, 11, 24)


def _said(db: Session, topic: str, *aspects: str, on: date = NOW) -> str:
    found = answer(db, topic, aspects, as_of=on)
    assert not found.missing
    return "\n".join(part.text for part in found.parts)


def _everything(db: Session) -> list[str]:
    """Each text of the base with its figures in it, of all versions, and of the programmes."""
    policies = db.scalars(select(Policy)).all()
    versions = [version for policy in policies for version in policy.versions]
    texts = [render_answer(version, one.aspect) for version in versions for one in version.answers]
    found = [programme_in(one.names[0], NOW) for one in programmes()]
    return texts + [part.text for one in found if one for part in one.parts]


def test_1_five_years_give_thirteen_months_and_eighteen_is_called_a_limit(
    policies: Session,
) -> None:
    found = unemployment_benefit(policies, 60, None, NOW)
    assert found is not None
    assert found.length is not None
    assert found.length.value == "13"
    text = _said(policies, "unemployment-benefit", "period")
    assert "缴满5年的13个月" in text
    assert re.search(r"国家法律写的只是上限：[^。]*18个月", text)


def test_2_the_region_decides_the_tier_and_an_unknown_tier_leaves_the_formula(
    policies: Session,
) -> None:
    known = unemployment_benefit(policies, 60, "210102", NOW)
    unknown = unemployment_benefit(policies, 60, "210500", NOW)
    assert known is not None
    assert unknown is not None
    assert str(known.monthly) == "1895.50"
    assert unknown.monthly is None
    text = calculation_replies.benefit(unknown, "5年", "本溪市", "失业保险金").text
    assert "本溪市的最低工资 × 85%" in text
    assert "没有核实过" in text


def test_3_stopping_the_benefit_and_deregistering_are_two_things(policies: Session) -> None:
    text = _said(policies, "unemployment-deregistration", "what", "period")
    assert "不能只因为你连续3次没接受服务，或者连续6个月联系不上" in text
    assert "两回事" in text
    assert "停发失业金另按社会保险法第五十一条" in text
    assert "停发" in _said(policies, "unemployment-benefit", "how")
    assert "注销" not in _said(policies, "unemployment-benefit", "how")


def test_4_dismissal_for_a_fault_qualifies_and_resigning_for_owed_wages_too(
    policies: Session,
) -> None:
    text = _said(policies, "unemployment-benefit", "who")
    assert "犯错被开除的也算" in text
    assert "自己先提出走的一般不行" in text
    assert "欠薪、不交社保逼得你走的可以" in text


def test_5_the_higher_law_beats_the_lower(policies: Session) -> None:
    how = _said(policies, "unemployment-benefit", "how")
    assert "15日内把名单告诉" in how
    assert not re.search(r"(?<!\d)7日", how)
    assert "公共就业服务机构" in _said(policies, "unemployment-registration", "where")
    medical = _said(policies, "unemployment-medical", "what", "amount")
    assert "职工医保" in medical
    assert "医疗补助金" not in medical


def test_6_a_notice_that_was_replaced_is_not_used(policies: Session) -> None:
    text = _said(policies, "overtime", "period", "amount")
    assert "20.67" in text
    assert "21.75" in text
    assert "20.83" not in "".join(_everything(policies))
    contract = answer(policies, "labor-contract", ["period"], as_of=NOW)
    assert "按原来的条件续签" in contract.parts[0].text
    assert "法释〔2025〕12号" in [one.number for one in contract.citations]


@pytest.mark.parametrize("topic", ["job-retention-refund", "job-expansion-subsidy"])
def test_7_a_rule_that_ended_in_december_is_not_answered_in_january_and_that_is_said(
    policies: Session, topic: str
) -> None:
    with clock.frozen(date(2027, 1, 1)):
        found = answer(policies, topic, ["amount"])
    text = replies.ended(found, "policy").text
    assert "2026-12-31" in text
    assert "没有查到延续的文件" in text
    assert not re.search(r"30%|60%|1500", text)


def test_7_a_subsidy_whose_successor_is_unknown_names_no_amount(policies: Session) -> None:
    text = _said(policies, "skill-upgrade-subsidy", "who", "amount", on=date(2027, 1, 1))
    assert "没有查到" in text
    assert not re.search(r"1000|1500|2000|12个月", text)


@pytest.mark.parametrize(
    ("topic", "aspect", "caps"),
    [
        ("job-retention-refund", "amount", ["不超过30%", "不超过60%", "上限"]),
        ("job-expansion-subsidy", "amount", ["不超过1500元", "上限"]),
        ("social-insurance-subsidy", "amount", ["不超过你实际交的三分之二", "上限"]),
        ("social-insurance-subsidy", "period", ["最长补36个月"]),
        ("startup-loan", "amount", ["最高能贷30万元", "最长3年", "累计不超过3次", "上限"]),
        ("unemployment-benefit", "period", ["最长12个月", "最长18个月", "最长24个月"]),
        ("work-injury", "amount", ["一般不超12个月"]),
    ],
)
def test_8_a_cap_is_said_as_a_cap(
    policies: Session, topic: str, aspect: str, caps: list[str]
) -> None:
    text = _said(policies, topic, aspect)
    for cap in caps:
        assert cap in text


def test_9_double_is_not_plus_one_and_the_one_is_last_months_pay(policies: Session) -> None:
    text = _said(policies, "severance", "what", "amount")
    assert "给了2N，就不再另给N，也不再加那个“1”" in text
    assert "这个“1”按上个月的工资算" in text
    version = version_in_force(policies, "severance", None, NOW)
    assert version is not None
    rules = numbers({figure.name: figure.value for figure in version.figures})
    got = severance(78, rules["per_year"] * 6000, rules)
    assert (got.n, got.two_n) == (42000, 84000)
    words = CALCULATORS["severance"].calculate(
        {"months": 78, "pay": 6000}, rules, {f.name: f.text for f in version.figures}
    )
    assert "给了就不再另给N" in "".join(words.lines)


@pytest.mark.parametrize(("day", "known"), [(date(2026, 6, 30), False), (date(2026, 7, 1), True)])
def test_10_employment_relief_is_known_from_its_day_on(
    policies: Session, day: date, known: bool
) -> None:
    assert (programme_in("低保家庭就业救助怎么申请", day) is not None) is known
    relieved = ("hardship-recognition", "public-welfare-job")
    for topic in relieved:
        text = _said(policies, topic, "who", on=day)
        assert ("低保" in text) is known
    assert ("就业救助" in _said(policies, "unemployment-allowance", "how", on=day)) is known


def test_10_years_in_the_army_count_as_contributions(policies: Session) -> None:
    found = answer(policies, "veteran-employment", ["period"], as_of=NOW)
    assert "当兵的年限算失业保险的缴费年限" in found.parts[0].text
    assert "退役军人安置条例" in [one.document for one in found.citations]


#: Of facts.md 7.8 and next-door-2026-11-28.md 13; 12315, 12385 and others have no source.
PUBLIC_LINES = {
    "12329", "12333", "12338", "12345", "12348", "12351", "12355", "12356", "12366", "12389",
    "12393", "96110",
}  # fmt: skip


def test_11_no_telephone_number_but_the_public_ones_is_said(policies: Session) -> None:
    for text in _everything(policies):
        numbers_said = re.findall(r"(?<![\d.])\d{5,}(?![\d.])", text)
        assert set(numbers_said) <= PUBLIC_LINES, text
        assert not re.search(r"\d{3,4}-\d{7,8}", text), text


def test_11_the_founding_text_is_not_cited_for_a_hotline_it_does_not_name(
    policies: Session,
) -> None:
    found = answer(policies, "hotline-12333", ["what", "period", "basis"], as_of=NOW)
    assert "辽人社建〔2025〕21号" not in [one.number for one in found.citations]


@pytest.mark.parametrize(
    ("question", "said_plainly"),
    [("三级失业警戒线是多少", "具体数值文件没写"), ("四技行动是哪四技", "文件里没写")],
)
def test_12_what_the_founding_text_leaves_out_is_not_filled_in(
    question: str, said_plainly: str
) -> None:
    found = programme_in(question, NOW)
    assert found is not None
    assert said_plainly in found.parts[0].text


@pytest.mark.parametrize(
    ("topic", "aspect"),
    [
        ("commitment-24h", "period"), ("service-station", "where"), ("gig-market", "period"),
        ("hardship-recognition", "who"), ("startup-subsidy", "amount"),
        ("startup-site-subsidy", "amount"), ("startup-leader-subsidy", "amount"),
        ("internship-subsidy", "amount"), ("jobseeking-subsidy", "amount"),
        ("training-subsidy", "amount"), ("skill-assessment-subsidy", "amount"),
        ("apprenticeship", "amount"), ("public-welfare-job", "amount"), ("tax-relief", "amount"),
        ("skilled-talent", "amount"),
    ],
)  # fmt: skip
def test_12_amounts_and_places_nobody_verified_are_not_named(
    policies: Session, topic: str, aspect: str
) -> None:
    text = _said(policies, topic, aspect)
    assert re.search(r"没有核实过|文件没写", text)
    assert not re.search(r"\d+元|\d+岁|\d+周岁", text)
