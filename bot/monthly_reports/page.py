"""The report of a month as one HTML file, to be read on a screen or printed on two A4 pages."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from bot.monthly_reports import layout
from bot.monthly_reports.cartogram import cartogram
from bot.monthly_reports.charts import svg
from bot.monthly_reports.content import MonthReport
from bot.wording import wording

_SAY = wording("warning_report")

_STYLE = """
@page { size: A4; margin: 12mm 14mm }
body { font: 9.5pt/1.35 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif;
  color: #1a1a1a; max-width: 182mm; margin: 0 auto; padding: 4mm }
h1 { font-size: 16pt; text-align: center; margin: 0 0 3mm }
h2 { font-size: 11pt; margin: 2mm 0 0.5mm; color: #0b4f8c; break-after: avoid }
ul { margin: 0; padding-left: 5mm }
table { border-collapse: collapse; width: 100%; font-size: 8pt }
caption { text-align: left; font-weight: bold }
thead { display: table-header-group }
tr { break-inside: avoid }
th, td { border-bottom: 0.3pt solid #b8c0c8; padding: 0.25mm 1.5mm; text-align: left;
  vertical-align: top }
.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.note { font-size: 7.5pt; color: #444; margin: 1mm 0 }
.charts { display: grid; grid-template-columns: repeat(5, 1fr); gap: 1mm 4mm }
figure { margin: 0; break-inside: avoid }
figcaption { font-size: 8pt }
svg { width: 100%; height: 8mm }
.tiles { break-inside: avoid }
.tiles svg { height: auto }
@media print { body { padding: 0; max-width: none } }
"""


_FIGURE = ' class="figure"'


def page(report: MonthReport) -> str:
    """Return the report as HTML, whole in itself: no script, nothing from elsewhere."""
    name = escape(layout.title(report))
    return "\n".join(
        [
            '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
            f"<title>{name}</title><style>{_STYLE}</style></head><body><h1>{name}</h1>",
            f"<p>{escape(report.headline)}</p>",
            *_parts(report),
            "</body></html>",
        ]
    )


def _parts(report: MonthReport) -> Iterator[str]:
    yield "<h2>一、动了什么</h2>"
    yield _lines(report.moved or (_SAY("nothing_moved"),))
    yield "<h2>二、各地情况</h2>"
    yield _table(layout.main_table(report))
    yield _cartogram(report)
    yield _charts(report)
    yield f"<h2>三、预警企业</h2><p>{escape(report.firm_counts)}。</p>"
    yield _table(layout.firm_table(report, layout.MOST_FIRMS))
    yield "<h2>四、请办事项</h2>"
    yield _table(layout.measure_table(report, layout.MOST_MEASURES))
    yield "<h2>五、五维指标</h2>"
    yield _table(layout.indicator_table(report))
    yield "<h2>六、数据说明</h2>"
    yield _lines(report.data_notes)


def _lines(lines: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in lines) + "</ul>"


def _table(table: layout.Table) -> str:
    if not table.rows:
        return "<p>（无）</p>"
    head = "".join(
        f'<th scope="col"{_FIGURE if index in table.figures else ""}>{escape(item)}</th>'
        for index, item in enumerate(table.head)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{_FIGURE if index in table.figures else ''}>{escape(item)}</td>"
            for index, item in enumerate(row)
        )
        + "</tr>"
        for row in table.rows
    )
    note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
    caption = f"<caption>{escape(table.title)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def _cartogram(report: MonthReport) -> str:
    drawn = cartogram(report.region, report.levels)
    if not drawn:
        return ""
    return f'<div class="tiles">{drawn}</div><p class="note">{escape(_SAY("cartogram_note"))}</p>'


def _charts(report: MonthReport) -> str:
    drawn = "".join(
        f"<figure><figcaption>{escape(row.name)}</figcaption>"
        f"{svg(row.chart, escape(f'{row.name}登记失业人数'))}</figure>"
        for row in report.rows
        if any(item is not None for item in row.chart)
    )
    if not drawn:
        return ""
    note = escape(layout.chart_note(report))
    return f'<div class="charts">{drawn}</div><p class="note">{note}</p>'
