"""Names of topics: which policies a text names, and which are nearest to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Policy, PolicyName
from bot.policies.check import topics as read_topics
from bot.settings import settings

#: Topics ruled by national law (劳动合同法, 社会保险法, 工伤保险条例…): what is said of them holds
#: in every province, so somebody who worked elsewhere is answered as well.
NATIONAL = frozenset(
    (
        "wage-arrears", "labor-arbitration", "labor-contract", "contract-termination", "severance",
        "probation", "overtime", "paid-leave", "social-insurance-enrolment", "work-injury",
        "discrimination", "recruitment-fraud",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Near:
    """A policy and how near its best name is to a text."""

    topic: str
    title: str
    score: float


@lru_cache(maxsize=4)
def titles(folder: Path | None = None) -> dict[str, str]:
    """Return the titles of all topics, also of those that the base has no policy for."""
    return read_topics(folder or settings().data / "policies")


def nearest(db: Session, text: str, limit: int = 3) -> list[Near]:
    """Return the policies of the base whose names are most like a text, best first."""
    wanted = _bigrams(text)
    best: dict[str, Near] = {}
    query = select(Policy.id, Policy.title, PolicyName.name).join(
        PolicyName, PolicyName.policy_id == Policy.id
    )
    for topic, title, name in db.execute(query).tuples():
        score = _likeness(wanted, _bigrams(name))
        if topic not in best or score > best[topic].score:
            best[topic] = Near(topic, title, score)
    return sorted(best.values(), key=lambda near: (-near.score, near.topic))[:limit]


def in_base(db: Session) -> dict[str, str]:
    """Return id and title of the policies that the base has."""
    return dict(db.execute(select(Policy.id, Policy.title).order_by(Policy.id)).tuples().all())


def _bigrams(text: str) -> Counter[str]:
    return Counter(text[at : at + 2] for at in range(len(text) - 1)) + Counter(text)


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Cosine of two bags, leaning towards names that stand whole in the text."""
    shared = sum(min(count, other[gram]) for gram, count in one.items())
    size = sqrt(sum(one.values()) * sum(other.values()))
    covered = shared / max(1, sum(other.values()))
    return round((shared / size if size else 0.0) * 0.5 + covered * 0.5, 4)
