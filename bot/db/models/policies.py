"""Policies with their dated, regional versions; figures and citations stand nowhere else."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.db.base import Base


class Policy(Base):
    """A policy or public service, by its id in the taxonomy."""

    __tablename__ = "policies"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    content_hash: Mapped[str] = mapped_column(String(40))
    """Of the file it was loaded from: loading the same file again changes nothing."""
    neighbour: Mapped[bool] = mapped_column(default=False)
    """True for a subject next door, which is no topic of the taxonomy."""
    within: Mapped[str | None] = mapped_column(String(40))
    """The topic of the taxonomy that a subject next door belongs to."""

    @property
    def reported(self) -> tuple[str, ...]:
        """The topics of the taxonomy that an answer from it is about."""
        return ((self.within,) if self.within else ()) if self.neighbour else (self.id,)

    names: Mapped[list[PolicyName]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="PolicyName.position"
    )
    versions: Mapped[list[PolicyVersion]] = relationship(
        back_populates="policy",
        cascade="all, delete-orphan",
        lazy="selectin",
        order_by="PolicyVersion.effective_from",
    )
    claims: Mapped[list[PolicyClaim]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="PolicyClaim.position"
    )


class PolicyName(Base):
    """A name people use for a policy: 失业金, 下岗费."""

    __tablename__ = "policy_names"

    policy_id: Mapped[str] = mapped_column(
        ForeignKey("policies.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]


class PolicyVersion(Base):
    """A version of a policy, in force from a day to a day in some regions."""

    __tablename__ = "policy_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[str] = mapped_column(
        ForeignKey("policies.id", ondelete="CASCADE"), index=True
    )
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    """The last day it holds; None while no end is set."""

    policy: Mapped[Policy] = relationship(back_populates="versions")
    regions: Mapped[list[PolicyRegion]] = relationship(
        cascade="all, delete-orphan", lazy="selectin"
    )
    answers: Mapped[list[PolicyAnswerRow]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="PolicyAnswerRow.position"
    )
    figures: Mapped[list[PolicyFigure]] = relationship(
        cascade="all, delete-orphan", lazy="selectin"
    )
    conditions: Mapped[list[PolicyCondition]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="PolicyCondition.position"
    )
    citations: Mapped[list[PolicyCitation]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="PolicyCitation.position"
    )


class PolicyRegion(Base):
    """A region (and all that lies in it) where a version holds."""

    __tablename__ = "policy_regions"

    version_id: Mapped[int] = mapped_column(
        ForeignKey("policy_versions.id", ondelete="CASCADE"), primary_key=True
    )
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), primary_key=True)


class PolicyCitation(Base):
    """A document that a version rests on."""

    __tablename__ = "policy_citations"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("policy_versions.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    """The short name by which answers and figures of the file refer to it."""
    document: Mapped[str] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(80))
    """The document's number, e.g. 辽人社建〔2025〕21号; laws have none."""
    issuer: Mapped[str] = mapped_column(String(100))
    article: Mapped[str | None] = mapped_column(String(80))
    dated: Mapped[date | None]
    effective_from: Mapped[date | None]
    grade: Mapped[str] = mapped_column(String(2))
    """A founding text, B1 law, B2 official text in a second copy, C second-hand."""


class PolicyFigure(Base):
    """A number with its unit: answers and calculators take it from here."""

    __tablename__ = "policy_figures"
    __table_args__ = (UniqueConstraint("version_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("policy_versions.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(60))
    """The number as a decimal string, so that nothing is lost."""
    unit: Mapped[str] = mapped_column(String(20))
    """yuan, percent, month, year, times, day, workday, place, person, date…"""
    text: Mapped[str] = mapped_column(String(60))
    """How the figure is said to people."""
    source: Mapped[str] = mapped_column(String(40))
    """The key of the citation it is taken from."""


class PolicyAnswerRow(Base):
    """The answer to one aspect of a policy."""

    __tablename__ = "policy_answers"
    __table_args__ = (UniqueConstraint("version_id", "aspect"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("policy_versions.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    aspect: Mapped[str] = mapped_column(String(12))
    """what, who, amount, period, materials, how, where or basis."""
    text: Mapped[str] = mapped_column(Text)
    """With figures by name in braces, {max_amount}: a number stands once."""
    sources: Mapped[str] = mapped_column(String(200))
    """Keys of the citations this answer rests on, joined by commas."""


class PolicyCondition(Base):
    """A condition of a version on a person: one alternative of a clause."""

    __tablename__ = "policy_conditions"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("policy_versions.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    clause: Mapped[int]
    """All clauses must hold; of the conditions of one clause one is enough."""
    says: Mapped[str] = mapped_column(String(200))
    """The clause in plain words, with figures by name in braces."""
    fact: Mapped[str | None] = mapped_column(String(40))
    """An id of data/eligibility.yml; None when the place or another policy decides."""
    test: Mapped[str] = mapped_column(String(10))
    """is, one_of, at_least, at_most, undecided or follows."""
    value: Mapped[str] = mapped_column(String(400))
    """What is tested, as JSON: choices, a number in the fact's unit, words, or a topic."""
    source: Mapped[str] = mapped_column(String(40))
    """The key of the citation it is taken from."""


class PolicyClaim(Base):
    """The answer to one question that people ask of a policy."""

    __tablename__ = "policy_claims"
    __table_args__ = (UniqueConstraint("policy_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[str] = mapped_column(
        ForeignKey("policies.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(80))
    """Its id within the policy: quit-oneself."""
    kind: Mapped[str] = mapped_column(String(12))
    """What the question wants first: yes_no, how_much, how_long…"""
    asks: Mapped[str] = mapped_column(Text)
    """Ways of asking it, as a JSON list."""
    cases: Mapped[str] = mapped_column(Text)
    """A JSON list of {fact, test, value, answer}: the first whose condition holds answers."""
    answer: Mapped[str] = mapped_column(Text)
    """What is said while no case is known to hold; figures by name in braces."""
    sources: Mapped[str] = mapped_column(String(200))
    """Keys of the citations it rests on, joined by commas."""
