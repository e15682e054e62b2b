from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot import clock
from bot.audit.chain import Action, append, verify
from bot.db.session import session
from bot.db.tables import (
    ConversationEvent,
    Counsellor,
    Delivery,
    JobPreferenceRow,
    Posting,
    PostingOrigin,
    PostingReport,
    Seeker,
    SeenMessage,
    Subscription,
    Ticket,
)
from bot.handoff.seeker_messages import close
from bot.handoff.tickets import Case, open_ticket
from bot.messaging import event_log
from bot.privacy import purge as purging
from bot.privacy.purge import Purged, purge, report
from tests.conftest import new_database
from tests.factories import make_posting, saved
from tests.privacy.conftest import SAID, WholePerson, counts


def done(url: str, now: datetime, dry_run: bool = False) -> dict[str, Purged]:
    return {one.table: one for one in purge(url, now, dry_run) if one.deleted or one.blanked}


def test_nothing_goes_on_the_day_it_was_kept(whole: WholePerson) -> None:
    assert done(whole.url, SAID) == {}


def test_a_dry_run_counts_and_deletes_nothing(whole: WholePerson) -> None:
    before, later = counts(whole.url), SAID + timedelta(days=40)
    counted = done(whole.url, later, dry_run=True)
    assert counts(whole.url) == before
    assert counted == done(whole.url, later)
    assert counted["events"] == Purged("events", 4, 0)
    assert counted["deliveries"] == Purged("deliveries", 0, 1)


def test_a_kept_preference_stays_through_its_last_day(whole: WholePerson) -> None:
    with session(whole.url) as db:
        last = db.scalar(select(JobPreferenceRow.expires_on))
    assert last is not None
    noon = datetime(last.year, last.month, last.day, 12, tzinfo=clock.CHINA)
    assert "job_preferences" not in done(whole.url, noon)
    assert done(whole.url, noon + timedelta(days=1))["job_preferences"].deleted == 1


def test_a_conversation_ends_as_a_whole_with_its_last_word(whole: WholePerson) -> None:
    later = SAID + timedelta(days=29)
    more = [{"event": "user", "text": "还在吗", "timestamp": later.timestamp()}]
    with session(whole.url) as db:
        event_log.add(db.connection(), whole.web, more)
    gone = done(whole.url, SAID + timedelta(days=31))
    assert gone["events"].deleted == 2
    assert gone["conversation_starts"].deleted == 1
    with session(whole.url) as db:
        assert set(db.scalars(select(ConversationEvent.sender_id))) == {whole.web}


def test_what_waits_to_be_sent_keeps_its_words(whole: WholePerson) -> None:
    with session(whole.url) as db:
        db.query(Delivery).update({"state": "queued"})
    done(whole.url, SAID + timedelta(days=31))
    with session(whole.url) as db:
        assert db.query(Delivery).one().body


def test_a_ticket_that_nobody_closed_stays_and_one_closed_a_year_ago_goes(
    whole: WholePerson,
) -> None:
    with clock.frozen(SAID), session(whole.url) as db:
        close(db.query(Ticket).one(), "counsellor")
    with clock.frozen(SAID + timedelta(days=300)), session(whole.url) as db:
        open_ticket(db, Case("sms", whole.phone, "asked"))
    gone = done(whole.url, SAID + timedelta(days=366))
    assert (gone["tickets"].deleted, gone["ticket_messages"].deleted) == (1, 1)
    with session(whole.url) as db:
        assert db.query(Ticket).one().state == "open"


def test_a_running_subscription_keeps_its_person(whole: WholePerson) -> None:
    later = SAID + timedelta(days=4 * 365)
    with session(whole.url) as db:
        db.query(Subscription).update({"expires_on": (later + timedelta(days=90)).date()})
    done(whole.url, later)
    with session(whole.url) as db:
        assert db.query(Seeker).count() == db.query(Subscription).count() == 1


