"""预警: figures, alerts, measures as tasks, firms decided by persons, reports by two of them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import clock
from bot.audit.chain import verify
from bot.casework.schedule import run_due
from bot.console.pages import warning, warning_reports
from bot.db.session import session
from bot.db.tables import Alert, AuditEntry, Publication, Task, WarningCase, WarningMeasure
from bot.warning.demo import make
from bot.warning.thresholds import load, read_thresholds
from tests.console.conftest import Browser, Enter
from tests.warning.lines import written
from tests.warning.office_files import firm

#: In May a plant closes in parts.
MONTH, MAY, PROVINCE = "2026-10", "2026-05", "210000"


@pytest.fixture
def delivered(site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two invented years with planted events, and a line for the registered unemployed."""
    monkeypatch.setattr(warning_reports, "FOLDER", tmp_path / "reports")
    warning._reports.clear()
    (tmp_path / "lines").mkdir()
    with session() as db:
        make(date(2026, 10, 1), 1, 16).apply(db)
        load(db, read_thresholds(written(tmp_path / "lines")), "王")


def _case(district: str, state: str = "candidate", number: int = 1) -> int:
    with session() as db:
        one = WarningCase(
            uscc=firm(number), name=f"某厂{number}", district=district, day=date(2026, 10, 5),
            peak=date(2026, 10, 5), grade="strong", leavers=47, base=300, state=state,
            arithmetic="减员47人，100×47=4700 ≥ 10×300=3000", created_at=clock.now(),
        )  # fmt: skip
        db.add(one)
        db.flush()
        return one.id


async def test_a_month_is_worked_out_and_shown_with_its_candidates(
    enter: Enter, delivered: None
) -> None:
    manager = await enter("省管理", "manager", "21")
    asked = f"area={PROVINCE}&month={MAY}"
    before = await manager.get(f"/warning?{asked}")
    assert before.has("没有设线的指标不会报", "缺数", "定义", "来源", "五维指标"), before.text
    done = await manager.post("/warning/run", area=PROVINCE, month=MAY)
    assert done.path.endswith("done=saved"), done.text
    firms = await manager.get(f"/warning/firms?{asked}")
    assert firms.has("待核", "滚动30天", "≥ 10×", "强信号")
    with session() as db:
        cases = db.scalars(select(WarningCase)).all()
        assert len(cases) == firms.text.count("<dt>算式</dt>") > 0
        assert {row.action for row in db.scalars(select(AuditEntry))} >= {
            "view_firms", "warning_run",
        }  # fmt: skip
        assert verify(db).intact
    frozen = await manager.post("/warning/lists/freeze", area=PROVINCE, month=MAY)
    assert frozen.has("省管理定", "散列")
    again = await manager.post("/warning/lists/recompute", area=PROVINCE, month=MAY)
    assert again.has("重算过，和定的时候一样。")
    twice = await manager.post("/warning/lists/freeze", area=PROVINCE, month=MAY)
    assert twice.has("没办成", "名单已经定了")
    early = await manager.post("/warning/lists/freeze", area=PROVINCE, month="2026-11")
    assert early.has("没办成", "还没结束")


async def test_small_multiples_leave_small_figures_out(enter: Enter, delivered: None) -> None:
    head = await enter("赵主任", "district", "210106")
    shown = await head.get(f"/warning?month={MONTH}")
    assert shown.has("沈阳市铁西区", 'role="img"', "沈阳市铁西区登记失业人数")
    assert "style=" not in shown.text
    assert "大连" not in shown.text


async def test_an_alert_brings_measures_that_are_tasks_of_the_day(
    enter: Enter, delivered: None
) -> None:
    with session() as db:
        alert = Alert(
            indicator="registered-unemployed", region="210106", level="red", evidence="比100，为30%",
            month=date(2026, 10, 1), opened_at=clock.now(),
        )  # fmt: skip
        db.add(alert)
        db.flush()
        db.add(WarningMeasure(alert_id=alert.id, measure="分析原因", office="区", due_on=None))
        run_due(db, clock.now())
        run_due(db, clock.now())
        assert [
            one.rule for one in db.scalars(select(Task).where(Task.kind == "warn_service"))
        ] == [f"分析原因（区，预警{alert.id}）"]
        task, measure = (
            db.scalars(select(Task.id)).one(),
            db.scalars(select(WarningMeasure.id)).one(),
        )
    head = await enter("赵主任", "district", "210106")
    far = await enter("远主任", "district", "210203")
    assert (await head.get("/")).has("预警措施", "期限未设")
    assert "预警措施</a>" not in (await far.get("/")).text
    assert (await head.get(f"/tasks/{task}")).has("到预警办")
    assert (await head.post(f"/tasks/{task}/close", result="办了")).has("在“预警”页上办完")
    page = await head.get(f"/warning?month={MONTH}")
    assert page.has("红色高危区", "比100，为30%", "分析原因（区）", "期限未设")
    assert (
        await far.post(f"/warning/measures/{measure}", result="办了", state="done")
    ).status == 404
    done = await head.post(f"/warning/measures/{measure}", result="已开会", state="done")
    assert done.has("办完了。")
    with session() as db:
        assert db.scalars(select(Task.state)).one() == "done"
        assert db.get_one(WarningMeasure, measure).result == "已开会"


