"""How many results have two true reasons, and how many seekers get five results.

Over the real postings where they are at hand, else the demo ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.match_data import TODAY, files, preferences
from benchmarks.report import Measure
from bot import clock
from bot.db import migrate
from bot.db.session import session
from bot.matching import Matches, find
from bot.matching.explain import reasons
from bot.matching.job_preference import JobPreference
from bot.postings.ingest.importer import import_files
from bot.vocabulary.sync import load_vocabulary
from bot.vocabulary.vocabulary import vocabulary

MANY = 1000
ENOUGH = 5


def shares() -> Iterator[Measure]:
    """Import the postings, match 1,000 preferences, and yield the shares."""
    with TemporaryDirectory() as folder, clock.frozen(TODAY):
        found = _found(Path(folder))
    results = [(match, wish) for matches, wish in found for match in matches.items]
    kept = [match.loosened is None for match, _ in results]
    said = [len(reasons(match.features, wish)) >= 2 for match, wish in results]
    five = [len(matches.items) >= ENOUGH for matches, _ in found]
    strict = [sum(m.loosened is None for m in matches.items) >= ENOUGH for matches, _ in found]
    unit = f"share, {len(results):,} results of {MANY:,} preferences"
    yield Measure("results with two reasons or more", _share(said), None, unit, 1)
    yield Measure("results that keep everything", _share(kept), None, unit, 1)
    yield Measure("seekers with five results", _share(five), None, unit, 1)
    yield Measure("seekers with five that keep everything", _share(strict), None, unit, 1)


def _found(folder: Path) -> list[tuple[Matches, JobPreference]]:
    url = f"sqlite:///{folder}/shares.db"
    migrate.upgrade(url)
    with session(url) as db:
        load_vocabulary(db, vocabulary())
    import_files(url, files())
    with session(url) as db:
        return [(find(db, wish), wish) for wish in preferences(MANY)]


def _share(held: list[bool]) -> float:
    return round(sum(held) / len(held), 4) if held else 0.0
