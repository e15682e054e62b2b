"""People of the office's record, their registrations, and the work for them.

What may never happen is refused by the tables themselves, on SQLite and on PostgreSQL: a
registration ends by an event that a second person confirmed and whose reason is in the list of that
day. On PostgreSQL policies of rows say a second time who sees whom.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
AREA = sa.String(12).with_variant(sa.String(12, collation="C"), "postgresql")
#: Tables whose rows lie in an area by a column of their own …
AREA_COLUMN = {
    "people": "region_code", "households": "region_code", "tasks": "region_code",
    "import_batches": "scope",
}  # fmt: skip
#: … or through a row of another table that they point to.
THROUGH = {
    "registrations": ("person_id", "people"), "person_links": ("person_id", "people"),
    "person_groups": ("person_id", "people"), "household_members": ("person_id", "people"),
    "needs": ("person_id", "people"), "contact_wishes": ("person_id", "people"),
    "contacts": ("person_id", "people"), "promises": ("person_id", "people"),
    "plans": ("person_id", "people"), "placements": ("person_id", "people"),
    "referrals": ("person_id", "people"),
    "registration_events": ("registration_id", "registrations"),
    "promise_offers": ("promise_id", "promises"), "plan_versions": ("plan_id", "plans"),
    "plan_steps": ("version_id", "plan_versions"),
    "placement_checks": ("placement_id", "placements"),
    "import_rows": ("batch_id", "import_batches"),
}  # fmt: skip
#: Columns that are never changed. What points to a row that may go is left out.
APPEND_ONLY = {
    "registration_events": "registration_id, kind, reason_code, cause, evidence, counsellor_id,"
    " reviewer_id, at",
    "contacts": "person_id, counsellor_id, way, outcome, note, at",
    "promise_offers": "promise_id, title, way, answer, reason, counsellor_id, at",
    "placement_checks": "placement_id, day, works, paid, insured, note, counsellor_id, at",
}
TABLES = (
    "plan_steps", "plan_versions", "plans", "placement_checks", "placements", "promise_offers",
    "promises", "referrals", "contacts", "tasks", "registration_events", "registrations",
    "contact_wishes", "needs", "household_members", "households", "person_groups", "person_links",
    "people", "import_rows", "import_batches", "staff_roles", "localities", "duty_items",
    "duty_figures",
)  # fmt: skip

#: The conditions of a trigger that refuses: before what, when, and what is said.
NOT_REVIEWED = """
    coalesce((select e.kind from registration_events e where e.registration_id = new.id
    and e.kind in ('registered', 'exit_confirmed', 'exit_refused', 'restored')
    order by e.id desc limit 1), '') <> 'exit_confirmed'
"""
NOT_UNDONE = """
    (not exists (select 1 from import_batches b where b.id = new.batch_id and b.state = 'undone')
    or exists (select 1 from contacts c where c.person_id = new.person_id and c.at >= (
    select b.applied_at from import_batches b where b.id = new.batch_id)))
"""
DAY = {"sqlite": "date(new.at)", "postgresql": "(new.at at time zone 'Asia/Shanghai')::date"}
NO_REASON = """
    new.kind in ('exit_proposed', 'exit_confirmed') and not exists (
    select 1 from duty_items i where i.list = 'exit_reasons' and i.code = new.reason_code
    and i.effective_from <= {day} and (i.effective_to is null or i.effective_to >= {day}))
