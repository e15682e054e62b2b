"""What messages tell of a person's circumstances."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from bot.eligibility.fact_extraction import (
    extract_answer,
    extract_correction,
    extract_facts,
    facts_of_slots,
    states_own_case,
)
from bot.policies.facts import Facts, fact_schema, read_fact_schema
from bot.settings import ROOT
from bot.turns.slots import Slots
from bot.understanding.entity_extractor import message_reader
from tests.anything import ANY

ABOUT = fact_schema()
BUTTONS = [(q.id, button) for q in ABOUT.questions.values() for button in q.buttons]


def _heard(text: str) -> Facts:
    return extract_facts(text, message_reader().read(text), ABOUT)


def _answered(question: str, text: str) -> Facts:
    return extract_answer(text, message_reader().read(text), ABOUT.questions[question], ABOUT)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("我52了，下岗两年，能享受啥政策", {"age": 52, "employment": "unemployed", "left_job": "dismissed"}),
        ("今年五十三 厂子黄了 失业险交了八年", {"age": 53, "left_job": "dismissed", "contribution_months": 96}),
        ("自己交着养老 现在打零工", {"employment": "flexible", "pays_insurance": "yes"}),
        ("交着灵活就业呢 没班上", {"employment": "unemployed", "pays_insurance": "yes"}),
        ("单位欠我工资 逼得我才辞的", {"left_job": "forced"}),
        ("我自己辞的 没交过失业保险", {"left_job": "resigned", "contribution_months": 0}),
        ("没交过保险", {"contribution_months": 0}),
        ("单位没给交过保险", {}),
        ("我爸交了三十年社保 我能享受啥", {}),
        ("同事交了十年 我才三年", {"contribution_months": 36}),
        ("我媳妇交了八年失业险 现在没工作", {"employment": "unemployed", "contribution_months": 96}),
        ("刚毕业 还没工作 想开个奶茶店", {"graduate": "recent", "employment": "unemployed", "startup": "planning"}),
        ("退伍回来没工作", {"veteran": "yes", "employment": "unemployed"}),
        ("我不是残疾人 也没当过兵", {"disabled": "no", "veteran": "no"}),
        ("家里吃低保 农村户口", {"low_income": "yes", "rural": "yes"}),
        ("办了失业登记 正在领失业金", {"registered": "yes", "receiving": "yes"}),
        ("还没办失业登记", {"registered": "no"}),
        ("考了电工证 没找着活", {"certificate": "yes"}),
        ("全家都没工作", {"all_jobless": "yes", "employment": "unemployed"}),
        ("已经退休了 领着养老金", {"pension": "yes"}),
        ("刑满释放的能贷款不", {"released": "yes"}),
        ("两口子在家待着 雇了俩人干大棚", {"employment": "unemployed", "hires": "yes"}),
    ],
)  # fmt: skip
def test_what_is_stated_in_passing_is_heard(text: str, facts: Facts) -> None:
    got = _heard(text)
    assert {name: got.get(name) for name in facts} == facts


@pytest.mark.parametrize(
    "text",
    ["失业登记咋办", "失业保险金一个月多少", "灵活就业社保补贴能补多少", "沈阳", "创业贷款利息谁掏", "最低工资涨了吗"],
)  # fmt: skip
def test_a_question_about_a_policy_states_nothing_of_the_person(text: str) -> None:
    assert _heard(text) == {}


@pytest.mark.parametrize(("question", "button"), BUTTONS)
def test_every_button_is_read_as_an_answer_to_its_question(question: str, button: str) -> None:
    assert set(ABOUT.questions[question].facts) & set(_answered(question, button))


@pytest.mark.parametrize(
    ("question", "text", "facts"),
    [
        ("registered", "没呢", {"registered": "no"}),
        ("registered", "办了", {"registered": "yes"}),
        ("registered", "2", {"registered": "no"}),
        ("contribution_months", "8", {"contribution_months": 96}),
        ("contribution_months", "三年半", {"contribution_months": 42}),
        ("contribution_months", "三年 后来五年", {"contribution_months": 60}),
        ("contribution_months", "一天没交过", {"contribution_months": 0}),
        ("contribution_months", "不到一年", {"contribution_months": 6}),
        ("age", "五十二", {"age": 52}),
        ("left_job", "让厂子裁了", {"left_job": "dismissed"}),
        ("left_job", "我主动辞的", {"left_job": "resigned"}),
        ("pension", "还没退休呢", {"pension": "no"}),
        ("startup", "没这个打算", {"startup": "no"}),
        ("startup", "寻思开个小店", {"startup": "planning"}),
        ("all_jobless", "有人上班", {"all_jobless": "no"}),
        ("certificate", "没有", {"certificate": "no"}),
        ("employment", "在单位上班呢 我52了", {"employment": "employed", "age": 52}),
    ],
)
def test_a_short_answer_means_what_was_asked(question: str, text: str, facts: Facts) -> None:
    got = _answered(question, text)
    assert {name: got.get(name, "not told") for name in facts} == facts


@pytest.mark.parametrize("text", ["不知道", "这个我说不清", "记不清了", "忘了交没交"])
def test_not_knowing_is_an_answer(text: str) -> None:
    assert _answered("registered", text) == {"registered": None}


def test_groups_not_named_do_not_hold_and_several_can() -> None:
    got = _answered("group", "农村户口，家里还是低保")
    assert (got["rural"], got["low_income"], got["veteran"]) == ("yes", "yes", "no")
    assert set(_answered("group", "都不是").values()) == {"no"}
    assert set(_answered("group", "不清楚").values()) == {None}


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("registered", "失业登记去哪办"),
        ("pension", "社保补贴给多少"),
        ("contribution_months", "想找个保安的活"),
        ("left_job", "被辞退了能赔多少钱啊能不能告他"),
        ("pension", "有人上班"),
    ],
)
def test_a_question_or_another_subject_is_no_answer(question: str, text: str) -> None:
    assert not set(_answered(question, text)) & {"registered", "pension", "contribution_months"}


@pytest.mark.parametrize(
    ("text", "known", "facts"),
    [
        ("不是52是53", {"age": 52}, {"age": 53}),
        ("不是八年，是九年", {"age": 52, "contribution_months": 96}, {"contribution_months": 108}),
        ("不是自己辞的是被辞退的", {"left_job": "resigned"}, {"left_job": "dismissed"}),
        ("不是52是53", {}, {}),
        ("不是这个意思", {"age": 52}, {}),
    ],
)
def test_a_correction_replaces_what_was_told(text: str, known: Facts, facts: Facts) -> None:
    assert extract_correction(text, message_reader().read(text), known, ABOUT) == facts


def test_slots_filled_before_count() -> None:
    slots = Slots({"age": 52, "group": "migrant", "contribution_months": None})
    assert facts_of_slots(slots, ABOUT) == {"age": 52, "rural": "yes"}


@pytest.mark.parametrize(
    ("text", "himself"),
    [
        ("我被辞退了", True), ("要是我被辞退了呢", False), ("被辞退怎么赔", False),
        ("52了 厂子黄了 焊工", True), ("52岁被辞退怎么赔", False), ("我妈52了 厂子黄了", True),
        ("老伴52了 厂子黄了", False),
    ],
)  # fmt: skip
def test_a_case_supposed_is_not_about_the_person(text: str, himself: bool) -> None:
    assert states_own_case(text, message_reader().read(text)) is himself


@given(ANY)
def test_anything_can_be_said_to_any_question(text: str) -> None:
    for name in ABOUT.questions:
        _answered(name, text)
    extract_correction(text, [], {"age": 52}, ABOUT)


def test_what_the_file_names_must_exist(tmp_path: Any) -> None:
    good = (ROOT / "data" / "eligibility.yml").read_text(encoding="utf-8")
    for old, new in (
        ("facts: [employment]", "facts: [nix]"),
        ("employment: employed", "employment: nix"),
    ):
        (tmp_path / "eligibility.yml").write_text(good.replace(old, new), encoding="utf-8")
        with pytest.raises(ValueError, match="nix"):
            read_fact_schema(tmp_path / "eligibility.yml")
