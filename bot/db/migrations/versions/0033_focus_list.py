"""The list of those who get help first, orders to overdue offices, what the clock did each day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state in ('proposed', 'listed')")
#: PostgreSQL's policies of rows, as 0020 has them for what hangs on a person.
THROUGH = {"focus_entries": ("person_id", "people"), "focus_events": ("entry_id", "focus_entries")}
FIXED = "entry_id, state, way, note, counsellor_id, at"
REFUSED = "focus_events are not changed"


def upgrade() -> None:
    """Make the tables, and the columns that say who closed a measure."""
    _focus()
    _orders()
    op.add_column("warning_measures", sa.Column("opened_at", MOMENT, nullable=True))
    closed_by = sa.Column("closed_by", sa.String(40), nullable=False, server_default="")
    op.add_column("warning_measures", closed_by)
    if op.get_bind().dialect.name == "postgresql":
        for table_name, (column, parent) in THROUGH.items():
            _policy(table_name, f"select 1 from {parent} p where p.id = {table_name}.{column}")
    _append_only()


def downgrade() -> None:
    """Take them away."""
    op.drop_column("warning_measures", "closed_by")
    op.drop_column("warning_measures", "opened_at")
    for table_name in ("warning_runs", "supervision_orders", "focus_events", "focus_entries"):
        op.drop_table(table_name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function focus_events_fixed()")


def _focus() -> None:
    op.create_table(
        "focus_entries",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "person_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="CASCADE"),
            nullable=False, index=True,
        ),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("basis", sa.String(200), nullable=False),
        sa.Column(
            "case_id", sa.Integer(), sa.ForeignKey("warning_cases.id", ondelete="SET NULL"),
            index=True,
        ),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column(
            "batch_id", sa.Integer(), sa.ForeignKey("import_batches.id", ondelete="SET NULL"),
            index=True,
        ),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state in ('proposed', 'listed', 'objected', 'ended')",
            name=op.f("ck_focus_entries_state"),
        ),
    )  # fmt: skip
    op.create_index(
        "uq_focus_entries_open", "focus_entries", ["person_id", "kind"], unique=True,
        sqlite_where=OPEN, postgresql_where=OPEN,
    )  # fmt: skip
    op.create_table(
        "focus_events",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "entry_id", sa.Integer(), sa.ForeignKey("focus_entries.id", ondelete="CASCADE"),
            nullable=False, index=True,
        ),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), sa.ForeignKey("counsellors.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )  # fmt: skip


def _orders() -> None:
    code = sa.String(6)
    op.create_table(
        "supervision_orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "measure_id", sa.Integer(), sa.ForeignKey("warning_measures.id"), nullable=False,
            index=True,
        ),
        sa.Column("region", code, nullable=False),
        sa.Column("demand", sa.String(300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ordered_by", sa.String(40), nullable=False),
        sa.Column("ordered_at", MOMENT, nullable=False),
        sa.Column("answer", sa.String(300), nullable=False),
        sa.Column("answered_by", sa.String(40), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
    )  # fmt: skip
    op.create_table(
        "warning_runs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("region", code, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("report_fault", sa.String(200), nullable=False),
        sa.UniqueConstraint("region", "day", name=op.f("uq_warning_runs_region_day")),
    )


def _policy(table: str, rows: str) -> None:
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(f"create policy {table}_in_scope on {table} using (exists ({rows}))")


def _append_only() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "create function focus_events_fixed() returns trigger language plpgsql as "
            f"$$ begin raise exception '{REFUSED}'; end $$"
        )
        op.execute(
            f"create trigger focus_events_fixed before update of {FIXED} on focus_events "
            "for each row execute function focus_events_fixed()"
        )
    else:
        op.execute(
            f"create trigger focus_events_fixed before update of {FIXED} on focus_events "
            f"begin select raise(abort, '{REFUSED}'); end"
        )
