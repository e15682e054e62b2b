"""Roles of staff: at which levels each may be held, and what it permits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework.areas import area_of_region, exists, level_of
from bot.casework.errors import NotPermitted, NotVisible, SamePerson, WrongState
from bot.db.tables import Counsellor, StaffRole
from bot.wording import wording

_SAY = wording("casework")

#: What a role can permit.
PEOPLE = "people"
"""See and serve people: lists, pages, contacts, needs, tasks."""
IDENTITY = "identity"
"""See the whole identity number."""
LEDGER = "ledger"
"""Registrations, hardship ledger, households, imports, the first half of an exit."""
REVIEW = "review"
"""The second half of an exit."""
PLANS = "plans"
"""Plans, promises, placements, referrals."""
ASSIGN = "assign"
"""Give tasks to a colleague, roles to staff of the area."""
NUMBERS = "numbers"
"""Counts of the area."""
EXPORT = "export"
"""Take lists out as sheets, and be the second person for a colleague's."""
AUDIT = "audit"
"""The log of looks."""
LISTINGS = "listings"
"""See stations, fairs and courses of the area."""
LISTINGS_EDIT = "listings_edit"
"""Enter, correct, confirm and close them."""
WARNING = "warning"
"""See indicators, alerts and firms of the area."""
WARNING_EDIT = "warning_edit"
"""Verify firms, close measures, freeze lists, prepare and approve reports."""
TICKETS = "tickets"
"""Answer hand-offs of the chat from the area."""
POSTINGS = "postings"
"""Enter postings for the area, see those entered there."""
POSTINGS_REVIEW = "postings_review"
"""Decide on postings of the area that wait."""
QUESTIONS = "questions"
"""See and work through what the bot could not answer; no person stands behind it."""
ACCOUNTS = "accounts"
"""Accounts and roles everywhere, but no person's record."""


@dataclass(frozen=True)
class Role:
    """A role."""

    label: str
    levels: tuple[str, ...]
    """Of the areas in which it may be held; none for a role without an area."""
    permits: frozenset[str]


ROLES: dict[str, Role] = {
    "community": Role("社区协理", ("street", "community"), frozenset({PEOPLE, LISTINGS, POSTINGS})),
    "street": Role(
        "街道经办", ("street",),
        frozenset({PEOPLE, IDENTITY, LEDGER, PLANS, NUMBERS, LISTINGS, POSTINGS, EXPORT}),
    ),
    "counsellor": Role(
        "职业指导师", ("district", "city"),
        frozenset({PEOPLE, PLANS, LISTINGS, TICKETS, POSTINGS, EXPORT}),
    ),
    "reviewer": Role("审岗", ("district", "city"), frozenset({POSTINGS, POSTINGS_REVIEW})),
    "district": Role(
        "区县负责人", ("district",),
        frozenset(
            {PEOPLE, IDENTITY, LEDGER, REVIEW, PLANS, ASSIGN, NUMBERS, EXPORT}
            | {LISTINGS, LISTINGS_EDIT, WARNING, WARNING_EDIT}
            | {TICKETS, POSTINGS, POSTINGS_REVIEW}
        ),
    ),
    "manager": Role(
        "市省管理者", ("city", "province"),
        frozenset({NUMBERS, LISTINGS, LISTINGS_EDIT, WARNING, WARNING_EDIT, EXPORT}),
    ),
    "editor": Role("政策编辑", ("city", "province"), frozenset({QUESTIONS})),
    "operator": Role("运维", (), frozenset({ACCOUNTS})),
    "auditor": Role("审计", ("province",), frozenset({AUDIT})),
}  # fmt: skip


@dataclass(frozen=True)
class Grant:
    """A role that a member of staff has in an area."""

    id: int
    role: str
    scope: str


@dataclass(frozen=True)
class Staff:
    """A member of staff with the roles that they have now."""

    id: int
    name: str
    grants: tuple[Grant, ...]

    def scopes(self, permission: str) -> tuple[str, ...]:
        """Return the areas in which something is permitted; one inside another is left out."""
        scopes = {grant.scope for grant in self.grants if permission in ROLES[grant.role].permits}
        return tuple(
            sorted(
                area
                for area in scopes
                if not any(area != outer and area.startswith(outer) for outer in scopes)
            )
        )

    def may(self, permission: str, area: str | None = None) -> bool:
        """Tell whether something is permitted, in an area if one is named."""
        return any(area is None or area.startswith(scope) for scope in self.scopes(permission))

    def need(self, permission: str, area: str | None = None) -> None:
        """Raise NotPermitted unless something is permitted."""
        if not self.may(permission, area):
            raise NotPermitted


@dataclass(frozen=True)
class Member:
    """A member of staff as the page of staff shows them."""

    id: int
    name: str
    grants: tuple[Grant, ...]


def staff(db: Session, counsellor_id: int) -> Staff | None:
    """Return a member of staff who has not left."""
    counsellor = db.get(Counsellor, counsellor_id)
    if counsellor is None or counsellor.left_at is not None:
        return None
    return Staff(
        counsellor.id, counsellor.name, _grants(db, [counsellor.id]).get(counsellor.id, ())
    )


