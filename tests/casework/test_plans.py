from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework import contacts, plans
from bot.casework.contacts import NewNeed
from bot.casework.errors import NotVisible, WrongState
from bot.casework.plans import Step
from bot.casework.roles import Staff
from bot.clock import CHINA
from bot.db.tables import PersonGroup, Task
from tests.casework.conftest import NOW
from tests.casework.people import make_registered, make_staff
from tests.factories import make_posting, saved

STEPS = (
    Step("training", "报叉车班", "person", date(2026, 12, 10)),
    Step("placement", "介绍三个岗位", "office", date(2026, 12, 20)),
)


def test_a_draft_is_made_of_facts(office: Session, clerk: Staff) -> None:
    person, _ = make_registered(office)
    posting = saved(office, make_posting(imported_at=NOW))
    saved(office, make_posting(occupations=("厨师",), imported_at=NOW))
    saved(
        office,
        PersonGroup(
            person_id=person.id, kind="disabled", basis="残疾证", valid_from=date(2026, 1, 1),
            state="to_verify", source="import",
        ),
    )  # fmt: skip
    contacts.add_need(office, clerk, person.id, NewNeed("job", "想干保安"))
    contacts.add_need(office, clerk, person.id, NewNeed("training", "叉车"))
    draft = plans.draft(office, clerk, person.id)
    assert draft.facts[0] == "类别：残疾人（待核实）"
    assert "需求：学技能，叉车（2026-11-30）" in draft.facts
    kinds = [one.kind for one in draft.steps]
    assert kinds == ["aid", "training", "placement"]
    assert draft.steps[0].action == "核实“残疾人”的凭据：残疾证"
    assert f"{posting.id}号" in draft.steps[-1].action
    assert {one.due_on for one in draft.steps} == {date(2026, 11, 30)}


def test_a_plan_goes_from_draft_to_agreed_and_its_steps_become_tasks(
    office: Session, clerk: Staff
) -> None:
    person, _ = make_registered(office)
    plan = plans.create(office, clerk, person.id, STEPS)
    assert plan.state == "draft"
    assert office.scalars(select(Task)).all() == []
    plans.agree(office, clerk, plan.id, "desk")
    rows = office.execute(select(Task.kind, Task.due_at, Task.state).order_by(Task.id)).all()
    assert [(kind, due.date(), state) for kind, due, state in rows] == [
        ("plan_step", date(2026, 12, 10), "open"), ("plan_step", date(2026, 12, 20), "open"),
    ]  # fmt: skip
    card = plans.card(office, clerk, person.id)
    assert card is not None
    assert (card.state, card.versions[0].agreed) == ("进行中", "2026-11-30 当面")
    assert card.versions[0].steps == STEPS


def test_a_new_version_needs_a_reason_and_its_own_agreement(office: Session, clerk: Staff) -> None:
    person, _ = make_registered(office)
    plan = plans.create(office, clerk, person.id, STEPS)
    plans.agree(office, clerk, plan.id, "phone")
    changed = [replace(STEPS[0], action="报电工班")]
    with pytest.raises(WrongState, match="为什么"):
        plans.add_version(office, clerk, plan.id, changed, "")
    plans.add_version(office, clerk, plan.id, changed, "叉车班没开")
    assert [one.state for one in office.scalars(select(Task))] == ["open", "open"]
    plans.agree(office, clerk, plan.id, "phone")
    with pytest.raises(WrongState, match="已经同意"):
        plans.agree(office, clerk, plan.id, "phone")
    states = office.scalars(select(Task.state).order_by(Task.id)).all()
    assert states == ["done", "done", "open"]
    card = plans.card(office, clerk, person.id)
    assert card is not None
    assert [(one.number, one.reason) for one in card.versions] == [
        (2, "叉车班没开"),
        (1, "首次制定"),
    ]


def test_a_month_without_version_or_entry_makes_a_task(office: Session, clerk: Staff) -> None:
    person, _ = make_registered(office)
    plan = plans.create(office, clerk, person.id, STEPS)
    with pytest.raises(WrongState, match="还没有同意"):
        plans.note_unchanged(office, clerk, plan.id)
    plans.agree(office, clerk, plan.id, "desk")
    assert plans.make_reviews(office, clock.today()) == 0
    with clock.frozen(datetime(2026, 12, 1, 9, tzinfo=CHINA)):
        assert plans.make_reviews(office, clock.today()) == 1
        plans.make_reviews(office, clock.today())
        review = office.scalars(select(Task).where(Task.kind == "plan_review")).one()
        assert "二(十)" in review.rule
        plans.note_unchanged(office, clerk, plan.id)
        assert review.state == "done"
        assert plans.make_reviews(office, clock.today()) == 0


def test_one_plan_at_a_time_and_none_of_another_area(office: Session, clerk: Staff) -> None:
    person, _ = make_registered(office)
    plan = plans.create(office, clerk, person.id, STEPS)
    with pytest.raises(WrongState, match="已经有方案"):
        plans.create(office, clerk, person.id, STEPS)
    with pytest.raises(WrongState, match="至少要有一步"):
        plans.add_version(office, clerk, plan.id, [], "x")
    stranger = make_staff(office, "外", "street", "210106003")
    with pytest.raises(NotVisible):
        plans.agree(office, stranger, plan.id, "desk")
    helper = make_staff(office, "协理", "community", "210106001")
    with pytest.raises(NotVisible):
        plans.draft(office, helper, person.id)
    plans.close(office, clerk, plan.id, "已就业")
    assert plans.create(office, clerk, person.id, STEPS).id != plan.id
