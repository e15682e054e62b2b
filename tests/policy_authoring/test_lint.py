"""What an editor is warned of in files that are in order, each with file, line and field."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.policies.errors import PolicyErrors
from bot.policies.policy_file import TOPICS
from bot.policies.validate import read_folder, topics
from bot.policy_authoring.lint import PolicyWarning, aspect_counts, bureaucratic, review
from tests.policies.conftest import POLICIES, project_policies

DAY = date(2026, 11, 24)
ONE = """id: {id}
title: {title}
names: [{names}]
versions:
  - effective_from: {since}
    regions: ['{region}']
    sources:
      doc: {{document: {document}, issuer: 某厅, article: {article}, {dates}grade: {grade}}}
    figures:
      {figure}: {{value: '{value}', unit: day, text: {value}天, source: doc}}
    answers:
      what:
        text: {text}
        sources: [doc]
"""
USUAL = {
    "id": "paid-leave", "title": "年假", "names": "休假", "since": "2020-01-01", "region": "210000",
    "document": "劳动法", "article": "第四十五条", "dates": "", "grade": "B1",
    "figure": "days", "value": "5", "text": "有{days}假。",
}  # fmt: skip


@pytest.fixture
def warnings(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Review a folder of policies that differ from a usual one in what is given."""

    def made(*policies: dict[str, str], on: date = DAY, ids: str = "") -> list[PolicyWarning]:
        every = [{**USUAL, **policy} for policy in policies]
        ids = ids or "".join(f"{policy['id']}: {policy['title']}\n" for policy in every)
        (tmp_path / TOPICS).write_text(ids, encoding="utf-8")
        for number, policy in enumerate(every):
            filled = ONE.format(**policy)
            (tmp_path / f"{number}.yml").write_text(filled, encoding="utf-8")
        return list(review(read_folder(tmp_path), topics(tmp_path), on, tmp_path / TOPICS))

    return made


def _told(found: list[PolicyWarning], kind: str) -> list[tuple[str, int, str]]:
    return [(w.file, w.line, w.field) for w in found if w.kind == kind]


@pytest.mark.parametrize(
    ("source", "stale"),
    [
        ({"document": "某通知", "grade": "A", "dates": "dated: 2025-11-23, "}, True),
        ({"document": "某通知", "grade": "A", "dates": "dated: 2025-11-24, "}, False),
        ({"document": "某通知", "grade": "B2", "dates": "effective_from: 2024-01-01, "}, True),
        ({"document": "某通知", "grade": "B2"}, True),  # no date: nobody can tell
        ({"document": "劳动法", "grade": "B1", "dates": "effective_from: 1995-01-01, "}, False),
        ({"document": "某办法", "grade": "B2", "dates": "effective_from: 2008-09-18, "}, False),
        ({"document": "某办法（整理资料）", "grade": "C", "dates": "dated: 2024-01-01, "}, True),
    ],
)
def test_notices_grow_stale_in_a_year_and_laws_do_not(warnings, source, stale) -> None:  # type: ignore[no-untyped-def]
    expected = [("0.yml", 8, "sources.doc")] if stale else []
    assert _told(warnings(source), "stale") == expected


def test_a_document_is_warned_of_once_with_how_often_it_is_used(warnings) -> None:  # type: ignore[no-untyped-def]
    old = {"document": "某通知", "grade": "A", "dates": "dated: 2020-01-01, "}
    found = warnings(old, {**old, "id": "overtime", "title": "加班", "names": "加点"})
    (one,) = [w for w in found if w.kind == "stale"]
    assert "2 versions" in one.reason
    assert "2020-01-01" in one.reason


def test_second_hand_sources_are_to_be_replaced(warnings) -> None:  # type: ignore[no-untyped-def]
    assert _told(warnings({"grade": "C"}), "second-hand") == [("0.yml", 8, "sources.doc")]
    assert _told(warnings({"grade": "B2"}), "second-hand") == []


def test_a_topic_without_a_policy_is_named_with_its_line(warnings) -> None:  # type: ignore[no-untyped-def]
    found = warnings({}, ids="# ids\npaid-leave: 年假\novertime: 加班\n")
    of_topics = [w for w in found if w.file == TOPICS]
    assert _told(of_topics, "unanswered") == [("topics.yml", 3, "overtime")]


def test_an_aspect_that_people_ask_and_no_answer_gives_is_named(tmp_path: Path) -> None:
    (tmp_path / TOPICS).write_text("startup-loan: 贷款\n", encoding="utf-8")
    policy = {**USUAL, "id": "startup-loan", "title": "贷款", "names": "贷款"}
    (tmp_path / "loan.yml").write_text(ONE.format(**policy), encoding="utf-8")
    found = review(read_folder(tmp_path), topics(tmp_path), DAY, tmp_path / TOPICS)
    fields = {w.field: w for w in found if w.kind == "unanswered"}
    assert {"answers.amount", "answers.who"} <= set(fields)
    assert "answers.what" not in fields
    assert fields["answers.amount"].line == 5
    assert aspect_counts("startup-loan")["amount"] >= 4


