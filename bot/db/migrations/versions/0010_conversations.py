"""Rasa's events become ours: an index for what is asked of them, and where reading begins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make or take over the table of events, and make that of the starts."""
    kept = sa.inspect(op.get_bind())
    if not kept.has_table("events"):
        _events()
    else:
        # Made by Rasa's tracker store of an installation before this one.
        named = {index["name"] for index in kept.get_indexes("events")}
        if "ix_events_sender_id" in named:
            op.drop_index("ix_events_sender_id", "events")
    op.create_index("ix_events_sender_id_id", "events", ["sender_id", "id"])
    op.create_table(
        "conversation_starts",
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("slots", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sender_id", name=op.f("pk_conversation_starts")),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("type_name", sa.String(255), nullable=False),
        sa.Column("timestamp", sa.Float()),
        sa.Column("intent_name", sa.String(255)),
        sa.Column("action_name", sa.String(255)),
        sa.Column("data", sa.Text()),
    )


def downgrade() -> None:
    """Leave the events to Rasa."""
    op.drop_table("conversation_starts")
    op.drop_index("ix_events_sender_id_id", "events")
    op.create_index("ix_events_sender_id", "events", ["sender_id"])
