"""The text of a DOCX as Word shows it, changes accepted; nothing of it is left out unsaid.

Left out on purpose: headers and footers, tables of contents, comments, the readings of ruby.
Refused: embedded documents, numbers and symbols without their text in the file. Told: pictures.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from bot.documents.docx_numbering import Numbers, W

#: Elements of one part, how deep they nest, bytes of one part.
MAX_ELEMENTS, MAX_DEPTH, MAX_PART_BYTES = 400_000, 200, 30_000_000
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
#: Deleted, moved away, or no text of the page.
_SKIPPED = frozenset(
    W + name
    for name in (
        "del", "moveFrom", "delText", "delInstrText", "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr",
        "tblGrid", "trPr", "tcPr", "rt", "rubyPr", "sectPr", "proofErr", "pPrChange", "smartTagPr",
        "fldData", "footnotePr", "endnotePr", "commentReference", "annotationRef",
    )
)  # fmt: skip
_REFUSED = frozenset(W + name for name in ("altChunk", "subDoc"))
_BLOCKS = frozenset(W + name for name in ("p", "tbl"))
#: Fields that have no result, or one that is no text of the law.
_SILENT = ("PAGE", "NUMPAGES", "SECTIONPAGES", "TOC", "TC", "XE", "RD", "SECTION", "PRIVATE")
_MADE = (
    "AUTONUM",
    "AUTONUMLGL",
    "AUTONUMOUT",
    "LISTNUM",
    "SEQ",
    "STYLEREF",
    "SYMBOL",
    "INCLUDETEXT",
)
_SYMBOLS = {
    **dict.fromkeys(("F06F", "F0A8", "F0A3", "F071", "F072", "F02A"), "□"),
    **dict.fromkeys(("F0FE", "F052", "F053"), "☑"),
    **dict.fromkeys(("F0FC", "F050"), "✓"),
    **dict.fromkeys(("F0B7", "F06C", "F09F", "F09E"), "•"),
    **dict.fromkeys(("F06E", "F0A7"), "■"),
    **dict.fromkeys(("F075",), "◆"),
    **{f"F{0x8C + n - 1:03X}": chr(0x2776 + n - 1) for n in range(1, 11)},
    **{f"F{0x81 + n - 1:03X}": chr(0x2460 + n - 1) for n in range(1, 11)},
}


def check(path: Path) -> None:
    """Refuse a DOCX with declared entities, or with more or deeper XML than any law.

    Nothing is kept of what is read. Raises ValueError.
    """
    with zipfile.ZipFile(path) as packed:
        for part in packed.infolist():
            if part.filename.endswith((".xml", ".rels")):
                with packed.open(part) as stream:
                    _check_part(part.filename, stream)


def _check_part(name: str, stream: Any) -> None:
    depth = count = size = 0

    def begin(tag: str, attributes: object) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > MAX_DEPTH:
            raise ValueError(f"{name} nests deeper than {MAX_DEPTH}")
        if count > MAX_ELEMENTS:
            raise ValueError(f"{name} has more than {MAX_ELEMENTS:,} elements")

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1

    def declared(*about: object) -> None:
        raise ValueError(f"DTDForbidden: {name} declares a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.StartDoctypeDeclHandler = declared
    while block := stream.read(65_536):
        size += len(block)
        if size > MAX_PART_BYTES:
            raise ValueError(f"{name} unpacks to more than {MAX_PART_BYTES:,} bytes")
        parser.Parse(block, False)
    parser.Parse(b"", True)


class WordText:
    """Reads one document; `warnings` say afterwards what is not in the text."""

    def __init__(self, path: Path) -> None:
        from docx import Document

        check(path)
        part = Document(str(path)).part
        trees = {kind: _tree(part, kind) for kind in ("numbering", "styles")}
        self._body = part.element.body
        self._numbers = Numbers(trees["numbering"], trees["styles"])
        self._notes = {kind: _tree(part, f"{kind}s") for kind in ("footnote", "endnote")}
        self._names = {
            style.get(f"{W}styleId"): style.find(f"{W}name").get(f"{W}val", "")
            for style in (
                trees["styles"].findall(f"{W}style") if trees["styles"] is not None else ()
            )
            if style.find(f"{W}name") is not None
        }
        self._pictures = self._objects = self._hidden = self._noted = 0
        #: Fields that are open: their instruction, and whether the result has begun.
        self._fields: list[tuple[str, bool]] = []
        #: What stands behind the paragraph that is being read: text boxes and notes.
        self._pending_notes: list[str] = []
        #: Text of a paragraph whose mark was deleted: the next one goes on.
        self._deferred_text = ""

    def lines(self) -> Iterator[str]:
        """Yield the text line by line."""
        yield from self._block(self._body)
        if self._deferred_text:
            yield self._deferred_text

    @property
    def warnings(self) -> list[str]:
        """Warnings of parts that are not in the text."""
        unread_parts = (
            (self._pictures, "picture(s), whose text is not read"),
            (self._objects, "embedded object(s), charts or diagrams, which are not read"),
            (self._hidden, "piece(s) of hidden text, which are left out"),
        )
        return [f"holds {number} {description}" for number, description in unread_parts if number]

    def _block(self, parent: Any) -> Iterator[str]:
        """Yield the lines of what stands within the body, a cell, a box or a note."""
        for child in parent:
            if child.tag in _REFUSED:
                raise ValueError(f"holds an embedded document ({child.tag.split('}')[1]})")
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag == f"{W}sdt" and _is_contents(child):
                continue
            elif child.tag == f"{_MC}AlternateContent":
                yield from self._block(_choice(child))
            elif child.tag not in _SKIPPED and isinstance(child.tag, str):
                yield from self._block(child)

    def _paragraph(self, paragraph: Any) -> Iterator[str]:
        properties = paragraph.find(f"{W}pPr")
        style = None if properties is None else properties.find(f"{W}pStyle")
        name = self._names.get(style.get(f"{W}val"), "") if style is not None else ""
        outer, self._pending_notes = self._pending_notes, []
        text = self._deferred_text + "".join(self._inline(paragraph))
        notes, self._pending_notes = self._pending_notes, outer
        if _mark_deleted(properties):
            self._deferred_text = text
            yield from notes
            return
        self._deferred_text = ""
        if re.match("toc ?[1-9]", name, re.IGNORECASE):
            return
        if text.strip() or _has_runs(paragraph):
            text = self._numbers.label(properties) + text
        title = "# " if name.startswith("Title") and text.strip() else ""
        yield title + text
        yield from notes

    def _inline(self, parent: Any) -> Iterator[str]:
        """Yield the pieces of text within a paragraph."""
        for child in parent:
            tag = child.tag
            if tag in _SKIPPED or not isinstance(tag, str):
                continue
            if tag in _REFUSED:
                raise ValueError(f"holds an embedded document ({tag.split('}')[1]})")
            if tag == f"{W}r" and _is_hidden(child):
                self._hidden += 1
            elif tag == f"{W}fldChar":
                yield self._field(child)
            elif tag in (f"{W}instrText", f"{W}fldSimple"):
                yield from self._instruction(child)
            elif self._in_silent_field():
                yield from self._inline(child) if len(child) else ()
            elif tag in (f"{W}t", f"{_M}t"):
                yield child.text or ""
            else:
                yield from self._other(child)

    def _other(self, child: Any) -> Iterator[str]:
        name = child.tag.split("}")[1]
        if child.tag.startswith(W) and name in ("br", "cr"):
            yield "\n"
        elif child.tag.startswith(W) and name in ("tab", "ptab"):
            yield " "
        elif child.tag.startswith(W) and name == "noBreakHyphen":
            yield "-"
        elif child.tag.startswith(W) and name == "sym":
            yield _symbol(child)
        elif name in ("footnoteReference", "endnoteReference"):
            yield self._note(child, name.removesuffix("Reference"))
        elif child.tag == f"{_MC}AlternateContent":
            yield from self._inline(_choice(child))
        elif name == "txbxContent":
            fields, self._fields = self._fields, []
            deferred, self._deferred_text = self._deferred_text, ""
            self._pending_notes.extend(self._block(child))
            self._fields, self._deferred_text = fields, deferred
        else:
            self._pictures += name in ("blip", "imagedata")
            self._objects += name in ("OLEObject", "chart", "relIds")
            yield from self._inline(child)

    def _field(self, mark: Any) -> str:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append(("", False))
        elif kind == "separate" and self._fields:
            self._fields[-1] = (self._fields[-1][0], True)
        elif kind == "end" and self._fields:
            instruction, has_result = self._fields.pop()
            return "" if has_result else _unshown(instruction)
        return ""

    def _instruction(self, child: Any) -> Iterator[str]:
        if child.tag == f"{W}fldSimple":
            instruction = child.get(f"{W}instr", "")
            self._fields.append((instruction, True))
            yield from self._inline(child)
            self._fields.pop()
        elif self._fields and not self._fields[-1][1]:
            instruction, has_result = self._fields[-1]
            self._fields[-1] = (instruction + (child.text or ""), has_result)

    def _in_silent_field(self) -> bool:
        """Tell whether what is read is an instruction, or a result that is no text of the law."""
        return any(
            not has_result or _kind(instruction) in _SILENT
            for instruction, has_result in self._fields
        )

    def _note(self, reference: Any, kind: str) -> str:
        number = reference.get(f"{W}id")
        notes = self._notes[kind]
        candidates = () if notes is None else notes.findall(f"{W}{kind}")
        note = next(
            (candidate for candidate in candidates if candidate.get(f"{W}id") == number), None
        )
        if note is None:
            raise ValueError(f"refers to a {kind} that is not in the file")
        self._noted += 1
        mark = f"〔注{self._noted}〕"
        lines = [line.strip() for line in self._block(note) if line.strip()]
        self._pending_notes.append(mark + " ".join(lines))
        return mark

    def _table(self, table: Any) -> Iterator[str]:
        for row in _within(table, f"{W}tr"):
            if _changed(row.find(f"{W}trPr"), "del"):
                continue
            cells = [
                [line for line in self._block(cell) if line.strip()]
                for cell in _within(row, f"{W}tc")
                if not _changed(cell.find(f"{W}tcPr"), "cellDel")
            ]
            filled = [cell for cell in cells if cell]
            # A table that only sets the page: its cells hold articles.
            page = any(re.match(r"\s{0,9}第.{1,9}条", line) for c in cells for line in c[1:])
            if len(filled) <= 1 or page:
                yield from (line for cell in filled for line in cell)
            else:
                flat = [" ".join(" ".join(cell).split()) for cell in cells]
                yield re.sub(r"^ \| ", "| ", " | ".join(flat)).rstrip(" |")


def _tree(part: Any, kind: str) -> Any | None:
    """Return the root of a part that the document is related to: numbering, styles, footnotes."""
    from docx.oxml import parse_xml

    for relation in part.rels.values():
        if relation.reltype.endswith(f"/{kind}") and not relation.is_external:
            return parse_xml(relation.target_part.blob)
    return None


def _within(parent: Any, tag: str) -> Iterator[Any]:
    """Yield the rows or cells of a table, also those in content controls and insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag not in _SKIPPED and child.tag not in _BLOCKS and isinstance(child.tag, str):
            yield from _within(child, tag)


