"""A document that lacks articles is imported, and what it lacks is said: at import and in answers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.documents.quote import quote
from bot.documents.search import ArticleIndex
from bot.documents.store import import_files
from tests.commands import run_command
from tests.documents.conftest import Write

GAPS = {
    "not from the first": ("第三条 甲。\n第四条 乙。\n", "第一条至第二条"),
    "one in the middle": ("第一条 甲。\n第三条 乙。\n", "第二条"),
    "several": ("第一条 甲。\n第四条 乙。\n第五条 丙。\n第九条 丁。\n", "第二条至第三条、第六条至第八条"),
    "an insertion": ("第一条 甲。\n第一条之二 乙。\n第二条 丙。\n", "第一条之一"),
    "a wrapped reference in place of it": ("第一条 依照本法\n第二条规定办。\n第三条 完。\n", "第二条"),
    "parts of a notice": ("一、甲\n子。\n三、乙\n丑。\n", "第二部分"),
}  # fmt: skip


@pytest.mark.parametrize("kind", GAPS)
def test_what_is_left_out_is_named_by_the_import_and_with_a_quotation(
    kind: str, db: Session, write: Write
) -> None:
    text, missing = GAPS[kind]
    done = import_files(db, [write("办法.txt", f"某市救助办法\n{text}")])
    assert any(missing in warning for warning in done[0].warnings)
    hit = ArticleIndex(db, date(2026, 6, 1)).search("某市救助办法")[0]
    assert hit.missing == missing


def test_a_whole_law_has_nothing_missing(db: Session, law: Path) -> None:
    assert import_files(db, [law])[0].warnings == ()
    found = quote(ArticleIndex(db, date(2026, 6, 1)), "试验工资法第二条")
    assert found
    assert found.missing == ""


def test_the_command_says_what_a_document_lacks(tmp_path: Path, write: Write) -> None:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'own.db'}"}
    path = write("缺.txt", "某市缺条办法\n第一条 甲。\n第四条 乙。\n")

    def command(*words: str) -> str:
        done = run_command("documents", *words, environment=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "第二条至第三条" in command("import", str(path))
    warnings = json.loads(command("import", "--json", str(path)))["documents"][0]["warnings"]
    assert any("第二条至第三条" in one for one in warnings)
    assert "第二条至第三条" in command("list")
