"""Stations, fairs, providers, courses, directories and rates of subsidy, and their imports."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base
from bot.db.types import Moment


class ListingBatch(Base):
    """A sheet that was imported; it can be undone until a later one has changed its rows."""

    __tablename__ = "listing_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    """station, fair, provider, course, directory or rate."""
    file: Mapped[str] = mapped_column(String(200))
    """The file's name without its folder."""
    sha256: Mapped[str] = mapped_column(String(64))
    imported_by: Mapped[str] = mapped_column(String(40))
    imported_at: Mapped[Moment]
    undone_by: Mapped[str | None] = mapped_column(String(40))
    undone_at: Mapped[Moment | None]


class ListingChange(Base):
    """A row that an import wrote, with what stood there before."""

    __tablename__ = "listing_changes"
    __table_args__ = (Index("ix_listing_changes_kind_row_id", "kind", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(
        ForeignKey("listing_batches.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(12))
    row_id: Mapped[int]
    before: Mapped[str | None] = mapped_column(Text)
    """The row's columns as JSON; None for one that is new."""


class _Listing:
    """The columns of whatever an office lists: what it is called, where, and how sure it is."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """The same for the same thing in the next sheet."""
    title: Mapped[str] = mapped_column(String(120))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), index=True)
    """A district, or the city of what no district is stated for."""
    address: Mapped[str] = mapped_column(String(200), default="", server_default="")
    lat: Mapped[float | None]
    """Degrees, WGS-84."""
    lon: Mapped[float | None]
    phone: Mapped[str] = mapped_column(String(80), default="", server_default="")
    """The office's own number, published by itself."""
    state: Mapped[str] = mapped_column(String(12), default="open", server_default="open")
    """open or closed; of an event cancelled as well, of a course full."""
    verified_on: Mapped[date | None]
    verified_by: Mapped[str] = mapped_column(String(60), default="", server_default="")
    """The office that verified it."""
    demo: Mapped[bool] = mapped_column(default=False, server_default="0")
    """Whether it is invented, for demonstrations."""


class Station(_Listing, Base):
    """A service station, a gig-work post or a counter of the employment service."""

    __tablename__ = "stations"

    functions: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Ids of data/vocab/listings.yml, joined by commas."""
    hours: Mapped[str] = mapped_column(Text, default="", server_default="")
    """As bot.places.hours reads it; empty where it is not known."""


class Fair(_Listing, Base):
    """A job fair; also a day on which experts advise, or one of gig work."""

    __tablename__ = "fairs"
    __table_args__ = (Index("ix_fairs_last_on", "last_on"),)

    kind: Mapped[str] = mapped_column(String(8))
    """fair, expert or gig."""
    starts_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    """Of its first day."""
    rule: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """An RRULE of RFC 5545, empty for what takes place once."""
    left_out: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Days on which it does not take place (ISO dates joined by commas)."""
    last_on: Mapped[date]
    """The last day on which it takes place."""
    audiences: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Groups of the taxonomy that it is for, joined by commas; empty for everybody."""
    trades: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Trades in the organiser's words."""
    employers: Mapped[int | None]
    openings: Mapped[int | None]
    organiser: Mapped[str] = mapped_column(String(120), default="", server_default="")
    sign_up: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """How one takes part."""


class Provider(_Listing, Base):
    """A provider of training."""

    __tablename__ = "providers"


class Course(_Listing, Base):
    """A training course."""

    __tablename__ = "courses"
    __table_args__ = (
        Index("ix_courses_occupation_name_region_code", "occupation_name", "region_code"),
    )

    provider: Mapped[str] = mapped_column(String(120))
    trade: Mapped[str] = mapped_column(String(80))
    """In the provider's words."""
    occupation_name: Mapped[str | None] = mapped_column(ForeignKey("occupations.name"))
    level: Mapped[str] = mapped_column(String(20), default="", server_default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    enrol_by: Mapped[date | None]
    length: Mapped[str] = mapped_column(String(60), default="", server_default="")
    """How long it takes, in the provider's words: 15天, 120课时."""
    times: Mapped[str] = mapped_column(String(60), default="", server_default="")
    """When it is taught (day, evening, weekend), joined by commas; empty where not stated."""
    schedule: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """The same in the provider's words."""
    mode: Mapped[str] = mapped_column(String(8), default="", server_default="")
    """site, online or both."""
    fee: Mapped[int | None]
    """Yuan; 0 is free, None not stated."""
    subsidy: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """What the provider states of a subsidy."""
    certificate: Mapped[str] = mapped_column(String(120), default="", server_default="")
    requirements: Mapped[str] = mapped_column(String(200), default="", server_default="")
    age_min: Mapped[int | None]
    age_max: Mapped[int | None]
    seats: Mapped[int | None]
    sign_up: Mapped[str] = mapped_column(String(200), default="", server_default="")


class DirectoryItem(_Listing, Base):
    """An occupation of a directory of a quarter; editions of other quarters stay as well."""

    __tablename__ = "directory_items"
    __table_args__ = (Index("ix_directory_items_directory_quarter", "directory", "quarter"),)

    directory: Mapped[str] = mapped_column(String(10))
    """shortage (急需紧缺), demand (需求) or training (培训)."""
    quarter: Mapped[str] = mapped_column(String(6))
    """2026Q4."""
    position: Mapped[int]
    occupation_name: Mapped[str | None] = mapped_column(ForeignKey("occupations.name"))
    level: Mapped[str] = mapped_column(String(20), default="", server_default="")
    degree: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """How short it is, in the directory's words."""
    document: Mapped[str] = mapped_column(String(200), default="", server_default="")


class SubsidyRate(_Listing, Base):
    """The subsidy of an office for training in a trade, from a document of its own."""

    __tablename__ = "subsidy_rates"
    __table_args__ = (Index("ix_subsidy_rates_occupation_name", "occupation_name"),)

    trade: Mapped[str] = mapped_column(String(80))
    occupation_name: Mapped[str | None] = mapped_column(ForeignKey("occupations.name"))
    level: Mapped[str] = mapped_column(String(20), default="", server_default="")
    amount: Mapped[int]
    """Yuan a person."""
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    document: Mapped[str] = mapped_column(String(200))
    """Its name and number."""


class SupplyMonth(Base):
    """A line of the supply of a month as it was frozen: it changes no more."""

    __tablename__ = "supply_months"
    __table_args__ = (UniqueConstraint("month", "region_code", "family"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date]
    """The first day of the month."""
    frozen_on: Mapped[date]
    """The day whose open postings it counts."""
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    family: Mapped[str] = mapped_column(String(40))
    postings: Mapped[int]
    employers: Mapped[int]
    pay: Mapped[int | None]
    """Median yuan a month, as bot.places.supply.Supply has it."""
    paid: Mapped[int]
    days_open: Mapped[int | None]
    wishes: Mapped[int | None]
    """Empty for few: small numbers are not kept either."""


class FairSignup(Base):
    """A seeker's wish to go to a fair on a day, and to be reminded of it."""

    __tablename__ = "fair_signups"
    __table_args__ = (
        UniqueConstraint("seeker_id", "fair_id", "takes_place_on"),
        Index("ix_fair_signups_state_remind_at", "state", "remind_at"),
        Index("ix_fair_signups_fair_id", "fair_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seekers.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(12))
    fair_id: Mapped[int] = mapped_column(ForeignKey("fairs.id", ondelete="CASCADE"))
    takes_place_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    """waiting, reminded, called_off (by the organiser) or withdrawn (by the seeker)."""
    remind_at: Mapped[Moment]
    signed_up_at: Mapped[Moment]


class CourseSubscription(Base):
    """A seeker's wish to be told of new courses in a trade and city."""

    __tablename__ = "course_subscriptions"
    __table_args__ = (
        UniqueConstraint("seeker_id", "channel", "occupation_name", "region_code"),
        Index("ix_course_subscriptions_occupation_name", "occupation_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seekers.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(12))
    occupation_name: Mapped[str] = mapped_column(ForeignKey("occupations.name"))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    """The city."""
    time: Mapped[str] = mapped_column(String(8), default="", server_default="")
    """day, evening or weekend; empty for any."""
    free: Mapped[bool] = mapped_column(default=False)
    """Only courses that cost nothing."""
    created_at: Mapped[Moment]
    told_at: Mapped[Moment | None]
    """When he was told last: at most once a day."""
    expires_on: Mapped[date]


class CourseNotice(Base):
    """A course that a subscriber knows of: told, or there when they subscribed."""

    __tablename__ = "course_notices"

    subscription_id: Mapped[int] = mapped_column(
        ForeignKey("course_subscriptions.id", ondelete="CASCADE"), primary_key=True
    )
    course_id: Mapped[int] = mapped_column(
        ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True
    )
    noted_at: Mapped[Moment]
