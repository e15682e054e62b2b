"""Second factors of accounts, exports of lists, transfers of people; indexes for a million people.

A person's district is changed by an accepted transfer alone, whoever writes: a trigger sees to it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
AREA = sa.String(12).with_variant(sa.String(12, collation="C"), "postgresql")
TABLES = (
    "exported_people", "list_exports", "transfers", "recovery_codes", "second_factors",
    "second_factor_roles",
)  # fmt: skip
OPEN = sa.text("state = 'proposed'")
#: Indexes by name: table, columns, rows.
INDEXES = {
    "ix_tasks_due_of_kind": ("tasks", ["kind", "due_at", "id"], "state in ('open', 'claimed')"),
    "ix_tasks_subject": ("tasks", ["subject_id", "kind"], "state in ('open', 'claimed')"),
    "ix_contacts_covering": (
        "contacts", ["person_id", "at"], "outcome in ('reached', 'refused')",
    ),
    "ix_person_groups_kind": ("person_groups", ["kind", "person_id"], "state <> 'ended'"),
}  # fmt: skip
#: A row of a person leaves its district without its newest transfer saying so.
UNAGREED = """
    (substr(new.region_code, 1, 6) <> substr(old.region_code, 1, 6)
    or new.district_code <> old.district_code)
    and not exists (select 1 from transfers t where t.person_id = new.id and t.state = 'accepted'
    and t.to_code = new.region_code and t.from_code = old.region_code
    and new.district_code = substr(new.region_code, 1, 6)
    and t.id = (select max(n.id) from transfers n where n.person_id = new.id))
"""
SAYS = "a person changes districts by an accepted transfer alone"


def upgrade() -> None:
    """Make the tables, the trigger, and on PostgreSQL the policies of rows."""
    _second_factors()
    _exports()
    _transfers()
    for name, (table, columns, rows) in INDEXES.items():
        where = sa.text(rows)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "create trigger people_transfer after update of region_code, district_code on people"
            f" for each row when {UNAGREED} begin select raise(abort, '{SAYS}'); end"
        )
        return
    op.execute(
        "create function people_transfer() returns trigger language plpgsql as $$ begin"
        f" if {UNAGREED} then raise exception '{SAYS}' using errcode = 'check_violation'; end if;"
        " return null; end $$"
    )
    op.execute(
        "create trigger people_transfer after update of region_code, district_code on people"
        " for each row execute function people_transfer()"
    )
    _policy("transfers", f"{_in_scope('from_code')} or {_in_scope('to_code')}")
    _policy(
        "exported_people", "exists (select 1 from people p where p.id = exported_people.person_id)"
    )


def downgrade() -> None:
    """Take all of it away."""
    op.execute(
        "drop trigger people_transfer"
        + (" on people" if op.get_bind().dialect.name == "postgresql" else "")
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function people_transfer()")
    for name, (table, _, _) in INDEXES.items():
        op.drop_index(name, table)
    for table in TABLES:
        op.drop_table(table)


def _second_factors() -> None:
    staff = ["counsellors.id"]
    op.create_table(
        "second_factors",
        sa.Column("counsellor_id", sa.Integer(), nullable=False),
        sa.Column("secret_sealed", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["counsellor_id"], staff, name=op.f("fk_second_factors_counsellor_id_counsellors")
        ),
        sa.PrimaryKeyConstraint("counsellor_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["counsellor_id"], staff, name=op.f("fk_recovery_codes_counsellor_id_counsellors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint(
            "counsellor_id", "digest", name=op.f("uq_recovery_codes_counsellor_id_digest")
        ),
    )
    op.create_table(
        "second_factor_roles",
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("demanded_by", sa.Integer(), nullable=False),
        sa.Column("demanded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["demanded_by"], staff, name=op.f("fk_second_factor_roles_demanded_by_counsellors")
        ),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_second_factor_roles")),
    )


def _exports() -> None:
    op.create_table(
        "list_exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("filters", sa.String(length=300), nullable=False),
        sa.Column("scopes", sa.String(length=300), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'approved', 'refused')", name=op.f("ck_list_exports_state")
        ),
        sa.CheckConstraint(
            "decided_by is null or decided_by <> counsellor_id",
            name=op.f("ck_list_exports_has_second_person"),
        ),
        sa.CheckConstraint(
            "state <> 'approved' or not needs_approval or decided_by is not null",
            name=op.f("ck_list_exports_many_need_approval"),
        ),
        sa.ForeignKeyConstraint(
            ["counsellor_id"],
            ["counsellors.id"],
            name=op.f("fk_list_exports_counsellor_id_counsellors"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["counsellors.id"], name=op.f("fk_list_exports_decided_by_counsellors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_exports")),
    )
    op.create_index("ix_list_exports_counsellor_id_id", "list_exports", ["counsellor_id", "id"])
    op.create_index("ix_list_exports_state_id", "list_exports", ["state", "id"])
    op.create_table(
        "exported_people",
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"],
            ["list_exports.id"],
            name=op.f("fk_exported_people_export_id_list_exports"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_exported_people_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("export_id", "person_id", name=op.f("pk_exported_people")),
    )
    op.create_index(op.f("ix_exported_people_person_id"), "exported_people", ["person_id"])


def _transfers() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_code", AREA, nullable=False),
        sa.Column("to_code", AREA, nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "state in ('proposed', 'accepted', 'refused', 'withdrawn')",
            name=op.f("ck_transfers_state"),
        ),
        sa.CheckConstraint("direction in ('in', 'out')", name=op.f("ck_transfers_direction")),
        sa.CheckConstraint(
            "state not in ('accepted', 'refused') or (decided_by is not null and decided_at is"
            " not null and decided_by <> proposed_by)",
            name=op.f("ck_transfers_has_both_sides"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["counsellors.id"], name=op.f("fk_transfers_decided_by_counsellors")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_transfers_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["counsellors.id"], name=op.f("fk_transfers_proposed_by_counsellors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    op.create_index("ix_transfers_from_code", "transfers", ["from_code"])
    op.create_index("ix_transfers_to_code", "transfers", ["to_code"])
    op.create_index(op.f("ix_transfers_person_id"), "transfers", ["person_id"])
    op.create_index(
        "uq_transfers_open", "transfers", ["person_id"], unique=True,
        sqlite_where=OPEN, postgresql_where=OPEN,
    )  # fmt: skip


def _in_scope(column: str) -> str:
    """Return the condition that a code begins with one of the session's; `*` is everything."""
    scopes = "current_setting('jiuye.scopes', true)"
    return f"({scopes} = '*' or {column} like any (string_to_array({scopes}, ',')))"


def _policy(table: str, condition: str) -> None:
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(f"create policy {table}_in_scope on {table} using ({condition})")
