"""数字: the six services as districts report them, and as this system has them on record."""

from __future__ import annotations

import re
from datetime import date

from bot import clock
from bot.casework import contacts, plans, roles, tasks
from bot.casework.contacts import NewNeed
from bot.casework.plans import Step
from bot.casework.roles import Staff
from bot.db.session import Session, session
from bot.db.tables import Task
from bot.warning import batches
from bot.warning.delivered import Delivered
from bot.warning.series import districts
from tests.casework.people import make_registered
from tests.console.conftest import Enter, add_member


def _report(db: Session, places: list[str], month: date, value: int) -> None:
    rows = [
        {"row": number, "month": month, "district": place, "measure": "service_contacts",
         "value": value}
        for number, place in enumerate(places, 1)
    ]  # fmt: skip
    name = f"{month}-{len(places)}"
    covered = {(place, month) for place in places}
    batches.apply(db, Delivered("counts", name, name, rows, covered=covered), "王")


def _served(db: Session, clerk: Staff, number: int) -> None:
    for _ in range(number):
        person, _registration = make_registered(db)
        needs = [NewNeed("job", "想干保安")]
        contacts.record(db, clerk, person.id, "phone", "reached", needs=needs)
        contacts.record(db, clerk, person.id, "phone", "no_answer")
    step = Step("training", "报叉车班", "person", date(2026, 12, 10))
    for replaced in (False, True):  # a step that another version replaced is no training
        plan = plans.create(db, clerk, make_registered(db)[0].id, [step])
        plans.agree(db, clerk, plan.id, "desk")
        if replaced:
            plans.add_version(db, clerk, plan.id, [step], "换班")
            plans.agree(db, clerk, plan.id, "desk")
        else:
            task = db.query(Task).filter_by(kind="plan_step", state="open").one()
            tasks.close(db, clerk, task.id, "结业了")


async def test_reported_and_own_services_stand_apart(enter: Enter) -> None:
    city = districts("210100")
    with session() as db:
        clerk = roles.staff(db, add_member(db, "李经办", "street", "210106001"))
        assert clerk is not None
        _served(db, clerk, 6)
        for number in range(1, 12):
            _report(db, city, date(2026, number, 1), 100)
    manager = await enter("市管理", "manager", "2101")
    page = await manager.get("/numbers?area=2101&month=2026-11")
    reported = f">{100 * len(city):,}<"
    assert page.has("服务量", reported, f">{1100 * len(city):,}<", "缺数（到0/")
    own = re.findall(r"沈阳市合计</th>(.*?)</tr>", page.text)[-1]
    assert re.findall(r'data-of="(.*?)">(.*?)</td>', own) == [
        ("联系服务", "6"), ("求职登记", "6"), ("职业推荐", "<5"), ("培训", "<5"), ("创业服务", "<5"),
    ]  # fmt: skip
    head = await enter("赵主任", "district", "210106")
    exact = await head.get("/numbers?area=210106&month=2026-11")
    (own,) = re.findall(r"铁西区合计</th>(.*?)</tr>", exact.text)[-1:]
    assert [text for _, text in re.findall(r'data-of="(.*?)">(.*?)</td>', own)] == [
        "6", "6", "0", "1", "0",
    ]  # fmt: skip


async def test_one_district_that_has_not_reported_makes_the_sum_missing(enter: Enter) -> None:
    places = districts("210100")
    with clock.frozen(clock.now()), session() as db:
        _report(db, places[1:], date(2026, 11, 1), 100)
    manager = await enter("市管理", "manager", "2101")
    page = await manager.get("/numbers?area=2101&month=2026-11")
    assert page.has(f"缺数（到{len(places) - 1}/{len(places)}）")
