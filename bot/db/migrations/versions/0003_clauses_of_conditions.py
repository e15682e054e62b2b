"""clauses of conditions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nothing was ever written there before: the policies are loaded anew.
    op.drop_table("policy_conditions")
    op.create_table(
        "policy_conditions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("clause", sa.Integer(), nullable=False),
        sa.Column("says", sa.String(length=200), nullable=False),
        sa.Column("fact", sa.String(length=40), nullable=True),
        sa.Column("test", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=400), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["policy_versions.id"],
            name=op.f("fk_policy_conditions_version_id_policy_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_conditions")),
    )
    with op.batch_alter_table("policy_conditions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_policy_conditions_version_id"), ["version_id"], unique=False
        )


def downgrade() -> None:
    op.execute("delete from policy_conditions")
    with op.batch_alter_table("policy_conditions", schema=None) as batch_op:
        batch_op.drop_column("clause")
        batch_op.drop_column("says")
        batch_op.alter_column("fact", existing_type=sa.String(length=40), nullable=False)
