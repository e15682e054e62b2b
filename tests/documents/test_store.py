"""Versions of documents: a new one ends the old, which stays; the same again changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.tables import Article, Document, TextVector
from bot.documents.store import import_files, in_force
from tests.documents.conftest import LAW, Write

NEWER = LAW.replace("2024年6月30日第二次", "2026年1月31日第三次").replace("三十日", "十五日")


def _versions(db: Session) -> list[tuple[date | None, date | None]]:
    found = db.scalars(select(Document).order_by(Document.effective_from))
    return [(one.effective_from, one.effective_to) for one in found]


def _on(db: Session, day: date) -> str:
    return next(a.text for a in in_force(db, day) if a.number == "第三条")


def test_a_first_import_is_new_and_holds_from_its_last_amendment(db: Session, law: Path) -> None:
    done = import_files(db, [law])
    assert [(one.name, one.articles, one.state) for one in done] == [("试验工资法", 5, "new")]
    assert _versions(db) == [(date(2024, 6, 30), None)]


def test_the_same_again_is_a_no_op_down_to_the_rows(db: Session, law: Path) -> None:
    import_files(db, [law])
    tables = (Document, Article, TextVector)
    before = [db.scalar(select(func.count()).select_from(table)) for table in tables]
    assert [one.state for one in import_files(db, [law])] == ["unchanged"]
    assert [db.scalar(select(func.count()).select_from(table)) for table in tables] == before


def test_a_newer_version_ends_the_older_on_the_day_before(
    db: Session, law: Path, write: Write
) -> None:
    import_files(db, [law])
    done = import_files(db, [write("新.md", NEWER)])
    assert done[0].state == "changed"
    assert _versions(db) == [(date(2024, 6, 30), date(2026, 1, 30)), (date(2026, 1, 31), None)]


def test_the_version_of_the_day_answers_and_before_the_first_none(
    db: Session, law: Path, write: Write
) -> None:
    import_files(db, [law, write("新.md", NEWER)])
    assert "三十日" in _on(db, date(2026, 1, 30))
    assert "十五日" in _on(db, date(2026, 1, 31))
    assert in_force(db, date(2024, 6, 29)) == []


def test_an_older_version_imported_later_is_dated_until_the_newer(
    db: Session, law: Path, write: Write
) -> None:
    import_files(db, [write("新.md", NEWER)])
    import_files(db, [law])
    assert _versions(db) == [(date(2024, 6, 30), date(2026, 1, 30)), (date(2026, 1, 31), None)]


def test_articles_keep_their_order(db: Session, law: Path) -> None:
    import_files(db, [law])
    numbers = [a.number for a in in_force(db, date(2026, 1, 1))]
    assert numbers == ["第一条", "第二条", "第三条", "第三条之一", "第四条"]


def test_vectors_of_texts_known_already_are_not_made_again(
    db: Session, law: Path, write: Write
) -> None:
    import_files(db, [law])
    before = db.scalar(select(func.count()).select_from(TextVector)) or 0
    import_files(db, [write("新.md", NEWER)])
    after = db.scalar(select(func.count()).select_from(TextVector)) or 0
    assert before > 0
    assert after == before + 1  # only the article that changed
