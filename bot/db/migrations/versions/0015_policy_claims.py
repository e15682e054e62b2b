"""Claims, answers to single questions about a policy; subjects next door."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; policies are loaded again, for they hold claims now."""
    op.create_table(
        "policy_claims",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "policy_id",
            sa.String(40),
            sa.ForeignKey("policies.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("cases", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("sources", sa.String(200), nullable=False),
        sa.UniqueConstraint("policy_id", "key"),
    )
    op.create_index("ix_policy_claims_policy_id", "policy_claims", ["policy_id"])
    op.add_column(
        "policies", sa.Column("neighbour", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("policies", sa.Column("within", sa.String(40), nullable=True))
    op.execute("update policies set content_hash = ''")


def downgrade() -> None:
    """Take the table away."""
    op.drop_column("policies", "within")
    op.drop_column("policies", "neighbour")
    op.drop_table("policy_claims")
