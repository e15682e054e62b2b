"""Tables for matching: narrow keys of open postings, and pay by trade and place.

`match_keys` follows `postings` and `posting_occupations` by triggers (see the migration), so that
code that writes a posting, holds it or closes it need not know of it.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base


class MatchKey(Base):
    """An open posting under one of its occupations, and once under the name '' for any."""

    __tablename__ = "match_keys"
    __table_args__ = (
        Index(
            "ix_match_keys_trade",
            *("occupation_name", "place", "day", "posting_id", "rank"),
            *("region_code", "work_time", "salary_min", "salary_max"),
        ),
        Index(
            "ix_match_keys_time",
            *("occupation_name", "place", "work_time", "day", "posting_id", "rank"),
            *("region_code", "salary_min", "salary_max"),
            sqlite_where=text("work_time is not null"),
            postgresql_where=text("work_time is not null"),
        ),
        Index(
            "ix_match_keys_district",
            *("occupation_name", "region_code", "day", "posting_id", "rank"),
            *("work_time", "salary_min", "salary_max"),
            sqlite_where=text("family = ''"),
            postgresql_where=text("family = ''"),
        ),
    )

    posting_id: Mapped[int] = mapped_column(
        ForeignKey("postings.id", ondelete="CASCADE"), primary_key=True
    )
    occupation_name: Mapped[str] = mapped_column(String(40), primary_key=True)
    """An occupation of the posting, or '' for the row that stands for the posting as such."""
    family: Mapped[str] = mapped_column(String(40))
    """The occupation's family; '' in the row without an occupation."""
    rank: Mapped[int]
    """0 for the occupation that fits the posting best."""
    place: Mapped[str] = mapped_column(String(6))
    """The posting's city; its province when no city is known; '' when nothing is."""
    region_code: Mapped[str | None] = mapped_column(String(6))
    day: Mapped[int]
    """Days from 1970-01-01 to the day of publication, 0 when it is not known."""
    work_time: Mapped[str | None] = mapped_column(String(12))
    salary_min: Mapped[int | None]
    salary_max: Mapped[int | None]


class PayMedian(Base):
    """The median pay of an occupation's open postings in a city, worked out after imports."""

    __tablename__ = "pay_medians"

    occupation_name: Mapped[str] = mapped_column(String(40), primary_key=True)
    place: Mapped[str] = mapped_column(String(6), primary_key=True)
    """The city for which it is used."""
    of_place: Mapped[str] = mapped_column(String(6))
    """Where the postings lie that it was worked out from: the city, or its province."""
    median: Mapped[int]
    """Yuan a month, of the middle of each posting's span."""
    postings: Mapped[int]
    """From how many postings."""
