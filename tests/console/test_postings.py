"""岗位审核: entered on the page as an import reads it, reviewed by another one, traced."""

from __future__ import annotations

import re

from sqlalchemy import select

from bot.casework_desk.review_queue import release, review_queue
from bot.db.session import session
from bot.db.tables import AuditEntry, Posting, PostingDecision, PostingEntry
from bot.matching.details import posting_item
from bot.matching.job_preference import JobPreference
from bot.postings.errors import OwnEntryError
from tests.console.conftest import Browser, Enter, Page
from tests.factories import make_posting, saved

FIELDS = {
    "offered_by": "community", "region": "210106", "title": "保洁员", "employer": "示范物业",
    "salary": "3000-3500元/月", "address": "兴华南街12号", "headcount": "2", "contact": "王女士",
    "phone": "024-12345678", "valid_until": "2026-12-31", "description": "打扫楼道，优先招残疾人",
}  # fmt: skip


async def _entered(browser: Browser, **changed: str) -> Page:
    await browser.get("/postings/new")
    return await browser.post("/postings/new", **{**FIELDS, **changed})


def _number(page: Page) -> int:
    found = re.findall(r"/postings/(\d+)", page.path)
    assert found, page.text
    return int(found[0])


def _posting(number: int) -> Posting:
    with session() as db:
        posting = db.get_one(Posting, number)
        db.expunge(posting)
        return posting


def _is_shown(number: int) -> bool:
    with session() as db:
        return posting_item(db, number, JobPreference(occupations=("保洁员",))) is not None


async def test_a_posting_of_a_community_is_asked_back_changed_and_published(enter: Enter) -> None:
    clerk = await enter("李经办", "street", "210106001")
    reviewer = await enter("审岗员", "reviewer", "210106")
    done = await _entered(clerk)
    assert done.has("已保存，等另一个人审核。", "待审")
    number = _number(done)
    posting = _posting(number)
    assert (posting.status, posting.salary_min, posting.region_code, posting.headcount) == (
        "held", 3000, "210106", 2,
    )  # fmt: skip
    assert posting.source == "沈阳市铁西区昆明湖街道录入"
    assert not _is_shown(number)
    assert (await clerk.post(f"/postings/{number}/release", reason="好")).status == 404
    assert (await reviewer.get("/postings")).has("保洁员", "示范物业")
    page = await reviewer.get(f"/postings/{number}")
    assert page.has("王女士 024-12345678", "李经办", "社区摸到的", "还没有别人审核过")
    assert (await reviewer.post(f"/postings/{number}/return", reason=" ")).has("要写理由")
    await reviewer.post(f"/postings/{number}/return", reason="几点上班？")
    assert "保洁员" not in (await reviewer.get("/postings")).text
    assert (await clerk.get("/postings")).has("退回了，等录的人答")
    assert (await clerk.get(f"/postings/{number}")).has("退回问", "几点上班？")
    form = await clerk.get(f"/postings/{number}/change")
    assert form.has('value="3000-3500元/月"', 'value="024-12345678"')
    changed = {**FIELDS, "work_time": "白班8小时，双休"}
    assert _number(await clerk.post(f"/postings/{number}/change", **changed)) == number
    assert (await reviewer.get("/postings")).has("保洁员")
    await reviewer.post(f"/postings/{number}/release", reason="打电话核实过")
    assert _is_shown(number)
    assert (await reviewer.get("/postings?list=decided")).has("审岗员", "打电话核实过", "放行")
    # Whatever is changed later waits again.
    await clerk.post(f"/postings/{number}/change", **{**changed, "salary": "9000元/月"})
    assert not _is_shown(number)
    with session() as db:
        decisions = db.scalars(select(PostingDecision).order_by(PostingDecision.id)).all()
        assert [(one.action, one.counsellor) for one in decisions] == [
            ("returned", "审岗员"), ("released", "审岗员"),
        ]  # fmt: skip
        looks = db.scalars(select(AuditEntry.action).where(AuditEntry.object_kind == "posting"))
        assert {"enter", "view", "return", "release"} <= set(looks)


