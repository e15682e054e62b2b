from datetime import date

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot import clock
from bot.casework import registrations, tasks
from bot.casework.errors import ForbiddenExit, NotVisible, SamePerson, WrongState
from bot.casework.registrations import STATES
from bot.casework.roles import Staff
from bot.db.tables import Registration, RegistrationEvent, Task
from tests.casework.people import make_registered, make_staff

EVIDENCE = "劳动合同复印件，李经办核"


def test_an_exit_takes_two_people_and_leaves_its_trace(
    office: Session, clerk: Staff, head: Staff
) -> None:
    person, registration = make_registered(office)
    registrations.propose_exit(office, clerk, registration.id, "employed", EVIDENCE)
    (waiting,) = registrations.proposals(office, head)
    assert (waiting.person_id, waiting.reason_code, waiting.own) == (person.id, "employed", False)
    review = office.scalars(select(Task).where(Task.kind == "exit_review")).one()
    assert (review.state, review.has_deadline) == ("open", False)  # exit_review_days is unset
    registrations.confirm_exit(office, head, registration.id)
    assert (registration.state, registration.exited_on) == ("exited", clock.today())
    assert person.left_at is not None
    assert office.get_one(Task, review.id).state == "done"
    kinds = [one.kind for one in registrations.events(office, registration.id, {})]
    assert kinds == ["登记", "提出注销", "复核同意注销"]


def test_nobody_reviews_his_own_proposal(office: Session, head: Staff, second_head: Staff) -> None:
    _, registration = make_registered(office)
    registrations.propose_exit(office, head, registration.id, "pension", EVIDENCE)
    assert registrations.proposals(office, head)[0].own
    for step in (registrations.confirm_exit, registrations.refuse_exit):
        with pytest.raises(SamePerson):
            step(
                office, head, registration.id, *(["x"] if step is registrations.refuse_exit else [])
            )
    registrations.refuse_exit(office, second_head, registration.id, "还没到年龄")
    assert registration.state == "active"


def test_the_street_reviews_nothing(office: Session, clerk: Staff) -> None:
    other = make_staff(office, "孙经办", "street", "210106001")
    _, registration = make_registered(office)
    registrations.propose_exit(office, clerk, registration.id, "employed", EVIDENCE)
    with pytest.raises(NotVisible):
        registrations.confirm_exit(office, other, registration.id)


@pytest.mark.parametrize("reason", ["refused_3", "unreachable_6m", ""])
def test_refusals_and_silence_are_no_reason(office: Session, clerk: Staff, reason: str) -> None:
    _, registration = make_registered(office)
    with pytest.raises(ForbiddenExit, match="绝不能简单以连续3次拒绝"):
        registrations.propose_exit(office, clerk, registration.id, reason, EVIDENCE)
    assert registration.state == "active"


def test_a_reason_out_of_the_list_or_without_evidence_is_refused(
    office: Session, clerk: Staff
) -> None:
    _, registration = make_registered(office)
    with pytest.raises(WrongState, match="清单"):
        registrations.propose_exit(office, clerk, registration.id, "tired", EVIDENCE)
    with pytest.raises(WrongState, match="凭据"):
        registrations.propose_exit(office, clerk, registration.id, "employed", "  ")


#: Each tries to end registration :id in SQL, past all code of ours.
BY_HAND = {
    "the state alone": "update registrations set state = 'exited' where id = :id",
    "born ended": "insert into registrations (person_id, registered_on, cause, state, source, as_of)"
    " select person_id, registered_on, cause, 'exited', source, as_of from registrations"
    " where id = :id",
    "refused three times": "insert into registration_events (registration_id, kind, reason_code,"
    " evidence, counsellor_id, reviewer_id, at) values (:id, 'exit_confirmed', 'refused_3', 'x',"
    " :one, :two, '2026-11-30 10:00:00')",
    "six months out of reach": "insert into registration_events (registration_id, kind, reason_code,"
    " evidence, counsellor_id, reviewer_id, at) values (:id, 'exit_proposed', 'unreachable_6m', 'x',"
    " :one, null, '2026-11-30 10:00:00')",
    "no reason": "insert into registration_events (registration_id, kind, evidence, counsellor_id,"
    " reviewer_id, at) values (:id, 'exit_confirmed', 'x', :one, :two, '2026-11-30 10:00:00')",
    "one person twice": "insert into registration_events (registration_id, kind, reason_code,"
    " evidence, counsellor_id, reviewer_id, at) values (:id, 'exit_confirmed', 'employed', 'x',"
    " :one, :one, '2026-11-30 10:00:00')",
    "nobody's review": "insert into registration_events (registration_id, kind, reason_code,"
    " evidence, counsellor_id, reviewer_id, at) values (:id, 'exit_confirmed', 'employed', 'x',"
    " :one, null, '2026-11-30 10:00:00')",
    "a reason of no list": "insert into registration_events (registration_id, kind, reason_code,"
    " evidence, counsellor_id, reviewer_id, at) values (:id, 'exit_confirmed', 'lazy', 'x',"
    " :one, :two, '2026-11-30 10:00:00')",
    "a reason before its day": "insert into registration_events (registration_id, kind, reason_code,"
    " evidence, counsellor_id, reviewer_id, at) values (:id, 'exit_confirmed', 'employed', 'x',"
    " :one, :two, '2020-01-01 10:00:00')",
    "an old event changed": "update registration_events set kind = 'exit_confirmed',"
    " reason_code = 'employed', counsellor_id = :one, reviewer_id = :two where registration_id = :id",
    "a forbidden reason into the list": "insert into duty_items (list, code, label, region_code,"
    " effective_from, citation, grade) values ('exit_reasons', 'refused_3', 'x', '210000',"
    " '2020-01-01', '', 'C')",
}  # fmt: skip


