"""Exports of the console's lists: what was taken out, why, by whom, and whom it named."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base
from bot.db.types import Moment


class ListExport(Base):
    """An export of a list, with its purpose; of many people only after a second person's yes."""

    __tablename__ = "list_exports"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'approved', 'refused')", name="state"),
        CheckConstraint(
            "decided_by is null or decided_by <> counsellor_id", name="has_second_person"
        ),
        CheckConstraint(
            "state <> 'approved' or not needs_approval or decided_by is not null",
            name="many_need_approval",
        ),
        Index("ix_list_exports_counsellor_id_id", "counsellor_id", "id"),
        Index("ix_list_exports_state_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    """A key of bot.list_exports.sheets.KINDS."""
    filters: Mapped[str] = mapped_column(String(300))
    """JSON of the list's filters; never a name or number of a person."""
    scopes: Mapped[str] = mapped_column(String(300))
    """The areas of the one who exports, by commas, as they were at the time."""
    purpose: Mapped[str] = mapped_column(String(200))
    rows: Mapped[int]
    people: Mapped[int]
    """People named by it."""
    needs_approval: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10))
    counsellor_id: Mapped[int] = mapped_column(ForeignKey("counsellors.id"))
    created_at: Mapped[Moment]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("counsellors.id"))
    decided_at: Mapped[Moment | None]


class ExportedPerson(Base):
    """A person whom an export names: who took someone out can be found by the person."""

    __tablename__ = "exported_people"

    export_id: Mapped[int] = mapped_column(
        ForeignKey("list_exports.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