def members(db: Session, me: Staff) -> list[Member]:
    """Return the staff with roles that this one may change. Raises NotPermitted."""
    if not (me.may(ASSIGN) or me.may(ACCOUNTS)):
        raise NotPermitted
    query = select(Counsellor.id, Counsellor.name).where(Counsellor.left_at.is_(None))
    names = dict(db.execute(query.order_by(Counsellor.name)).tuples().all())
    grants = _grants(db, list(names))
    staff_members = [Member(number, name, grants.get(number, ())) for number, name in names.items()]
    if me.may(ACCOUNTS):
        return staff_members
    return [member for member in staff_members if _within(member, me) or not member.grants]


def grant(db: Session, me: Staff | None, counsellor_id: int, role: str, scope: str) -> StaffRole:
    """Give a role in an area; `me` is None at the command line.

    Raises NotPermitted, SamePerson, NotVisible for an area that there is not, WrongState for a role
    that cannot be held there or is held already.
    """
    if role not in ROLES:
        raise WrongState(_SAY("role_unknown", role=role))
    levels = ROLES[role].levels
    if levels and not exists(db, scope):
        raise NotVisible
    if (levels and level_of(scope) not in levels) or (not levels and scope):
        raise WrongState(_SAY("role_level_wrong", role=ROLES[role].label))
    if me is not None:
        _check_granting(me, counsellor_id, scope, bool(levels))
    if any((g.role, g.scope) == (role, scope) for g in _grants(db, [counsellor_id]).get(
        counsellor_id, ())):  # fmt: skip
        raise WrongState(_SAY("role_granted_already"))
    made = StaffRole(
        counsellor_id=counsellor_id, role=role, scope=scope,
        granted_by=me.id if me else None, granted_at=clock.now(),
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def revoke(db: Session, me: Staff | None, number: int) -> StaffRole:
    """End a role. Raises NotVisible, SamePerson or NotPermitted."""
    row = db.get(StaffRole, number)
    if row is None or row.ended_at is not None:
        raise NotVisible
    if me is not None:
        _check_granting(me, row.counsellor_id, row.scope, bool(row.scope))
    row.ended_at, row.ended_by = clock.now(), me.id if me else None
    db.flush()
    return row


def holders(db: Session, permission: str, area: str) -> list[int]:
    """Return the staff with a permission in an area, the nearest scope first."""
    roles = [key for key, role in ROLES.items() if permission in role.permits]
    prefixes = [area[:digits] for digits in (12, 9, 6, 4, 2) if len(area) >= digits]
    query = (
        select(StaffRole.counsellor_id)
        .join(Counsellor, Counsellor.id == StaffRole.counsellor_id)
        .where(_open(), Counsellor.left_at.is_(None))
        .where(StaffRole.role.in_(roles), StaffRole.scope.in_(prefixes))
        .order_by(func.length(StaffRole.scope).desc(), StaffRole.id)
    )
    return list(dict.fromkeys(db.scalars(query)))


def serving(db: Session, permission: str, region_code: str | None) -> list[int]:
    """Return the staff with a permission whose area meets a region: it lies there, or around it.

    None, of what has no region: all who have the permission.
    """
    roles = [key for key, role in ROLES.items() if permission in role.permits]
    query = (
        select(StaffRole.counsellor_id, StaffRole.scope)
        .join(Counsellor, Counsellor.id == StaffRole.counsellor_id)
        .where(_open(), Counsellor.left_at.is_(None), StaffRole.role.in_(roles))
        .order_by(StaffRole.id)
    )
    area = area_of_region(region_code) if region_code else ""
    meeting = (
        number
        for number, scope in db.execute(query)
        if area.startswith(scope[:6]) or scope.startswith(area)
    )
    return list(dict.fromkeys(meeting))


def _check_granting(me: Staff, counsellor_id: int, scope: str, has_area: bool) -> None:
    if me.id == counsellor_id:
        raise SamePerson
    if me.may(ACCOUNTS):
        return
    if not has_area or not me.may(ASSIGN, scope):
        raise NotPermitted


def _within(member: Member, me: Staff) -> bool:
    return all(grant.scope and me.may(ASSIGN, grant.scope) for grant in member.grants)


def _open(now: datetime | None = None) -> ColumnElement[bool]:
    moment = now or clock.now()
    return and_(
        StaffRole.granted_at <= moment,
        or_(StaffRole.ended_at.is_(None), StaffRole.ended_at > moment),
    )


def _grants(db: Session, counsellors: list[int]) -> dict[int, tuple[Grant, ...]]:
    query = select(StaffRole).where(_open(), StaffRole.counsellor_id.in_(counsellors))
    grants: dict[int, tuple[Grant, ...]] = {}
    for row in db.scalars(query.order_by(StaffRole.role, StaffRole.scope)):
        grant = Grant(row.id, row.role, row.scope)
        grants[row.counsellor_id] = (*grants.get(row.counsellor_id, ()), grant)
    return grants