@pytest.mark.parametrize("statement", BY_HAND.values(), ids=BY_HAND.keys())
def test_the_tables_refuse_it_whoever_writes(
    office: Session, clerk: Staff, head: Staff, statement: str
) -> None:
    _, registration = make_registered(office)
    given = {"id": registration.id, "one": clerk.id, "two": head.id}
    with pytest.raises(DBAPIError), office.begin_nested():
        office.execute(text(statement), given)
    assert office.scalar(select(Registration.state)) == "active"


def test_after_a_restored_exit_the_old_review_ends_nothing_again(
    office: Session, clerk: Staff, head: Staff
) -> None:
    _, registration = make_registered(office)
    registrations.propose_exit(office, clerk, registration.id, "employed", EVIDENCE)
    registrations.confirm_exit(office, head, registration.id)
    registrations.restore(office, head, registration.id, "没干满一天")
    assert registration.state == "active"
    with pytest.raises(DBAPIError), office.begin_nested():
        office.execute(text("update registrations set state = 'exited'"))


def test_an_objection_stops_the_review_and_asks_for_an_answer(
    office: Session, clerk: Staff, head: Staff, second_head: Staff
) -> None:
    _, registration = make_registered(office)
    registrations.propose_exit(office, head, registration.id, "employed", EVIDENCE)
    registrations.object_to_exit(office, registration, "我没有上班")
    assert registration.state == "objected"
    with pytest.raises(WrongState):
        registrations.confirm_exit(office, second_head, registration.id)
    with pytest.raises(SamePerson):
        registrations.answer_objection(office, head, registration.id, "不成立", upheld=False)
    registrations.answer_objection(office, second_head, registration.id, "查明没上班", upheld=True)
    assert registration.state == "active"
    assert office.scalars(select(Task.kind).where(Task.state == "open")).all() == []
    assert STATES[registration.state] == "登记中"


def test_an_objection_after_the_exit_brings_the_registration_back(
    office: Session, clerk: Staff, head: Staff
) -> None:
    person, registration = make_registered(office)
    with pytest.raises(WrongState):
        registrations.object_to_exit(office, registration, "无事")
    registrations.propose_exit(office, clerk, registration.id, "employed", EVIDENCE)
    registrations.confirm_exit(office, head, registration.id)
    assert registrations.proposals(office, head) == []
    registrations.object_to_exit(office, registration, "我没有上班")
    (waiting,) = registrations.proposals(office, head)
    assert waiting.objected
    registrations.answer_objection(office, head, registration.id, "成立", upheld=True)
    assert registrations.proposals(office, head) == []
    assert (registration.state, person.left_at) == ("active", None)


def test_a_person_has_one_open_registration(office: Session) -> None:
    person, _ = make_registered(office)
    with pytest.raises(WrongState, match="已经有一条"):
        registrations.register(office, person, date(2026, 11, 1), "", "desk")


def test_events_are_never_changed(office: Session) -> None:
    make_registered(office)
    event = office.scalars(select(RegistrationEvent)).one()
    statement = update(RegistrationEvent).where(RegistrationEvent.id == event.id)
    with pytest.raises(DBAPIError), office.begin_nested():
        office.execute(statement.values(evidence="别的"))


def test_a_review_cannot_be_skipped_as_a_task(office: Session, clerk: Staff, head: Staff) -> None:
    _, registration = make_registered(office)
    registrations.propose_exit(office, clerk, registration.id, "employed", EVIDENCE)
    number = office.scalars(select(Task.id).where(Task.kind == "exit_review")).one()
    with pytest.raises(WrongState):
        tasks.skip(office, head, number, "算了")