def test_after_its_last_end_nothing_is_left_of_a_person(whole: WholePerson) -> None:
    purge(whole.url, SAID + timedelta(days=5 * 365))
    left = {name: rows for name, rows in counts(whole.url).items() if rows}
    assert left == {"posting_reports": 1}
    with session(whole.url) as db:
        told = db.query(PostingReport).one()
        assert (told.reason, told.seeker_id) == ("", None)
    assert done(whole.url, SAID + timedelta(days=5 * 365)) == {}


@pytest.fixture(params=["sqlite", "postgresql"])
def own(request: pytest.FixtureRequest) -> str:
    """A database of the test's own: the log of looks is a chain, which others go on with."""
    return new_database(request, "empty")


def test_of_the_log_of_looks_goes_what_is_old_by_the_databases_own_clock(own: str) -> None:
    look = Action("counsellor:3", "view", "seeker", "来访")
    with session(own) as db:
        with clock.frozen(clock.now() - timedelta(days=3 * 366)):
            append(db, look)
        append(db, look)
    later = clock.now() + timedelta(days=5 * 365)
    assert done(own, later, dry_run=True)["audit"] == done(own, later)["audit"]
    with session(own) as db:
        assert (verify(db).rows, verify(db).intact) == (1, True)


def test_many_rows_go_in_several_transactions(here: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BATCH", 3)
    with session(here) as db:
        for number in range(7):
            db.add(SeenMessage(channel="sms", key=str(number), expires_at=SAID))
    assert done(here, SAID + timedelta(days=1))["seen_messages"].deleted == 7


def test_whom_to_call_is_blanked_once_a_posting_is_long_over(here: str) -> None:
    with session(here) as db:
        for status, gone in (("expired", SAID), ("open", None)):
            one = saved(db, make_posting(contact="王女士 13800001111", status=status))
            origin = {"source": "test", "source_key": one.source_key, "posting_id": one.id}
            db.add(PostingOrigin(**origin, content_hash="x", first_seen_at=SAID, gone_at=gone))
    assert "postings" not in done(here, SAID + timedelta(days=179))
    assert done(here, SAID + timedelta(days=181))["postings"].blanked == 1
    with session(here) as db:
        kept = dict(db.execute(select(Posting.status, Posting.contact)).tuples().all())
    assert kept == {"expired": "", "open": "王女士 13800001111"}


def test_a_counsellor_who_left_loses_his_name_after_a_year(here: str) -> None:
    with session(here) as db:
        for name, left in (("王老师", SAID), ("李老师", None)):
            db.add(Counsellor(name=name, password_hash="x", created_at=SAID, left_at=left))
    purge(here, SAID + timedelta(days=366))
    with session(here) as db:
        names = {one.name: one.password_hash for one in db.query(Counsellor)}
        gone = db.query(Counsellor).filter(Counsellor.left_at.is_not(None)).one()
    assert names == {"李老师": "x", f"#{gone.id}": ""}


def test_the_report_tells_rows_oldest_past_and_readers(whole: WholePerson) -> None:
    with session(whole.url) as db:
        told = {one.table: one for one in report(db, SAID + timedelta(days=40))}
    events = told["events"]
    assert (events.rows, events.oldest, events.past_end) == (4, "2026-11-24", 4)
    assert events.readers == ("bot", "operator")
    assert told["seekers"].past_end == 0


def test_the_commands_say_what_they_did(whole: WholePerson) -> None:
    from bot.__main__ import app

    shown = CliRunner().invoke(app, ["privacy", "report"], env={"COLUMNS": "200"}).output
    assert "job_preferences" in shown
    with clock.frozen(SAID + timedelta(days=40)):
        counted = CliRunner().invoke(app, ["privacy", "purge", "--dry-run"]).output
        gone = CliRunner().invoke(app, ["privacy", "purge"]).output
    assert "events: 4 deleted, 0 blanked" in gone
    assert counted.replace("are", "were") == gone
