"""Indicators that are made from filings, postings, wishes, follow-ups and tickets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from statistics import median
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.models.imports import is_shown
from bot.db.tables import (
    Contact,
    Delivery,
    JobPreferenceRow,
    Person,
    Posting,
    PostingDecision,
    Promise,
    Registration,
    SeekerState,
    Ticket,
    WarningBatch,
    WarningDelivery,
)
from bot.warning.batches import live
from bot.warning.candidates import find
from bot.warning.filings import END, day_number
from bot.warning.lists import current_form
from bot.warning.months import last_day, month_number, months_before
from bot.warning.rule_figures import region_prefix
from bot.warning.series import Series
from bot.warning.survey import Survey, read_survey
from bot.wording import wording

_SAY = wording("warning")

#: Months of history that a series made from filings has: two years and this month.
HISTORY = 25
#: Wishes below which a ratio says nothing.
_LEAST_WISHES = 20


@dataclass(frozen=True)
class RegionFigure:
    """A figure of a region; None with the reason where there is none."""

    value: float | None
    note: str = ""
    denominator: int | None = None
    """Of a rate the people below it: of too few it is not printed."""


def computed_series(db: Session, name: str, region: str, month: date) -> Series:
    """Return a series by district that is made from filings; only months that were delivered."""
    form = current_form(region, month, None)
    survey = read_survey(db, form.rule, form.reasons)
    first = months_before(month, HISTORY - 1)
    delivered = _delivered(db)
    if name == "net_filings":
        sums = net_filings(survey, first, month)
    else:
        last = min(last_day(month), survey.today)
        result = find(survey, form.rule, form.dispatch_industries, first, last)
        sums = {}
        for item in result.candidates:
            if item.transfer_to is None:
                key = (item.district, item.day.replace(day=1))
                sums[key] = sums.get(key, 0) + 1
    return Series({key: float(sums.get(key, 0)) for key in delivered if first <= key[1] <= month})


def _delivered(db: Session) -> set[tuple[str, date]]:
    query = (
        select(WarningDelivery.district, WarningDelivery.month)
        .join(WarningBatch, WarningBatch.id == WarningDelivery.batch_id)
        .where(WarningBatch.kind == "filings", live())
    )
    return {(place, month) for place, month in db.execute(query)}


def net_filings(survey: Survey, first: date, last: date) -> dict[tuple[str, date], float]:
    """Return hires less ends by the firm's district and month of effect."""
    filings = survey.cleaned.filings
    inside = (filings.effective >= day_number(first)) & (
        filings.effective <= day_number(last_day(last))
    )
    months = filings.effective[inside].astype("datetime64[D]").astype("datetime64[M]")
    number = months.astype(np.int64) + 12 * 1970
    sign = np.where(filings.kind[inside] == END, 1, 0) * -2 + 1
    net: dict[tuple[str, date], float] = {}
    for firm, month_index, change in zip(filings.firm[inside], number, sign, strict=True):
        key = (survey.districts[firm], date(int(month_index) // 12, int(month_index) % 12 + 1, 1))
        net[key] = net.get(key, 0.0) + float(change)
    return net


def figure(db: Session, name: str, region: str, month: date) -> RegionFigure:
    """Return a figure that has no monthly series, for a region and month."""
    return _FIGURES[name](db, region_prefix(region), month)


def _within(column: Any, prefix: str) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = column.like(f"{prefix}%")
    return condition


def _open(prefix: str) -> ColumnElement[bool]:
    place = or_(_within(Posting.region_code, prefix), _within(Posting.city_code, prefix))
    return (Posting.status == "open") & is_shown(Posting.id) & place


def _now_only(month: date) -> str:
    """Return why a stock of postings is not known for a month; empty for the present one."""
    same = month_number(month) == month_number(clock.today())
    return "" if same else _SAY("only_current_stock")


def _openings(db: Session, prefix: str, month: date) -> RegionFigure:
    if why := _now_only(month):
        return RegionFigure(None, why)
    total, count, unstated = db.execute(
        select(
            func.sum(func.coalesce(Posting.headcount, 1)), func.count(),
            func.count().filter(Posting.headcount.is_(None)),
        ).where(_open(prefix))
    ).one()  # fmt: skip
    if not count:
        return RegionFigure(None, _SAY("no_open_posting"))
    return RegionFigure(
        float(total), _SAY("openings_without_number", percent=f"{100 * unstated / count:.0f}")
    )


def _hiring_employers(db: Session, prefix: str, month: date) -> RegionFigure:
    if why := _now_only(month):
        return RegionFigure(None, why)
    count = db.scalar(select(func.count(Posting.employer_id.distinct())).where(_open(prefix)))
    return RegionFigure(float(count or 0))


def _offered_pay(db: Session, prefix: str, month: date) -> RegionFigure:
    if why := _now_only(month):
        return RegionFigure(None, why)
    query = select(Posting.salary_min, Posting.salary_max).where(_open(prefix))
    pay = [(low + (high or low)) / 2 for low, high in db.execute(query) if low]
    if not pay:
        return RegionFigure(None, _SAY("no_posting_with_pay"))
    return RegionFigure(median(pay), _SAY("postings_with_pay", count=len(pay)))


def _postings_refused(db: Session, prefix: str, month: date) -> RegionFigure:
    begin, end = _span(month)
    query = (
        select(PostingDecision.action, func.count())
        .join(Posting, Posting.id == PostingDecision.posting_id)
        .where(PostingDecision.decided_at >= begin, PostingDecision.decided_at < end)
        .where(or_(_within(Posting.region_code, prefix), _within(Posting.city_code, prefix)))
        .group_by(PostingDecision.action)
    )
    counts = dict(row.tuple() for row in db.execute(query))
    total = sum(counts.values())
    return _share(counts.get("refused", 0), total, _SAY("no_posting_reviewed"))


def _openings_per_wish(db: Session, prefix: str, month: date) -> RegionFigure:
    if why := _now_only(month):
        return RegionFigure(None, why)
    place = _within(JobPreferenceRow.region_code, prefix)
    wishes = db.scalar(select(func.count()).select_from(JobPreferenceRow).where(place)) or 0
    openings = _openings(db, prefix, month).value
    if wishes < _LEAST_WISHES or openings is None:
        return RegionFigure(None, _SAY("too_few_preferences", limit=_LEAST_WISHES))
    return RegionFigure(openings / wishes, _SAY("seekers_of_assistant"))


def _found_work(db: Session, prefix: str, month: date) -> RegionFigure:
    begin, end = _span(month)
    query = (
        select(func.count(SeekerState.seeker_id.distinct()))
        .join(JobPreferenceRow, JobPreferenceRow.seeker_id == SeekerState.seeker_id)
        .where(SeekerState.state == "working", SeekerState.told_at >= begin)
        .where(SeekerState.told_at < end, _within(JobPreferenceRow.region_code, prefix))
    )
    sent = db.scalar(select(func.count()).select_from(Delivery))
    return (
        RegionFigure(float(db.scalar(query) or 0))
        if sent
        else RegionFigure(None, _SAY("nothing_pushed"))
    )


def _handoff_wait(db: Session, prefix: str, month: date) -> RegionFigure:
    if len(prefix) > 2:
        return RegionFigure(None, _SAY("tickets_without_region"))
    begin, end = _span(month)
    query = select(Ticket.opened_at, Ticket.taken_at).where(
        Ticket.opened_at >= begin, Ticket.opened_at < end, Ticket.taken_at.is_not(None)
    )
    waits = [
        (accepted - opened).total_seconds() / 60
        for opened, accepted in db.execute(query)
        if accepted
    ]
    return RegionFigure(median(waits)) if waits else RegionFigure(None, _SAY("no_ticket"))


def _contact_coverage(db: Session, prefix: str, month: date) -> RegionFigure:
    """Return the share of the registered unemployed who were reached or refused in a month."""
    begin, end = _span(month)
    covered = exists(
        select(Contact.id).where(
            Contact.person_id == Registration.person_id, Contact.at >= begin, Contact.at < end,
            Contact.outcome.in_(("reached", "refused")),
        )
    )  # fmt: skip
    still = or_(Registration.exited_on.is_(None), Registration.exited_on >= end.date())
    query = (
        select(func.count(), func.count().filter(covered))
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.registered_on < end.date(), still, Registration.state != "withdrawn")
        .where(_within(Person.district_code, prefix))
    )
    total, reached = db.execute(query).one()
    return _people_share(reached, total, _SAY("nobody_registered"))


def _promises_kept(db: Session, prefix: str, month: date) -> RegionFigure:
    """Return the share of the promises begun in a month and over now that were kept in time."""
    begin, end = _span(month)
    kept = Promise.state.in_(("accepted", "working"))
    query = (
        select(func.count(), func.count().filter(kept))
        .select_from(Promise)
        .join(Person, Person.id == Promise.person_id)
        .where(Promise.started_at >= begin, Promise.started_at < end)
        .where(Promise.state.not_in(("running", "withdrawn")))
        .where(_within(Person.district_code, prefix))
    )
    total, in_time = db.execute(query).one()
    return _people_share(in_time, total, _SAY("no_promise"))


def _people_share(part: int, total: int, otherwise: str) -> RegionFigure:
    share = _share(part, total, otherwise)
    return RegionFigure(share.value, share.note, total)


def _span(month: date) -> tuple[datetime, datetime]:
    """Return a month's first moment and that of the next."""
    begin, end = (
        datetime.combine(m, time(), clock.CHINA) for m in (month, months_before(month, -1))
    )
    return begin, end


def _share(part: int, total: int, otherwise: str) -> RegionFigure:
    return RegionFigure(100 * part / total) if total else RegionFigure(None, otherwise)


_FIGURES: Mapping[str, Callable[[Session, str, date], RegionFigure]] = {
    "openings": _openings, "hiring_employers": _hiring_employers, "offered_pay": _offered_pay,
    "postings_refused": _postings_refused, "openings_per_wish": _openings_per_wish,
    "found_work": _found_work, "handoff_wait": _handoff_wait,
    "contact_coverage": _contact_coverage, "promises_kept": _promises_kept,
}  # fmt: skip
