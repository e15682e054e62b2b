"""Employers and the postings they make, as gathered from the sources."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.db.base import Base


class Employer(Base):
    """The employer of a job, as the posting names it."""

    __tablename__ = "employers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    industry: Mapped[str | None] = mapped_column(String(100))
    kind: Mapped[str | None] = mapped_column(String(40))
    """Ownership as stated: 民营, 国企, 合资…"""
    size: Mapped[str | None] = mapped_column(String(40))


class Posting(Base):
    """One job offered. The written text is kept next to the fields read from it."""

    __tablename__ = "postings"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        Index("ix_postings_status_city_code", "status", "city_code"),
        Index("ix_postings_status_region_code", "status", "region_code"),
        Index("ix_postings_job_key", "job_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(80))
    source_key: Mapped[str] = mapped_column(String(80))
    """The source's own id, or a key made from the row: unique within the source."""
    content_hash: Mapped[str] = mapped_column(String(40))
    """Changes when any field of the row changes."""

    title: Mapped[str] = mapped_column(String(200))
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    description: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[str] = mapped_column(Text, default="")
    """Tags as stated, joined by commas."""

    place_text: Mapped[str] = mapped_column(String(100), default="")
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    """The narrowest region read (district or city), None when none could be read."""
    city_code: Mapped[str | None] = mapped_column(String(6))
    """The city that the region lies in, for searching a city with all its districts."""

    salary_text: Mapped[str] = mapped_column(String(100), default="")
    salary_min: Mapped[int | None]
    """Yuan a month; None when negotiable or not readable."""
    salary_max: Mapped[int | None]

    education: Mapped[str | None] = mapped_column(String(12))
    """Lowest education asked for, an id of the taxonomy; `none` means that none is asked for."""
    experience_years: Mapped[int | None]
    """Least years of experience asked for; 0 means that none is asked for."""
    work_time: Mapped[str | None] = mapped_column(String(12))
    """full_time, part_time, gig, shift_day or shift_night; None when not stated."""
    family_code: Mapped[str | None] = mapped_column(String(4), index=True)
    """The first two levels of the occupation's code in 职业分类大典 2022, e.g. 4-07."""
    shifts: Mapped[str] = mapped_column(String(60), default="", server_default="")
    """Ids of bot.postings.ingest.shifts, joined by commas: three_shifts, day_shift, six_days…"""
    welfare: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Ids of benefits (vocabulary/posting_benefits.py), joined by commas: lodging, weekends_off."""
    headcount: Mapped[int | None]
    """How many are sought, None when not stated."""
    sex_text: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """The sex asked for in a column of its own, as stated."""
    age_text: Mapped[str] = mapped_column(String(60), default="", server_default="")
    """The age asked for in a column of its own, with 岁: 18-50岁."""
    contact: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Whom to call, as stated: a name and a number. Whole only where one posting is looked at."""
    address: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Where the work is, below the district; empty when only a district is stated."""
    apply_text: Mapped[str] = mapped_column(String(300), default="", server_default="")
    """How to apply, as stated."""
    link: Mapped[str] = mapped_column(String(300), default="", server_default="")
    """An address on the web, with http(s):// or www."""
    job_key: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """Key of the postings of one job by one employer in one city (ingest/deduplication.py)."""

    published_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    """The last day that it states itself; an origin's `expires_on` knows its greatest age too."""
    imported_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10), default="open")
    """open, held (waits for a counsellor), refused (by one) or expired."""
    warnings: Mapped[str] = mapped_column(Text, default="")
    """Ids of what the screen found, joined by commas: deposit, sex, age…"""
    cleared: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Ids of faults that a counsellor let pass, joined by commas: they hold it no more."""

    employer: Mapped[Employer] = relationship(lazy="joined")
    occupations: Mapped[list[PostingOccupation]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="PostingOccupation.rank"
    )


class PostingOccupation(Base):
    """An occupation read from a posting's title; rank 0 is the one that fits best."""

    __tablename__ = "posting_occupations"
    __table_args__ = (Index("ix_posting_occupations_occupation_name", "occupation_name"),)

    posting_id: Mapped[int] = mapped_column(
        ForeignKey("postings.id", ondelete="CASCADE"), primary_key=True
    )
    occupation_name: Mapped[str] = mapped_column(ForeignKey("occupations.name"), primary_key=True)
    rank: Mapped[int] = mapped_column(default=0)
