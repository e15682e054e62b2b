"""Laws made up by a test, in each format that is read."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

LAW = """# 中华人民共和国试验工资法

2020年3月1日第一次会议通过
2024年6月30日第二次会议修正

## 第一章　总则

第一条 为了让做工的人按时拿到工资，制定本法。

第二条 工资按月以货币支付。

不得以实物抵作工资。

## 第二章　支付

### 第一节　期限

第三条 用人单位有下列情形之一的，应当支付赔偿金：
（一）超过三十日不支付工资的；
（二）低于最低工资标准支付的。

第三条之一 遇节假日的，提前支付。

## 第三章　附则

第四条 本法自2020年5月1日起施行。
"""
Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a text file into the test's folder."""

    def made(name: str, text: str) -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return made


@pytest.fixture
def law(write: Write) -> Path:
    """The made-up law as Markdown."""
    return write("工资法.md", LAW)


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """Return a PDF of some pages of lines, with a font whose codes map to Chinese characters."""
    chars = sorted({char for page in pages for line in page for char in line})
    code = {char: f"{at:04X}" for at, char in enumerate(chars, 1)}
    pairs = "\n".join(f"<{code[c]}> <{c.encode('utf-16-be').hex().upper()}>" for c in chars)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def "
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(chars)} beginbfchar\n{pairs}\nendbfchar endcmap end end"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids "
        f"[{' '.join(f'{6 + 2 * n} 0 R' for n in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H "
        "/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 >>",
        _stream(cmap),
    ]
    for number, lines in enumerate(pages):
        shown = " ".join(
            f"1 0 0 1 50 {780 - 20 * at} Tm <{''.join(code[c] for c in line)}> Tj"
            for at, line in enumerate(lines)
        )
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources "
            f"<< /Font << /F 3 0 R >> >> /Contents {7 + 2 * number} 0 R >>"
        )
        objects.append(_stream(f"BT /F 12 Tf {shown} ET"))
    return numbered(objects)


def _stream(text: str) -> str:
    return f"<< /Length {len(text)} >>\nstream\n{text}\nendstream"


def numbered(objects: Sequence[str]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size, start = len(objects) + 1, len(out)
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def run(text: str) -> str:
    """Return a run of Word's XML."""
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(inner: str, properties: str = "") -> str:
    """Return a paragraph of Word's XML around runs and the like."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def paragraphs(*lines: str) -> str:
    """Return a paragraph of Word's XML for each line."""
    return "".join(paragraph(run(line)) for line in lines)


def word(path: Path, body: str, **parts: str) -> Path:
    """Write a DOCX from the XML of its body; `parts` (numbering, styles, footnotes, endnotes,
    header1) are the XML within their roots.
    """
    roots = {"header1": ("hdr", "header"), "numbering": ("numbering", "numbering")}
    types, links = [], []
    files = {"word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>"}
    for name, inner in parts.items():
        root, kind = roots.get(name, (name, name))
        types.append(f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>')
        links.append(f'<Relationship Id="r{name}" Type="{_RELATED}/{kind}" Target="{name}.xml"/>')
        files[f"word/{name}.xml"] = f"<w:{root} {_NAMESPACES}>{inner}</w:{root}>"
    relationships = "http://schemas.openxmlformats.org/package/2006/relationships"
    files["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
        f"{''.join(types)}</Types>"
    )
    files["_rels/.rels"] = (
        f'<Relationships xmlns="{relationships}"><Relationship Id="r1" '
        f'Type="{_RELATED}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    files["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{relationships}">{"".join(links)}</Relationships>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, inner in files.items():
            packed.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{inner}')
    return path
