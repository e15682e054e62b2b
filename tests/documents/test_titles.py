"""A title with its revision is the same law in a new version."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Document
from bot.documents.article_parser import split
from bot.documents.errors import DocumentError
from bot.documents.search import ArticleIndex
from bot.documents.store import import_files
from tests.documents.conftest import Write

OLD = "{title}\n（2019年5月1日通过 自2019年7月1日起施行）\n第一条 目的。\n第二条 补贴八百元。\n第三条 本办法自2019年7月1日起施行。\n"
NEW = "{title}\n（2019年5月1日通过 根据2025年8月1日《决定》修正）\n第一条 目的。\n第二条 补贴一千五百元。\n第三条 本办法自2019年7月1日起施行。\n"
REVISIONS = [
    "（2025年修正）", "(2025修订)", "（2025年修订）", "（修订）", "【2025年修正】", "（2025年第二次修正）",
    "（2025年8月1日修正）", "（2025修正文本）", "（修正）", "（2025年版）", "（二〇二五年修正）", " （2025 年 修 正）",
    "（2025年修订版）", "[2025年修正本]", "（试行）", "（2025年修订）（试行）", "（试行 2025年修订）",
]  # fmt: skip


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_in_brackets_is_no_part_of_the_name_however_it_is_written(revision: str) -> None:
    assert (
        split("a.txt", NEW.format(title=f"某市失业保险办法{revision}")).name == "某市失业保险办法"
    )


@pytest.mark.parametrize("revision", ["（2025年修正）", "(2025修订)", "（试行）"])
def test_a_newer_version_by_its_title_closes_the_older_one(
    revision: str, db: Session, write: Write
) -> None:
    name = "某市失业保险办法"
    import_files(db, [write("旧.txt", OLD.format(title=name))])
    done = import_files(db, [write("新.txt", NEW.format(title=name + revision))])
    assert [(one.name, one.state) for one in done] == [(name, "changed")]
    versions = list(db.scalars(select(Document).order_by(Document.effective_from)))
    assert {one.name for one in versions} == {name}
    assert versions[0].effective_to == date(2025, 7, 31)
    now = ArticleIndex(db, date(2026, 6, 1)).search("补贴多少元")[0]
    then = ArticleIndex(db, date(2022, 6, 1)).search("补贴多少元")[0]
    assert ("一千五百元" in now.text, "八百元" in then.text) == (True, True)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("中华人民共和国某保险法（2018年修正）", "某保险法"),
        ("某省劳动合同条例(2018修订)", "某省劳动合同条例"),
        ("某市就业促进条例（修订草案）", "某市就业促进条例"),
        ("某市就业促进条例（草案）（征求意见稿）", "某市就业促进条例"),
        ("某省条例（修订草案征求意见稿）", "某省条例"),
        ("某市规定（2015年3月1日起施行，2022年第二次修正）", "某市规定"),
        ("某市办法（2019年修订、2024年修正）", "某市办法"),
        ("某医疗期规定试行办法", "某医疗期规定试行办法"),
        ("某市试行工资集体协商办法", "某市试行工资集体协商办法"),
        ("某法院解释（一）", "某法院解释（一）"),
        ("某市（开发区）用工办法", "某市（开发区）用工办法"),
        ("关于印发《某市补贴办法（2025年修订）》的通知", "关于印发某市补贴办法的通知"),
        ("某市补贴办法（暂行）", "某市补贴办法"),
        ("某市修订草案管理办法", "某市修订草案管理办法"),
        ("某市工资指导目录（2024年本）", "某市工资指导目录"),
    ],
)  # fmt: skip
def test_a_revision_is_no_part_of_the_name(title: str, name: str) -> None:
    found = split("a.txt", f"{title}\n第一条 甲。\n第二条 乙。\n")
    assert (found.name, found.title) == (name, title)


def test_a_title_over_two_lines_is_one() -> None:
    text = "关于印发《某市灵活就业\n人员社保补贴办法》的通知\n某人社发〔2025〕3号\n一、对象\n甲。\n二、标准\n乙。\n"
    assert split("a.txt", text).title == "关于印发《某市灵活就业人员社保补贴办法》的通知"


def test_the_red_head_of_an_office_is_no_title() -> None:
    text = "某市人力资源和社会保障局文件\n某人社发〔2025〕3号\n某市补贴办法\n（2025年修订）\n第一条 甲。\n第二条 乙。\n"
    found = split("a.txt", text)
    assert (found.name, found.title) == ("某市补贴办法", "某市补贴办法（2025年修订）")
    assert found.number == "某人社发〔2025〕3号"


def test_a_revision_whose_day_the_text_does_not_name_counts_from_its_year_and_is_told(
    db: Session, write: Write
) -> None:
    import_files(db, [write("旧.txt", OLD.format(title="某市办法"))])
    text = OLD.format(title="某市办法（2024年修正）").replace("八百", "九百")
    done = import_files(db, [write("新.txt", text)])
    assert any("2024" in warning for warning in done[0].warnings)
    assert "九百" in ArticleIndex(db, date(2026, 6, 1)).search("补贴多少元")[0].text
    assert "八百" in ArticleIndex(db, date(2023, 6, 1)).search("补贴多少元")[0].text


def test_a_draft_without_a_day_is_no_law_and_with_one_it_is_told(db: Session, write: Write) -> None:
    draft = "某市就业条例（修订草案）\n第一条 甲。\n第二条 本条例自  年  月  日起施行。\n"
    with pytest.raises(DocumentError, match="草案"):
        import_files(db, [write("草案.txt", draft)])
    dated = draft.replace("  年  月  日", "2026年5月1日")
    assert any("草案" in one for one in import_files(db, [write("草案.txt", dated)])[0].warnings)


def test_the_same_days_with_a_mended_text_take_the_older_ones_place(
    db: Session, write: Write
) -> None:
    import_files(db, [write("旧.txt", OLD.format(title="某市办法"))])
    import_files(db, [write("新.txt", OLD.format(title="某市办法").replace("八百", "七百"))])
    assert "七百" in ArticleIndex(db, date(2026, 6, 1)).search("补贴多少元")[0].text
    assert len(ArticleIndex(db, date(2026, 6, 1)).passages) == 3


def test_versions_that_were_kept_under_names_with_revisions_are_joined(
    db: Session, write: Write
) -> None:
    import_files(db, [write("旧.txt", OLD.format(title="某市办法（2019年修订）"))])
    db.scalars(select(Document)).one().name = "某市办法（2019年修订）"
    db.flush()
    assert import_files(db, [write("新.txt", NEW.format(title="某市办法"))])[0].state == "changed"
    assert {one.name for one in db.scalars(select(Document))} == {"某市办法"}
