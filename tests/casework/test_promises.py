from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework import placements, promises
from bot.casework.duties import read_duties
from bot.casework.duty_store import known_regions, load
from bot.casework.errors import DutyUnset, NotVisible, WrongState
from bot.casework.promises import deadline
from bot.casework.roles import Staff
from bot.clock import CHINA
from bot.db.tables import Placement, Posting, Promise, Task
from bot.handoff.office_hours import OfficeHours
from bot.setting_parsers import working_week
from bot.settings import ROOT
from tests.casework.conftest import NOW
from tests.casework.people import make_person, make_registered, make_staff
from tests.factories import make_posting, saved
from tests.profiles import size

LUNCH = "1-5 8:30-11:30,13:00-17:00"
OWN = """\
sources: {own: {document: 示范通知, issuer: 示范区, grade: C}}
figures:
  promise_clock: {versions: [{value: %s, regions: ['210106'], effective_from: 2026-01-01, source: own}]}
  promise_start: {versions: [{value: asked, regions: ['210106'], effective_from: 2026-01-01, source: own}]}
  promise_first_offers: {versions: [{value: 2, regions: ['210106'], effective_from: 2026-01-01, source: own}]}
  promise_call_after_hours: {versions: [{value: 4, regions: ['210106'], effective_from: 2026-01-01, source: own}]}
  posting_verified_days: {versions: [{value: 7, regions: ['210106'], effective_from: 2026-01-01, source: own}]}
"""


def set_figures(db: Session, folder: Path, kind: str = "office") -> None:
    (folder / "own.yml").write_text(OWN % kind, encoding="utf-8")
    load(db, read_duties([ROOT / "data" / "duties", folder], known_regions(db)))


@pytest.fixture
def promising(office: Session, tmp_path: Path) -> Session:
    """A place that has set its figures, with three open postings of today."""
    set_figures(office, tmp_path)
    for _ in range(3):
        saved(office, make_posting(imported_at=NOW))
    return office


@settings(max_examples=size(25, 500))
@given(
    start=st.datetimes(datetime(2025, 12, 20), datetime(2026, 12, 20)).map(
        lambda one: one.replace(second=0, microsecond=0, tzinfo=CHINA)
    ),
    hours=st.integers(1, 40),
    office=st.sampled_from([LUNCH, "1-5 8:30-17:00", "1-6 9:00-12:00,14:00-16:30,18:00-20:00"]),
)
def test_the_deadline_is_that_of_a_count_minute_by_minute(
    start: datetime, hours: int, office: str
) -> None:
    read = OfficeHours.from_week(working_week(office))
    at, left = start, hours * 60
    while left:
        left -= read.are_open(at)
        at += timedelta(minutes=1)
    assert deadline(start, hours, "office", read) == at
    assert read.between(start, at) == timedelta(hours=hours)
    assert deadline(start, hours, "wall", read) == start + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "hours", "ends"),
    [
        ((2026, 11, 27, 16, 30), 1, (2026, 11, 30, 9, 0)),  # Friday evening to Monday morning
        ((2026, 11, 30, 11, 0), 1, (2026, 11, 30, 13, 30)),  # over lunch
        ((2026, 9, 30, 16, 0), 2, (2026, 10, 8, 9, 30)),  # over the National Day holidays
        ((2026, 11, 28, 12, 0), 7, (2026, 11, 30, 17, 0)),  # ends at closing, not next morning
        ((2026, 10, 10, 9, 0), 1, (2026, 10, 10, 10, 0)),  # a Saturday that is worked instead
    ],
)
def test_hours_of_the_office_by_hand(
    start: tuple[int, ...], hours: int, ends: tuple[int, ...]
) -> None:
    read = OfficeHours.from_week(working_week(LUNCH))
    begun = datetime(*start, tzinfo=CHINA)  # type: ignore[misc,arg-type]
    assert deadline(begun, hours, "office", read) == datetime(*ends, tzinfo=CHINA)  # type: ignore[misc,arg-type]


def test_nothing_begins_where_the_place_has_not_set_its_figures(
    office: Session, head: Staff
) -> None:
    person, _ = make_registered(office)
    with pytest.raises(DutyUnset, match="承诺小时怎么数”未设"):
        promises.start(office, head, person.id)


def test_a_promise_offers_at_once_and_counts_down(promising: Session, head: Staff) -> None:
    person, _ = make_registered(promising)
    made = promises.start(promising, head, person.id)
    (card,) = promises.cards(promising, head, person.id)
    assert len(card.offers) == 2
    assert card.left == "还剩24小时0分（工作时间）"
    assert "24小时内（按工作时间数）" in made.wording
    assert "辽人社建〔2025〕21号" in made.wording
    kinds = promising.scalars(select(Task.kind).order_by(Task.due_at)).all()
    assert kinds == ["promise_call", "promise"]
    with pytest.raises(WrongState, match="已经有一个"):
        promises.start(promising, head, person.id)


