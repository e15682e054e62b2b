"""Types of settings that Python has none for: secrets, addresses, hours, templates."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import NewType

#: An address that was checked: scheme, host and port.
Url = NewType("Url", str)


class Secret:
    """A text that is neither printed, formatted nor logged; `reveal` returns it.

    No dataclass: `asdict` of what holds it would take it apart.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def __str__(self) -> str:
        return "***"

    def __repr__(self) -> str:
        return f"{type(self).__name__}('***')"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)


class DatabaseUrl(Secret):
    """The address of a database; its password is the secret."""

    __slots__ = ()

    @property
    def is_sqlite(self) -> bool:
        """True for SQLite, False for PostgreSQL."""
        return self._text.startswith("sqlite")

    @property
    def sqlite_file(self) -> Path | None:
        """The file of an SQLite database; None for one in memory or on a server."""
        name = self._text.partition("://")[2].removeprefix("/").partition("?")[0]
        if not self.is_sqlite or name.startswith("file:") or name in ("", ":memory:"):
            return None
        return Path(name)


@dataclass(frozen=True)
class HourSpan:
    """Hours of the day, over midnight or not; `begins` belongs to them, `ends` does not."""

    begins: int = 21
    ends: int = 8

    def __str__(self) -> str:
        return f"{self.begins}-{self.ends}"


@dataclass(frozen=True)
class Period:
    """Hours without a break; `ends` does not belong to them, but for `time.max`: the day's end."""

    begins: time
    ends: time

    def __str__(self) -> str:
        ends = "24:00" if self.ends == time.max else f"{self.ends.hour}:{self.ends.minute:02d}"
        return f"{self.begins.hour}:{self.begins.minute:02d}-{ends}"


@dataclass(frozen=True)
class WorkingWeek:
    """Days of the week and hours."""

    first: int = 1
    """Monday is 1."""
    last: int = 5
    periods: tuple[Period, ...] = (Period(time(8, 30), time(17, 0)),)
    """At least one, in order, not overlapping: the break between two is lunch."""
    on_holidays: bool = False
    """Whether somebody is there on legal holidays that fall on these days as well."""

    def __str__(self) -> str:
        hours = f"{self.first}-{self.last} {','.join(map(str, self.periods))}"
        return f"{hours} +holidays" if self.on_holidays else hours


@dataclass(frozen=True)
class MessageTemplate:
    """A notice or template message of WeChat's that says that something waits."""

    id: str
    field: str
    """The name of the field that is filled in."""

    def __str__(self) -> str:
        return f"{self.id}:{self.field}"
