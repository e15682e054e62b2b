"""What trades need (a craft, a certificate, schooling), and which stand in for which.

From data/vocab/trade_needs.yml, checked when it is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.caches import process_cache
from bot.settings import settings
from bot.text.errors import VocabularyError
from bot.text.vocabulary import vocabulary


@dataclass(frozen=True)
class TradeNeeds:
    """All of the file."""

    needs: dict[str, frozenset[str]]
    """By trade; one that is not listed needs itself alone."""
    holds: dict[str, frozenset[str]]
    """What else a licence allows."""
    beside: tuple[tuple[str, ...], ...]
    """Lines of trades that need nothing and are done in much the same way."""

    def needs_of(self, trade: str) -> frozenset[str]:
        """Return the crafts, certificates and schooling that a trade needs."""
        return self.needs.get(trade, frozenset((trade,)))

    def allowed(self, licences: Iterable[str]) -> frozenset[str]:
        """Return some licences with all that they hold for."""
        named = frozenset(licences)
        return named.union(*(self.holds.get(one, frozenset()) for one in named))

    def can_do(self, trade: str, known: str, told: frozenset[str] = frozenset()) -> bool:
        """Tell whether who knows one trade can do another without learning for it.

        `told`: the licences that the person told of.
        """
        return self.needs_of(trade) - told <= self.needs_of(known)

    def stand_ins(self, wanted: str, told: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """Return the trades that can stand in for one, of the same level, none to be learned first.

        Those of the same craft; where none is needed, those done in much the same way.
        """
        crafts = self.needs_of(wanted)
        if crafts:
            near = [one for one, needs in self.needs.items() if crafts & needs]
        else:
            near = [one for line in self.beside if wanted in line for one in line]
        known = dict.fromkeys(one for one in near if self.can_do(one, wanted, told))
        return tuple(one for one in known if one != wanted)


@process_cache(size=4)
def trade_needs(file: Path | None = None) -> TradeNeeds:
    """Return data/vocab/trade_needs.yml, or another file of its kind. Raises VocabularyError."""
    path = file or settings().data / "vocab" / "trade_needs.yml"
    given: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    anyone = given["anyone"].split()
    needs: dict[str, set[str]] = {trade: set() for trade in anyone}
    for need, trades in given["needs"].items():
        for trade in trades.split():
            needs.setdefault(trade, set()).add(need)
    read = TradeNeeds(
        {trade: frozenset(all_) for trade, all_ in needs.items()},
        {licence: frozenset(others.split()) for licence, others in given["holds"].items()},
        tuple(tuple(line.split()) for line in given["beside"]),
    )
    _check(path, read, anyone)
    return read


def _check(file: Path, read: TradeNeeds, anyone: Iterable[str]) -> None:
    """Raise VocabularyError for a trade that is none, or that needs something where none may."""
    lines = [one for line in read.beside for one in line]
    for trade in (*read.needs, *lines):
        if trade not in vocabulary().occupations:
            raise VocabularyError(file, 1, "needs", trade, "is no occupation")
    for field, trades in (("anyone", anyone), ("beside", lines)):
        for trade in trades:
            if read.needs_of(trade):
                raise VocabularyError(file, 1, field, trade, "needs something to be learned")
