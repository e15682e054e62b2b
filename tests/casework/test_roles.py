import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import clock
from bot.casework import roles
from bot.casework.errors import NotPermitted, NotVisible, SamePerson, WrongState
from bot.casework.roles import Staff
from bot.db.tables import StaffRole
from tests.casework.people import make_staff


def test_the_head_of_a_district_gives_and_takes_roles_of_his_own_area(
    office: Session, head: Staff
) -> None:
    new = make_staff(office, "周新")
    roles.grant(office, head, new.id, "community", "210106001")
    with pytest.raises(NotPermitted):
        roles.grant(office, head, new.id, "street", "210104002")
    with pytest.raises(NotPermitted):
        roles.grant(office, head, new.id, "operator", "")
    seen = roles.staff(office, new.id)
    assert seen is not None
    assert seen.scopes(roles.PEOPLE) == ("210106001",)
    roles.revoke(office, head, seen.grants[0].id)
    later = roles.staff(office, new.id)
    assert later is not None
    assert later.grants == ()


def test_nobody_gives_himself_a_role(office: Session, head: Staff) -> None:
    with pytest.raises(SamePerson):
        roles.grant(office, head, head.id, "counsellor", "210106")
    row = {
        "counsellor_id": head.id, "role": "auditor", "scope": "21", "granted_by": head.id,
        "granted_at": clock.now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError), office.begin_nested():
        office.execute(insert(StaffRole), [row])


@pytest.mark.parametrize(
    ("role", "scope", "fault"),
    [
        ("street", "210106", WrongState),
        ("district", "210106001", WrongState),
        ("operator", "21", WrongState),
        ("street", "210106999", NotVisible),
        ("street", "nowhere", NotVisible),
        ("king", "21", WrongState),
    ],
)
def test_a_role_is_held_only_at_its_levels(
    office: Session, role: str, scope: str, fault: type[Exception]
) -> None:
    one = make_staff(office, "周")
    with pytest.raises(fault):
        roles.grant(office, None, one.id, role, scope)


def test_a_role_is_not_given_twice(office: Session, head: Staff) -> None:
    with pytest.raises(WrongState, match="已经有"):
        roles.grant(office, None, head.id, "district", "210106")


def test_a_wider_area_swallows_a_narrower_one(office: Session) -> None:
    one = make_staff(office, "周", "community", "210106001")
    roles.grant(office, None, one.id, "district", "210106")
    seen = roles.staff(office, one.id)
    assert seen is not None
    assert seen.scopes(roles.PEOPLE) == ("210106",)


def test_operators_see_no_people_and_heads_no_strangers(office: Session, head: Staff) -> None:
    operator = make_staff(office, "运维", "operator")
    assert operator.scopes(roles.PEOPLE) == ()
    make_staff(office, "外区", "district", "210104")
    names = [one.name for one in roles.members(office, head)]
    assert not any(one.startswith("外区") for one in names)
    everybody = [one.name for one in roles.members(office, operator)]
    assert any(one.startswith("外区") for one in everybody)
    with pytest.raises(NotPermitted):
        roles.members(office, make_staff(office, "无"))
