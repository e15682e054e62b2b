"""The flows once more, as an installation has it: PostgreSQL, a user that is no superuser, and
connections that see no area until a transaction names some. What the policies of rows forbid shows
as a flow that breaks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from bot.console import database
from bot.db.session import Session, engine, session
from bot.db.tables import Base
from bot.settings import settings
from tests.casework.people import make_registered
from tests.console import test_exchange, test_flows, test_focus_page, test_tickets, test_warning
from tests.console.conftest import Enter
from tests.console.test_warning import delivered
from tests.databases import postgres_copy

test_monthly_contact = test_flows.test_monthly_contact_from_the_sheet_to_the_coverage
test_exit = test_flows.test_an_exit_takes_two_people_and_the_ban_holds
test_plan = test_flows.test_a_plan_is_drafted_ordered_agreed_and_done
test_promise = test_flows.test_a_promise_runs_over_lunch_and_is_missed_and_remedied
test_exports = test_exchange.test_many_people_are_taken_out_by_two
test_transfers = test_exchange.test_a_person_is_handed_over_and_asked_back
test_import_undone = test_flows.test_an_import_is_taken_back_by_the_page
test_focus = test_focus_page.test_a_person_is_entered_told_and_leaves
test_focus_sheet = test_focus_page.test_a_sheet_of_the_list_is_imported_and_taken_back
test_firms = test_warning.test_who_verified_a_firm_does_not_list_it
test_measures = test_warning.test_an_alert_brings_measures_that_are_tasks_of_the_day
test_ticket = test_tickets.test_a_ticket_is_taken_answered_given_on_and_closed_with_a_task
test_ticket_moved = test_tickets.test_a_ticket_of_another_place_is_handed_there
__all__ = ["delivered"]


@pytest.fixture
def here(postgres: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database that belongs to a plain user, as the settings name it."""
    url = postgres_copy(postgres, "stocked")
    with engine(url).begin() as db:
        if not db.scalar(text("select 1 from pg_roles where rolname = 'jiuye_app'")):
            db.execute(text("create role jiuye_app login"))
        for table in Base.metadata.sorted_tables:
            db.execute(text(f"alter table {table.name} owner to jiuye_app"))
        db.execute(text("grant all on all sequences in schema public to jiuye_app"))
    engine(url).dispose()
    plain = url.replace("postgres@", "jiuye_app@")
    monkeypatch.setenv("DATABASE_URL", plain)
    settings.cache_clear()
    yield plain
    engine(plain).dispose()
    settings.cache_clear()


@pytest.fixture(autouse=True)
def seeing_no_area(monkeypatch: pytest.MonkeyPatch) -> None:
    """The console's pages see no area by themselves, as its process does; tests here see all."""

    @contextmanager
    def narrowed() -> Iterator[Session]:
        with session() as db:
            db.execute(text("select set_config('jiuye.scopes', '', true)"))
            yield db

    monkeypatch.setattr(database, "session", narrowed)


async def test_the_user_is_no_superuser_and_sees_no_area_by_himself(
    enter: Enter, here: str
) -> None:
    with session() as db:
        make_registered(db)
        assert (
            db.scalar(text("select rolsuper from pg_roles where rolname = current_user")) is False
        )
        db.execute(text("select set_config('jiuye.scopes', '', true)"))
        assert db.scalar(text("select count(*) from people")) == 0
        db.execute(text("select set_config('jiuye.scopes', '*', true)"))
    clerk = await enter("李经办", "street", "210106001")
    assert (await clerk.get("/people")).has("人（1）")
