"""The console's doors: login, forms, headers, roles, staff and the log of looks."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar
from sqlalchemy import select

from bot.db.session import session
from bot.db.tables import Person, Registration
from tests.casework.people import make_registered
from tests.casework.sheets import id_number
from tests.console.conftest import Browser, Enter

PAGES = ("/", "/people", "/people/new", "/imports", "/exits", "/numbers", "/staff", "/audit")
#: What each role may open of PAGES.
OPEN = {
    ("community", "210106001"): {"/", "/people"},
    ("street", "210106001"): {"/", "/people", "/people/new", "/imports", "/numbers"},
    ("counsellor", "210106"): {"/", "/people"},
    ("district", "210106"): set(PAGES) - {"/audit"},
    ("manager", "2101"): {"/", "/people", "/numbers"},
    ("operator", ""): {"/", "/people", "/staff"},
    ("auditor", "21"): {"/", "/people", "/audit"},
    ("", ""): {"/", "/people"},
}  # fmt: skip


@pytest.mark.parametrize(("role", "scope"), OPEN, ids=lambda one: one or "none")
async def test_each_role_opens_its_own_pages_and_no_others(
    enter: Enter, role: str, scope: str
) -> None:
    with session() as db:
        make_registered(db, "210104002")
    browser = await enter("某人", role, scope)
    found = {path for path in PAGES if (await browser.get(path)).status == 200}
    assert found == OPEN[role, scope]
    assert (await browser.get("/people")).has("人（0）")
    assert (await browser.get("/people/1")).status == 404


async def test_nothing_is_shown_to_who_is_not_logged_in(site: str) -> None:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
        stranger = Browser(client, site)
        for path in (*PAGES, "/people/1", "/tasks/1", "/nowhere"):
            assert (await stranger.get(path)).path == "/login"
        page = await stranger.post("/people", query="张测试")
        assert page.path == "/login"
        assert (await stranger.get("/health")).text == "ok"


async def test_a_form_of_another_site_or_without_its_token_does_nothing(enter: Enter) -> None:
    clerk = await enter("李经办", "street", "210106001")
    await clerk.get("/people/new")
    given = {
        "name": "张一", "id_number": id_number(101), "phone": "", "area": "210106001",
        "registered_on": "2026-11-02", "cause": "",
    }  # fmt: skip
    assert (await clerk.post("/people/new", origin="http://evil.example", **given)).status == 403
    assert (await clerk.post("/people/new", csrf="0" * 64, **given)).status == 403
    with session() as db:
        assert db.scalars(select(Person.id)).all() == []
    assert (await clerk.post("/people/new", **given)).has("已登记。", "张一")


async def test_every_answer_forbids_scripts_and_frames(enter: Enter) -> None:
    clerk = await enter("李经办", "street", "210106001")
    for path in ("/", "/login", "/nowhere", "/static/console.css"):
        page = await clerk.get(path)
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "script-src" not in page.headers["Content-Security-Policy"]
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert "<script" not in page.text
        assert " style=" not in page.text


async def test_words_of_people_are_shown_as_words(enter: Enter) -> None:
    clerk = await enter("李经办", "street", "210106001")
    with session() as db:
        person, _ = make_registered(db, name="<b>张</b>")
    await clerk.post(
        f"/people/{person.id}/contact", way="phone", outcome="reached", note="<script>x</script>"
    )
    async with clerk._client.get(clerk._origin + f"/people/{person.id}") as answer:
        raw = await answer.text()
    assert "<script>" not in raw
    assert "&lt;script&gt;x&lt;/script&gt;" in raw
    assert "<b>张" not in raw


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("id_number", "210106198001011", "身份证号不对"),
        ("phone", "123", "电话号码不对"),
        ("name", "", "要写姓名"),
        ("registered_on", "2027-01-01", "在今天以后"),
        ("area", "210104002", "不能做这件事"),
        ("area", "nowhere", "不能做这件事"),
    ],
)
async def test_a_wrong_registration_is_refused_in_words(
    enter: Enter, field: str, value: str, says: str
) -> None:
    clerk = await enter("李经办", "street", "210106001")
    await clerk.get("/people/new")
    given = {
        "name": "张一", "id_number": id_number(101), "phone": "", "area": "210106001",
        "registered_on": "2026-11-02", "cause": "", field: value,
    }  # fmt: skip
    assert (await clerk.post("/people/new", **given)).has("没办成", says)


async def test_an_unreadable_sheet_changes_nothing(enter: Enter, tmp_path: Path) -> None:
    clerk = await enter("李经办", "street", "210106001")
    await clerk.get("/imports")
    page = await clerk.upload("/imports", "x.xlsx", b"nothing", kind="registrations")
    assert page.has("没办成", "什么都没有导入")
    with session() as db:
        assert db.scalars(select(Registration.id)).all() == []
