"""People with a record at the office, and their registrations.

The ground is a duty by law (个人信息保护法 第十三条第一款第三项), not consent: nothing here comes
from a chat. Names, numbers and telephones are sealed (bot/casework/identity.py); digests find them.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, RegionCode
from bot.db.models.areas import AreaCode
from bot.db.types import Moment

_PERSON = "people.id"


class Person(Base):
    """A person of the office's record."""

    __tablename__ = "people"
    __table_args__ = (
        Index("ix_people_region_code_id", "region_code", "id"),
        Index("ix_people_district_code_id", "district_code", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name_sealed: Mapped[str] = mapped_column(Text)
    name_digest: Mapped[str] = mapped_column(String(64), index=True)
    id_number_sealed: Mapped[str | None] = mapped_column(Text)
    id_number_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    phone_sealed: Mapped[str | None] = mapped_column(Text)
    phone_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    birth_year: Mapped[int | None]
    sex: Mapped[str | None] = mapped_column(String(2))
    """男 or 女, as the sheet states it."""
    region_code: Mapped[AreaCode]
    """The smallest area that is known: district, street or community."""
    district_code: Mapped[RegionCode]
    source: Mapped[str] = mapped_column(String(10))
    """import, desk or demo."""
    as_of: Mapped[date]
    batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_batches.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[Moment]
    left_at: Mapped[Moment | None]
    """When the last registration ended; from then on the time of keeping runs."""


class PersonLink(Base):
    """A person joined with a seeker by an explicit act: a code handed out at the desk."""

    __tablename__ = "person_links"
    __table_args__ = (
        Index(
            "uq_person_links_confirmed", "person_id", "seeker_id", unique=True,
            sqlite_where=text("state = 'confirmed'"),
            postgresql_where=text("state = 'confirmed'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(_PERSON, ondelete="CASCADE"), index=True)
    seeker_id: Mapped[int | None] = mapped_column(
        ForeignKey("seekers.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(10))
    """proposed, confirmed or ended."""
    code_digest: Mapped[str] = mapped_column(String(64), index=True)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("counsellors.id"))
    proposed_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    confirmed_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]


class Registration(Base):
    """A registration as unemployed. It ends by a reviewed event alone; a trigger sees to that."""

    __tablename__ = "registrations"
    __table_args__ = (
        CheckConstraint(
            "state in ('active', 'exit_proposed', 'objected', 'exited', 'withdrawn')", name="state"
        ),
        Index(
            "uq_registrations_open", "person_id", unique=True,
            sqlite_where=text("state not in ('exited', 'withdrawn')"),
            postgresql_where=text("state not in ('exited', 'withdrawn')"),
        ),
        Index("ix_registrations_state_id", "state", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(_PERSON, ondelete="CASCADE"), index=True)
    number: Mapped[str | None] = mapped_column(String(40))
    """The number of the certificate, where the sheet has it."""
    registered_on: Mapped[date]
    cause: Mapped[str] = mapped_column(String(100))
    """Why unemployed, as the sheet states it; empty when it does not."""
    state: Mapped[str] = mapped_column(String(14))
    exited_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(10))
    as_of: Mapped[date]
    batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_batches.id", ondelete="SET NULL"), index=True
    )


class RegistrationEvent(Base):
    """One event of a registration; rows are never changed.

    kind: registered, exit_proposed, exit_confirmed, exit_refused, restored, objected, answered,
    manual_review, violation, withdrawn.
    """

    __tablename__ = "registration_events"
    __table_args__ = (
        CheckConstraint(
            "reason_code is null or reason_code not in ('refused_3', 'unreachable_6m')",
            name="no_forbidden_reason",
        ),
        CheckConstraint(
            "kind not in ('exit_proposed', 'exit_confirmed') or reason_code is not null",
            name="exit_has_reason",
        ),
        CheckConstraint(
            "kind <> 'exit_confirmed' or (counsellor_id is not null and reviewer_id is not null"
            " and reviewer_id <> counsellor_id)",
            name="exit_has_second_person",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registrations.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(16))
    reason_code: Mapped[str | None] = mapped_column(String(40))
    """A code of the list exit_reasons (data/duties/exit.yml)."""
    cause: Mapped[str | None] = mapped_column(String(40))
    """What stood in the way: refused_3 or unreachable_6m, never a reason."""
    evidence: Mapped[str] = mapped_column(Text)
    counsellor_id: Mapped[int | None] = mapped_column(ForeignKey("counsellors.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("counsellors.id"))
    batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_batches.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[Moment]


class PersonGroup(Base):
    """A group that a person belongs to, with the document it rests on."""

    __tablename__ = "person_groups"
    __table_args__ = (
        Index(
            "ix_person_groups_kind", "kind", "person_id",
            sqlite_where=text("state <> 'ended'"), postgresql_where=text("state <> 'ended'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(_PERSON, ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    """A code of the list hardship_kinds (data/duties/hardship.yml)."""
    basis: Mapped[str] = mapped_column(String(200))
    """The document as the sheet names it."""
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10))
    """to_verify, verified or ended."""
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("counsellors.id"))
    source: Mapped[str] = mapped_column(String(10))
    batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_batches.id", ondelete="SET NULL"), index=True
    )


class Household(Base):
    """A household without a member in work; it closes when one finds work."""

    __tablename__ = "households"
    __table_args__ = (Index("ix_households_region_code_id", "region_code", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """As the sheet numbers it."""
    region_code: Mapped[AreaCode]
    district_code: Mapped[RegionCode]
    opened_on: Mapped[date]
    due_on: Mapped[date | None]
    """By the figure household_days; None where it is unset."""
    state: Mapped[str] = mapped_column(String(14))
    """zero, one_employed or closed."""
    batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_batches.id", ondelete="SET NULL"), index=True
    )


class HouseholdMember(Base):
    """A person of a household."""

    __tablename__ = "household_members"

    household_id: Mapped[int] = mapped_column(
        ForeignKey("households.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey(_PERSON, ondelete="CASCADE"), primary_key=True, index=True
    )
    employed: Mapped[bool]


class Need(Base):
    """A need of a person, from a contact or a sheet."""

    __tablename__ = "needs"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(_PERSON, ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    """job, training, startup or aid."""
    detail: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    """current, met or withdrawn."""
    source: Mapped[str] = mapped_column(String(10))
    as_of: Mapped[date]
    counsellor_id: Mapped[int | None] = mapped_column(ForeignKey("counsellors.id"))


class ContactWish(Base):
    """By which way and when a person wishes to be contacted; the newest one holds."""

    __tablename__ = "contact_wishes"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(_PERSON, ondelete="CASCADE"), index=True)
    way: Mapped[str] = mapped_column(String(10))
    """phone, sms, wechat, visit or none."""
    hours: Mapped[str] = mapped_column(String(40))
    assistance: Mapped[str] = mapped_column(String(40))
    """deaf, large type, dialect …; empty for none."""
    as_of: Mapped[date]
    counsellor_id: Mapped[int | None] = mapped_column(ForeignKey("counsellors.id"))
