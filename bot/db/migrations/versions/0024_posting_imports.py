"""Imports of postings that are under way, and their drafts that wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "posting_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(10), nullable=False),
        sa.Column("shown_up_to", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting_imports")),
    )
    op.create_table(
        "posting_batches",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("drafts", sa.LargeBinary(), nullable=False),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_posting_batches")),
    )


def downgrade() -> None:
    """Drop them; an import that was cut off must be done again."""
    op.drop_table("posting_batches")
    op.drop_table("posting_imports")
