"""The conditions block of policy files: what is refused, and what reaches the database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import PolicyCondition
from bot.eligibility.rules import assessment
from bot.policies.condition_schema import circular_topics
from bot.policies.errors import PolicyErrors
from bot.policies.load import load
from bot.policies.validate import check_folder
from tests.policies.conftest import POLICIES

WRITTEN = """id: startup-loan
title: 创业担保贷款
versions:
  - effective_from: 2025-01-01
    regions: ['210000']
    sources:
      doc: {document: 某文件, issuer: 某厅, article: 第一条, grade: A}
    figures:
      least: {value: '2', unit: year, text: 2年, source: doc}
    answers:
      how:
        text: 到窗口申请。带上证件。
        sources: [doc]
    conditions:
      - {says: '交满{least}', fact: contribution_months, at_least: least, source: doc}
      - says: 属于重点群体
        any_of:
          - {fact: employment, one_of: [unemployed, flexible], source: doc}
          - {fact: veteran, is: yes, source: doc}
          - {undecided: 由当地审核, source: doc}
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "topics.yml").write_bytes((POLICIES / "topics.yml").read_bytes())
    (tmp_path / "loan.yml").write_text(WRITTEN, encoding="utf-8")
    return tmp_path


def _faults(place: Path, old: str, new: str) -> list[str]:
    assert old in WRITTEN
    (place / "loan.yml").write_text(WRITTEN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyErrors) as wrong:
        check_folder(place)
    return [str(fault) for fault in wrong.value.faults]


def test_conditions_in_order_pass(place: Path) -> None:
    report = check_folder(place)
    assert report.versions == 1
    # The bound uses the figure, so that no warning says that nothing does.
    assert report.warnings == ()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("fact: contribution_months", "fact: nix", "loan.yml:15: conditions.1.fact: 'nix' is no fact"),
        ("at_least: least", "at_most: nix", "loan.yml:15: conditions.1.at_most: 'nix' is no figure"),
        ("at_least: least", "is: yes", "conditions.1.is: contribution_months is a number"),
        ("at_least: least", "more_than: least", "conditions.1: must have one test: is, one_of"),
        ("at_least: least", "at_least: least, is: yes", "conditions.1: must have one test"),
        ("unit: year", "unit: yuan", "conditions.1.at_least: the unit of least is no month"),
        ("at_least: least, source: doc", "at_least: least", "conditions.1.source: is missing"),
        ("at_least: least, source: doc", "at_least: least, source: nix", "'nix' is no source"),
        ("says: '交满{least}', ", "", "loan.yml:15: conditions.1.says: is missing"),
        ("'交满{least}'", "交满两年", "conditions.1.says: '两年' is written out"),
        ("'交满{least}'", "'交满{most}'", "conditions.1.says: {most} is no figure"),
        ("[unemployed, flexible]", "[unemployed, nix]", "loan.yml:18: conditions.2.one_of: 'nix' is none of"),
        ("fact: veteran, is: yes", "fact: veteran, at_least: least", "conditions.2.at_least: veteran is a choice"),
        ("undecided: 由当地审核", "fact: age, undecided: 由当地审核", "conditions.2.any_of.3.fact: must not stand"),
        ("fact: veteran, is", "is", "conditions.2.any_of.2.fact: must stand with is"),
        ("undecided: 由当地审核", "follows: nix", "conditions.2.follows: 'nix' is no topic"),
        ("undecided: 由当地审核", "follows: startup-loan", "conditions: 'startup-loan' follows itself"),
        ("undecided: 由当地审核", "undecided: 满三年再定", "'三年' is written out"),
        ("source: doc}\n          - {undecided", "source: doc, note: x}\n          - {undecided", "'note' is no field"),
        ("      - says: 属于重点群体\n", "      - says: 属于重点群体\n        fact: age\n", "conditions.2.any_of: must be a list, alone"),
        ("      - {says: '交满{least}', fact: contribution_months, at_least: least, source: doc}", "      - 交满两年", "loan.yml:15: conditions.1: must have named fields"),
    ],
)  # fmt: skip
def test_a_wrong_condition_is_refused_with_line_and_field(
    place: Path, old: str, new: str, fault: str
) -> None:
    assert any(fault in one for one in _faults(place, old, new)), _faults(place, old, new)


def test_a_block_that_is_no_list_is_refused(place: Path) -> None:
    text = WRITTEN[: WRITTEN.index("    conditions:")] + "    conditions: 都能领\n"
    (place / "loan.yml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyErrors, match=r"loan\.yml:14: conditions: must be a list"):
        check_folder(place)


def test_policies_must_not_wait_for_each_other() -> None:
    following = {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("a"), "d": frozenset("a")}
    assert set(circular_topics(following)) == {"a", "b", "c"}


def test_conditions_are_loaded_with_bounds_in_the_facts_unit(words: Session, place: Path) -> None:
    load(words, place)
    rows = words.scalars(select(PolicyCondition).order_by(PolicyCondition.position)).all()
    assert [(row.clause, row.test, json.loads(row.value)) for row in rows] == [
        (0, "at_least", 24),
        (1, "one_of", ["unemployed", "flexible"]),
        (1, "is", ["yes"]),
        (1, "undecided", "由当地审核"),
    ]


def test_rules_say_figures_in_words_and_the_first_step(words: Session, place: Path) -> None:
    load(words, place)
    (rule,) = assessment(words).rules.values()
    assert [clause.says for clause in rule.clauses] == ["交满2年", "属于重点群体"]
    assert rule.next_step == "到窗口申请。"
    assert rule.clauses[0].conditions[0].citation.article == "第一条"


def test_a_policy_without_conditions_is_not_assessed(words: Session, place: Path) -> None:
    text = WRITTEN[: WRITTEN.index("    conditions:")]
    (place / "loan.yml").write_text(text, encoding="utf-8")
    load(words, place)
    assert assessment(words).rules == {}