"""


def upgrade() -> None:
    """Make the tables, what they refuse, and on PostgreSQL the policies of rows."""
    _duties()
    _staff()
    _people()
    _registrations()
    _work()
    _promises()
    _plans()
    dialect = op.get_bind().dialect.name
    for name, (when, table, condition, says) in _refusals(dialect).items():
        _refuse(dialect, name, when, table, condition, says)
    if dialect == "postgresql":
        for table, column in AREA_COLUMN.items():
            _policy(table, _in_scope(column))
        for table, (column, parent) in THROUGH.items():
            _policy(table, f"exists (select 1 from {parent} p where p.id = {table}.{column})")


def _refusals(dialect: str) -> dict[str, tuple[str, str, str, str]]:
    """Return the triggers by name: event, table, condition on which it is refused, message."""
    no_reason = NO_REASON.format(day=DAY[dialect])
    found = {
        "registrations_exit": (
            "update of state", "registrations",
            f"new.state = 'exited' and old.state <> 'exited' and {NOT_REVIEWED}",
            "a registration ends by a reviewed exit alone",
        ),
        # A registration that was imported by mistake goes with its batch, and not otherwise.
        "registrations_withdrawn": (
            "update of state", "registrations",
            f"new.state = 'withdrawn' and old.state <> 'withdrawn' and {NOT_UNDONE}",
            "a registration is withdrawn with the import that made it alone",
        ),
        "registrations_new": (
            "insert", "registrations", "new.state in ('exited', 'withdrawn')",
            "a registration does not begin as ended",
        ),
        "registration_events_reason": (
            "insert", "registration_events", no_reason, "the reason is not in the list of that day",
        ),
    }  # fmt: skip
    for table, columns in APPEND_ONLY.items():
        rule = (f"update of {columns}", table, "1 = 1", f"{table} is append-only")
        found[f"{table}_append_only"] = rule
    return found


def _refuse(dialect: str, name: str, when: str, table: str, condition: str, says: str) -> None:
    if dialect == "sqlite":
        op.execute(
            f"create trigger {name} before {when} on {table} for each row when {condition}"
            f" begin select raise(abort, '{says}'); end"
        )
        return
    op.execute(
        f"create function {name}() returns trigger language plpgsql as $$ begin"
        f" if {condition} then raise exception '{says}' using errcode = 'check_violation'; end if;"
        " return new; end $$"
    )
    op.execute(
        f"create trigger {name} before {when} on {table} for each row execute function {name}()"
    )


def _in_scope(column: str) -> str:
    """Return the condition that a code begins with one of the session's; `*` is everything."""
    scopes = "current_setting('jiuye.scopes', true)"
    return f"({scopes} = '*' or {column} like any (string_to_array({scopes}, ',')))"


def _policy(table: str, condition: str) -> None:
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(f"create policy {table}_in_scope on {table} using ({condition})")


def downgrade() -> None:
    """Take all of it away."""
    dialect = op.get_bind().dialect.name
    for table in TABLES:
        op.drop_table(table)
    if dialect == "postgresql":
        for name in _refusals(dialect):
            op.execute(f"drop function {name}()")


