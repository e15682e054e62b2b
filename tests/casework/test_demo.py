from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.casework import focus, people, registrations, tasks
from bot.casework.people import Filters
from bot.casework.roles import staff
from bot.casework_demo import PEOPLE, STAFF, add_demo
from bot.db.tables import Counsellor, Person, Plan, Task
from bot.handoff.accounts import check


def test_the_demo_gives_every_page_something_and_is_made_once(office: Session) -> None:
    made = add_demo(office)
    assert made is not None
    assert (made.people, len(made.passwords)) == (PEOPLE, len(STAFF))
    assert add_demo(office) is None
    names = dict(made.passwords)
    account = check(office, "示范街道经办", names["示范街道经办"])
    assert account is not None
    clerk = staff(office, account.id)
    assert clerk is not None
    assert tasks.page(office, clerk).rows
    assert all(one.label.startswith("示") for one in people.page(office, clerk, Filters()).rows)
    head = staff(
        office, office.scalars(select(Counsellor.id).where(Counsellor.name == "示范区主任")).one()
    )
    assert head is not None
    assert registrations.proposals(office, head)
    assert {row.state_code for row in focus.page(office, head)[0]} == {"proposed", "listed"}
    assert office.scalar(select(func.count()).select_from(Plan)) == 1
    assert set(office.scalars(select(Person.source))) == {"demo"}
    assert office.scalar(select(func.count()).where(Task.kind == "manual_review")) == 1