def test_an_answer_of_more_than_300_characters_is_too_long_with_its_figures(warnings) -> None:  # type: ignore[no-untyped-def]
    # 297 characters and {days}, which is two more: 299. One more each is still 300, then 301.
    for more, found in ((0, []), (1, []), (2, [("0.yml", 12, "answers.what.text")])):
        assert _told(warnings({"text": "长" * (297 + more) + "{days}"}), "long") == found


@pytest.mark.parametrize(
    ("text", "words"),
    {
        "符合条件的予以补贴": ["予以"],
        "请携带身份证前往窗口": ["携带", "前往"],
        "携带传染病病原的人也不能被歧视": [],
        "按应得工资的平均应得数算": [],
        "均应提交，方可办理": ["均应", "提交", "方可", "办理"],
        "带上身份证去窗口就行": [],
        "见《关于进一步做好工作的若干意见》": [],
        "打12333咨询热线": [],
    }.items(),
)
def test_office_words_are_named_with_plain_ones(text: str, words: list[str]) -> None:
    found = bureaucratic(text)
    assert [word for word, _ in found] == words
    assert all(plain and plain != word for word, plain in found)


def test_office_words_in_an_answer_are_named_with_its_line(warnings) -> None:  # type: ignore[no-untyped-def]
    found = warnings({"text": "予以{days}假。"})
    assert _told(found, "wording") == [("0.yml", 12, "answers.what.text")]


SECOND = {"id": "overtime", "title": "加班", "names": "加点", "value": "6"}


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        ({}, True),
        ({"value": "5"}, False),
        ({"figure": "other", "text": "有假。"}, False),
        ({"document": "某条例"}, False),
        ({"article": "第四十条至第五十条"}, True),  # 第四十五条 is among them
        ({"article": "第四十六条"}, False),
        ({"region": "210100"}, True),  # Shenyang lies in Liaoning
        ({"region": "220000"}, False),
    ],
)
def test_one_figure_with_two_values_is_named(warnings, other, differs) -> None:  # type: ignore[no-untyped-def]
    found = warnings({}, {**SECOND, **other})
    assert _told(found, "figures") == ([("1.yml", 10, "figures.days")] if differs else [])


def test_a_calculators_figure_means_the_same_in_every_policy(warnings) -> None:  # type: ignore[no-untyped-def]
    shared = {"figure": "calc_days", "text": "有假。"}
    found = warnings(shared, {**SECOND, **shared, "document": "某条例"})
    (one,) = [w for w in found if w.kind == "figures"]
    assert "is 6 here, but 5 in 0.yml:10" in one.reason


@pytest.mark.parametrize(
    ("other", "claimed"),
    [
        ({}, False),
        ({"names": "休假", "region": "210100"}, True),
        ({"names": "休假", "region": "220000"}, False),
    ],
)
def test_a_name_of_two_policies_is_named(warnings, other, claimed) -> None:  # type: ignore[no-untyped-def]
    found = warnings({}, {**SECOND, **other})
    assert _told(found, "names") == ([("1.yml", 3, "names")] if claimed else [])


@pytest.mark.parametrize("other", [{"names": "休假"}, {"title": "休假"}])
def test_a_name_of_two_policies_in_one_region_is_refused(warnings, other) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PolicyErrors, match=r"is a name of 0\.yml already"):
        warnings({}, {**SECOND, **other})


def test_a_name_that_passed_from_one_policy_to_the_next_is_in_order(tmp_path: Path) -> None:
    (tmp_path / TOPICS).write_text("paid-leave: 年假\novertime: 加班\n", encoding="utf-8")
    ended = ONE.format(**USUAL).replace("    regions", "    effective_to: 2025-12-31\n    regions")
    (tmp_path / "0.yml").write_text(ended, encoding="utf-8")
    follows = {**USUAL, **SECOND, "names": "休假", "since": "2026-01-01"}
    (tmp_path / "1.yml").write_text(ONE.format(**follows), encoding="utf-8")
    found = review(read_folder(tmp_path), topics(tmp_path), DAY, tmp_path / TOPICS)
    assert [w for w in found if w.kind in ("names", "figures")] == []


def test_no_name_of_the_projects_policies_is_claimed_twice() -> None:
    found = review(list(project_policies()), topics(POLICIES), DAY, POLICIES / TOPICS)
    assert [str(w) for w in found if w.kind in ("names", "long")] == []
