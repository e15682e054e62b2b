"""Tickets have a region, the employer named and a result; postings entered on the page wait.

On PostgreSQL policies of rows say of tickets what migration 0020 says of people. A ticket without a
region is everybody's who sees any area; one that names a city alone is of each of its districts.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
AREA = sa.String(12).with_variant(sa.String(12, collation="C"), "postgresql")
SCOPES = "current_setting('jiuye.scopes', true)"
IN_SCOPE = f"""
    ({SCOPES} = '*' or ({SCOPES} not in ('', '-') and (region_code is null or exists (
    select 1 from unnest(string_to_array({SCOPES}, ',')) s where region_code like s
    or s like regexp_replace(region_code, '(00)+$', '') || '%'))))
"""
POLICIES = {
    "tickets": IN_SCOPE,
    "ticket_messages": "exists (select 1 from tickets t where t.id = ticket_messages.ticket_id)",
}


def upgrade() -> None:
    """Add the columns, the table, and on PostgreSQL the policies."""
    op.add_column("tickets", sa.Column("region_code", sa.String(6), nullable=True))
    for name, kind in (("employer", sa.Text()), ("result", sa.String(12)),
                       ("result_note", sa.Text())):  # fmt: skip
        op.add_column("tickets", sa.Column(name, kind, server_default="", nullable=False))
    op.create_table(
        "posting_entries",
        sa.Column(
            "posting_id", sa.Integer(), sa.ForeignKey("postings.id", ondelete="CASCADE"),
            primary_key=True, autoincrement=False,
        ),
        sa.Column(
            "counsellor_id", sa.Integer(), sa.ForeignKey("counsellors.id"), nullable=False
        ),
        sa.Column("area", AREA, nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("cells", sa.Text(), server_default="{}", nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("returned_at", MOMENT),
    )  # fmt: skip
    op.create_index("ix_posting_entries_counsellor_id", "posting_entries", ["counsellor_id"])
    if op.get_bind().dialect.name == "postgresql":
        for table, condition in POLICIES.items():
            op.execute(f"alter table {table} enable row level security")
            op.execute(f"alter table {table} force row level security")
            op.execute(f"create policy {table}_in_scope on {table} using ({condition})")


def downgrade() -> None:
    """Take all of it away."""
    if op.get_bind().dialect.name == "postgresql":
        for table in POLICIES:
            op.execute(f"drop policy {table}_in_scope on {table}")
            op.execute(f"alter table {table} no force row level security")
            op.execute(f"alter table {table} disable row level security")
    op.drop_table("posting_entries")
    for name in ("result_note", "result", "employer", "region_code"):
        op.drop_column("tickets", name)
