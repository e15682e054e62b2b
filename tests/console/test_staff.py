"""Accounts and roles, given by the head."""

from __future__ import annotations

import re

from aiohttp import ClientSession, CookieJar
from sqlalchemy import select

from bot.db.session import session
from bot.db.tables import Counsellor, StaffRole, Task
from tests.casework.people import make_registered
from tests.console.conftest import Browser, Enter


async def test_the_head_opens_accounts_gives_roles_and_lets_go(enter: Enter, site: str) -> None:
    head = await enter("赵主任", "district", "210106")
    await head.get("/staff")
    shown = await head.post("/staff", name="周新人")
    (password,) = re.findall(r"密码：<strong>([^<]+)</strong>", shown.text)
    with session() as db:
        number = db.scalars(select(Counsellor.id).where(Counsellor.name == "周新人")).one()
        person, _ = make_registered(db)
        task = Task(
            key="t", kind="visit", person_id=person.id, region_code="210106001",
            district_code="210106", assignee_id=number, due_at=person.created_at,
            has_deadline=True, rule="", state="claimed", result="", created_at=person.created_at,
        )  # fmt: skip
        db.add(task)
    given = await head.post(f"/staff/{number}/grant", role="community", scope="210106001")
    assert given.has("角色已给。", "社区协理 昆明湖街道")
    elsewhere = await head.post(f"/staff/{number}/grant", role="street", scope="210104002")
    assert elsewhere.has("不能做这件事")
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
        new = Browser(client, site)
        assert (await new.post("/login", name="周新人", password=password)).has("走访")
        assert (await head.post(f"/staff/{number}/leave")).has("账号已关")
        assert (await new.get("/")).path == "/login"
    with session() as db:
        assert db.scalars(select(Task.state)).one() == "open"
        assert db.scalars(select(Task.assignee_id)).one() is None
        ended = select(StaffRole.ended_at).where(StaffRole.counsellor_id == number)
        assert db.scalars(ended).one() is not None
