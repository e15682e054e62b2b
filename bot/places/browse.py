"""Lists of what an office lists, by region, state and words, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_, select
from sqlalchemy.orm import Session

from bot.places.changes import TABLES
from bot.places.figures import figures
from bot.places.sheets import Kind

#: Rows of a page.
PAGE = 50
#: States by which one may choose: closed ones are those closed or cancelled.
CLOSED = ("closed", "cancelled")
CHOICES = {"open": "正常", "unconfirmed": "未确认", "closed": "停用、取消", "over": "已过期"}


@dataclass(frozen=True)
class ListingFilter:
    """Choice among the listings of a kind."""

    kind: Kind
    state: str = ""
    """A key of CHOICES; empty for all."""
    words: str = ""
    """Of the title or the address."""


@dataclass(frozen=True)
class ListingPage:
    """A page of rows; `after` is where the next one begins."""

    rows: Sequence[Any]
    after: int | None


def listing_page(
    db: Session, condition: ColumnElement[bool], chosen: ListingFilter, today: date, after: int
) -> ListingPage:
    """Return the rows of a kind that meet a condition and a choice, the newest first.

    `after` is the number after which the page begins, 0 for the first.
    """
    table = TABLES[chosen.kind]
    query = select(table).where(condition, chosen_rows(chosen, today))
    if after:
        query = query.where(table.id < after)
    rows_and_next = db.scalars(query.order_by(table.id.desc()).limit(PAGE + 1)).all()
    rows = rows_and_next[:PAGE]
    return ListingPage(rows, rows[-1].id if len(rows_and_next) > PAGE else None)


def chosen_rows(chosen: ListingFilter, today: date) -> ColumnElement[bool]:
    """Return the condition that a row is one of those chosen."""
    table = TABLES[chosen.kind]
    conditions: list[ColumnElement[bool]] = []
    if chosen.words:
        texts = (table.title, table.address)
        conditions.append(or_(*(t.contains(chosen.words, autoescape=True) for t in texts)))
    closed = table.state.in_(CLOSED)
    if chosen.state == "closed":
        conditions.append(closed)
    elif chosen.state == "over":
        conditions.append(_is_over(table, today))
    elif chosen.state:
        unconfirmed = _unconfirmed(table, chosen.kind, today)
        conditions += [not_(closed), not_(_is_over(table, today))]
        conditions.append(unconfirmed if chosen.state == "unconfirmed" else not_(unconfirmed))
    return and_(True, *conditions)


def _unconfirmed(table: type[Any], kind: Kind, today: date) -> ColumnElement[bool]:
    """Return the condition that a row was not verified within the figure's days."""
    since = today - timedelta(days=figures().fresh_days[kind])
    return or_(table.verified_on.is_(None), table.verified_on < since)


def _is_over(table: type[Any], today: date) -> ColumnElement[bool]:
    """Return the condition that a fair, course or rate lies in the past."""
    name = "last_on" if hasattr(table, "last_on") else "ends_on"
    if not hasattr(table, name):
        return false()
    column = getattr(table, name)
    return and_(column.is_not(None), column < today)