def _duties() -> None:
    op.create_table(
        "duty_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("grade", sa.String(length=2), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_figures")),
        sa.UniqueConstraint(
            "key",
            "region_code",
            "effective_from",
            name=op.f("uq_duty_figures_key_region_code_effective_from"),
        ),
    )
    op.create_table(
        "duty_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("grade", sa.String(length=2), nullable=False),
        sa.CheckConstraint(
            "list <> 'exit_reasons' or code not in ('refused_3', 'unreachable_6m')",
            name=op.f("ck_duty_items_no_forbidden_reason"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_items")),
        sa.UniqueConstraint(
            "list",
            "code",
            "region_code",
            "effective_from",
            name=op.f("uq_duty_items_list_code_region_code_effective_from"),
        ),
    )
    op.create_table(
        "localities",
        sa.Column("code", AREA, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("parent_code", AREA, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_localities")),
    )
    op.create_index(op.f("ix_localities_parent_code"), "localities", ["parent_code"])


def _staff() -> None:
    op.create_table(
        "staff_roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("scope", AREA, nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "granted_by is null or granted_by <> counsellor_id",
            name=op.f("ck_staff_roles_not_granted_by_oneself"),
        ),
        sa.ForeignKeyConstraint(
            ["counsellor_id"],
            ["counsellors.id"],
            name=op.f("fk_staff_roles_counsellor_id_counsellors"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["counsellors.id"], name=op.f("fk_staff_roles_ended_by_counsellors")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["counsellors.id"], name=op.f("fk_staff_roles_granted_by_counsellors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_roles")),
    )
    op.create_index(
        "uq_staff_roles_open",
        "staff_roles",
        ["counsellor_id", "role", "scope"],
        unique=True,
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "import_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("scope", AREA, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("rows_new", sa.Integer(), nullable=False),
        sa.Column("rows_changed", sa.Integer(), nullable=False),
        sa.Column("rows_same", sa.Integer(), nullable=False),
        sa.Column("rows_refused", sa.Integer(), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=False),
        sa.Column("previewed_at", MOMENT, nullable=False),
        sa.Column("applied_at", MOMENT, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state in ('previewed', 'applied', 'undone')", name=op.f("ck_import_batches_state")
        ),
        sa.ForeignKeyConstraint(
            ["counsellor_id"],
            ["counsellors.id"],
            name=op.f("fk_import_batches_counsellor_id_counsellors"),
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["counsellors.id"], name=op.f("fk_import_batches_undone_by_counsellors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
    )
    op.create_table(
        "import_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("payload_sealed", sa.Text(), nullable=False),
        sa.Column("before_sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batches.id"],
            name=op.f("fk_import_rows_batch_id_import_batches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
    )
    op.create_index("ix_import_rows_batch_id_number", "import_rows", ["batch_id", "number"])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_sealed", sa.Text(), nullable=False),
        sa.Column("name_digest", sa.String(length=64), nullable=False),
        sa.Column("id_number_sealed", sa.Text(), nullable=True),
        sa.Column("id_number_digest", sa.String(length=64), nullable=True),
        sa.Column("phone_sealed", sa.Text(), nullable=True),
        sa.Column("phone_digest", sa.String(length=64), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("sex", sa.String(length=2), nullable=True),
        sa.Column("region_code", AREA, nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batches.id"],
            name=op.f("fk_people_batch_id_import_batches"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("id_number_digest", name=op.f("uq_people_id_number_digest")),
    )
    op.create_index(op.f("ix_people_batch_id"), "people", ["batch_id"])
    op.create_index("ix_people_district_code_id", "people", ["district_code", "id"])
    op.create_index(op.f("ix_people_name_digest"), "people", ["name_digest"])
    op.create_index(op.f("ix_people_phone_digest"), "people", ["phone_digest"])
    op.create_index("ix_people_region_code_id", "people", ["region_code", "id"])
    op.create_table(
        "person_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_person_links_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["counsellors.id"],
            name=op.f("fk_person_links_proposed_by_counsellors"),
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"],
            ["seekers.id"],
            name=op.f("fk_person_links_seeker_id_seekers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_links")),
    )
    op.create_index(op.f("ix_person_links_code_digest"), "person_links", ["code_digest"])
    op.create_index(op.f("ix_person_links_person_id"), "person_links", ["person_id"])
    op.create_index(op.f("ix_person_links_seeker_id"), "person_links", ["seeker_id"])
    op.create_index(
        "uq_person_links_confirmed",
        "person_links",
        ["person_id", "seeker_id"],
        unique=True,
        sqlite_where=sa.text("state = 'confirmed'"),
        postgresql_where=sa.text("state = 'confirmed'"),
    )
    op.create_table(
        "person_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("verified_by", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batches.id"],
            name=op.f("fk_person_groups_batch_id_import_batches"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_person_groups_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["verified_by"],
            ["counsellors.id"],
            name=op.f("fk_person_groups_verified_by_counsellors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_groups")),
    )
    op.create_index(op.f("ix_person_groups_batch_id"), "person_groups", ["batch_id"])
    op.create_index(op.f("ix_person_groups_person_id"), "person_groups", ["person_id"])
    op.create_table(
        "households",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("region_code", AREA, nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=14), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batches.id"],
            name=op.f("fk_households_batch_id_import_batches"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
        sa.UniqueConstraint("number", name=op.f("uq_households_number")),
    )
    op.create_index(op.f("ix_households_batch_id"), "households", ["batch_id"])
    op.create_index("ix_households_region_code_id", "households", ["region_code", "id"])
    op.create_table(
        "household_members",
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("employed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["households.id"],
            name=op.f("fk_household_members_household_id_households"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_household_members_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("household_id", "person_id", name=op.f("pk_household_members")),
    )
    op.create_index(op.f("ix_household_members_person_id"), "household_members", ["person_id"])
    op.create_table(
        "needs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["counsellor_id"], ["counsellors.id"], name=op.f("fk_needs_counsellor_id_counsellors")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_needs_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
    )
    op.create_index(op.f("ix_needs_person_id"), "needs", ["person_id"])
    op.create_table(
        "contact_wishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("hours", sa.String(length=40), nullable=False),
        sa.Column("assistance", sa.String(length=40), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["counsellor_id"],
            ["counsellors.id"],
            name=op.f("fk_contact_wishes_counsellor_id_counsellors"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_contact_wishes_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_wishes")),
    )
    op.create_index(op.f("ix_contact_wishes_person_id"), "contact_wishes", ["person_id"])


def _registrations() -> None:
    op.create_table(
        "registrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=14), nullable=False),
        sa.Column("exited_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state in ('active', 'exit_proposed', 'objected', 'exited', 'withdrawn')",
            name=op.f("ck_registrations_state"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batches.id"],
            name=op.f("fk_registrations_batch_id_import_batches"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_registrations_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
    )
    op.create_index(op.f("ix_registrations_batch_id"), "registrations", ["batch_id"])
    op.create_index(op.f("ix_registrations_person_id"), "registrations", ["person_id"])
    op.create_index("ix_registrations_state_id", "registrations", ["state", "id"])
    op.create_index(
        "uq_registrations_open",
        "registrations",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("state not in ('exited', 'withdrawn')"),
        postgresql_where=sa.text("state not in ('exited', 'withdrawn')"),
    )
    op.create_table(
        "registration_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind <> 'exit_confirmed' or (counsellor_id is not null and reviewer_id is not null"
            " and reviewer_id <> counsellor_id)",
            name=op.f("ck_registration_events_exit_has_second_person"),
        ),
        sa.CheckConstraint(
            "kind not in ('exit_proposed', 'exit_confirmed') or reason_code is not null",
            name=op.f("ck_registration_events_exit_has_reason"),
        ),
        sa.CheckConstraint(
            "reason_code is null or reason_code not in ('refused_3', 'unreachable_6m')",
            name=op.f("ck_registration_events_no_forbidden_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batches.id"],
            name=op.f("fk_registration_events_batch_id_import_batches"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["counsellor_id"],
            ["counsellors.id"],
            name=op.f("fk_registration_events_counsellor_id_counsellors"),
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_registration_events_registration_id_registrations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["counsellors.id"],
            name=op.f("fk_registration_events_reviewer_id_counsellors"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_events")),
    )
    op.create_index(op.f("ix_registration_events_batch_id"), "registration_events", ["batch_id"])
    op.create_index(
        op.f("ix_registration_events_registration_id"), "registration_events", ["registration_id"]
    )


def _work() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("region_code", AREA, nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("has_deadline", sa.Boolean(), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("result", sa.String(length=200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state <> 'skipped' or result <> ''", name=op.f("ck_tasks_skipped_has_reason")
        ),
        sa.CheckConstraint(
            "state in ('open', 'claimed', 'done', 'skipped')", name=op.f("ck_tasks_state")
        ),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["counsellors.id"], name=op.f("fk_tasks_assignee_id_counsellors")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["counsellors.id"], name=op.f("fk_tasks_closed_by_counsellors")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_tasks_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("key", name=op.f("uq_tasks_key")),
    )
    op.create_index(op.f("ix_tasks_assignee_id"), "tasks", ["assignee_id"])
    op.create_index(
        "ix_tasks_due",
        "tasks",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state in ('open', 'claimed')"),
        postgresql_where=sa.text("state in ('open', 'claimed')"),
    )
    op.create_index(
        "ix_tasks_due_in_area",
        "tasks",
        ["region_code", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state in ('open', 'claimed')"),
        postgresql_where=sa.text("state in ('open', 'claimed')"),
    )
    op.create_index(
        "ix_tasks_due_in_district",
        "tasks",
        ["district_code", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state in ('open', 'claimed')"),
        postgresql_where=sa.text("state in ('open', 'claimed')"),
    )
    op.create_index(op.f("ix_tasks_person_id"), "tasks", ["person_id"])
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("counsellor_id", sa.Integer(), nullable=True),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=14), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "outcome in ('reached', 'no_answer', 'wrong_number', 'refused', 'moved', 'not_now')",
            name=op.f("ck_contacts_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["counsellor_id"],
            ["counsellors.id"],
            name=op.f("fk_contacts_counsellor_id_counsellors"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_contacts_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_contacts_task_id_tasks"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_person_id_at", "contacts", ["person_id", "at"])
    op.create_table(
        "referrals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("recipient", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["counsellor_id"],
            ["counsellors.id"],
            name=op.f("fk_referrals_counsellor_id_counsellors"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_referrals_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
    )
    op.create_index(op.f("ix_referrals_person_id"), "referrals", ["person_id"])


def _promises() -> None:
    op.create_table(
        "promises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("clock", sa.String(length=8), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("deadline", MOMENT, nullable=False),
        sa.Column("first_offer_at", MOMENT, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state in ('running', 'accepted', 'working', 'missed', 'remedied', 'withdrawn')",
            name=op.f("ck_promises_state"),
        ),
        sa.ForeignKeyConstraint(
            ["counsellor_id"],
            ["counsellors.id"],
            name=op.f("fk_promises_counsellor_id_counsellors"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_promises_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    op.create_index(op.f("ix_promises_person_id"), "promises", ["person_id"])
    op.create_index("ix_promises_state_deadline", "promises", ["state", "deadline"])
    op.create_index(
        "uq_promises_running",
        "promises",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "promise_offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["counsellor_id"],
            ["counsellors.id"],
            name=op.f("fk_promise_offers_counsellor_id_counsellors"),
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"],
            ["postings.id"],
            name=op.f("fk_promise_offers_posting_id_postings"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["promise_id"],
            ["promises.id"],
            name=op.f("fk_promise_offers_promise_id_promises"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_offers")),
    )
    op.create_index(op.f("ix_promise_offers_promise_id"), "promise_offers", ["promise_id"])
    op.create_table(
        "placements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=True),
        sa.Column("employer", sa.String(length=120), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(length=200), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["counsellor_id"],
            ["counsellors.id"],
            name=op.f("fk_placements_counsellor_id_counsellors"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_placements_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"],
            ["postings.id"],
            name=op.f("fk_placements_posting_id_postings"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
    )
    op.create_index(op.f("ix_placements_person_id"), "placements", ["person_id"])
    op.create_table(
        "placement_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=True),
        sa.Column("insured", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["counsellor_id"],
            ["counsellors.id"],
            name=op.f("fk_placement_checks_counsellor_id_counsellors"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placements.id"],
            name=op.f("fk_placement_checks_placement_id_placements"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_checks")),
    )
    op.create_index(op.f("ix_placement_checks_placement_id"), "placement_checks", ["placement_id"])


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state in ('draft', 'agreed', 'running', 'closed')", name=op.f("ck_plans_state")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["counsellors.id"], name=op.f("fk_plans_author_id_counsellors")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_plans_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_person_id"), "plans", ["person_id"])
    op.create_index(
        "uq_plans_open",
        "plans",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "plan_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("agreed_by_way", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["counsellors.id"], name=op.f("fk_plan_versions_author_id_counsellors")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plans.id"],
            name=op.f("fk_plan_versions_plan_id_plans"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_versions")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_versions_plan_id_number")),
    )
    op.create_index(op.f("ix_plan_versions_plan_id"), "plan_versions", ["plan_id"])
    op.create_table(
        "plan_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("action", sa.String(length=300), nullable=False),
        sa.Column("actor", sa.String(length=10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_plan_steps_task_id_tasks"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["plan_versions.id"],
            name=op.f("fk_plan_steps_version_id_plan_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_steps")),
    )
    op.create_index(op.f("ix_plan_steps_version_id"), "plan_steps", ["version_id"])
    # ### end Alembic commands ###
