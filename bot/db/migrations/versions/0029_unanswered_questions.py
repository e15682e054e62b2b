"""Questions that were not answered, without who asked, and groups of like ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "question_groups",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(60)),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("policy_id", sa.String(40)),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), sa.ForeignKey("counsellors.id")),
        sa.Column("changed_at", MOMENT),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "state in ('new', 'drafting', 'answered', 'not_ours')",
            name=op.f("ck_question_groups_state"),
        ),
        sa.CheckConstraint(
            "state <> 'answered' or policy_id is not null",
            name=op.f("ck_question_groups_answered_by"),
        ),
    )
    op.create_index("ix_question_groups_last_day", "question_groups", ["last_day"])
    op.create_table(
        "unanswered_questions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "group_id", sa.Integer(), sa.ForeignKey("question_groups.id", ondelete="CASCADE")
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("region_code", sa.String(6)),
        sa.Column("act", sa.String(40)),
        sa.Column("topic", sa.String(60)),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_index(
        "ix_unanswered_questions_group_id_day", "unanswered_questions", ["group_id", "day"]
    )
    op.create_index("ix_unanswered_questions_day", "unanswered_questions", ["day"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("unanswered_questions")
    op.drop_table("question_groups")
