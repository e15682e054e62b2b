"""Write the vocabulary into its tables, so that postings and policies can refer to it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.db.tables import Occupation, OccupationAlias, Region
from bot.vocabulary.vocabulary import Vocabulary


@dataclass(frozen=True)
class VocabularyReport:
    """Counts of regions and occupations that were new or changed."""

    regions: int
    occupations: int

    def __str__(self) -> str:
        return f"{self.regions} regions and {self.occupations} occupations new or changed"


def load_vocabulary(db: Session, words: Vocabulary) -> VocabularyReport:
    """Bring the tables to what the vocabulary says; twice is as once."""
    return VocabularyReport(_regions(db, words), _occupations(db, words))


def _regions(db: Session, words: Vocabulary) -> int:
    stored = dict(db.execute(select(Region.code, Region.name)).tuples().all())
    fresh = [
        {"code": r.code, "name": r.name, "level": r.level, "parent_code": r.parent}
        for r in words.regions.values()
        if r.code not in stored
    ]
    renamed = [
        {"code": r.code, "name": r.name}
        for r in words.regions.values()
        if stored.get(r.code, r.name) != r.name
    ]
    # Parents first: the codes of a province sort before those of its cities.
    if fresh:
        db.execute(insert(Region), sorted(fresh, key=lambda r: (r["level"], r["code"])))
    if renamed:
        db.execute(update(Region), renamed)
    return len(fresh) + len(renamed)


def _occupations(db: Session, words: Vocabulary) -> int:
    rows = db.execute(select(Occupation.name, Occupation.code, Occupation.family)).tuples()
    stored = {name: (code, family) for name, code, family in rows}
    aliases: dict[str, set[str]] = {}
    for alias, name in db.execute(
        select(OccupationAlias.alias, OccupationAlias.occupation_name)
    ).tuples():
        aliases.setdefault(name, set()).add(alias)
    fresh = [o for o in words.occupations.values() if o.name not in stored]
    changed = [
        o
        for o in words.occupations.values()
        if o.name in stored
        and (stored[o.name] != (o.code, o.family) or aliases.get(o.name, set()) != set(o.aliases))
    ]
    values = [{"name": o.name, "code": o.code, "family": o.family} for o in fresh]
    if values:
        db.execute(insert(Occupation), values)
    if changed:
        changed_rows = [{"name": o.name, "code": o.code, "family": o.family} for o in changed]
        db.execute(update(Occupation), changed_rows)
        names = [o.name for o in changed]
        db.execute(delete(OccupationAlias).where(OccupationAlias.occupation_name.in_(names)))
    alias_rows = [
        {"alias": alias, "occupation_name": o.name}
        for o in (*fresh, *changed)
        for alias in dict.fromkeys(o.aliases)
    ]
    if alias_rows:
        db.execute(insert(OccupationAlias), alias_rows)
    return len(fresh) + len(changed)
