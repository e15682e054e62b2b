"""The report of a month as a Word document of two pages."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from bot.monthly_reports import layout
from bot.monthly_reports.cartogram import city_grid
from bot.monthly_reports.charts import png
from bot.monthly_reports.content import MonthReport
from bot.wording import wording

_SAY = wording("warning_report")

#: Named by Word and by LibreOffice's replacement table; the program that opens it has the type.
_TYPE = "宋体"
#: Width between the margins, and the widest column in characters of half width.
_TEXT_WIDTH_CM, _WIDEST = 17.4, 44
#: Charts in a row.
_IN_A_ROW = 3


def word(report: MonthReport) -> bytes:
    """Return the report as a .docx file."""
    document = Document()
    _set_up(document)
    heading = document.add_heading(layout.title(report), 0)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph(report.headline)
    document.add_heading("一、动了什么", 1)
    for line in report.moved or (_SAY("nothing_moved"),):
        document.add_paragraph(line, style="List Bullet")
    document.add_heading("二、各地情况", 1)
    _table(document, layout.main_table(report))
    _tiles(document, report)
    _charts(document, report)
    document.add_heading("三、预警企业", 1)
    document.add_paragraph(report.firm_counts + "。")
    _table(document, layout.firm_table(report, layout.MOST_FIRMS))
    document.add_heading("四、请办事项", 1)
    _table(document, layout.measure_table(report, layout.MOST_MEASURES))
    document.add_heading("五、五维指标", 1)
    _table(document, layout.indicator_table(report))
    document.add_heading("六、数据说明", 1)
    for line in report.data_notes:
        document.add_paragraph(line, style="List Bullet")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document: Any) -> None:
    """Set A4 with narrow margins, and type that has Chinese for all styles."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin = section.bottom_margin = Cm(1.5)
    # Without it LibreOffice sets Chinese in Japanese shapes.
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    sizes = {"Normal": 9, "Title": 16, "Heading 1": 11, "List Bullet": 9}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.name, style.font.size = _TYPE, Pt(size)
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for kind in ("w:eastAsia", "w:ascii", "w:hAnsi"):
            fonts.set(qn(kind), _TYPE)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme"):
            fonts.attrib.pop(qn(theme), None)
        style.paragraph_format.space_before = Pt(3 if size == 11 else 0)
        style.paragraph_format.space_after = Pt(2)
        style.paragraph_format.line_spacing = 1.0


def _table(document: Any, table: layout.Table) -> None:
    if not table.rows:
        document.add_paragraph("（无）")
        return
    grid = document.add_table(rows=1, cols=len(table.head), style="Light Grid Accent 1")
    for cell, text in zip(grid.rows[0].cells, table.head, strict=True):
        _write(cell, text, right=False)
    _repeat(grid.rows[0])
    for row in table.rows:
        for index, (cell, text) in enumerate(zip(grid.add_row().cells, row, strict=True)):
            _write(cell, text, right=index in table.figures)
    _set_widths(grid, [table.head, *table.rows])
    if table.note:
        document.add_paragraph(table.note).runs[0].font.size = Pt(7.5)


def _set_widths(grid: Any, rows: Sequence[Sequence[str]]) -> None:
    """Share the width out by the longest text of each column, and keep rows whole."""
    longest = [
        min(_WIDEST, max(layout.text_width(row[index]) for row in rows) + 4)
        for index in range(len(rows[0]))
    ]
    grid.autofit = False
    for index, width in enumerate(longest):
        grid.columns[index].width = Cm(_TEXT_WIDTH_CM * width / sum(longest))
    for row in grid.rows:
        for column, cell in zip(grid.columns, row.cells, strict=True):
            cell.width = column.width
        properties = row._tr.get_or_add_trPr()
        properties.append(properties.makeelement(qn("w:cantSplit"), {}))


def _write(cell: Any, text: str, right: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.add_run(text).font.size = Pt(7.5)
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.0
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeat(row: Any) -> None:
    """Let a header row stand on each page."""
    properties = row._tr.get_or_add_trPr()
    header = properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"})
    properties.append(header)


def _tiles(document: Any, report: MonthReport) -> None:
    """Set the cartogram as a grid of texts: each city with its level and those of its districts."""
    rows = city_grid(report.region, report.levels)
    if not rows:
        return
    grid = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            _write(cell, text, right=False)
    note = document.add_paragraph(_SAY("cartogram_note_grid"))
    note.runs[0].font.size = Pt(7.5)


def _charts(document: Any, report: MonthReport) -> None:
    """Set small charts of equal months in rows, each with its place's name above."""
    rows = [row for row in report.rows if any(item is not None for item in row.chart)]
    if not rows:
        return
    grid = document.add_table(rows=0, cols=_IN_A_ROW)
    for start in range(0, len(rows), _IN_A_ROW):
        cells = grid.add_row().cells
        for cell, row in zip(cells, rows[start : start + _IN_A_ROW], strict=False):
            _write(cell, row.name, right=False)
            picture = cell.add_paragraph()
            picture.paragraph_format.space_after = Pt(0)
            picture.add_run().add_picture(BytesIO(png(row.chart, 440, 72)), width=Cm(5.4))
    document.add_paragraph(layout.chart_note(report)).runs[0].font.size = Pt(7.5)
