"""Work due by the clock: tasks of the month, reviews of plans, promises that are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.casework.contacts import make_monthly_tasks
from bot.casework.plans import make_reviews
from bot.casework.promises import mark_missed
from bot.casework.scope import everywhere
from bot.casework.warning_tasks import make_warning_tasks


@dataclass(frozen=True)
class Due:
    """Counts of what a run made."""

    contacts: int
    without_figure: int
    reviews: int
    plans: int
    missed: int

    def __str__(self) -> str:
        return (
            f"{self.contacts} contact tasks ({self.without_figure} registrations where the figure"
            f" is 未设), {self.reviews} manual reviews, {self.plans} plan reviews,"
            f" {self.missed} promises missed"
        )


def run_due(db: Session, now: datetime) -> Due:
    """Make all that is due: twice is as once."""
    with everywhere(db):
        monthly = make_monthly_tasks(db, now.date())
        plans = make_reviews(db, now.date())
        missed = mark_missed(db, now)
        make_warning_tasks(db)
    return Due(monthly.tasks, monthly.without_figure, monthly.reviews, plans, missed)


@dataclass
class Daily:
    """Does once a day what is large, and each time what cannot wait."""

    done: date | None = None

    def run(self, db: Session, now: datetime) -> None:
        """Do what is due at a moment."""
        if self.done != now.date():
            run_due(db, now)
            self.done = now.date()
            return
        with everywhere(db):
            mark_missed(db, now)
