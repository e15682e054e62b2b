"""The list of stations, fairs or courses shown last, as the slot `places` holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from bot.turns.arbitration import state_of
from bot.turns.turn import Turn
from bot.vocabulary.streets import street_reader
from bot.vocabulary.vocabulary import vocabulary

#: Threads of the dialogue whose answers are those of this package, or end nothing.
_PLACE_THREADS = ("places", "fair", "training", "small_talk")


@dataclass(frozen=True)
class ListedPlaces:
    """The list shown last, and what was asked for it."""

    kind: str
    """station, fair, course or directory."""
    ids: tuple[int, ...] = ()
    days: tuple[str, ...] = ()
    """The day (ISO) of each fair."""
    viewed: int | None = None
    """The position of the one spoken of."""
    region: str | None = None
    point: tuple[float, float] | None = None
    """Position of the person: latitude and longitude in WGS-84."""
    asks: str = ""
    """The open question: region, or which."""
    wish: Mapping[str, Any] = field(default_factory=dict)
    """The criteria asked for: functions, kinds, audience, span, occupation, times, free, mode."""

    def remember(self, turn: Turn) -> None:
        """Remember it and the place that the message names; what waited waits no longer."""
        if self.region and (turn.of_kind("region") or street_reader().read(turn.text)):
            turn.set(region=vocabulary().name(self.region), region_code=self.region)
        turn.set(places=asdict(self), subject="places", form=None, asked=None, pending=None)

    @classmethod
    def from_turn(cls, turn: Turn) -> ListedPlaces | None:
        """Return what stands before the person; None when something else was answered since."""
        content = turn.previous.places
        if not isinstance(content, dict) or turn.previous.subject != "places":
            return None
        if state_of(turn).thread not in _PLACE_THREADS and not content.get("asks"):
            return None
        return cls.earlier(turn)

    @classmethod
    def earlier(cls, turn: Turn) -> ListedPlaces | None:
        """Return the list shown last, whatever was answered since; None when there was none."""
        content = turn.previous.places
        if not isinstance(content, dict):
            return None
        listed = {name: tuple(content.get(name) or ()) for name in ("ids", "days")}
        point = content.get("point")
        return cls(**{**content, **listed, "point": tuple(point) if point else None})

    @property
    def current_position(self) -> int | None:
        """The position of what is spoken of: the one viewed, or the only one."""
        if self.viewed is not None:
            return self.viewed
        return 0 if len(self.ids) == 1 else None

    def span(self) -> tuple[date, date] | None:
        """Return the days that fairs were asked for."""
        first, last = self.wish.get("first"), self.wish.get("last")
        return (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None

    def with_wish(self, **changed: Any) -> ListedPlaces:
        """Return it with another wish, nothing listed."""
        return replace(self, ids=(), days=(), viewed=None, asks="", wish={**self.wish, **changed})