async def test_nobody_reviews_what_they_entered(enter: Enter) -> None:
    head = await enter("赵主任", "district", "210106")
    number = _number(await _entered(head, offered_by="employer"))
    assert (await head.get(f"/postings/{number}")).has("这是你录的，要由另一个人审核")
    for step in ("release", "refuse", "return"):
        assert (await head.post(f"/postings/{number}/{step}", reason="自己审")).status == 409
    with session() as db:
        try:
            release(db, number, "赵主任", "命令行也不行")
        except OwnEntryError:
            pass
        else:
            raise AssertionError("released by who entered it")
    assert _posting(number).status == "held"
    # Nobody else changes it, or its author could review what only seems another one's.
    clerk = await enter("李经办", "street", "210106001")
    second = await enter("钱主任", "district", "210106")
    for other in (clerk, second):
        assert (await other.post(f"/postings/{number}/change", **FIELDS)).status == 404
    await second.post(f"/postings/{number}/refuse", reason="单位查无此人")
    assert _posting(number).status == "refused"


async def test_the_checks_are_those_of_an_import(enter: Enter) -> None:
    clerk = await enter("李经办", "street", "210106001")
    head = await enter("赵主任", "district", "210106")
    missing = await _entered(clerk, employer="")
    assert missing.has("单位名称：没写。", 'value="保洁员"'), missing.text
    assert (await _entered(clerk, offered_by="谁")).has("要选是谁报的")
    assert (await _entered(clerk, region="210202")).status == 403
    with session() as db:
        assert db.scalars(select(Posting)).all() == []
    bad = _number(await _entered(clerk, description="限女，入职交押金300元"))
    page = await head.get(f"/postings/{bad}")
    assert page.has("<mark>交押金</mark>", "劳动合同法第九条", "就业促进法第二十七条")
    assert _number(await _entered(clerk, title="保安员", salary="看着给")) != bad
    again = await _entered(clerk, description="换个说法")
    assert again.status == 422
    assert again.has(f"这个岗位已经有了（{bad}号）")
    odd = await _entered(clerk, title="绿化工", salary="好多钱")
    assert odd.has("薪资或截止日期没看懂")


async def test_who_sees_which_posting(enter: Enter) -> None:
    with session() as db:
        held = {
            code: saved(db, make_posting(title=f"岗{code}", region_code=code, status="held")).id
            for code in ("210106", "210100", "210202")
        }
        nowhere = saved(db, make_posting(title="岗无", region_code=None, status="held")).id
    reviewer = await enter("审岗员", "reviewer", "210106")
    listed = await reviewer.get("/postings")
    assert listed.has("岗210106", "岗210100", "岗无")
    assert "岗210202" not in listed.text
    assert (await reviewer.get(f"/postings/{held['210202']}")).status == 404
    assert (await reviewer.post(f"/postings/{held['210202']}/release", reason="好")).status == 404
    page = await reviewer.get(f"/postings/{nowhere}")
    assert "退回问" not in page.text  # nobody entered it who could be asked
    assert (await reviewer.post(f"/postings/{nowhere}/return", reason="谁？")).status == 409
    assert "/people" not in listed.text  # not in the menu of who reviews postings alone
    dalian = await enter("连经办", "street", "210202001")
    mine = _number(await _entered(dalian, region="210202"))
    for outside in (reviewer, await enter("李经办", "street", "210106001")):
        assert (await outside.get(f"/postings/{mine}")).status == 404
    assert (await (await enter("市管理", "manager", "2101")).get("/postings")).status == 403
    with session() as db:
        assert [one.id for one in review_queue(db, 10) if one.id == mine] == [mine]
        assert db.get_one(PostingEntry, mine).area == "210202001"
