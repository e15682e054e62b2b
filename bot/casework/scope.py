"""The one predicate of scope: which rows a member of staff sees.

Every list, page, export and count asks `visible`; PostgreSQL's policies of rows (migration 0020)
say the same a second time, by the scopes that `narrow` names for a transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, text
from sqlalchemy.orm import Session

from bot.casework.areas import AFTER_DIGITS, region_of_area
from bot.casework.errors import NotVisible
from bot.casework.roles import PEOPLE, Staff
from bot.db.tables import (
    Alert,
    Base,
    Contact,
    ContactWish,
    Course,
    DirectoryItem,
    ExportedPerson,
    Fair,
    FocusEntry,
    FocusEvent,
    FrozenList,
    Household,
    HouseholdMember,
    ImportBatch,
    ImportRow,
    Need,
    Person,
    PersonGroup,
    PersonLink,
    Placement,
    PlacementCheck,
    Plan,
    PlanStep,
    PlanVersion,
    Posting,
    PostingEntry,
    Promise,
    PromiseOffer,
    Provider,
    Publication,
    Referral,
    Registration,
    RegistrationEvent,
    Station,
    SubsidyRate,
    SupervisionOrder,
    Task,
    Ticket,
    TicketMessage,
    Transfer,
    UnansweredQuestion,
    WarningCase,
)

Model = type[Base]
#: The column that holds a row's area …
_AREA_COLUMN: dict[Model, Any] = {
    Person: Person.region_code, Household: Household.region_code, Task: Task.region_code,
    ImportBatch: ImportBatch.scope, PostingEntry: PostingEntry.area,
}  # fmt: skip
#: … or a GB/T 2260 code of six digits: of what has no street, a street sees its district's …
_REGION_COLUMN: dict[Model, Any] = {
    **{
        model: model.region_code
        for model in (Station, Fair, Provider, Course, DirectoryItem, SubsidyRate)
    },
    Alert: Alert.region, WarningCase: WarningCase.district,
    FrozenList: FrozenList.region, Publication: Publication.region,
    SupervisionOrder: SupervisionOrder.region,
}  # fmt: skip
#: … or lies in two, of which either is enough, …
_SIDES: tuple[Any, Any] = (Transfer.from_code, Transfer.to_code)
#: … or such a code that may be missing, or name a city alone: everybody whose area may be meant
#: sees it, for somebody must answer it …
_LOOSE_COLUMN: dict[Model, Any] = {
    Ticket: Ticket.region_code, Posting: Posting.region_code,
    UnansweredQuestion: UnansweredQuestion.region_code,
}  # fmt: skip
#: … or the column by which it hangs on a row that has one.
_PARENT: dict[Model, tuple[Any, Any]] = {
    **{
        model: (model.person_id, Person)
        for model in (
            Registration, PersonLink, PersonGroup, HouseholdMember, Need, ContactWish, Contact,
            Promise, Plan, Placement, Referral, FocusEntry, ExportedPerson,
        )
    },
    RegistrationEvent: (RegistrationEvent.registration_id, Registration),
    PromiseOffer: (PromiseOffer.promise_id, Promise),
    PlanVersion: (PlanVersion.plan_id, Plan),
    PlanStep: (PlanStep.version_id, PlanVersion),
    PlacementCheck: (PlacementCheck.placement_id, Placement),
    ImportRow: (ImportRow.batch_id, ImportBatch),
    FocusEvent: (FocusEvent.entry_id, FocusEntry),
    TicketMessage: (TicketMessage.ticket_id, Ticket),
}  # fmt: skip


def visible(staff: Staff, model: Model, permission: str = PEOPLE) -> ColumnElement[bool]:
    """Return the condition that a row is in an area where this is permitted.

    A model of an unknown kind is an error of ours: KeyError.
    """
    return _in_areas(model, staff.scopes(permission))


def within(column: Any, area: str) -> ColumnElement[bool]:
    """Return the condition that a code begins with an area's: a range that an index serves."""
    return and_(column >= area, column < area + AFTER_DIGITS)


def get(
    db: Session, staff: Staff, model: type[Any], number: int, permission: str = PEOPLE,
    lock: bool = False,
) -> Any:  # fmt: skip
    """Return a row by its number. Raises NotVisible for one that is not or is not in the area."""
    query = select(model).where(model.id == number, visible(staff, model, permission))
    row = db.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotVisible
    return row


def narrow(db: Session, staff: Staff) -> None:
    """Let PostgreSQL show rows of this member's areas alone until the transaction ends."""
    if db.get_bind().dialect.name != "postgresql":
        return
    scopes = {grant.scope for grant in staff.grants if grant.scope}
    patterns = ",".join(f"{scope}%" for scope in sorted(scopes)) or "-"
    db.execute(text("select set_config('jiuye.scopes', :scopes, true)"), {"scopes": patterns})


@contextmanager
def everywhere(db: Session) -> Iterator[None]:
    """Lift PostgreSQL's policies of rows within: for what concerns a whole province.

    To see whether a person is there already, and to move one between areas by a transfer.
    """
    if db.get_bind().dialect.name != "postgresql":
        yield
        return
    previous_scopes = db.scalar(text("select coalesce(current_setting('jiuye.scopes', true), '')"))
    db.execute(text("select set_config('jiuye.scopes', '*', true)"))
    try:
        yield
    finally:
        db.execute(
            text("select set_config('jiuye.scopes', :before, true)"), {"before": previous_scopes}
        )


def count(db: Session, condition: ColumnElement[bool], model: type[Any], limit: int) -> int:
    """Count rows up to `limit` + 1: a larger number is shown as `limit`+."""
    limited = select(model.id).where(condition).limit(limit + 1).subquery()
    return db.scalar(select(func.count()).select_from(limited)) or 0


def _in_areas(model: Model, scopes: tuple[str, ...]) -> ColumnElement[bool]:
    if not scopes:
        return false()
    if model in _LOOSE_COLUMN:
        column = _LOOSE_COLUMN[model]
        around = {region_of_area(scope[:n]) for scope in scopes for n in (2, 4) if len(scope) > n}
        inside = (within(column, scope[:6]) for scope in scopes)
        return or_(column.is_(None), column.in_(around), *inside)
    if model in _REGION_COLUMN:
        column = _REGION_COLUMN[model]
        return or_(*(within(column, scope[:6]) for scope in scopes))
    if model in _AREA_COLUMN:
        return or_(*(_area(model, scope) for scope in scopes))
    if model is Transfer:  # both sides see it
        return or_(*(within(side, scope) for scope in scopes for side in _SIDES))
    column, parent = _PARENT[model]
    return exists(select(parent.id).where(parent.id == column, _in_areas(parent, scopes)))


def _area(model: Model, scope: str) -> ColumnElement[bool]:
    if len(scope) == 6 and hasattr(model, "district_code"):
        return bool_column(model.district_code == scope)
    return within(_AREA_COLUMN[model], scope)


def bool_column(condition: Any) -> ColumnElement[bool]:
    """Return a comparison with its type for mypy."""
    checked: ColumnElement[bool] = condition
    return checked
