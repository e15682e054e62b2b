"""The chain 预警—服务—处突—化解, and orders from above to do what is late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import WarningCase, WarningMeasure
from bot.warning import cases, supervision
from bot.warning.chain import Chain, chains_of_firms
from bot.warning.errors import CaseStateError
from bot.warning.measures import close_measure
from tests.warning.office_files import firm


def _case(db: Session) -> WarningCase:
    case = cases.enter(db, firm(1), "某厂", "210106", "feedback", "税务反馈零申报", "录入员")
    cases.step(db, case.id, "verified", "赵")
    return cases.step(db, case.id, "listed", "钱")


def _chain(db: Session) -> Chain:
    (chain,) = chains_of_firms(db, true(), 10)
    return chain


def _measure(db: Session) -> WarningMeasure:
    return db.scalars(select(WarningMeasure).order_by(WarningMeasure.id).limit(1)).one()


def test_each_step_of_a_firm_says_who_did_it_and_what_is_late(db: Session) -> None:
    case = _case(db)
    first = _measure(db)
    first.due_on = clock.today() - timedelta(days=1)
    db.flush()
    chain = _chain(db)
    assert (chain.stage, chain.overdue) == ("服务", 1)
    assert [(one.action, one.actor) for one in chain.steps if one.stage == "预警"] == [
        ("待核", "录入员"), ("核实", "赵"), ("列入名单", "钱"),
    ]  # fmt: skip
    (late,) = [one for one in chain.steps if one.overdue]
    assert (late.action, late.actor) == ("对接企业核实用工", "区县就业服务机构")
    close_measure(db, first.id, "done", "走访过，缺订单", "孙")
    (done,) = [one for one in _chain(db).steps if one.action == "对接企业核实用工"]
    assert (done.actor, done.result, done.overdue) == (
        "孙（区县就业服务机构）", "走访过，缺订单", False,
    )  # fmt: skip
    with clock.frozen(clock.now() + timedelta(days=1)):
        cases.step(db, case.id, "worse", "钱")
        chain = _chain(db)
        assert chain.stage == "处突"
        urgent = [one.action for one in chain.steps if one.stage == "处突" and one.measure_id]
        assert urgent == [
            "到现场弄清人数、诉求和欠薪",
            "报同级就业工作领导小组办公室",
            "会同监察、工会、街道处置",
        ]
        cases.step(db, case.id, "resolved", "钱")
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert _chain(db).stage == "化解"


def test_an_order_is_answered_by_another_and_given_once_at_a_time(db: Session) -> None:
    _case(db)
    measure, tomorrow = _measure(db), clock.today() + timedelta(days=1)
    for demand, due in (("", tomorrow), ("尽快走访", None), ("尽快走访", date(2020, 1, 1))):
        with pytest.raises(CaseStateError, match="督办要写要求"):
            supervision.order(db, measure.id, demand, due, "市管理")
    order = supervision.order(db, measure.id, "三日内走访并报情况", tomorrow, "市管理")
    assert order.region == "210106"
    with pytest.raises(CaseStateError, match="已有一件督办"):
        supervision.order(db, measure.id, "再催", tomorrow, "市管理")
    with pytest.raises(CaseStateError, match="不能自己答复"):
        supervision.answer(db, order.id, "好", "市管理")
    supervision.answer(db, order.id, "已走访，企业接到新订单", "赵主任")
    with pytest.raises(CaseStateError, match="没有等答复"):
        supervision.answer(db, order.id, "又一次", "赵主任")
    (step,) = [one for one in _chain(db).steps if one.orders]
    assert [(one.demand, one.answer, one.overdue) for one in step.orders] == [
        ("三日内走访并报情况", "已走访，企业接到新订单", False),
    ]  # fmt: skip
    close_measure(db, measure.id, "done", "办了", "赵主任")
    with pytest.raises(CaseStateError, match="没有待办的措施"):
        supervision.order(db, measure.id, "再办", tomorrow, "市管理")
