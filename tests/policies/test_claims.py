"""Claims: read and checked from a file, said for a person, found by a question."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.policies.claim_answers import claim_finding
from bot.policies.errors import PolicyErrors
from bot.policies.load import load
from bot.policies.validate import check_folder

TOPICS = "bonus: 上岗红包\nother: 别的补贴\n"
POLICY = """
id: bonus
title: 上岗红包
names: [上岗红包]
versions:
  - effective_from: 2026-01-01
    regions: ['210000']
    sources:
      notice: {document: 通知, issuer: 某厅, dated: 2025-12-20, effective_from: 2026-01-01, grade: A}
    figures:
      stay: {value: '6', unit: month, text: 6个月, source: notice}
      old: {value: '45', unit: year, text: 45岁, source: notice}
    answers:
      what: {text: '找到新工作干住了的奖励。干满{stay}，到{old}都行。', sources: [notice]}
questions:
  - id: quit
    kind: yes_no
    asks: [自己辞职能领吗, 我不干了还给红包不, 主动离职算不算]
    when:
      - {fact: left_job, is: forced, answer: 能。被欠薪逼走的也给。}
      - {fact: age, at_least: old, answer: '能。到{old}的也给。'}
    answer: 一般不能。干满{stay}才给。
    sources: [notice]
  - id: how-soon
    kind: how_long
    asks: [多久到账, 钱啥时候下来, 红包几天能到手]
    answer: 干满{stay}以后。
    sources: [notice]
"""
NEXT_DOOR = """
id: pension
title: 养老金
names: [养老金]
versions:
  - effective_from: 2026-01-01
    regions: ['210000']
    sources:
      notice: {document: 通知, issuer: 某厅, dated: 2025-12-20, grade: B1}
    answers:
      what: {text: 按月领的钱。, sources: [notice]}
"""


def _folder(place: Path, policy: str = POLICY) -> Path:
    (place / "neighbours").mkdir(parents=True)
    (place / "topics.yml").write_text(TOPICS, encoding="utf-8")
    (place / "bonus.yml").write_text(policy, encoding="utf-8")
    (place / "neighbours" / "pension.yml").write_text(NEXT_DOOR, encoding="utf-8")
    return place


@pytest.fixture
def base(words: Session, tmp_path: Path) -> Session:
    load(words, _folder(tmp_path / "policies"))
    return words


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ("kind: yes_no", "kind: maybe", "questions.quit.kind: 'maybe' is none of"),
        ("一般不能。干满{stay}才给。", "干满{stay}才给。", "does not begin with a verdict"),
        ("一般不能。干满{stay}才给。", "一般不能。干满6个月才给。", "'6个月' is written out"),
        ("{stay}以后", "{days}以后", "questions.how-soon: no version has days"),
        ("id: how-soon", "id: quit", "is the id of another question"),
        ("钱啥时候下来", "自己辞职能领吗", "is asked by quit already"),
        ("fact: left_job, is: forced", "fact: left_job, is: tired", "'tired' is none of"),
        ("fact: age, at_least: old", "fact: age, at_least: young", "'young' is no figure"),
        (
            "[多久到账, 钱啥时候下来, 红包几天能到手]",
            "[多久到账]",
            "must be 3 to 12 ways of asking",
        ),
        ("    answer: 干满{stay}以后。\n", "", "questions.how-soon.answer: is missing"),
        ("    asks: [多久", "    says: x\n    asks: [多久", "'says' is no field of a question"),
    ],
)
def test_a_wrong_claim_is_refused_by_name(
    tmp_path: Path, written: str, instead: str, fault: str
) -> None:
    assert written in POLICY
    with pytest.raises(PolicyErrors) as refused:
        check_folder(_folder(tmp_path / "policies", POLICY.replace(written, instead)))
    assert fault in str(refused.value)
    assert "bonus.yml:" in str(refused.value)


def test_the_case_that_holds_for_a_person_is_said(base: Session) -> None:
    def said(**facts: str | int) -> str:
        found = claim_finding(base, "bonus", "quit", facts, as_of=date(2026, 5, 1))
        assert found is not None
        return found.text

    assert said() == "一般不能。干满6个月才给。"
    assert said(left_job="resigned") == "一般不能。干满6个月才给。"
    assert said(left_job="forced") == "能。被欠薪逼走的也给。"
    assert said(age=44) == "一般不能。干满6个月才给。"
    assert said(age=45) == "能。到45岁的也给。"


def test_a_claim_is_cited_and_silent_before_its_version(base: Session) -> None:
    found = claim_finding(base, "bonus", "how-soon", {}, as_of=date(2026, 5, 1))
    assert found is not None
    assert [one.document for one in found.citations] == ["通知"]
    assert [one.text for one in found.figures] == ["6个月"]
    assert claim_finding(base, "bonus", "how-soon", {}, as_of=date(2025, 12, 31)) is None
    assert claim_finding(base, "bonus", "nothing", {}) is None


def test_a_number_that_is_a_number_to_yaml_is_a_text(words: Session, tmp_path: Path) -> None:
    policy = POLICY.replace("{document: 通知,", "{document: 通知, number: 12333, article: 27,")
    load(words, _folder(tmp_path / "policies", policy))
    found = claim_finding(words, "bonus", "how-soon", {}, as_of=date(2026, 5, 1))
    assert found is not None
    assert [(one.number, one.article) for one in found.citations] == [("12333", "27")]


def test_a_subject_next_door_reports_no_topic(base: Session) -> None:
    from bot.policies.answers import answer

    finding = answer(base, "pension", as_of=date(2026, 5, 1))
    assert (finding.neighbour, finding.reported) == (True, ())
    assert answer(base, "bonus", as_of=date(2026, 5, 1)).reported == ("bonus",)
