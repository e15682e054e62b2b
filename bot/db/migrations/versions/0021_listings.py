"""Stations, fairs, providers, courses, directories, rates of subsidy, and who goes to fairs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("stations", "fairs", "providers", "courses", "directory_items", "subsidy_rates")


def _text(name: str, length: int | None = None) -> sa.Column[Any]:
    kind = sa.String(length) if length else sa.Text()
    return sa.Column(name, kind, server_default="", nullable=False)


def _occupation() -> sa.Column[Any]:
    return sa.Column("occupation_name", sa.String(40), sa.ForeignKey("occupations.name"))


def _listing(table: str, *own: sa.Column[Any]) -> None:
    """Make a table with the columns that all of them have, and its own."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("region_code", sa.String(6), sa.ForeignKey("regions.code"), nullable=False),
        _text("address", 200),
        sa.Column("lat", sa.Float()),
        sa.Column("lon", sa.Float()),
        _text("phone", 80),
        sa.Column("state", sa.String(12), server_default="open", nullable=False),
        sa.Column("verified_on", sa.Date()),
        _text("verified_by", 60),
        sa.Column("demo", sa.Boolean(), server_default="0", nullable=False),
        *own,
        sa.UniqueConstraint("key", name=op.f(f"uq_{table}_key")),
    )
    op.create_index(op.f(f"ix_{table}_region_code"), table, ["region_code"])


def upgrade() -> None:
    """Make the tables."""
    _imports()
    _listing("stations", _text("functions"), _text("hours"))
    _fairs()
    _listing("providers")
    _courses()
    _listing(
        "directory_items",
        sa.Column("directory", sa.String(10), nullable=False),
        sa.Column("quarter", sa.String(6), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _occupation(),
        _text("level", 20),
        _text("degree", 20),
        _text("document", 200),
    )
    op.create_index(
        "ix_directory_items_directory_quarter", "directory_items", ["directory", "quarter"]
    )
    _listing(
        "subsidy_rates",
        sa.Column("trade", sa.String(80), nullable=False),
        _occupation(),
        _text("level", 20),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("document", sa.String(200), nullable=False),
    )
    op.create_index("ix_subsidy_rates_occupation_name", "subsidy_rates", ["occupation_name"])
    _signups()


def _imports() -> None:
    op.create_table(
        "listing_batches",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("imported_by", sa.String(40), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.Column("undone_by", sa.String(40)),
        sa.Column("undone_at", MOMENT),
    )
    op.create_table(
        "listing_changes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "batch_id",
            sa.Integer(),
            sa.ForeignKey("listing_batches.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text()),
    )
    op.create_index("ix_listing_changes_batch_id", "listing_changes", ["batch_id"])
    op.create_index("ix_listing_changes_kind_row_id", "listing_changes", ["kind", "row_id"])


def _fairs() -> None:
    _listing(
        "fairs",
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        _text("rule", 200),
        _text("left_out"),
        sa.Column("last_on", sa.Date(), nullable=False),
        _text("audiences"),
        _text("trades"),
        sa.Column("employers", sa.Integer()),
        sa.Column("openings", sa.Integer()),
        _text("organiser", 120),
        _text("sign_up", 200),
    )
    op.create_index("ix_fairs_last_on", "fairs", ["last_on"])


def _courses() -> None:
    _listing(
        "courses",
        sa.Column("provider", sa.String(120), nullable=False),
        sa.Column("trade", sa.String(80), nullable=False),
        _occupation(),
        _text("level", 20),
        sa.Column("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date()),
        sa.Column("enrol_by", sa.Date()),
        _text("length", 60),
        _text("times", 60),
        _text("schedule", 120),
        _text("mode", 8),
        sa.Column("fee", sa.Integer()),
        _text("subsidy", 120),
        _text("certificate", 120),
        _text("requirements", 200),
        sa.Column("age_min", sa.Integer()),
        sa.Column("age_max", sa.Integer()),
        sa.Column("seats", sa.Integer()),
        _text("sign_up", 200),
    )
    op.create_index(
        "ix_courses_occupation_name_region_code", "courses", ["occupation_name", "region_code"]
    )


def _signups() -> None:
    op.create_table(
        "fair_signups",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "seeker_id",
            sa.Integer(),
            sa.ForeignKey("seekers.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column(
            "fair_id", sa.Integer(), sa.ForeignKey("fairs.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("takes_place_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("remind_at", MOMENT, nullable=False),
        sa.Column("signed_up_at", MOMENT, nullable=False),
        sa.UniqueConstraint(
            "seeker_id",
            "fair_id",
            "takes_place_on",
            name=op.f("uq_fair_signups_seeker_id_fair_id_takes_place_on"),
        ),
    )
    op.create_index("ix_fair_signups_state_remind_at", "fair_signups", ["state", "remind_at"])
    op.create_index("ix_fair_signups_fair_id", "fair_signups", ["fair_id"])


def downgrade() -> None:
    """Take the tables away."""
    for table in ("fair_signups", *reversed(TABLES), "listing_changes", "listing_batches"):
        op.drop_table(table)
