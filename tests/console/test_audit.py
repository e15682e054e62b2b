from __future__ import annotations

from sqlalchemy import select

from bot.db.session import session
from bot.db.tables import AuditEntry
from tests.casework.people import make_registered
from tests.console.conftest import Enter


async def test_the_auditor_sees_who_looked_and_that_the_chain_holds(enter: Enter) -> None:
    clerk = await enter("李经办", "street", "210106001")
    with session() as db:
        person, _ = make_registered(db)
    await clerk.get(f"/people/{person.id}?why=task")
    auditor = await enter("孙审计", "auditor", "21")
    page = await auditor.get(f"/audit?person={person.id}&verify=1")
    assert page.has("看一个人", "办待办", "都对得上")
    with session() as db:
        newest = db.scalars(select(AuditEntry).order_by(AuditEntry.position.desc())).first()
        assert newest is not None
        assert (newest.action, newest.object_id) == ("view", str(person.id))
