"""Cells of a row as checked values, or the reason for which the row is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casework.areas import exists
from bot.casework.identity import is_id_number, plain_id_number, plain_phone
from bot.casework.roles import LEDGER, Staff
from bot.casework.scope import within
from bot.casework_imports.columns import SheetKind, day_of, text_of, words
from bot.db.tables import Locality
from bot.wording import wording

_SAY = wording("casework_imports")


class RowRefused(Exception):
    """A row cannot be taken in; `str()` is the reason in Chinese and names no person."""


@dataclass(frozen=True)
class Values:
    """The checked values of a row; days as ISO texts, empty where nothing is stated."""

    name: str = ""
    id_number: str = ""
    phone: str = ""
    area: str = ""
    registered_on: str = ""
    cause: str = ""
    certificate: str = ""
    exited_on: str = ""
    reason: str = ""
    """A code of the list, or of what may never be a reason."""
    evidence: str = ""
    kind: str = ""
    basis: str = ""
    valid_from: str = ""
    valid_to: str = ""
    household: str = ""
    firm: str = ""
    """The credit code of the firm that let the person go."""
    opened_on: str = ""
    code: str = ""

    def plain(self) -> dict[str, str]:
        """Return what is stated, by field."""
        return {name: value for name, value in vars(self).items() if value}


@dataclass
class RowReader:
    """Reads the rows of one sheet for one member of staff."""

    db: Session
    me: Staff
    kind: SheetKind
    today: date
    _places: dict[str, list[str]] = field(default_factory=dict)
    _codes: dict[str, bool] = field(default_factory=dict)
    """Whether there is an area of a code, as far as it was asked."""

    def __post_init__(self) -> None:
        self.scopes = self.me.scopes(LEDGER)
        for scope in self.scopes:
            query = select(Locality.code, Locality.name).where(within(Locality.code, scope))
            for code, name in self.db.execute(query):
                self._places.setdefault(name, []).append(code)

    def read(self, row: dict[str, Any]) -> Values:
        """Return the values of a row. Raises RowRefused."""
        for needed in self.kind.needed:
            if not text_of(row.get(needed)):
                raise RowRefused(_SAY("cell_missing", label=self.kind.label_of(needed)))
        if self.kind.key == "localities":
            return self._locality(row)
        values: dict[str, str] = {
            "name": text_of(row["name"])[:40],
            "id_number": self._id_number(row["id_number"]),
        }
        for name in ("cause", "certificate", "evidence", "basis", "household", "firm"):
            if name in row:
                longest = 40 if name in ("certificate", "household") else 100
                values[name] = text_of(row[name])[:longest]
        for name in ("registered_on", "exited_on", "valid_from", "valid_to", "opened_on"):
            if text_of(row.get(name)):
                values[name] = self._day(row[name], name)
        if text_of(row.get("phone")):
            values["phone"] = self._phone(row["phone"])
        if self.kind.key in ("registrations", "focus"):
            values["area"] = self._area(row)
        if "reason" in row:
            values["reason"] = self._reason(row["reason"])
        if "kind" in row:
            focus = self.kind.key == "focus"
            values["kind"] = (self._focus if focus else self._hardship)(row["kind"])
        return Values(**values)

    def _id_number(self, cell: Any) -> str:
        if isinstance(cell, (int, float)):
            raise RowRefused(_SAY("id_number_is_number"))
        number = plain_id_number(text_of(cell))
        if not is_id_number(number, self.today):
            raise RowRefused(_SAY("id_number_invalid"))
        return number

    def _day(self, cell: Any, name: str) -> str:
        day = day_of(cell)
        if day is None:
            raise RowRefused(_SAY("not_a_date", label=self.kind.label_of(name)))
        if name != "valid_to" and day > self.today:
            raise RowRefused(_SAY("date_in_future", label=self.kind.label_of(name)))
        return day.isoformat()

    def _phone(self, cell: Any) -> str:
        phone = plain_phone(text_of(cell))
        if phone is None:
            raise RowRefused(_SAY("phone_invalid"))
        return phone

    def _area(self, row: dict[str, Any]) -> str:
        """Return the area of a row: by its code, by names, or the only one of this member."""
        code = text_of(row.get("area_code"))
        if code:
            while len(code) == 12 and code.endswith("000"):
                code = code[:-3]
            if not self._exists(code):
                raise RowRefused(_SAY("area_code_unknown"))
            return self._own(code)
        community, street = text_of(row.get("community")), text_of(row.get("street"))
        streets = [area for area in self._places.get(street, []) if len(area) == 9]
        for name, inside in ((community, streets), (street, [])):
            if not name:
                continue
            matches = [
                area
                for area in self._places.get(name, [])
                if not inside or any(area.startswith(outer) for outer in inside)
            ]
            if len(matches) == 1:
                return self._own(matches[0])
            if len(matches) > 1:
                raise RowRefused(_SAY("area_name_ambiguous"))
            if name == street or not street:
                raise RowRefused(_SAY("area_outside_scope"))
        if len(self.scopes) == 1 and len(self.scopes[0]) >= 6:
            return self.scopes[0]
        raise RowRefused(_SAY("area_not_stated"))

    def _exists(self, code: str) -> bool:
        if code not in self._codes:
            self._codes[code] = exists(self.db, code)
        return self._codes[code]

    def _own(self, code: str) -> str:
        if len(code) < 6:
            raise RowRefused(_SAY("area_code_too_short"))
        if not any(code.startswith(scope) for scope in self.scopes):
            raise RowRefused(_SAY("outside_scope"))
        return code

    def _reason(self, cell: Any) -> str:
        code = words().exit_reason(text_of(cell))
        if code is None:
            raise RowRefused(_SAY("reason_not_listed"))
        return code

    def _hardship(self, cell: Any) -> str:
        code = words().hardship_kind(text_of(cell))
        if code is None:
            raise RowRefused(_SAY("hardship_not_listed"))
        return code

    def _focus(self, cell: Any) -> str:
        code = words().focus_kind(text_of(cell))
        if code is None:
            raise RowRefused(_SAY("focus_kind_not_listed"))
        return code

    def _locality(self, row: dict[str, Any]) -> Values:
        code = text_of(row["code"])
        while len(code) == 12 and code.endswith("000"):
            code = code[:-3]
        if not (code.isascii() and code.isdigit() and len(code) in (9, 12)):
            raise RowRefused(_SAY("locality_code_length"))
        if not any(code.startswith(scope) for scope in self.scopes):
            raise RowRefused(_SAY("outside_scope"))
        return Values(name=text_of(row["name"])[:60], code=code)
