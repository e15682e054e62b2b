"""Titles of topics, and which of them hold everywhere."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.caches import process_cache
from bot.db.tables import Policy
from bot.policies.validate import neighbours
from bot.policies.validate import topics as read_topics
from bot.settings import settings

#: Topics ruled by national law (劳动合同法, 社会保险法, 工伤保险条例…): what is said of them holds
#: in every province, so people who worked elsewhere are answered as well.
NATIONAL = frozenset(
    (
        "wage-arrears", "labor-arbitration", "labor-contract", "contract-termination", "severance",
        "probation", "overtime", "paid-leave", "social-insurance-enrolment", "work-injury",
        "discrimination", "recruitment-fraud",
    )
)  # fmt: skip

#: The policy that belongs to a business with replies of its own.
OF_ACTS = {
    "training": "training-subsidy",
    "station": "service-station",
    "report_posting": "recruitment-fraud",
}


@process_cache(size=4)
def titles(folder: Path | None = None) -> dict[str, str]:
    """Return the titles of all topics, also of those that the base has no policy for."""
    return read_topics(folder or settings().data_file("policies"))


def in_base(db: Session) -> dict[str, str]:
    """Return id and title of the policies that the base has."""
    return dict(db.execute(select(Policy.id, Policy.title).order_by(Policy.id)).tuples().all())


@process_cache(size=4)
def next_door(folder: Path | None = None) -> frozenset[str]:
    """Return the ids of the subjects next door, which are no topics of the taxonomy."""
    return frozenset(neighbours(folder or settings().data_file("policies")))
