import re
import shutil
import subprocess
import time
import unicodedata
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.session import session
from bot.db.tables import PublishedFigure, WarningCase
from bot.disclosure.audit import bounds
from bot.disclosure.cells import Printed
from bot.monthly_reports.charts import png, svg
from bot.monthly_reports.content import MonthReport, month_report
from bot.monthly_reports.docx import word
from bot.monthly_reports.figures import STOCK, published
from bot.monthly_reports.page import page
from bot.monthly_reports.publish import approve, prepare
from bot.monthly_reports.xlsx import workbook
from bot.warning.errors import CaseStateError, DisclosureError
from tests.conftest import missing
from tests.databases import sqlite_copy
from tests.warning.office_files import firm
from tests.warning.province import MONTH, REGION, deliver_province

NOVEMBER = date(2026, 11, 10)
CITY, SMALL_CITY = "210100", "211100"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    url = sqlite_copy("empty", Path(tmp_path_factory.mktemp("report")) / "province.db")
    with session(url) as db, clock.frozen(NOVEMBER):
        deliver_province(db)
        for number, (state, base, place) in enumerate(
            (("listed", 300, "210106"), ("listed", 12, "210106"), ("candidate", 80, "210304"))
        ):
            db.add(
                WarningCase(
                    uscc=firm(number),
                    name=f"企业{'甲乙丙'[number]}<b>",
                    district=place,
                    day=date(2026, 10, 5),
                    peak=date(2026, 10, 5),
                    grade="strong",
                    leavers=47,
                    base=base,
                    arithmetic="减员47人",
                    state=state,
                    created_at=clock.now(),
                )
            )
        db.flush()
        yield db
        db.rollback()


@pytest.fixture(scope="module")
def report(province: Session) -> MonthReport:
    return month_report(province, REGION, MONTH, "outside")


def text_of(document: bytes) -> str:
    opened = Document(BytesIO(document))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in opened.paragraphs), *cells])


def test_word_says_that_its_east_asian_text_is_chinese_and_keeps_rows_whole(
    report: MonthReport,
) -> None:
    """Without the language LibreOffice takes Japanese shapes of characters and marks."""
    opened = Document(BytesIO(word(report)))
    languages = {one.get(qn("w:eastAsia")) for one in opened.styles.element.iter(qn("w:lang"))}
    assert languages == {"zh-CN"}
    rows = opened.tables[0].rows
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    assert "沈阳市（" in text_of(word(report))


def test_word_page_and_sheets_say_the_same_figures(report: MonthReport) -> None:
    text, html, book = text_of(word(report)), page(report), load_workbook(BytesIO(workbook(report)))
    assert book.sheetnames == [
        "登记失业",
        "区县",
        "再就业位次",
        "预警企业名单",
        "措施",
        "五维指标",
        "指标定义",
        "说明",
    ]
    for row in report.rows:
        for printed in row.figures.values():
            assert printed in text
            assert printed.replace("<", "&lt;") in html
    listed = {row[0]: row[1] for row in book["登记失业"].iter_rows(values_only=True)}
    assert f"{listed['沈阳市']:,}" == report.rows[1].figures[STOCK]
    assert len(list(book["区县"].iter_rows())) == 101
    definitions = {row[1]: row[2] for row in book["指标定义"].iter_rows(values_only=True)}
    assert "求人倍率" in definitions["岗位与求职意向之比"]


def test_in_no_file_stands_a_figure_of_few_people(report: MonthReport) -> None:
    hidden = [
        (key, cell.value)
        for cell, mark in zip(
            report.figures.printed.figures.cells, report.figures.printed.marks, strict=True
        )
        if mark != "shown"
        for key in (cell.key,)
    ]
    assert len(hidden) > 20
    sheet = load_workbook(BytesIO(workbook(report)))["区县"]
    rows = {row[0]: row[2:] for row in sheet.iter_rows(min_row=2, values_only=True)}
    columns = {"registered_unemployed": 0, "inflow": 1, "outflow": 2, "reemployed": 3}
    for (measure, place), _value in hidden:  # type: ignore[misc]
        if place in rows:
            assert rows[place][columns[measure]] in ("<10", "—")


def test_what_is_printed_stands_the_audit_and_without_the_second_hiding_it_would_not(
    report: MonthReport,
) -> None:
    printed = report.figures.printed
    assert all(one.is_safe for one in bounds(printed))
    few = tuple(
        "small" if cell.is_small(report.rule) else "shown" for cell in printed.figures.cells
    )
    assert not all(one.is_safe for one in bounds(Printed(printed.figures, few, report.rule)))  # type: ignore[arg-type]


def test_firms_are_named_outside_only_from_the_list_with_a_base_and_never_with_their_figures(
    province: Session, report: MonthReport
) -> None:
    assert [one.name for one in report.firms] == ["企业甲<b>"]
    inside = month_report(province, REGION, MONTH, "inside")
    assert [one.name for one in inside.firms] == ["企业甲<b>", "企业乙<b>"]
    html = page(inside)
    assert "企业甲&lt;b&gt;" in html
    assert "<b>" not in html
    assert "待核1家" in inside.firm_counts
    assert "待核" not in report.firm_counts
    for text in (html, text_of(word(inside))):
        assert "减员47" not in text
        assert "企业丙" not in text


