"""`python -m bot.documents.extract FILE`: print the text of a DOCX or PDF; run by read.py."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

#: Pages that no law has.
PAGES = 2_000
#: Characters after which reading stops: the caller refuses such a text.
ENOUGH = 4_000_000


def _docx(path: Path) -> Iterator[str]:
    from docx import Document

    _refuse_entities(path)
    for paragraph in Document(str(path)).paragraphs:
        heading = (paragraph.style.name or "").startswith("Title") if paragraph.style else False
        yield ("# " if heading else "") + paragraph.text


def _refuse_entities(path: Path) -> None:
    """Refuse a DOCX one of whose parts declares entities: they reach for files or multiply."""
    from defusedxml.ElementTree import fromstring

    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            if name.endswith((".xml", ".rels")):
                fromstring(packed.read(name), forbid_dtd=True)


def _pdf(path: Path) -> Iterator[str]:
    from pypdf import PdfReader

    reader = PdfReader(str(path))
    if len(reader.pages) > PAGES:
        raise ValueError(f"{len(reader.pages):,} pages, more than {PAGES:,}")
    for page in reader.pages:
        yield from _joined(page.extract_text().splitlines())


def _joined(lines: list[str]) -> Iterator[str]:
    """Join the lines that a page breaks in the middle of a sentence."""
    held = ""
    for line in map(str.strip, lines):
        if held and (held[-1] in "。；：:;" or line.startswith(("第", "（", "("))):
            yield held
            held = ""
        held += line
    yield held


def main(file: str) -> None:
    """Print the text."""
    path = Path(file)
    read = _pdf if path.suffix.lower() == ".pdf" else _docx
    printed = 0
    for line in read(path):
        sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
        printed += len(line)
        if printed > ENOUGH:
            return


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {str(error)[:200]}")
