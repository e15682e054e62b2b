"""Duties in the database: loaded from the files, compared with them, looked up by place and day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from bot.casework.areas import area_of_region, lies_in
from bot.casework.duties import Duties, DutyVersion
from bot.casework.errors import DutyUnset
from bot.db.tables import DutyFigureRow, DutyItemRow, Region

#: How a figure reads that no paper sets.
UNSET = "未设"
Key = tuple[str, ...]
Rows = Mapping[Key, Mapping[str, Any]]


@dataclass(frozen=True)
class EffectiveDutyFigure:
    """A figure as it holds at a place on a day."""

    key: str
    label: str
    value: str
    unit: str
    region_code: str
    """The region for which it is set: the place itself or one that it lies in."""
    citation: str
    grade: str

    @property
    def number(self) -> int:
        """The value as a whole number. Raises ValueError for a choice."""
        return int(self.value)


@dataclass(frozen=True)
class DutyListItem:
    """An entry of a list as it holds at a place on a day."""

    code: str
    label: str
    citation: str
    grade: str


@dataclass(frozen=True)
class DutyChange:
    """A difference between what is loaded and what the files say."""

    kind: str
    """added, removed or changed."""
    key: Key
    before: str
    after: str

    def __str__(self) -> str:
        name = " ".join(self.key)
        return f"{self.kind}: {name}: {self.before or '-'} → {self.after or '-'}"


def known_regions(db: Session) -> set[str]:
    """Return the codes of all regions."""
    return set(db.scalars(select(Region.code)))


def diff(db: Session, duties: Duties) -> list[DutyChange]:
    """Return what loading the duties would change, sorted by key."""
    stored, target = _stored(db), _target_rows(duties)
    changes = []
    for key in sorted(stored.keys() | target.keys()):
        stored_values, target_values = stored.get(key), target.get(key)
        if stored_values == target_values:
            continue
        kind = (
            "changed"
            if stored_values and target_values
            else "added"
            if target_values
            else "removed"
        )
        changes.append(DutyChange(kind, key, _readable(stored_values), _readable(target_values)))
    return changes


def load(db: Session, duties: Duties) -> int:
    """Bring the tables to what the duties say; return the number of changes."""
    changes = len(diff(db, duties))
    if not changes:
        return 0
    for model in (DutyFigureRow, DutyItemRow):
        db.execute(delete(model))
    target = _target_rows(duties)
    figures = [dict(row) for key, row in target.items() if key[0] == "figure"]
    items = [dict(row) for key, row in target.items() if key[0] == "item"]
    if figures:
        db.execute(insert(DutyFigureRow), figures)
    if items:
        db.execute(insert(DutyItemRow), items)
    return changes


def figure(db: Session, key: str, area: str, day: date) -> EffectiveDutyFigure | None:
    """Return a figure at an area on a day; None where it is unset.

    The smallest region that has one goes before those around it.
    """
    row = _nearest(db.scalars(_in_force(DutyFigureRow, day).where(DutyFigureRow.key == key)), area)
    if row is None:
        return None
    return EffectiveDutyFigure(
        row.key, row.label, row.value, row.unit, row.region_code, row.citation, row.grade
    )


def needed(db: Session, key: str, label: str, area: str, day: date) -> EffectiveDutyFigure:
    """Return a figure that a step cannot do without. Raises DutyUnset."""
    duty_figure = figure(db, key, area, day)
    if duty_figure is None:
        raise DutyUnset(label)
    return duty_figure


def items(db: Session, name: str, area: str, day: date) -> list[DutyListItem]:
    """Return the entries of a list that hold at an area on a day, in the order of the file."""
    query = _in_force(DutyItemRow, day).where(DutyItemRow.list == name).order_by(DutyItemRow.id)
    by_code: dict[str, list[DutyItemRow]] = {}
    for row in db.scalars(query):
        by_code.setdefault(row.code, []).append(row)
    nearest = (_nearest(rows, area) for rows in by_code.values())
    return [DutyListItem(row.code, row.label, row.citation, row.grade) for row in nearest if row]


def _in_force(model: Any, day: date) -> Any:
    ends = or_(model.effective_to.is_(None), model.effective_to >= day)
    return select(model).where(model.effective_from <= day, ends)


def _nearest(rows: Iterable[Any], area: str) -> Any | None:
    fitting = [row for row in rows if lies_in(area, area_of_region(row.region_code))]
    order = {id(row): (len(area_of_region(row.region_code)), row.effective_from) for row in fitting}
    return max(fitting, key=lambda row: order[id(row)], default=None)


def _stored(db: Session) -> Rows:
    rows: dict[Key, dict[str, Any]] = {}
    for model in (DutyFigureRow, DutyItemRow):
        columns = [column for column in model.__table__.columns if column.name != "id"]
        for row in db.execute(select(*columns)).mappings():
            values = dict(row)
            rows[_key(values)] = values
    return rows


def _target_rows(duties: Duties) -> Rows:
    rows: dict[Key, dict[str, Any]] = {}
    for duty_figure in duties.figures:
        figure_columns = {
            "key": duty_figure.key,
            "label": duty_figure.label,
            "unit": duty_figure.unit,
        }
        for version in duty_figure.versions:
            for values in _by_region({**figure_columns, "value": version.value}, version):
                rows[_key(values)] = values
    for item in duties.items:
        item_columns = {"list": item.list, "code": item.code, "label": item.label}
        for values in _by_region(item_columns, item.version):
            rows[_key(values)] = values
    return rows


def _by_region(columns: Mapping[str, Any], version: DutyVersion) -> list[dict[str, Any]]:
    dated = {
        "effective_from": version.effective_from, "effective_to": version.effective_to,
        "citation": version.source.cited(), "grade": version.source.grade,
    }  # fmt: skip
    return [{**columns, "region_code": region, **dated} for region in version.regions]


def _key(values: Mapping[str, Any]) -> Key:
    dated = (values["region_code"], values["effective_from"].isoformat())
    if "key" in values:
        return ("figure", values["key"], *dated)
    return ("item", values["list"], values["code"], *dated)


def _readable(values: Mapping[str, Any] | None) -> str:
    if values is None:
        return ""
    ends = f" until {values['effective_to']}" if values["effective_to"] else ""
    text = values.get("value") or values["label"]
    return f"{text}{ends} ({values['citation']}, {values['grade']})"
