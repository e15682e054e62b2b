"""Needs of trades (a craft, a certificate, schooling), and trades that can stand in for others.

From data/vocab/trade_needs.yml, checked when it is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.caches import process_cache
from bot.settings import settings
from bot.text.errors import VocabularyError
from bot.vocabulary.vocabulary import vocabulary
from bot.yaml_files import read_yaml


@dataclass(frozen=True)
class TradeNeeds:
    """The content of the file."""

    needs: dict[str, frozenset[str]]
    """By trade; one that is not listed needs itself alone."""
    holds: dict[str, frozenset[str]]
    """Further licences that a licence includes."""
    similar: tuple[tuple[str, ...], ...]
    """Lines of trades that need nothing and are done in much the same way."""

    def needs_of(self, trade: str) -> frozenset[str]:
        """Return the crafts, certificates and schooling that a trade needs."""
        return self.needs.get(trade, frozenset((trade,)))

    def allowed(self, licences: Iterable[str]) -> frozenset[str]:
        """Return some licences with all that they hold for."""
        licence_ids = frozenset(licences)
        return licence_ids.union(*(self.holds.get(licence, frozenset()) for licence in licence_ids))

    def can_do(self, trade: str, known_trade: str, licences: frozenset[str] = frozenset()) -> bool:
        """Tell whether a person of `known_trade` can do another trade without learning for it.

        `licences` are those that the person has.
        """
        return self.needs_of(trade) - licences <= self.needs_of(known_trade)

    def substitutes(self, trade: str, licences: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """Return the trades that can stand in for one, of the same level, none to be learned first.

        Those of the same craft; where none is needed, those done in much the same way.
        """
        crafts = self.needs_of(trade)
        if crafts:
            candidates = [candidate for candidate, needs in self.needs.items() if crafts & needs]
        else:
            candidates = [candidate for line in self.similar if trade in line for candidate in line]
        feasible = dict.fromkeys(
            candidate for candidate in candidates if self.can_do(candidate, trade, licences)
        )
        return tuple(candidate for candidate in feasible if candidate != trade)


@process_cache(size=4)
def trade_needs(file: Path | None = None) -> TradeNeeds:
    """Return data/vocab/trade_needs.yml, or another file of its kind. Raises VocabularyError."""
    path = file or settings().data_file("vocab", "trade_needs.yml")
    content: dict[str, Any] = read_yaml(path)
    anyone = content["anyone"].split()
    needs: dict[str, set[str]] = {trade: set() for trade in anyone}
    for need, trades in content["needs"].items():
        for trade in trades.split():
            needs.setdefault(trade, set()).add(need)
    loaded = TradeNeeds(
        {trade: frozenset(all_) for trade, all_ in needs.items()},
        {licence: frozenset(others.split()) for licence, others in content["holds"].items()},
        tuple(tuple(line.split()) for line in content["beside"]),
    )
    _check(path, loaded, anyone)
    return loaded


def _check(file: Path, loaded: TradeNeeds, anyone: Iterable[str]) -> None:
    """Raise VocabularyError for a trade that is none, or that needs something where none may."""
    lines = [name for line in loaded.similar for name in line]
    for trade in (*loaded.needs, *lines):
        if trade not in vocabulary().occupations:
            raise VocabularyError(file, 1, "needs", trade, "is no occupation")
    for field, trades in (("anyone", anyone), ("beside", lines)):
        for trade in trades:
            if loaded.needs_of(trade):
                raise VocabularyError(file, 1, field, trade, "needs something to be learned")