def test_without_lines_every_level_reads_unset_and_what_has_no_source_reads_missing(
    report: MonthReport,
) -> None:
    assert {row.level for row in report.rows} <= {"未设线", "—"}
    states = {one.indicator.id: (one.value, one.state) for one in report.indicators}
    assert states["dismissal-questions"][0] == "缺数"
    assert states["registered-unemployed"][1] == "未设线"
    assert {one.indicator.number for one in report.indicators} == set(range(1, 14))


def test_a_district_that_did_not_deliver_leaves_its_city_and_the_province_missing(
    db: Session,
) -> None:
    deliver_province(db, months=14, leave_out=("210106",))
    with clock.frozen(NOVEMBER):
        report = month_report(db, REGION, MONTH, "inside")
    by_place = {row.region: row.figures[STOCK] for row in report.rows}
    assert by_place[REGION] == by_place[CITY] == "缺数"
    assert by_place["210200"] not in ("缺数", "—")
    assert "缺数" in report.headline
    assert any("沈阳市铁西区" in note for note in report.data_notes)


def test_two_persons_publish_once_and_the_next_month_is_audited_with_it(
    db: Session, tmp_path: Path
) -> None:
    deliver_province(db, months=14, region=SMALL_CITY, mean=4)
    with clock.frozen(date(2026, 10, 9)), pytest.raises(CaseStateError, match="还没结束"):
        prepare(db, SMALL_CITY, MONTH, "outside", "王", tmp_path)
    september = date(2026, 9, 1)
    with clock.frozen(NOVEMBER):
        prepare(db, SMALL_CITY, september, "outside", "王", tmp_path)
        draft = prepare(db, SMALL_CITY, september, "outside", "王", tmp_path)
        assert published(db, SMALL_CITY, september, "outside") == {}
        for staff, match in (("王", "同一个"), ("", "同一个")):
            with pytest.raises(CaseStateError, match=match):
                approve(db, draft.publication.id, staff, draft.files)
        kept = draft.files[1].read_bytes()
        draft.files[1].write_bytes(kept + b" ")
        with pytest.raises(CaseStateError, match="不一样"):
            approve(db, draft.publication.id, "李", draft.files)
        draft.files[1].write_bytes(kept)
        approve(db, draft.publication.id, "李", draft.files)
        with pytest.raises(CaseStateError, match="已经发布"):
            prepare(db, SMALL_CITY, september, "outside", "王", tmp_path)
        report = prepare(db, SMALL_CITY, MONTH, "outside", "王", tmp_path).report
    keys = {cell.key for cell in report.figures.printed.figures.cells}
    assert ("before", SMALL_CITY) in keys
    assert all(one.is_safe for one in bounds(report.figures.printed))
    rows = db.scalars(select(PublishedFigure).where(PublishedFigure.mark != "shown")).all()
    assert rows


def test_where_no_rule_of_suppression_is_in_force_no_report_is_made(province: Session) -> None:
    with pytest.raises(DisclosureError, match="未设"):
        month_report(province, "220000", MONTH, "inside")


def test_charts_leave_gaps_and_are_pictures() -> None:
    drawn = svg([1, None, 3, 4], "某市")
    assert drawn.count("M") == 2  # before the gap and behind it
    assert drawn.count("<circle") == 1  # a month alone is a dot
    picture = np.asarray(Image.open(BytesIO(png([1, 2, None, 4], 200, 60))))
    assert picture.shape == (60, 200, 3)
    assert 0.005 < (picture[:, :, 0] < 100).mean() < 0.2
    assert svg([None, None], "x").count("L") == 0


def test_a_report_of_fourteen_cities_and_a_hundred_districts_takes_seconds(
    province: Session,
) -> None:
    began = time.process_time()
    made = month_report(province, REGION, MONTH, "inside")
    files = word(made), page(made), workbook(made)
    assert time.process_time() - began < 60
    assert all(files)


@pytest.mark.browser
def test_the_page_prints_on_two_sheets_with_its_type_inside(
    report: MonthReport, tmp_path: Path
) -> None:
    browser = shutil.which("chromium")
    if browser is None:
        missing("chromium is not installed")
    file, pdf = tmp_path / "report.html", tmp_path / "report.pdf"
    file.write_text(page(report), encoding="utf-8")
    subprocess.run(
        [str(browser), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={pdf}", file.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    reader = PdfReader(pdf)
    assert len(reader.pages) == 2
    text = "".join(one.extract_text() for one in reader.pages)
    assert "失业监测预警月报" in unicodedata.normalize("NFKC", re.sub(r"\s", "", text))
    assert "\ufffd" not in text
    fonts = [
        font.get_object() for one in reader.pages for font in one["/Resources"]["/Font"].values()
    ]  # type: ignore[index]
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        described = inner["/FontDescriptor"].get_object() if "/FontDescriptor" in inner else {}
        # Chromium writes type of CFF collections as Type 3: its shapes stand in the file.
        assert "/CharProcs" in inner or {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)
