"""Who wishes to be told of new courses in a trade and city, and of which he was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "course_subscriptions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "seeker_id",
            sa.Integer(),
            sa.ForeignKey("seekers.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column(
            "occupation_name", sa.String(40), sa.ForeignKey("occupations.name"), nullable=False
        ),
        sa.Column("region_code", sa.String(6), sa.ForeignKey("regions.code"), nullable=False),
        sa.Column("time", sa.String(8), server_default="", nullable=False),
        sa.Column("free", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.UniqueConstraint(
            "seeker_id",
            "channel",
            "occupation_name",
            "region_code",
            name=op.f("uq_course_subscriptions_seeker_id_channel_occupation_name_region_code"),
        ),
    )
    op.create_index(
        "ix_course_subscriptions_occupation_name", "course_subscriptions", ["occupation_name"]
    )
    op.create_table(
        "course_notices",
        sa.Column(
            "subscription_id",
            sa.Integer(),
            sa.ForeignKey("course_subscriptions.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "course_id",
            sa.Integer(),
            sa.ForeignKey("courses.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("noted_at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    """Take the tables away."""
    op.drop_table("course_notices")
    op.drop_table("course_subscriptions")
