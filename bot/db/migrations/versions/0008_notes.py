"""Notes of seekers on postings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "posting_notes",
        sa.Column(
            "seeker_id",
            sa.Integer(),
            sa.ForeignKey("seekers.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "posting_id",
            sa.Integer(),
            sa.ForeignKey("postings.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("posting_notes")
