"""Files made to harm are refused with file and reason, in bounded time and memory."""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document as Docx
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.tables import Article, Document
from bot.documents.errors import DocumentError
from bot.documents.readers import MAX_MEMORY_BYTES, TIMEOUT_S, read_text
from bot.documents.store import import_files
from bot.settings import ROOT
from tests.documents.conftest import LAW, numbered, paragraph, paragraphs, pdf, run, word

#: What the process that asks may use itself: its child bears the file.
_ASKS = 600_000_000
_SCRIPT = """
import json, re, resource, sys
from pathlib import Path
from bot.documents.errors import DocumentError
from bot.documents.readers import read_text
from bot.documents.article_parser import split
path = Path(sys.argv[1])
try:
    said = split(path.name, read_text(path)).name
except DocumentError as refused:
    said = str(refused)
status = Path("/proc/self/status").read_text()
# Not ru_maxrss of this process: it begins with what the test process had before exec.
own = int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) * 1024
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
print(json.dumps([said, own, child]))
"""


def _read_apart(path: Path) -> str:
    """Read a file in a process bounded in memory; return the refusal, or the law's name."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2 * MAX_MEMORY_BYTES, 2 * MAX_MEMORY_BYTES))

    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(path)], cwd=ROOT, capture_output=True, text=True,
        timeout=TIMEOUT_S + 30, preexec_fn=bounded, check=True,
    )  # fmt: skip
    said, own, child = json.loads(done.stdout)
    assert own < _ASKS
    assert child < MAX_MEMORY_BYTES
    return str(said)


def _docx(path: Path, document: str | None = None, **parts: bytes) -> Path:
    """Make a DOCX, with its document.xml replaced and other parts beside it."""
    whole = path.with_suffix(".whole")
    made = Docx()
    for line in LAW.splitlines():
        made.add_paragraph(line.strip("# "))
    made.save(str(whole))
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "word/document.xml" and document is not None:
                body = document.encode()
            new.writestr(name, body)
        for name, body in parts.items():
            new.writestr(name, body)
    return path


def _no_pdf(folder: Path) -> Path:
    path = folder / "假.pdf"
    path.write_bytes(b"<html>no PDF at all</html>")
    return path


def _broken_pdf(folder: Path) -> Path:
    path = folder / "坏.pdf"
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(4000))
    return path


def _many_pages(folder: Path) -> Path:
    path = folder / "万页.pdf"
    path.write_bytes(pdf([["第一条 页。"]] * 10_000))
    return path


def _looping_pages(folder: Path) -> Path:
    path = folder / "循环.pdf"
    path.write_bytes(numbered([
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 9999999 /Kids [2 0 R 3 0 R] /Parent 3 0 R >>",
        "<< /Type /Pages /Count 9999999 /Kids [2 0 R 3 0 R] /Parent 2 0 R >>",
    ]))  # fmt: skip
    return path


def _pdf_bomb(folder: Path) -> Path:
    packed = zlib.compress(b" " * 250_000_000, 9)
    path = folder / "压缩.pdf"
    body = numbered([
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        f"<< /Filter /FlateDecode /Length {len(packed)} >>\nstream\n{packed.decode('latin-1')}"
        "\nendstream",
    ])  # fmt: skip
    path.write_bytes(body)
    return path


def _much_text(folder: Path) -> Path:
    path = folder / "五十兆.txt"
    path.write_bytes("第一条 很长的话。\n".encode() * 2_000_000)
    assert path.stat().st_size > 50_000_000
    return path


def _long_text(folder: Path) -> Path:
    path = folder / "四百万字.md"
    path.write_text("# 某法\n第一条 话\n" + "话。\n" * 1_400_000, "utf-8")
    return path


def _zip_bomb(folder: Path) -> Path:
    return _docx(folder / "炸弹.docx", **{"word/media.xml": b"\0" * 70_000_000})


def _lying_bomb(folder: Path) -> Path:
    """A DOCX whose directory says that its document is small."""
    path = _docx(folder / "谎.docx", document="<a>" + " " * 100_000_000 + "</a>")
    raw = bytearray(path.read_bytes())
    size = (100_000_007).to_bytes(4, "little")
    while (at := raw.find(size)) >= 0:
        raw[at : at + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(raw)
    return path


def _many_elements(folder: Path) -> Path:
    """A small DOCX whose document is millions of empty paragraphs."""
    path = word(folder / "段.docx", "<w:p/>" * 3_000_000)
    assert path.stat().st_size < 300_000
    return path


def _deep(folder: Path) -> Path:
    return word(folder / "深.docx", "<w:sdt>" * 5_000 + "</w:sdt>" * 5_000)


def _nested_tables(folder: Path) -> Path:
    begin, end = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return word(folder / "表中表.docx", begin * 1_000 + paragraphs("第一条 甲。") + end * 1_000)


def _many_parts(folder: Path) -> Path:
    return _docx(folder / "件.docx", **{f"word/{n}.xml": b"<a/>" for n in range(3_000)})


def _long_paragraph(folder: Path) -> Path:
    return word(folder / "一段.docx", paragraphs("某法", "第一条 " + "话" * 9_000_000))


def _styles_in_a_loop(folder: Path) -> Path:
    loop = "".join(
        f'<w:style w:styleId="{a}"><w:name w:val="{a}"/><w:basedOn w:val="{b}"/></w:style>'
        for a, b in ("xy", "yx")
    )
    body = paragraph(run("没有条文"), '<w:pStyle w:val="x"/>')
    return word(folder / "样式.docx", body, styles=loop)


def _packed_text(folder: Path) -> Path:
    path = folder / "压缩.md"
    path.write_bytes(gzip.compress(b"1" * 50_000_000))
    return path


def _pages_of_one_form(folder: Path) -> Path:
    """A PDF whose forms draw each other, twice each."""
    forms = [
        f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A {n + 1} 0 R "
        f">> >> /Length 11 >>\nstream\n/A Do /A Do\nendstream"
        for n in range(4, 44)
    ]
    path = folder / "套.pdf"
    path.write_bytes(numbered([
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources "
        "<< /XObject << /A 5 0 R >> >> >>",
        *forms,
        "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 1 >>\nstream\n \nendstream",
    ]))  # fmt: skip
    return path


def _many_numbers(folder: Path) -> Path:
    path = folder / "万条.txt"
    path.write_text("某法\n" + "第一条 甲。\n附件\n" * 100_000, "utf-8")
    return path


def _entities(folder: Path) -> Path:
    (folder / "secret").write_text("THE SECRET", "utf-8")
    entity = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{folder / "secret"}">]>'
    return _docx(folder / "外部.docx", document=f"{entity}<a>第一条 &x;</a>")


def _laughs(folder: Path) -> Path:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE a [<!ENTITY l0 "ha">{levels}]><a>&l11;</a>'
    return _docx(folder / "笑.docx", document=bomb)


def _no_articles(folder: Path) -> Path:
    path = folder / "笔记.md"
    path.write_text("# 笔记\n\n今天没有条文。\n", "utf-8")
    return path


def _utf16(folder: Path) -> Path:
    path = folder / "编码.txt"
    path.write_bytes(LAW.encode("utf-16"))
    return path


def _binary(folder: Path) -> Path:
    path = folder / "二进制.md"
    path.write_bytes(bytes(range(256)) * 50)
    return path


def _empty(folder: Path) -> Path:
    path = folder / "空.md"
    path.write_bytes(b"")
    return path


def _folder(folder: Path) -> Path:
    path = folder / "夹.md"
    path.mkdir()
    return path


def _link_loop(folder: Path) -> Path:
    path = folder / "链.md"
    path.symlink_to(path)
    return path


def _pipe(folder: Path) -> Path:
    path = folder / "管.md"
    os.mkfifo(path)
    return path


def _device(folder: Path) -> Path:
    path = folder / "零.md"
    path.symlink_to("/dev/zero")
    return path


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "no PDF": (_no_pdf, "is no PDF"),
    "broken PDF": (_broken_pdf, "cannot be read"),
    "10,000 pages": (_many_pages, "10,000 pages"),
    "looping page tree": (_looping_pages, "cannot be read|no text"),
    "compressed PDF stream": (_pdf_bomb, "cannot be read|no text"),
    "50 MB of text": (_much_text, "bytes, more than"),
    "four million characters": (_long_text, "characters, more than"),
    "zip bomb": (_zip_bomb, "unpacks to"),
    "zip bomb that lies": (_lying_bomb, "cannot be read|is no DOCX"),
    "millions of elements": (_many_elements, "elements"),
    "deep nesting": (_deep, "nests deeper"),
    "tables in tables": (_nested_tables, "nests deeper"),
    "thousands of parts": (_many_parts, "parts, more than"),
    "a paragraph without an end": (_long_paragraph, "characters, more than|Resource limit"),
    "styles in a loop": (_styles_in_a_loop, "no articles"),
    "gzip": (_packed_text, "neither UTF-8 nor GB18030"),
    "forms within forms": (_pages_of_one_form, "cannot be read|no text|seconds"),
    "numbers without end": (_many_numbers, "more than|twice|no title"),
    "external entity": (_entities, "cannot be read: ValueError: DTDForbidden"),
    "billion laughs": (_laughs, "cannot be read: ValueError: DTDForbidden"),
    "no articles": (_no_articles, "no articles"),
    "UTF-16": (_utf16, "neither UTF-8 nor GB18030"),
    "binary": (_binary, "neither UTF-8 nor GB18030"),
    "empty": (_empty, "holds no text"),
    "folder": (_folder, "is no file"),
    "link to itself": (_link_loop, "cannot be read"),
    "pipe": (_pipe, "is no file"),
    "endless device": (_device, "is no file"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_by_name_and_reason_within_bounds(
    kind: str, tmp_path: Path
) -> None:
    make, reason = HOSTILE[kind]
    path = make(tmp_path)
    said = _read_apart(path)
    assert said.startswith(f"{path.name}: ")
    assert any(part in said for part in reason.split("|")), said
    assert "SECRET" not in said


@pytest.mark.parametrize("kind", ["no PDF", "external entity", "no articles", "folder"])
def test_one_refused_file_keeps_all_files_of_an_import_out(
    kind: str, tmp_path: Path, law: Path, db: Session
) -> None:
    make, _ = HOSTILE[kind]
    with pytest.raises(DocumentError):
        import_files(db, [law, make(tmp_path)])
    assert db.scalar(select(func.count(Document.id))) == 0
    assert db.scalar(select(func.count(Article.id))) == 0


def test_a_refusal_names_the_file_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as refused:
        read_text(_empty(tmp_path))
    assert refused.value.file == "空.md"
    assert str(tmp_path) not in str(refused.value)
