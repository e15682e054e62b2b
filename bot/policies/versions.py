"""Selection of the version of a policy in force in a region on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.db.tables import Policy, PolicyVersion, Region
from bot.policies import cache

#: Where a question is meant to come from when no place is known.
HOME = "210000"
#: In which region each lies, as read once: divisions change with an import, before a start.
_parents: WeakKeyDictionary[Engine, dict[str, str | None]] = WeakKeyDictionary()


def region_ancestors(db: Session, region: str | None) -> list[str]:
    """Return a region and all regions it lies in, narrowest first."""
    parents = _parents.setdefault(db.get_bind().engine, {})
    chain: list[str] = []
    code: str | None = region or HOME
    while code:
        chain.append(code)
        if code not in parents:
            region_row = db.get(Region, code)
            if region_row is None:
                break
            parents[code] = region_row.parent_code
        code = parents[code]
    return chain


def version_in_force(
    db: Session, topic: str, region: str | None, day: date
) -> PolicyVersion | None:
    """Return the version that holds on a day in a region: the narrowest region's wins.

    None when the policy is not in the base, or none of its versions holds there on that day.
    """
    policy = cache.policy(db, topic)
    return version_for(policy, region_ancestors(db, region), day) if policy else None


def version_for(policy: Policy, places: Sequence[str], day: date) -> PolicyVersion | None:
    """Return the version that holds on a day in the first of some places that has one."""
    in_force = [version for version in policy.versions if is_in_force(version, day)]
    for place in places:
        for version in in_force:
            if any(region.region_code == place for region in version.regions):
                return version
    return None


def is_in_force(version: PolicyVersion, day: date) -> bool:
    """Tell whether a version is in force on a day, wherever."""
    ended = version.effective_to is not None and version.effective_to < day
    return version.effective_from <= day and not ended


def last_end(versions: Iterable[PolicyVersion], day: date) -> date | None:
    """Return the day on which the last version before a day ended, None when none has."""
    ends = [v.effective_to for v in versions if v.effective_to and v.effective_to < day]
    return max(ends, default=None)