def test_a_refused_offer_keeps_its_reason_and_an_accepted_one_ends_the_clock(
    promising: Session, head: Staff
) -> None:
    person, _ = make_registered(promising)
    number = promises.start(promising, head, person.id).id
    first, second = (one.posting_id for one in promises.cards(promising, head, person.id)[0].offers)
    assert first
    assert second
    with pytest.raises(WrongState, match="原因"):
        promises.answer(promising, head, number, first, accepted=False)
    promises.answer(promising, head, number, first, accepted=False, reason="太远")
    with pytest.raises(WrongState, match="答复过"):
        promises.answer(promising, head, number, first, accepted=True)
    (left,) = promises.next_offers(promising, head, number)
    assert left.posting_id not in (first, second)
    promises.offer(promising, head, number, left.posting_id, "phone")
    with pytest.raises(WrongState, match="已经给过"):
        promises.offer(promising, head, number, left.posting_id, "phone")
    promises.answer(promising, head, number, second, accepted=True)
    (card,) = promises.cards(promising, head, person.id)
    assert card.state == "已接受岗位"
    assert [one.reason for one in card.offers if one.answer == "refused"] == ["太远"]
    assert promising.scalars(select(Task.state)).all() == ["done", "done"]
    placement = promising.scalars(select(Placement)).one()
    assert (placement.state, placement.posting_id) == ("claimed", second)
    promises.mark_working(promising, head, number)
    assert promises.cards(promising, head, person.id)[0].state_code == "working"


def test_a_promise_past_its_end_is_missed_and_needs_a_remedy(
    promising: Session, head: Staff
) -> None:
    person, _ = make_registered(promising)
    promise = promises.start(promising, head, person.id)
    assert promises.mark_missed(promising, promise.deadline - timedelta(seconds=1)) == 0
    with clock.frozen(promise.deadline):
        assert promises.mark_missed(promising, clock.now()) == 1
        assert promises.mark_missed(promising, clock.now()) == 0
        task = promising.scalars(select(Task).where(Task.state == "open")).one()
        assert (task.kind, task.district_code) == ("promise_missed", "210106")
        with pytest.raises(WrongState, match="没兑现"):
            promises.offer(promising, head, promise.id, 1, "phone")
        with pytest.raises(WrongState, match="写明"):
            promises.remedy(promising, head, promise.id, " ")
        promises.remedy(promising, head, promise.id, "陪同面试两家")
    assert (promise.state, task.state) == ("remedied", "done")


def test_an_offer_is_open_and_fresh(promising: Session, head: Staff) -> None:
    person, _ = make_registered(promising)
    number = promises.start(promising, head, person.id).id
    held = saved(promising, make_posting(status="held", imported_at=NOW)).id
    old = saved(promising, make_posting(imported_at=NOW - timedelta(days=8))).id
    for posting, why in ((held, "没有开放"), (old, "7天内没有核实"), (99999, "没有开放")):
        with pytest.raises(WrongState, match=why):
            promises.offer(promising, head, number, posting, "phone")
    assert promising.get(Posting, held) is not None


def test_it_is_for_the_registered_of_the_own_area(promising: Session, head: Staff) -> None:
    with pytest.raises(WrongState, match="登记失业"):
        promises.start(promising, head, make_person(promising).id)
    stranger = make_staff(promising, "外", "counsellor", "210104")
    person, _ = make_registered(promising)
    with pytest.raises(NotVisible):
        promises.start(promising, stranger, person.id)


def test_the_hours_begin_when_he_asked_where_the_place_says_so(
    promising: Session, head: Staff
) -> None:
    person, _ = make_registered(promising)
    asked = datetime(2026, 11, 27, 16, 0, tzinfo=CHINA)
    promise = promises.start(promising, head, person.id, asked)
    assert promise.started_at == asked
    assert promises.withdraw(promising, head, promise.id, "本人不要了").state == "withdrawn"
    assert promising.scalars(select(Promise.state)).one() == "withdrawn"


def test_a_placement_is_verified_by_a_document_and_ends_with_its_reason(
    office: Session, head: Staff
) -> None:
    person, _ = make_registered(office)
    one = placements.claim(office, head, person.id, "示范公司", date(2026, 11, 1), "told")
    with pytest.raises(WrongState):
        placements.verify(office, head, one.id, "told")
    placements.verify(office, head, one.id, "contract")
    placements.check(office, head, one.id, True, True, False)
    with pytest.raises(WrongState, match="原因"):
        placements.check(office, head, one.id, False, None, None)
    placements.check(office, head, one.id, False, None, None, "太累")
    (line,) = placements.lines(office, head, person.id)
    assert line.checks == ("第29天：在岗，工资发了，没上保险", "第29天：已离岗（太累）")
    assert (line.state, one.ended_on) == ("已离岗", date(2026, 11, 30))
    with pytest.raises(WrongState):
        placements.check(office, head, one.id, True, None, None)