def _choice(alternate: Any) -> Any:
    """Return the one of alternatives that holds text: the first, else the fallback."""

    def has_text(alternative: Any) -> bool:
        return next(alternative.iter(f"{W}t", f"{_M}t"), None) is not None

    return next(
        (alternative for alternative in alternate if has_text(alternative)),
        alternate[0] if len(alternate) else alternate,
    )


def _is_contents(control: Any) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and "Contents" in gallery.get(f"{W}val", "")


def _changed(properties: Any | None, change: str) -> bool:
    return properties is not None and properties.find(f"{W}{change}") is not None


def _mark_deleted(properties: Any | None) -> bool:
    mark = None if properties is None else properties.find(f"{W}rPr")
    return _changed(mark, "del") or _changed(mark, "moveFrom")


def _has_runs(paragraph: Any) -> bool:
    """Tell whether a paragraph holds anything: Word numbers it even when it shows no text."""
    return any(child.tag == f"{W}r" for child in paragraph)


def _is_hidden(run: Any) -> bool:
    hidden = run.find(f"{W}rPr/{W}vanish")
    return hidden is not None and hidden.get(f"{W}val", "1") not in ("0", "false")


def _symbol(element: Any) -> str:
    code = element.get(f"{W}char", "").upper()
    font = element.get(f"{W}font", "")
    if code in _SYMBOLS and (font.startswith("Wingdings") or font == "Symbol"):
        return _SYMBOLS[code]
    if re.fullmatch("[0-9A-F]{4}", code) and not code.startswith(("F", "E")):
        return chr(int(code, 16))
    raise ValueError(f"holds a symbol that is in no text: {font} {code}")


def _kind(instruction: str) -> str:
    return (instruction.split() or [""])[0].upper()


def _unshown(instruction: str) -> str:
    """Return what a field without a result shows, by its instruction."""
    kind = _kind(instruction)
    if kind in _MADE:
        raise ValueError(f"holds a field whose text is not in the file: {kind}")
    if kind == "EQ":
        return _equation(instruction)
    return ""


def _equation(instruction: str) -> str:
    """Return the text of an EQ field: a number in a circle, or a word with its reading above."""
    circled = re.search(r"\\o\s?\\a[clr]\s?\(\s?[○◯〇Ｏ]\s?[,，;]\s?(\d{1,2})\s?\)", instruction)
    if circled and 1 <= int(circled[1]) <= 20:
        return chr(0x2460 + int(circled[1]) - 1)
    ruby = re.search(r"\\s\s?\\up\s?\d{1,3}\s?\([^()]{0,40}\)\s?[,，;]([^()]{1,40})\)", instruction)
    if ruby:
        return ruby[1].strip()
    raise ValueError(f"holds a formula whose text is not in the file: {instruction.strip()[:60]}")
