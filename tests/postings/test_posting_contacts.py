"""Columns of local offices for contact, address, way to apply, link and days: kept, asked, shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import clock
from bot.db.session import session
from bot.db.tables import Posting
from bot.matching import answer_replies, find, replies
from bot.matching.details import posting_item
from bot.matching.job_preference import JobPreference
from bot.matching.posting_answers import posting_answers
from bot.postings.ingest.importer import import_files
from bot.rendering.plain import full_text
from bot.understanding.posting_questions import extract_posting_questions
from tests.postings.imported import write_files

TODAY = date(2026, 11, 28)
WISH = JobPreference(occupations=("保洁员",), region_code="210500")
ROW = {
    "单位名称": "子家政", "岗位名称": "保洁", "城市": "本溪市平山区", "详细地址": "站前街8号3楼",
    "联系人": "李主任", "联系电话": "13800138000", "电子邮箱": "hr@example.com",
    "报名方式": "带身份证到二楼窗口", "报名网址": "https://example.cn/jobs/1", "招聘人数": "5",
    "年龄要求": "18-50", "学历要求": "初中", "发布日期": "2026-11-17", "报名截止日期": "2026-12-20",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


def _imported(url: str, folder: Path, *rows: dict[str, Any]) -> None:
    report = import_files(url, write_files({"jsonl": list(rows)}, folder))
    assert not report.columns
    assert not report.refused


def _ask(url: str, question: str) -> str:
    asked = extract_posting_questions(question)
    assert asked, question
    with session(url) as db:
        posting = db.scalars(select(Posting)).one()
        found = posting_item(db, posting.id, WISH)
        assert found is not None
        return answer_replies.answer_for_posting(found, posting_answers(db, posting.id, asked)).text


STATED = {
    "电话多少": "李主任 13800138000 hr@example.com", "咋报名": "带身份证到二楼窗口", "找谁": "李主任",
    "网址": "https://example.cn/jobs/1", "在哪条街": "站前街8号3楼", "招几个人": "招5人",
    "要多大岁数的": "18-50岁", "啥学历": "初中起", "啥时候发的": "2026-11-17发布",
    "还招不": "到2026-12-20截止", "截止到哪天": "到2026-12-20截止", "哪来的": "来自",
}  # fmt: skip


def test_what_columns_state_is_answered(committed: str, tmp_path: Path) -> None:
    _imported(committed, tmp_path, ROW)
    for question, says in STATED.items():
        said = _ask(committed, question)
        assert says in said, question
        assert "没写" not in said, question


def test_what_is_not_stated_is_said_so(committed: str, tmp_path: Path) -> None:
    _imported(committed, tmp_path, {"单位名称": "子家政", "岗位名称": "保洁", "城市": "本溪市"})
    for question in STATED.keys() - {"在哪条街", "哪来的"}:
        assert "没写" in _ask(committed, question).split("\n")[0], question
    assert "没写日期" in _ask(committed, "电话多少").split("\n")[-1]


def test_a_street_that_is_not_stated_is_said_so(committed: str, tmp_path: Path) -> None:
    _imported(committed, tmp_path, {"单位名称": "子家政", "岗位名称": "保洁", "城市": "本溪市"})
    said = _ask(committed, "在哪条街")
    assert "本溪市" in said
    assert "具体地址没写" in said


def test_a_list_masks_and_says_when_and_where_from(committed: str, tmp_path: Path) -> None:
    _imported(
        committed, tmp_path, {**ROW, "来源": "区人社局"}, {**ROW, "单位名称": "丑", "发布日期": ""}
    )
    with session(committed) as db:
        matches = find(db, WISH)
        shown = replies.postings(matches, WISH, "find_job", later=False).to_dict()
        (one, other) = sorted(shown["items"], key=lambda each: each["employer"], reverse=True)
        assert one["origin"] == "来自区人社局，2026-11-17发布，到2026-12-20截止"
        assert "没写日期" in other["origin"]
        text = full_text(shown)
        assert one["origin"] in text
        assert "13800138000" not in str(shown)
        assert "hr@example.com" not in str(shown)
        found = posting_item(db, one["id"], WISH)
        assert found is not None
        whole = replies.posting_details(found, "refine_job").text
    for says in ("地址：站前街8号3楼", "招5人", "年龄：18-50岁", "学历：初中", "报名：带身份证到二楼窗口",
                 "网址：https://example.cn/jobs/1", "李主任 13800138000", one["origin"]):  # fmt: skip
        assert says in whole


def test_what_is_over_is_shown_only_when_asked_for(committed: str, tmp_path: Path) -> None:
    rows = [{**ROW, "报名截止日期": "2026-11-29"}, {**ROW, "单位名称": "丑", "报名截止日期": ""}]
    _imported(committed, tmp_path, *rows)
    with session(committed) as db:
        assert len(find(db, WISH).items) == 2
        over = db.scalars(select(Posting).where(Posting.valid_until.is_not(None))).one().id
    with clock.frozen(date(2026, 11, 30)), session(committed) as db:
        assert [one.features.posting_id for one in find(db, WISH).items] != [over]
        assert len(find(db, WISH).items) == 1
        asked = posting_item(db, over, WISH)
        assert asked is not None
        assert asked.warnings[0].startswith("写的是到2026-11-29截止，已经过了")
        assert posting_item(db, over, WISH, include_expired=False) is None
        db.execute(update(Posting).where(Posting.id == over).values(status="expired"))
        assert posting_item(db, over, WISH) is not None
        db.execute(update(Posting).where(Posting.id == over).values(warnings="deposit"))
        assert posting_item(db, over, WISH) is None
    with clock.frozen(date(2030, 1, 1)), session(committed) as db:
        assert find(db, WISH).items == []


def test_what_was_over_is_closed_by_the_next_import(committed: str, tmp_path: Path) -> None:
    _imported(committed, tmp_path, {**ROW, "报名截止日期": "2026-11-29"})
    with clock.frozen(date(2026, 12, 1)):
        import_files(committed, [])
        with session(committed) as db:
            assert db.scalars(select(Posting.status)).one() == "expired"


def test_a_way_to_apply_is_screened(committed: str, tmp_path: Path) -> None:
    _imported(committed, tmp_path, {**ROW, "报名方式": "先交报名费200元，限汉族"})
    with session(committed) as db:
        posting = db.scalars(select(Posting)).one()
    assert posting.status == "held"
    assert {"deposit", "ethnicity"} <= set(posting.warnings.split(","))


def test_another_source_fills_what_the_first_leaves_open(committed: str, tmp_path: Path) -> None:
    bare = {key: ROW[key] for key in ("单位名称", "岗位名称", "城市")}
    _imported(committed, tmp_path, {**bare, "来源": "甲"}, {**ROW, "来源": "乙"})
    with session(committed) as db:
        posting = db.scalars(select(Posting)).one()
    assert (posting.address, posting.link) == ("站前街8号3楼", "https://example.cn/jobs/1")
    assert posting.apply_text == "带身份证到二楼窗口"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "见公告", "data:text/html,x"])
def test_only_a_web_address_is_a_link(committed: str, tmp_path: Path, link: str) -> None:
    _imported(committed, tmp_path, {**ROW, "报名网址": link})
    assert "网址没写" in _ask(committed, "网址")
