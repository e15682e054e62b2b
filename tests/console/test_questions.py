"""没答上: what an editor of an area sees and sets; no person stands behind it."""

from __future__ import annotations

import re

from sqlalchemy import select

from bot.db.session import session
from bot.db.tables import AuditEntry, Policy, QuestionGroup
from bot.unanswered.record import record_question
from tests.console.conftest import Enter
from tests.factories import saved


async def test_a_group_is_worked_through(enter: Enter) -> None:
    with session() as db:
        for region in ("210106", "210106", "210202", None):
            record_question(db, "no_policy", "取暖费补贴找谁领", region, "policy", "heating")
        record_question(db, "out_of_scope", "大连地铁几点停", "210202")
        saved(db, Policy(id="heating-aid", title="取暖费补贴", content_hash="x"))
    editor = await enter("编辑", "editor", "2101")
    listed = await editor.get("/questions")
    assert listed.has("取暖费补贴找谁领", "heating")
    assert "地铁" not in listed.text  # of another city
    (path,) = re.findall(r'href="(/questions/\d+)"', listed.text)
    page = await editor.get(path)
    assert page.has("没有这条政策", "沈阳市铁西区", "3（")
    assert "大连" not in page.text
    assert (await editor.post(f"{path}/state", state="answered", policy="x")).has("没有“x”这条政策")
    assert (await editor.post(f"{path}/state", state="not_ours")).has("要写明归谁管")
    await editor.post(f"{path}/state", state="drafting", note="在查文件")
    assert (await editor.get("/questions?state=drafting")).has("编辑", "在查文件")
    done = await editor.post(f"{path}/state", state="answered", policy="heating-aid")
    assert done.has("已保存。", "有答案了：政策 heating-aid")
    with session() as db:
        group = db.scalars(select(QuestionGroup).where(QuestionGroup.state == "answered")).one()
        assert group.policy_id == "heating-aid"
        rows = select(AuditEntry.purpose).where(AuditEntry.object_kind == "question_group")
        assert "没答上的问题：有答案了" in set(db.scalars(rows))


async def test_who_may_not(enter: Enter) -> None:
    with session() as db:
        record_question(db, "no_policy", "大连取暖费找谁", "210202")
    editor = await enter("编辑", "editor", "2102")
    (path,) = re.findall(r'href="(/questions/\d+)"', (await editor.get("/questions")).text)
    elsewhere = await enter("沈阳编辑", "editor", "2101")
    assert (await elsewhere.get(path)).has("没有")
    assert "取暖费" not in (await elsewhere.get(path)).text
    assert (await elsewhere.post(f"{path}/state", state="drafting")).status == 409
    assert (await elsewhere.post(f"{path}/merge", into="1")).status == 409
    for role, area in (("district", "210202"), ("community", "210202001"), ("auditor", "21")):
        other = await enter(f"别人{role}", role, area)
        assert (await other.get("/questions")).status == 403
        assert (await other.get(path)).status == 403
