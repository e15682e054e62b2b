"""Tables of a report as rows of text, the same in Word, on the page and in sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.monthly_reports.content import MonthReport
from bot.monthly_reports.figures import INFLOW, MEASURES, OUTFLOW, REEMPLOYED, STOCK
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording

_SAY = wording("warning_report")

HEADS = {STOCK: "登记失业（月末）", INFLOW: "新增", OUTFLOW: "退出", REEMPLOYED: "再就业"}
#: Lines of a table on two pages; the sheets have all.
MOST_FIRMS, MOST_MEASURES = 12, 10


@dataclass(frozen=True)
class Table:
    """A table with its title; columns of figures are aligned to the right."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: Sequence[int] = ()
    """Columns that hold figures."""
    note: str = ""


def text_width(text: str) -> int:
    """Return the width of a text in characters of half width: Chinese takes two."""
    return sum(2 if ord(item) > 0x2E7F else 1 for item in text)


def title(report: MonthReport) -> str:
    """Return the title of a report."""
    return _SAY("title", region=report.name, month=f"{report.month:%Y年%-m月}")


def legend(report: MonthReport) -> str:
    """Return what the marks of the tables mean."""
    people = report.rule.people
    return _SAY("legend", people=people, denominator=report.rule.denominator)


def chart_note(report: MonthReport) -> str:
    """Return what the small charts show."""
    months = len(report.rows[0].chart)
    return _SAY("chart_note", months=months)


def main_table(report: MonthReport) -> Table:
    """Return the figures of the region and what lies directly in it."""
    head = ["地区", *HEADS.values(), "比上年同月", "警戒线"]
    rows = [
        [row.name, *(row.figures[name] for name in MEASURES), row.change, row.level]
        for row in report.rows
    ]
    return Table("登记失业", head, rows, range(1, 6), legend(report))


def rank_table(report: MonthReport) -> Table:
    """Return what lies in the region by the re-employed of the year so far (实绩考核, 一(一))."""
    rows = [[item.rank, item.name, item.month, item.year] for item in report.rank]
    head = ["位次", "地区", "本月再就业", "本年累计"]
    return Table("再就业位次", head, rows, (0, 2, 3), _SAY("rank_note"))


def firm_table(report: MonthReport, limit: int | None = None) -> Table:
    """Return the firms on the list: name, rule, date and state, and nothing else."""
    rows = [
        [item.name, item.district, item.grade, f"{item.day:%Y-%m-%d}", item.state]
        for item in report.firms[:limit]
    ]
    omitted = len(report.firms) - len(rows)
    note = _SAY("more_firms", count=omitted) if omitted else ""
    return Table("预警企业名单", ["企业", "区县", "依据", "到线日", "状态"], rows, (), note)


def indicator_table(report: MonthReport) -> Table:
    """Return the indicators by dimension with figure and state; no composite score."""
    rows = [
        [str(item.indicator.number), item.indicator.dimension, item.indicator.name, item.value,
         item.indicator.unit, item.state]
        for item in report.indicators
    ]  # fmt: skip
    head = ["号", "维度", "指标", "数值", "单位", "状态"]
    note = _SAY("no_composite_score")
    return Table("五维指标", head, rows, (3,), note)


def measure_table(report: MonthReport, limit: int | None = None) -> Table:
    """Return the measures with office and deadline."""
    rows = [
        [item.measure, item.office, item.about,
         f"{item.due_on:%Y-%m-%d}" if item.due_on else "未设",
         "逾期" if item.overdue else "待办"]
        for item in report.measures[:limit]
    ]  # fmt: skip
    omitted = len(report.measures) - len(rows)
    note = _SAY("more_measures", count=omitted) if omitted else ""
    return Table("措施", ["措施", "责任单位", "事由", "期限", "状态"], rows, (), note)


def district_table(report: MonthReport) -> Table:
    """Return the figures of all districts."""
    printed_regions = {row.region for row in report.rows}
    rows = [
        [
            place,
            vocabulary().full_name(place),
            *(report.figures.text(name, place) for name in MEASURES),
        ]
        for place in report.figures.regions
        if place not in printed_regions
    ]
    return Table("区县", ["代码", "区县", *HEADS.values()], rows, range(2, 6), legend(report))


def definition_table(report: MonthReport) -> Table:
    """Return what each indicator is and where it comes from."""
    rows = [
        [str(item.indicator.number), item.indicator.name, item.indicator.definition,
         item.indicator.source, item.indicator.unit]
        for item in report.indicators
    ]  # fmt: skip
    return Table("指标定义", ["号", "指标", "定义", "来源", "单位"], rows)
