"""Markdown, text, DOCX and PDF give the same text; what is none of them is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document as Docx

from bot.documents.article_parser import split
from bot.documents.errors import DocumentError
from bot.documents.readers import read_text
from tests.documents.conftest import LAW, pdf

LINES = [line for line in LAW.replace("#", "").splitlines() if line.strip()]


def _texts(path: Path) -> list[tuple[str, str]]:
    return [(a.number, a.text) for a in split(path.name, read_text(path)).articles]


def test_a_docx_gives_the_same_articles_as_markdown(tmp_path: Path, law: Path) -> None:
    made = Docx()
    made.add_heading(LINES[0].strip(), 0)
    for line in LINES[1:]:
        made.add_paragraph(line.strip())
    made.save(str(tmp_path / "工资法.docx"))
    assert _texts(tmp_path / "工资法.docx") == _texts(law)
    assert split("a", read_text(tmp_path / "工资法.docx")).name == "试验工资法"


def test_a_pdf_gives_the_same_articles_over_its_pages(tmp_path: Path, law: Path) -> None:
    lines = [line.strip() for line in LINES]
    (tmp_path / "工资法.pdf").write_bytes(pdf([lines[:8], lines[8:]]))
    assert _texts(tmp_path / "工资法.pdf") == _texts(law)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_is_read_in_the_encodings_that_offices_use(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "工资法.txt"
    path.write_bytes(LAW.encode(encoding))
    assert split(path.name, read_text(path)).articles[1].number == "第二条"


def test_a_file_of_another_kind_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").write_bytes(b"PK")
    with pytest.raises(DocumentError, match=r"表\.xlsx: is none of \.md"):
        read_text(tmp_path / "表.xlsx")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read"):
        read_text(tmp_path / "没有.md")
