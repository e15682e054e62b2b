#!/usr/bin/env bash
# docx2python 3.7.1 writes the automatic numbers of lists into the text, but every Chinese numbering (一、二、三, 第一条) is the
# same two dashes (with a warning): the articles of a regulation all read --.
# Seen on 2026-11-29:
#   chineseCountingThousand: -- 甲, -- 乙; decimal: 1) 甲, 2) 乙
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check docx2python==3.7.1 python-docx==1.2.0
"$work/venv/bin/python" - <<'EOF'
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import docx
from docx2python import docx2python
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

print("docx2python", version("docx2python"), "python-docx", version("python-docx"))


def element(tag, value=None, **attributes):
    one = OxmlElement(tag)
    for name, text in ({"val": value} if value else {} | attributes).items():
        one.set(qn(f"w:{name}"), text)
    return one


def text_of(number_format):
    """Return the text of two paragraphs numbered in a format, as docx2python gives it."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    abstract = element("w:abstractNum", abstractNumId="90")
    level = element("w:lvl", ilvl="0")
    for tag, value in (("w:start", "1"), ("w:numFmt", number_format), ("w:lvlText", "%1、")):
        level.append(element(tag, value))
    abstract.append(level)
    numbering.insert(0, abstract)
    number = element("w:num", numId="90")
    number.append(element("w:abstractNumId", "90"))
    numbering.append(number)
    for text in "甲乙":
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        numbered = element("w:numPr")
        numbered.append(element("w:ilvl", "0"))
        numbered.append(element("w:numId", "90"))
        properties.append(numbered)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.docx"
        document.save(file)
        with docx2python(file) as read:
            return read.text.split()


chinese, arabic = text_of("chineseCountingThousand"), text_of("decimal")
print("expected: 一、 甲 二、 乙, as 1) 甲 2) 乙 of Arabic numbers")
print("seen:", chinese, arabic)
sys.exit(0 if chinese == ["--", "甲", "--", "乙"] and arabic == ["1)", "甲", "2)", "乙"] else 1)
EOF
