"""Early warning: deliveries, alerts, cases of firms, measures, frozen lists, publications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

#: In the order in which they point to each other.
TABLES = (
    "warning_batches",
    "warning_deliveries",
    "employer_records",
    "employment_filings",
    "headcounts",
    "monthly_counts",
    "threshold_versions",
    "alerts",
    "warning_cases",
    "warning_case_events",
    "warning_evidence",
    "warning_measures",
    "frozen_lists",
    "publications",
    "published_figures",
)


def upgrade() -> None:
    """Make the tables."""
    _deliveries()
    _alerts()
    _cases()
    _reports()


def downgrade() -> None:
    """Take the tables away."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _deliveries() -> None:
    op.create_table(
        "warning_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["undoes"],
            ["warning_batches.id"],
            name=op.f("fk_warning_batches_undoes_warning_batches"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning_batches")),
        sa.UniqueConstraint("undoes", name=op.f("uq_warning_batches_undoes")),
    )
    op.create_index(
        op.f("ix_warning_batches_applied_at"), "warning_batches", ["applied_at"], unique=False
    )
    op.create_table(
        "warning_deliveries",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["warning_batches.id"],
            name=op.f("fk_warning_deliveries_batch_id_warning_batches"),
        ),
        sa.PrimaryKeyConstraint(
            "batch_id", "district", "month", name=op.f("pk_warning_deliveries")
        ),
    )
    op.create_table(
        "employer_records",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("industry", sa.String(length=5), nullable=False),
        sa.Column("parent", sa.String(length=18), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["warning_batches.id"],
            name=op.f("fk_employer_records_batch_id_warning_batches"),
        ),
        sa.PrimaryKeyConstraint("batch_id", "row", name=op.f("pk_employer_records")),
    )
    op.create_index("ix_employer_records_uscc", "employer_records", ["uscc"], unique=False)
    op.create_table(
        "employment_filings",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("filing_no", sa.String(length=40), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("user_uscc", sa.String(length=18), nullable=True),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["warning_batches.id"],
            name=op.f("fk_employment_filings_batch_id_warning_batches"),
        ),
        sa.PrimaryKeyConstraint("batch_id", "row", name=op.f("pk_employment_filings")),
    )
    op.create_index("ix_employment_filings_uscc", "employment_filings", ["uscc"], unique=False)
    op.create_table(
        "headcounts",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("insured", sa.Integer(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["warning_batches.id"],
            name=op.f("fk_headcounts_batch_id_warning_batches"),
        ),
        sa.PrimaryKeyConstraint("batch_id", "row", name=op.f("pk_headcounts")),
    )
    op.create_index(op.f("ix_headcounts_uscc"), "headcounts", ["uscc"], unique=False)
    op.create_table(
        "monthly_counts",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2, asdecimal=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["warning_batches.id"],
            name=op.f("fk_monthly_counts_batch_id_warning_batches"),
        ),
        sa.PrimaryKeyConstraint("batch_id", "row", "measure", name=op.f("pk_monthly_counts")),
    )
    op.create_index(
        "ix_monthly_counts_measure_month", "monthly_counts", ["measure", "month"], unique=False
    )


def _alerts() -> None:
    op.create_table(
        "threshold_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threshold_versions")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("level", sa.String(length=6), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index("ix_alerts_indicator_region", "alerts", ["indicator", "region"], unique=False)


def _cases() -> None:
    op.create_table(
        "warning_cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("peak", sa.Date(), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=False),
        sa.Column("leavers", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("arithmetic", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning_cases")),
    )
    op.create_index("ix_warning_cases_uscc", "warning_cases", ["uscc"], unique=False)
    op.create_table(
        "warning_case_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["warning_cases.id"],
            name=op.f("fk_warning_case_events_case_id_warning_cases"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning_case_events")),
    )
    op.create_index(
        op.f("ix_warning_case_events_case_id"), "warning_case_events", ["case_id"], unique=False
    )
    op.create_table(
        "warning_evidence",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["warning_cases.id"],
            name=op.f("fk_warning_evidence_case_id_warning_cases"),
        ),
        sa.PrimaryKeyConstraint("case_id", "person", name=op.f("pk_warning_evidence")),
    )
    op.create_table(
        "warning_measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("measure", sa.String(length=100), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("result", sa.String(length=100), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_warning_measures_alert_id_alerts")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["warning_cases.id"],
            name=op.f("fk_warning_measures_case_id_warning_cases"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning_measures")),
    )
    op.create_index(
        op.f("ix_warning_measures_alert_id"), "warning_measures", ["alert_id"], unique=False
    )
    op.create_index(
        op.f("ix_warning_measures_case_id"), "warning_measures", ["case_id"], unique=False
    )


def _reports() -> None:
    op.create_table(
        "frozen_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_lists")),
        sa.UniqueConstraint("region", "month", name=op.f("uq_frozen_lists_region_month")),
    )
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("prepared_by", sa.String(length=40), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=40), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    op.create_table(
        "published_figures",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_published_figures_publication_id_publications"),
        ),
        sa.PrimaryKeyConstraint(
            "publication_id", "measure", "district", name=op.f("pk_published_figures")
        ),
    )
