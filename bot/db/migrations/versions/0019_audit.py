"""The log of looks: a chain of rows that the database itself keeps from being changed.

Deletion is refused for three years (个人信息保护法 第五十六条: records of processing are kept at
least so long) by the database's own clock; after that `privacy purge` takes the oldest rows.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

#: The hash before the first row.
GENESIS = "0" * 64
YOUNG = {
    "sqlite": "old.at > datetime('now', '+8 hours', '-3 years')",
    "postgresql": "old.at > now() - interval '3 years'",
}
TRIGGERS = {"audit_unchanged": ("update", False), "audit_undeleted": ("delete", True)}


def upgrade() -> None:
    """Create the tables, the chain's beginning, and the triggers."""
    op.create_table(
        "audit",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("object_kind", sa.String(40), nullable=False),
        sa.Column("object_id", sa.String(80), nullable=False),
        sa.Column("scope", sa.String(80), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("before_hash", sa.String(64), nullable=True),
        sa.Column("after_hash", sa.String(64), nullable=True),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_hash")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.execute(f"insert into audit_head (id, position, hash) values (1, 0, '{GENESIS}')")
    dialect = op.get_bind().dialect.name
    for name, (event, young_alone) in TRIGGERS.items():
        condition = f"when ({YOUNG[dialect]})" if young_alone else ""
        words = f"a row of audit is not {event}d"
        if dialect == "sqlite":
            op.execute(
                f"create trigger {name} before {event} on audit for each row {condition}"
                f" begin select raise(abort, '{words}'); end"
            )
            continue
        op.execute(
            f"create function {name}() returns trigger language plpgsql as"
            f" $$ begin raise exception '{words}'; end $$"
        )
        op.execute(
            f"create trigger {name} before {event} on audit for each row {condition}"
            f" execute function {name}()"
        )


def downgrade() -> None:
    """Take the log away with its triggers."""
    op.drop_table("audit_head")
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        for name in TRIGGERS:
            op.execute(f"drop function {name}()")