async def test_who_verified_a_firm_does_not_list_it(enter: Enter, delivered: None) -> None:
    near, far, other = _case("210106"), _case("210203", number=2), _case("210106", number=3)
    with session() as db:  # a task of elsewhere, which nobody of this district sees
        db.add(WarningMeasure(case_id=far, measure="走访", office="区", due_on=None))
        run_due(db, clock.now())
    head = await enter("赵主任", "district", "210106")
    second = await enter("钱主任", "district", "210106")
    clerk = await enter("李经办", "street", "210106001")
    assert (await clerk.get("/warning/firms")).status == 403
    page = await head.get(f"/warning/firms?month={MONTH}")
    assert page.has("某厂1", "100×47=4700", "某厂3")
    assert "某厂2" not in page.text
    where = {"area": "210106", "month": MONTH}
    assert (await head.post(f"/warning/firms/{far}", state="verified", **where)).status == 404
    no_reason = await head.post(f"/warning/firms/{other}", state="rejected", why="", **where)
    assert no_reason.has("没办成", "排除要写原因")
    done = await head.post(f"/warning/firms/{other}", state="rejected", why="seasonal", **where)
    assert done.has("排除", "季节性")
    done = await head.post(f"/warning/firms/{near}", state="verified", **where)
    assert done.has("这一家是你核实的")
    own = await head.post(f"/warning/firms/{near}", state="listed", **where)
    assert own.has("没办成", "不能是同一个")
    await second.get(f"/warning/firms?month={MONTH}")
    assert (await second.post(f"/warning/firms/{near}", state="listed", **where)).has("列入名单")
    entered = {"name": "新厂", "district": "210106", "kind": "feedback", "why": "税务反馈零申报"}
    wrong = await head.post("/warning/firms", uscc="123", **entered, **where)
    assert wrong.has("没办成", "18位")
    await head.get("/")
    with clock.frozen(clock.now()):
        await head.post("/warning/firms", uscc=firm(9), **entered, **where)
    assert (await head.get("/warning/firms?month=2026-11")).has(
        "新厂", "部门反馈", "税务反馈零申报"
    )
    assert (
        await head.post("/warning/firms", uscc=firm(8), **{**entered, "district": "210203"})
    ).status == 403


async def _prepare(browser: Browser) -> str:
    await browser.get("/warning/reports")
    page = await browser.post("/warning/reports", area="210100", month=MONTH, audience="inside")
    assert page.has("等另一个人批准", "Word"), page.text
    (path,) = re.findall(r'href="(/warning/reports/\d+)/docx"', page.text)
    return path


async def test_a_report_is_prepared_by_one_approved_by_another_and_read(
    enter: Enter, delivered: None
) -> None:
    first = await enter("市管理", "manager", "2101")
    second = await enter("市管理二", "manager", "2101")
    other = await enter("连管理", "manager", "2102")
    path = await _prepare(first)
    assert (await first.post(f"{path}/approve")).has("没办成", "不能是同一个")
    assert path not in (await other.get("/warning/reports")).text
    assert (await other.post(f"{path}/approve")).status == 404
    assert (await other.get(f"{path}/html")).status == 404
    page = await second.get("/warning/reports")
    assert page.has("批准2026-10内部")
    assert (await second.post(f"{path}/approve")).has("市管理二")
    read = await second.get(f"{path}/html")
    assert read.has("沈阳市", "五维指标")
    assert read.headers["Content-Disposition"].startswith("attachment")
    with session() as db:
        row = db.scalars(select(Publication)).one()
        assert (row.prepared_by, row.approved_by) == ("市管理", "市管理二")
        assert "report_read" in set(db.scalars(select(AuditEntry.action)))


async def test_the_chain_shows_who_did_what_and_orders_come_from_above(
    enter: Enter, delivered: None
) -> None:
    _case("210106", "candidate")
    head = await enter("赵主任", "district", "210106")
    second = await enter("钱主任", "district", "210106")
    manager = await enter("市管理", "manager", "2101")
    far = await enter("连管理", "manager", "2102")
    where = {"area": "210106", "month": MONTH}
    with session() as db:
        case = db.scalars(select(WarningCase.id)).one()
    await head.get("/warning/firms")
    await head.post(f"/warning/firms/{case}", state="verified", **where)
    await second.get("/warning/firms")
    await second.post(f"/warning/firms/{case}", state="listed", **where)
    with session() as db:
        measure = db.scalars(select(WarningMeasure.id).order_by(WarningMeasure.id).limit(1)).one()
    demand = {"demand": "三日内走访", "due_on": "2026-12-03"}
    assert (await head.get("/warning/chain")).has(
        "某厂1", "赵主任", "钱主任", "走到：", "服务", "未设"
    )
    assert (await head.post(f"/warning/measures/{measure}/order", **demand)).status == 403
    await far.get("/warning/chain")
    assert (await far.post(f"/warning/measures/{measure}/order", **demand)).status == 403
    page = await manager.get(f"/warning/chain?area=210100&month={MONTH}")
    assert page.has("督办：对接企业核实用工", "几日前答复")
    ordered = await manager.post(f"/warning/measures/{measure}/order", **demand)
    assert ordered.has("已保存。", "等答复", "市管理")
    shown = await head.get("/warning/chain")
    assert shown.has("督办：三日内走访", "答复督办")
    (path,) = re.findall(r'action="(/warning/orders/\d+/answer)"', shown.text)
    assert (await far.post(path, answer="好")).status == 404
    assert (await head.post(path, answer="已走访")).has("答复：已走访（赵主任")
    with session() as db:
        assert {"view_chain", "supervision_ordered", "supervision_answered"} <= set(
            db.scalars(select(AuditEntry.action))
        )
