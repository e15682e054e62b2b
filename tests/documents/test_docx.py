"""What Word keeps beside plain paragraphs is read as Word shows it, or the file is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.documents.article_parser import DocumentText, split
from bot.documents.errors import DocumentError
from bot.documents.readers import read_text
from tests.documents.conftest import paragraph, paragraphs, run, word

_BY = 'w:id="1" w:author="a" w:date="2026-01-01T00:00:00Z"'


def _read(path: Path) -> DocumentText:
    return split(path.name, read_text(path))


def _texts(path: Path, body: str, **parts: str) -> dict[str, str]:
    return {a.number: a.text for a in _read(word(path, body, **parts)).articles}


def _law(*inner: str) -> str:
    """Return a law of two articles with XML between them."""
    return paragraphs("某市办法") + "".join(inner) + paragraphs("第二条 完。")


def _ins(inner: str) -> str:
    return f"<w:ins {_BY}>{inner}</w:ins>"


def _del(text: str) -> str:
    return f'<w:del {_BY}><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'


def _mark(change: str) -> str:
    """Return the properties of a paragraph whose mark was inserted or deleted."""
    return f"<w:rPr><w:{change} {_BY}/></w:rPr>"


REVISIONS = {
    "inserted run": (paragraph(run("第一条 补贴") + _ins(run("每月")) + run("发放。")), "补贴每月发放。"),
    "deleted run": (paragraph(run("第一条 补贴") + _del("不得") + run("发放。")), "补贴发放。"),
    "replaced figure": (paragraph(run("第一条 每月") + _del("八百") + _ins(run("九百")) + run("元。")), "每月九百元。"),
    "moved words": (
        paragraph(run("第一条 ") + f"<w:moveTo {_BY}>{run('经审核，')}</w:moveTo>" + run("发放")
                  + f"<w:moveFrom {_BY}>{run('经审核，')}</w:moveFrom>" + run("补贴。")),
        "经审核，发放补贴。",
    ),
    "deleted paragraph mark": (
        paragraph(run("第一条 补贴按"), _mark("del")) + paragraph(run("月发放。")), "补贴按月发放。",
    ),
    "deleted paragraph": (
        paragraph(run("第一条 甲。")) + paragraph(_del("旧款。"), _mark("del")) + paragraph(run("新款。"), _mark("ins")),
        "甲。\n新款。",
    ),
    "inserted hyperlink and deleted field": (
        paragraph(run("第一条 见") + _ins(f'<w:hyperlink w:anchor="x">{run("附件")}</w:hyperlink>') + _del("表") + run("。")),
        "见附件。",
    ),
    "moved paragraph": (
        paragraph(run("第一条 甲。"))
        + paragraph(f"<w:moveFrom {_BY}>{run('移走的款。')}</w:moveFrom>", _mark("moveFrom"))
        + paragraph(run("乙。"))
        + paragraph(f"<w:moveTo {_BY}>{run('移走的款。')}</w:moveTo>", _mark("moveTo")),
        "甲。\n乙。\n移走的款。",
    ),
    "deleted within inserted": (
        paragraph(run("第一条 甲") + _ins(run("乙") + _del("丙")) + run("。")), "甲乙。",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REVISIONS)
def test_tracked_changes_are_read_as_accepted(kind: str, tmp_path: Path) -> None:
    inner, right = REVISIONS[kind]
    assert _texts(tmp_path / "办法.docx", _law(inner)) == {"第一条": right, "第二条": "完。"}


def _cell(*lines: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs(*lines)}</w:tc>"


def _row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


TABLES = {
    "rows": (
        paragraphs("第一条 标准：") + _table(_row(_cell("档次"), _cell("金额")), _row(_cell("一档"), _cell("300元"))),
        "标准：\n档次 | 金额\n一档 | 300元",
    ),
    "the number in a cell": (_table(_row(_cell("第一条"), _cell("甲，乙。"))), "甲，乙。"),
    "the whole article in a cell": (_table(_row(_cell("第一条 甲。", "乙。"))), "甲。\n乙。"),
    "a table in a table": (
        paragraphs("第一条 如下：")
        + _table(_row(_cell("外"), f"<w:tc>{_table(_row(_cell('内一'), _cell('内二')))}<w:p/></w:tc>")),
        "如下：\n外 | 内一 | 内二",
    ),
    "merged cells": (
        paragraphs("第一条 如下：")
        + _table(
            _row(_cell("城市", properties='<w:vMerge w:val="restart"/>'), _cell("甲区"), _cell("1900")),
            _row(_cell(properties="<w:vMerge/>"), _cell("乙县"), _cell("1700")),
        ),
        "如下：\n城市 | 甲区 | 1900\n| 乙县 | 1700",
    ),
    "a deleted row": (
        paragraphs("第一条 如下：")
        + _table(_row(_cell("旧"), _cell("1"), properties=f"<w:del {_BY}/>"), _row(_cell("新"), _cell("2"))),
        "如下：\n新 | 2",
    ),
    "an inserted row": (
        paragraphs("第一条 如下：")
        + _table(_row(_cell("旧"), _cell("1")), _row(_cell("新"), _cell("2"), properties=f"<w:ins {_BY}/>")),
        "如下：\n旧 | 1\n新 | 2",
    ),
    "a deleted and an inserted cell": (
        paragraphs("第一条 如下：")
        + _table(_row(_cell("甲"), _cell("废", properties=f"<w:cellDel {_BY}/>"), _cell("增", properties=f"<w:cellIns {_BY}/>"))),
        "如下：\n甲 | 增",
    ),
    "a table three deep": (
        paragraphs("第一条 如下：")
        + _table(_row(_cell("外"), f"<w:tc>{_table(_row(_cell('中'), f'<w:tc>{_table(_row(_cell(chr(0x5185))))}<w:p/></w:tc>'))}<w:p/></w:tc>")),
        "如下：\n外 | 中 | 内",
    ),
    "several lines in a cell": (
        paragraphs("第一条 如下：") + _table(_row(_cell("甲"), _cell("身份证", "户口簿"))),
        "如下：\n甲 | 身份证 户口簿",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", TABLES)
def test_tables_are_read_cell_by_cell_in_order(kind: str, tmp_path: Path) -> None:
    inner, right = TABLES[kind]
    assert _texts(tmp_path / "办法.docx", _law(inner)) == {"第一条": right, "第二条": "完。"}


def _level(at: int, form: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def _list(*levels: str, number: int = 1, override: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/>{override}</w:num>'
    )


def _item(text: str, level: int = 0, number: int = 1) -> str:
    return paragraph(
        run(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    )


def _numbers(path: Path, body: str, **parts: str) -> list[tuple[str, str]]:
    return [
        (a.number, a.text)
        for a in _read(word(path, paragraphs("某市办法") + body, **parts)).articles
    ]


@pytest.mark.parametrize(
    ("form", "sixth", "twenty_first"),
    [
        ("chineseCounting", "第六条", "第二十一条"),
        ("chineseCountingThousand", "第六条", "第二十一条"),
        ("japaneseCounting", "第六条", "第二十一条"),
        ("taiwaneseCountingThousand", "第六条", "第二十一条"),
        ("decimal", "第6条", "第21条"),
        ("ideographDigital", "第六条", "第二一条"),
    ],
)
def test_articles_numbered_by_word_get_their_numbers(
    form: str, sixth: str, twenty_first: str, tmp_path: Path
) -> None:
    body = "".join(_item(f"内容{n}。") for n in range(1, 24))
    found = _numbers(tmp_path / "a.docx", body, numbering=_list(_level(0, form, "第%1条")))
    assert (found[5], found[20]) == ((sixth, "内容6。"), (twenty_first, "内容21。"))
    assert len(found) == 23


def test_items_below_an_article_count_anew_and_chapters_do_not_end_the_articles(
    tmp_path: Path,
) -> None:
    levels = _list(
        _level(0, "chineseCounting", "第%1章"),
        _level(1, "chineseCounting", "第%2条", '<w:lvlRestart w:val="0"/>'),
        _level(2, "chineseCounting", "（%3）", '<w:suff w:val="nothing"/>'),
        _level(3, "decimal", "%4."),
    )
    body = (
        _item("总则") + _item("甲：", 1) + _item("子；", 2) + _item("细；", 3) + _item("丑。", 2)
        + _item("待遇") + _item("乙：", 1) + _item("寅。", 2)
    )  # fmt: skip
    found = _read(word(tmp_path / "a.docx", paragraphs("某市办法") + body, numbering=levels))
    assert [(a.number, a.chapter, a.text) for a in found.articles] == [
        ("第一条", "第一章 总则", "甲：\n（一）子；\n1. 细；\n（二）丑。"),
        ("第二条", "第二章 待遇", "乙：\n（一）寅。"),
    ]


def test_a_level_that_only_an_article_restarts_counts_on_through_the_items_of_the_article(
    tmp_path: Path,
) -> None:
    levels = _list(
        _level(0, "chineseCounting", "第%1条"),
        _level(1, "chineseCounting", "（%2）"),
        _level(2, "decimal", "%3.", '<w:lvlRestart w:val="1"/>'),
    )
    body = (
        _item("甲：") + _item("子；", 1) + _item("细；", 2) + _item("丑；", 1) + _item("粗。", 2)
        + _item("乙：") + _item("寅；", 1) + _item("末。", 2)
    )  # fmt: skip
    assert _numbers(tmp_path / "a.docx", body, numbering=levels) == [
        ("第一条", "甲：\n（一）子；\n1. 细；\n（二）丑；\n2. 粗。"),
        ("第二条", "乙：\n（一）寅；\n1. 末。"),
    ]


def test_numbering_by_style_by_start_and_by_restart(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="base"><w:name w:val="base"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="article"><w:name w:val="article"/><w:basedOn w:val="base"/></w:style>'
    )
    numbering = (
        _list(_level(0, "chineseCounting", "第%1条"))
        + _list(_level(0, "decimal", "（%1）"), number=2)
        + '<w:num w:numId="3"><w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    styled = '<w:pStyle w:val="article"/>'
    body = (
        paragraph(run("甲："), styled) + _item("子。", 0, 2) + _item("丑。", 0, 2)
        + paragraph(run("乙："), styled) + _item("寅。", 0, 3)
        + paragraph(run("没有号。"), styled + '<w:numPr><w:numId w:val="0"/></w:numPr>')
    )  # fmt: skip
    found = _numbers(tmp_path / "a.docx", body, numbering=numbering, styles=styles)
    assert found == [
        ("第一条", "甲：\n（1）子。\n（2）丑。"),
        ("第二条", "乙：\n（1）寅。\n没有号。"),
    ]


@pytest.mark.parametrize(
    ("form", "first", "second"),
    [
        ("decimalZero", "01", "02"),
        ("upperRoman", "I", "II"),
        ("lowerLetter", "a", "b"),
        ("decimalEnclosedCircle", "①", "②"),
        ("chineseLegalSimplified", "壹", "贰"),
        ("ideographTraditional", "甲", "乙"),
    ],
)
def test_items_are_numbered_in_every_form(
    form: str, first: str, second: str, tmp_path: Path
) -> None:
    levels = _list(_level(0, "chineseCounting", "第%1条"), _level(1, form, "%2）"))
    body = _item("如下：") + _item("子；", 1) + _item("丑。", 1)
    found = _numbers(tmp_path / "a.docx", body, numbering=levels)
    assert found == [("第一条", f"如下：\n{first}）子；\n{second}）丑。")]


def test_a_document_of_python_docx_is_read_whole(tmp_path: Path) -> None:
    import docx

    made = docx.Document()
    for line in ("某市办法", "第一条 材料如下："):
        made.add_paragraph(line)
    for line in ("身份证；", "户口簿。"):
        made.add_paragraph(line, style="List Number")
    outer = made.add_table(1, 2)
    outer.cell(0, 0).text = "档次"
    inner = outer.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "一档", "300元"
    made.save(str(tmp_path / "办法.docx"))
    (article,) = _read(tmp_path / "办法.docx").articles
    assert article.text == "材料如下：\n1. 身份证；\n2. 户口簿。\n档次 | 一档 | 300元"


def test_a_deleted_paragraph_is_not_counted(tmp_path: Path) -> None:
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = _item("甲。") + paragraph(_del("旧。"), numbered + _mark("del")) + _item("乙。")
    found = _numbers(
        tmp_path / "a.docx", body, numbering=_list(_level(0, "chineseCounting", "第%1条"))
    )
    assert found == [("第一条", "甲。"), ("第二条", "乙。")]


def test_a_number_that_cannot_be_told_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="hebrew1"):
        _numbers(
            tmp_path / "a.docx", _item("甲。"), numbering=_list(_level(0, "hebrew1", "第%1条"))
        )


def _note(number: int, text: str, kind: str = "footnote") -> str:
    return f'<w:{kind} w:id="{number}">{paragraphs(text)}</w:{kind}>'


def _box(*lines: str) -> str:
    inner = f"<wps:wsp><wps:txbx><w:txbxContent>{paragraphs(*lines)}</w:txbxContent></wps:txbx></wps:wsp>"
    fallback = f"<w:pict><v:shape><v:textbox><w:txbxContent>{paragraphs(*lines)}</w:txbxContent></v:textbox></v:shape></w:pict>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{inner}</w:drawing></mc:Choice>'
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def _field(instruction: str, *result: str) -> str:
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{"".join(result)}' if result else ""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>{shown}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _ruby(base: str, reading: str) -> str:
    return f"<w:r><w:ruby><w:rubyPr/><w:rt>{run(reading)}</w:rt><w:rubyBase>{run(base)}</w:rubyBase></w:ruby></w:r>"


FOOT = '<w:r><w:footnoteReference w:id="2"/></w:r>'
END = '<w:r><w:endnoteReference w:id="2"/></w:r>'
PARTS = {
    "footnote": (paragraph(run("第一条 甲") + FOOT + run("，乙。")), "甲〔注1〕，乙。\n〔注1〕指失业人员。",
                 {"footnotes": _note(2, "指失业人员。")}),
    "endnote": (paragraph(run("第一条 甲。") + END) + paragraphs("乙。"), "甲。〔注1〕\n〔注1〕见前。\n乙。",
                {"endnotes": _note(2, "见前。", "endnote")}),
    "text box": (paragraph(run("第一条 甲。") + _box("框里：每月500元。")), "甲。\n框里：每月500元。", {}),
    "two text boxes": (paragraph(run("第一条 甲。") + _box("框一。") + _box("框二。")), "甲。\n框一。\n框二。", {}),
    "text box in a cell": (
        paragraphs("第一条 如下：") + _table(_row(f"<w:tc>{paragraph(run('甲') + _box('框里。'))}</w:tc>", _cell("乙"))),
        "如下：\n甲 框里。 | 乙", {}),
    "footnote in a cell": (
        paragraphs("第一条 如下：") + _table(_row(f"<w:tc>{paragraph(run('甲') + FOOT)}</w:tc>", _cell("乙"))),
        "如下：\n甲〔注1〕 〔注1〕指失业人员。 | 乙", {"footnotes": _note(2, "指失业人员。")}),
    "changes in a footnote": (
        paragraph(run("第一条 甲") + FOOT + run("。")), "甲〔注1〕。\n〔注1〕指求职人员。",
        {"footnotes": f'<w:footnote w:id="2">{paragraph(run("指") + _del("失业") + _ins(run("求职人员。")))}</w:footnote>'}),
    "table in a footnote": (
        paragraph(run("第一条 甲") + FOOT + run("。")), "甲〔注1〕。\n〔注1〕表里 | 注",
        {"footnotes": f'<w:footnote w:id="2">{_table(_row(_cell("表里"), _cell("注")))}<w:p/></w:footnote>'}),
    "content control within": (
        paragraph(run("第一条 每月") + f"<w:sdt><w:sdtPr/><w:sdtContent>{run('九百')}</w:sdtContent></w:sdt>" + run("元。")),
        "每月九百元。", {}),
    "content control around": (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraphs('第一条 甲。', '乙。')}</w:sdtContent></w:sdt>", "甲。\n乙。", {}),
    "field": (paragraph(run("第一条 见") + _field(r" REF a \h ", run("第三条")) + run("。")), "见第三条。", {}),
    "simple field": (paragraph(run("第一条 共") + f'<w:fldSimple w:instr=" DOCPROPERTY a ">{run("三")}</w:fldSimple>' + run("档。")), "共三档。", {}),
    "field in a field": (paragraph(run("第一条 ") + _field(" IF ", run("甲"), _field(" REF b ", run("乙"))) + run("。")), "甲乙。", {}),
    "circled number by a field": (paragraph(run("第一条 ") + _field(r" EQ \o\ac(○,1) ") + run("甲。")), "①甲。", {}),
    "ruby": (paragraph(run("第一条 不得") + _ruby("克扣", "kèkòu") + run("工资。")), "不得克扣工资。", {}),
    "ruby by a field": (paragraph(run("第一条 不得") + _field(r" EQ \* jc2 \* hps10 \o\ad(\s\up 9(kou),扣) ") + run("押。")), "不得扣押。", {}),
    "hyperlink": (paragraph(run("第一条 登录") + f'<w:hyperlink r:id="x">{run("官网")}</w:hyperlink>' + run("。")), "登录官网。", {}),
    "smart tag": (paragraph(run("第一条 在") + f'<w:smartTag w:element="p">{run("沈阳")}</w:smartTag>' + run("。")), "在沈阳。", {}),
    "soft line break and tab": (paragraph("<w:r><w:t>第一条</w:t><w:tab/><w:t>甲，</w:t><w:br/><w:t>乙。</w:t></w:r>"), "甲，乙。", {}),
    "a formula": (paragraph(run("第一条 金额为") + "<m:oMath><m:r><m:t>a×2</m:t></m:r></m:oMath>" + run("。")), "金额为a×2。", {}),
    "symbol": (paragraph(run("第一条 ") + '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + run("同意。")), "☑同意。", {}),
}  # fmt: skip


@pytest.mark.parametrize("kind", PARTS)
def test_what_stands_outside_plain_runs_is_read(kind: str, tmp_path: Path) -> None:
    inner, right, parts = PARTS[kind]
    assert _texts(tmp_path / "a.docx", _law(inner), **parts) == {"第一条": right, "第二条": "完。"}


REFUSED = {
    "imported part": ('<w:altChunk r:id="x"/>', "altChunk"),
    "sub-document": ('<w:p><w:subDoc r:id="x"/></w:p>', "subDoc"),
    "number made by a field": (paragraph(_field(" AUTONUM ") + run("甲。")), "AUTONUM"),
    "unknown symbol": (paragraph('<w:r><w:sym w:font="Webdings" w:char="F012"/></w:r>' + run("甲。")), "symbol"),
    "note that is missing": (paragraph(run("第一条 甲。") + FOOT), "footnote"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_is_refused_and_never_left_out(kind: str, tmp_path: Path) -> None:
    inner, reason = REFUSED[kind]
    with pytest.raises(DocumentError, match=reason):
        _read(word(tmp_path / "a.docx", _law(paragraphs("第一条 甲。"), inner)))


def test_headers_tables_of_contents_and_comments_are_left_out_on_purpose(tmp_path: Path) -> None:
    contents = paragraph(_field(r" TOC \o ", run("第一章 总则 1"))) + paragraph(
        run("第二章 附则 2"), '<w:pStyle w:val="TOC1"/>'
    )
    section = '<w:sectPr><w:headerReference w:type="default" r:id="rheader1"/></w:sectPr>'
    body = _law(contents, paragraphs("第一章 总则", "第一条 甲。", "第二章 附则")) + section
    styles = '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    found = _read(word(tmp_path / "a.docx", body, header1=paragraphs("内部资料"), styles=styles))
    assert [(a.number, a.chapter, a.text) for a in found.articles] == [
        ("第一条", "第一章 总则", "甲。"), ("第二条", "第二章 附则", "完。"),
    ]  # fmt: skip
    assert "内部资料" not in read_text(tmp_path / "a.docx")


def test_a_picture_is_told(tmp_path: Path) -> None:
    from bot.documents.readers import read_file

    picture = "<w:r><w:drawing><wp:inline><a:blip/></wp:inline></w:drawing></w:r>"
    path = word(tmp_path / "a.docx", _law(paragraph(run("第一条 甲。") + picture)))
    assert any("picture" in warning for warning in read_file(path).warnings)
