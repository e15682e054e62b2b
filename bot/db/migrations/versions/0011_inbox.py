"""The channels' inbox: messages that are taken and not answered yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "inbox",
        sa.Column("channel", sa.String(12), primary_key=True),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("address", sa.String(120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(32), nullable=False),
        sa.Column("held_until", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
    )
    op.create_index("ix_inbox_channel_address", "inbox", ["channel", "address"])
    op.create_index("ix_inbox_held_until", "inbox", ["held_until"])


def downgrade() -> None:
    """Take the table away; what waits in it is not answered."""
    op.drop_table("inbox")
