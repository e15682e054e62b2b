"""预警, 导入: shown before it is applied, within one's areas; taken back; who has delivered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.console.pages import warning, warning_imports
from bot.db.session import session
from bot.db.tables import AuditEntry, EmploymentFiling, MonthlyCount, WarningBatch
from bot.settings import settings
from tests.console.conftest import Browser, Enter, Page
from tests.warning.office_files import FILINGS, KEY, filing, firm, person, write_csv

COUNTS = ("统计月份", "区县", "登记失业人数", "劳动争议件数")
WHERE = "?area=210100&month=2026-10"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where deliveries wait, and the key of identity numbers."""
    monkeypatch.setattr(warning_imports, "FOLDER", tmp_path / "deliveries")
    monkeypatch.setenv("JIUYE_WARNING_KEY", KEY)
    settings.cache_clear()
    warning._reports.clear()
    yield tmp_path / "deliveries"
    settings.cache_clear()


async def _upload(browser: Browser, file: Path, kind: str) -> Page:
    await browser.get("/warning/imports")
    return await browser.upload("/warning/imports", file.name, file.read_bytes(), kind=kind)


def _token(page: Page) -> str:
    (token,) = re.findall(r'name="token" value="([^"]+)"', page.text)
    return str(token)


def _number(model: type) -> int:
    with session() as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


async def test_a_sheet_is_shown_applied_and_taken_back(
    enter: Enter, tmp_path: Path, folder: Path
) -> None:
    manager = await enter("市管理", "manager", "2101")
    rows = [
        ("2026-10", "沈阳市铁西区", "5200", "31"), ("2026-10", "大连市中山区", "4100", "9"),
        ("2026-10", "某某区", "1", "1"),
    ]  # fmt: skip
    shown = await _upload(manager, write_csv(tmp_path / "october.csv", COUNTS, rows), "counts")
    assert shown.has(
        "october.csv", "新增", "2 行", "这个区县不在你的范围里", "没有“某某区”这个区县"
    )
    assert _number(MonthlyCount) == 0
    done = await manager.post("/warning/imports/apply", token=_token(shown))
    assert done.has("导入完成。", "撤回第1批")
    assert _number(MonthlyCount) == 2
    assert list(folder.rglob("*.json")) == []
    again = await manager.post("/warning/imports/apply", token=_token(shown))
    assert again.has("没办成", "这张表等得太久")
    page = await manager.get(f"/warning/imports{WHERE}")
    assert re.search(r"铁西区</th>.*?缺数.*?缺数.*?>到<", page.text)
    undone = await manager.post("/warning/imports/1/undo")
    assert undone.has("撤回完成。", "市管理撤回")
    assert (await manager.post("/warning/imports/1/undo")).has("没办成", "已经撤回")
    with session() as db:
        assert {"warning_import", "warning_import_undone"} <= set(
            db.scalars(select(AuditEntry.action))
        )


async def test_identity_numbers_do_not_wait_on_the_disk(
    enter: Enter, tmp_path: Path, folder: Path
) -> None:
    head = await enter("赵主任", "district", "210106")
    file = write_csv(
        tmp_path / "filings.csv", FILINGS,
        [filing("A1", firm(1), 1, "用工备案", date(2026, 10, 5)),
         filing("A2", firm(1), 1, "解除", date(2026, 11, 5), reason="裁员"),
         filing("A3", firm(2), 2, "解除", date(2026, 11, 5), place="210203")],
    )  # fmt: skip
    shown = await _upload(head, file, "filings")
    assert shown.has("退回", "1 行", "这个区县不在你的范围里")
    (waiting,) = folder.rglob("*.json")
    assert person(1) not in waiting.read_text(encoding="utf-8")
    assert (await head.post("/warning/imports/apply", token=_token(shown))).has("导入完成。")
    assert _number(EmploymentFiling) == 2


async def test_another_area_sees_and_takes_back_nothing(enter: Enter, tmp_path: Path) -> None:
    head, far = (
        await enter("赵主任", "district", "210106"), await enter("远主任", "district", "210203"),
    )  # fmt: skip
    clerk = await enter("李经办", "street", "210106001")
    file = write_csv(tmp_path / "tiexi.csv", COUNTS, [("2026-10", "210106", "5200", "31")])
    shown = await _upload(head, file, "counts")
    await head.post("/warning/imports/apply", token=_token(shown))
    assert "tiexi.csv" not in (await far.get("/warning/imports")).text
    assert (await far.post("/warning/imports/1/undo")).status == 404
    stolen = await far.post("/warning/imports/apply", token=_token(shown))
    assert stolen.has("没办成")
    assert (await clerk.get("/warning/imports")).status == 403
    broken = await head.upload("/warning/imports", "broken.xlsx", b"x", kind="counts")
    assert broken.has("没办成", "什么都没有导入")


async def test_a_district_without_anything_says_so(enter: Enter) -> None:
    head = await enter("赵主任", "district", "210106")
    await head.get("/warning/imports")
    said = {"kind": "filings", "month": "2026-10"}
    done = await head.post("/warning/imports/nothing", district="210106", **said)
    assert done.has("零报告：铁西区2026-10")
    assert (await head.post("/warning/imports/nothing", district="210203", **said)).status == 403
    with session() as db:
        assert db.scalars(select(WarningBatch.rows)).all() == [0]
    page = await head.get("/warning/imports?area=210106&month=2026-10")
    assert re.search(r"铁西区</th><td[^>]*>到<", page.text)
