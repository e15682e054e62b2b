"""Services to the unemployed, the six of 辽人社建〔2025〕21号 一(二): reported, and on our record.

Both are acts (人次), not people: who was called twice counts twice. The two are never added up:
what districts report holds what was done outside this system as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.casework.areas import region_of_area
from bot.casework.contacts import COVERING
from bot.casework.plans import ENDED, REPLACED
from bot.casework.roles import NUMBERS, Staff
from bot.casework.scope import visible, within
from bot.clock import CHINA
from bot.db.tables import (
    Contact,
    Need,
    Person,
    Plan,
    PlanStep,
    PlanVersion,
    Promise,
    PromiseOffer,
    Task,
)
from bot.disclosure.rule import DisclosureRule, disclosure_rule
from bot.monthly_reports.area_table import area_table, digits_below
from bot.warning.months import months_before
from bot.warning.series import districts, read_series


@dataclass(frozen=True)
class Service:
    """A service: what it is called, the column of districts' sheets, what of ours counts."""

    name: str
    measure: str
    definition: str
    """What is counted of this system's own record; empty where it keeps none."""


SERVICES: Mapping[str, Service] = {
    "contacts": Service("联系服务", "service_contacts", "记下的联系里，说上话和本人不愿说的"),
    "registrations": Service("求职登记", "service_registrations", "新记下的找工作的需求"),
    "recommendations": Service("职业推荐", "service_recommendations", "承诺里给出的岗位"),
    "training": Service("培训", "service_training", "方案里办完的技能培训"),
    "startup": Service("创业服务", "service_startup", "方案里办完的创业扶持"),
    "publicity": Service("政策宣传", "service_publicity", ""),
}


@dataclass(frozen=True)
class ServiceRow:
    """A service with its figures as texts."""

    name: str
    reported: str
    """Of the month, by all districts; 缺数 with the share that came."""
    reported_year: str
    definition: str


@dataclass(frozen=True)
class ServiceCounts:
    """The six services of a month in an area, and what this system keeps of them by area below."""

    rows: tuple[ServiceRow, ...]
    heads: tuple[str, ...]
    own: tuple[tuple[str, tuple[str, ...]], ...]
    """Name of an area and its figures in the order of `heads`; the whole last."""


def service_counts(db: Session, me: Staff, area: str, month: date) -> ServiceCounts:
    """Return the services of a month. Raises NotPermitted, DisclosureError."""
    me.need(NUMBERS, area)
    rule = disclosure_rule("inside", region_of_area(area), month)
    rows = [
        ServiceRow(
            service.name, _reported(db, service.measure, area, [month], rule),
            _reported(db, service.measure, area, _year(month), rule),
            service.definition or "本系统不记",
        )
        for service in SERVICES.values()
    ]  # fmt: skip
    columns = list(_QUERIES)
    table = area_table(db, me, area, month, _own(db, me, area, month), columns)
    heads = tuple(SERVICES[key].name for key in columns)
    return ServiceCounts(tuple(rows), heads, table.rows(columns))


def _year(month: date) -> list[date]:
    return [months_before(month, number) for number in range(month.month)]


def _reported(
    db: Session, measure: str, area: str, months: Sequence[date], rule: DisclosureRule
) -> str:
    """Return the sum of what districts report; 缺数 unless all of them reported all months."""
    if len(area) > 6:
        return "缺数（月报只到区县）"
    places, series = districts(region_of_area(area)), read_series(db, measure)
    delivered = sum((place, month) in series.values for place in places for month in months)
    if delivered < len(places) * len(months):
        return f"缺数（到{delivered}/{len(places) * len(months)}）"
    total = sum(series.total(places, month) for month in months)
    return f"<{rule.people}" if total < rule.people else f"{total:,.0f}"


def _own(db: Session, me: Staff, area: str, month: date) -> Mapping[tuple[str, str], int]:
    """Return this system's own counts by area below and service."""
    digits = digits_below(db, area)
    begins = datetime(month.year, month.month, 1, tzinfo=CHINA)
    following = months_before(month, -1)
    ends = datetime(following.year, following.month, 1, tzinfo=CHINA)
    place = func.substr(Person.region_code, 1, digits)
    values: dict[tuple[str, str], int] = {}
    for key, query in _QUERIES.items():
        counted = query(begins, ends).add_columns(place, func.count()).group_by(place)
        counted = counted.where(visible(me, Person, NUMBERS), within(Person.region_code, area))
        for code, count in db.execute(counted):
            values[code, key] = count
    return values


def _contacts(begins: datetime, ends: datetime) -> Select[Any]:
    return (
        select()
        .select_from(Contact)
        .join(Person, Person.id == Contact.person_id)
        .where(Contact.at >= begins, Contact.at < ends, Contact.outcome.in_(COVERING))
    )


def _job_needs(begins: datetime, ends: datetime) -> Select[Any]:
    return (
        select()
        .select_from(Need)
        .join(Person, Person.id == Need.person_id)
        .where(Need.kind == "job", Need.as_of >= begins.date(), Need.as_of < ends.date())
    )


def _offers(begins: datetime, ends: datetime) -> Select[Any]:
    return (
        select()
        .select_from(PromiseOffer)
        .join(Promise, Promise.id == PromiseOffer.promise_id)
        .join(Person, Person.id == Promise.person_id)
        .where(PromiseOffer.answer.is_(None), PromiseOffer.at >= begins, PromiseOffer.at < ends)
    )


def _steps_done(kind: str) -> Callable[[datetime, datetime], Select[Any]]:
    def query(begins: datetime, ends: datetime) -> Select[Any]:
        return (
            select()
            .select_from(PlanStep)
            .join(PlanVersion, PlanVersion.id == PlanStep.version_id)
            .join(Plan, Plan.id == PlanVersion.plan_id)
            .join(Person, Person.id == Plan.person_id)
            .join(Task, Task.id == PlanStep.task_id)
            .where(
                PlanStep.kind == kind, Task.state == "done", Task.result.not_in((REPLACED, ENDED))
            )
            .where(Task.closed_at >= begins, Task.closed_at < ends)
        )

    return query


_QUERIES: Mapping[str, Callable[[datetime, datetime], Select[Any]]] = {
    "contacts": _contacts, "registrations": _job_needs, "recommendations": _offers,
    "training": _steps_done("training"), "startup": _steps_done("startup"),
}  # fmt: skip
