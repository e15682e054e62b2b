"""The supply of each month by family of trades and place, frozen once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "supply_months",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("frozen_on", sa.Date(), nullable=False),
        sa.Column("region_code", sa.String(6), sa.ForeignKey("regions.code"), nullable=False),
        sa.Column("family", sa.String(40), nullable=False),
        sa.Column("postings", sa.Integer(), nullable=False),
        sa.Column("employers", sa.Integer(), nullable=False),
        sa.Column("pay", sa.Integer()),
        sa.Column("paid", sa.Integer(), nullable=False),
        sa.Column("days_open", sa.Integer()),
        sa.Column("wishes", sa.Integer()),
        sa.UniqueConstraint("month", "region_code", "family"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("supply_months")
