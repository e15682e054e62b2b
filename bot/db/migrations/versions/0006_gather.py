"""Origins of postings, runs of sources, reports and decisions; what is read from a posting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gather_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("expired", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gather_runs")),
    )
    with op.batch_alter_table("gather_runs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_gather_runs_source_started_at", ["source", "started_at"], unique=False
        )

    op.create_table(
        "posting_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("counsellor", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["posting_id"],
            ["postings.id"],
            name=op.f("fk_posting_decisions_posting_id_postings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting_decisions")),
    )
    with op.batch_alter_table("posting_decisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_posting_decisions_posting_id"), ["posting_id"], unique=False
        )

    op.create_table(
        "posting_origins",
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("source_key", sa.String(length=80), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=40), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["posting_id"],
            ["postings.id"],
            name=op.f("fk_posting_origins_posting_id_postings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source", "source_key", name=op.f("pk_posting_origins")),
    )
    with op.batch_alter_table("posting_origins", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_posting_origins_expires_on"), ["expires_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_posting_origins_posting_id"), ["posting_id"], unique=False
        )

    op.create_table(
        "posting_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["posting_id"],
            ["postings.id"],
            name=op.f("fk_posting_reports_posting_id_postings"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"],
            ["seekers.id"],
            name=op.f("fk_posting_reports_seeker_id_seekers"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting_reports")),
    )
    with op.batch_alter_table("posting_reports", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_posting_reports_posting_id"), ["posting_id"], unique=False
        )

    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("family_code", sa.String(length=4), nullable=True))
        batch_op.add_column(
            sa.Column("shifts", sa.String(length=60), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("welfare", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("headcount", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("job_key", sa.String(length=32), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("cleared", sa.Text(), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_postings_family_code"), ["family_code"], unique=False)
        batch_op.create_index("ix_postings_job_key", ["job_key"], unique=False)

    # What stands already came from one source each; without a hash its next import reads it anew.
    op.execute(
        "insert into posting_origins (source, source_key, posting_id, content_hash, first_seen_at) "
        "select source, source_key, id, '', imported_at from postings"
    )


def downgrade() -> None:
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.drop_index("ix_postings_job_key")
        batch_op.drop_index(batch_op.f("ix_postings_family_code"))
        batch_op.drop_column("cleared")
        batch_op.drop_column("job_key")
        batch_op.drop_column("headcount")
        batch_op.drop_column("welfare")
        batch_op.drop_column("shifts")
        batch_op.drop_column("family_code")

    with op.batch_alter_table("posting_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posting_reports_posting_id"))

    op.drop_table("posting_reports")
    with op.batch_alter_table("posting_origins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posting_origins_posting_id"))
        batch_op.drop_index(batch_op.f("ix_posting_origins_expires_on"))

    op.drop_table("posting_origins")
    with op.batch_alter_table("posting_decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posting_decisions_posting_id"))

    op.drop_table("posting_decisions")
    with op.batch_alter_table("gather_runs", schema=None) as batch_op:
        batch_op.drop_index("ix_gather_runs_source_started_at")

    op.drop_table("gather_runs")
