"""What a file states in columns of its own is answered from them, masked in lists, screened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework_desk.review_queue import review_queue
from bot.db.session import session
from bot.db.tables import Posting
from bot.matching import answer_replies, find, replies
from bot.matching.details import posting_item
from bot.matching.explain import item
from bot.matching.job_preference import JobPreference
from bot.matching.posting_answers import posting_answers
from bot.postings.ingest.importer import import_files
from bot.understanding.posting_questions import extract_posting_questions
from tests.databases import copied
from tests.postings.imported import write_files

HEADER = [
    "单位名称",
    "岗位名称",
    "性别",
    "年龄要求",
    "学历",
    "薪资待遇",
    "工作地点",
    "联系人",
    "联系电话",
]
ROWS: list[list[Any]] = [
    [
        "癸物业",
        "保安",
        "男",
        "50周岁以下",
        "不限",
        "3000元/月",
        "本溪市平山区",
        "王经理",
        "024-88880000",
    ],
    [
        "子家政",
        "保洁",
        "不限",
        "45岁以下",
        "初中",
        "2600元/月",
        "本溪市平山区",
        "李主任",
        13800138000,
    ],
]
WISH = JobPreference(occupations=("保洁员",), region_code="210500")


@pytest.fixture
def url(stocked_file: Path, tmp_path: Path) -> str:
    made = copied(stocked_file, tmp_path / "a.db")
    report = import_files(made, write_files({"sheets": {"岗位": [HEADER, *ROWS]}}, tmp_path))
    assert not report.columns
    return made


def _answer(db: Session, question: str) -> str:
    posting = db.scalars(select(Posting).where(Posting.title == "保洁")).one()
    found = posting_item(db, posting.id, WISH)
    assert found is not None
    age = {"entity": "age", "start": 0, "end": 2, "value": 57, "text": "57"}
    asked = extract_posting_questions(question, [age] if question.startswith("57") else [])
    assert asked
    return answer_replies.answer_for_posting(found, posting_answers(db, posting.id, asked)).text


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("电话多少", "李主任 13800138000"),
        ("57了要吗", "45岁以下"),
        ("要男的吗", "性别栏写的是“不限”"),
        ("要啥学历", "初中起"),
    ],
)
def test_columns_answer_what_is_asked(url: str, question: str, says: str) -> None:
    with session(url) as db:
        answer = _answer(db, question)
    assert says in answer
    assert "没写" not in answer.replace("没写日期", "")


def test_a_sex_column_holds_with_its_words(url: str) -> None:
    with session(url) as db:
        (one,) = review_queue(db)
    assert one.title == "保安"
    assert dict(one.faults)["sex"].startswith("性别要求：男")


def test_contacts_are_masked_in_lists_and_whole_in_the_details(url: str) -> None:
    with session(url) as db:
        (match,) = find(db, WISH).items
        listed = item(match, WISH)
        found = posting_item(db, listed.id, WISH)
    assert listed.contact == "李** 138****00"
    assert found is not None
    assert found.contact == "李主任 13800138000"
    text = replies.posting_details(found, "refine_job").text
    assert "李主任 13800138000" in text
    assert "没有给联系电话" not in text


def test_an_old_posting_is_over_and_an_older_ones_date_is_said(
    stocked_file: Path, tmp_path: Path
) -> None:
    from datetime import date

    from bot import clock

    url = copied(stocked_file, tmp_path / "b.db")
    row = {"title": "保洁", "company": "甲", "city": "本溪"}
    case = {
        "jsonl": [
            {**row, "company": "甲1", "datePosted": "2018-03-02"},
            {**row, "company": "甲2", "datePosted": "2026-02-01"},
            {**row, "company": "甲3", "datePosted": "2018-03-02", "validThrough": "2026-12-31"},
            {**row, "company": "甲4", "结束时间": "2018-04-01"},
        ]
    }
    with clock.frozen(date(2026, 11, 28)):
        import_files(url, write_files(case, tmp_path))
        with session(url) as db:
            items = [item(match, WISH) for match in find(db, WISH).items]
    assert {one.employer for one in items} == {"甲2", "甲3"}
    assert all(any("发布的，时间长了" in said for said in one.warnings) for one in items)
