"""Keys of open postings for matching, kept by triggers; medians of pay."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = (
    "posting_id, occupation_name, family, rank, place, region_code, day,"
    " work_time, salary_min, salary_max"
)
#: What a change of means new keys.
WATCHED = "status, region_code, city_code, work_time, salary_min, salary_max, published_on"
DAY = {
    "sqlite": "coalesce(cast(julianday({p}.published_on) - 2440587.5 as integer), 0)",
    "postgresql": "coalesce({p}.published_on - date '1970-01-01', 0)",
}


def _any(dialect: str, p: str) -> str:
    """Select the row of a posting as such."""
    day = DAY[dialect].format(p=p)
    return (
        f"select {p}.id, '', '', 0, coalesce({p}.city_code, {p}.region_code, ''),"
        f" {p}.region_code, {day}, {p}.work_time, {p}.salary_min, {p}.salary_max"
    )


def _trades(dialect: str, where: str) -> str:
    """Select the rows of a posting's occupations."""
    day = DAY[dialect].format(p="p")
    return (
        "select p.id, o.occupation_name, n.family, o.rank,"
        f" coalesce(p.city_code, p.region_code, ''), p.region_code, {day}, p.work_time,"
        " p.salary_min, p.salary_max from posting_occupations o"
        " join postings p on p.id = o.posting_id join occupations n on n.name = o.occupation_name"
        f" where p.status = 'open' and {where}"
    )


def _bodies(dialect: str) -> dict[str, tuple[str, list[str]]]:
    """Return when each trigger fires, and its statements."""
    into = f"insert into match_keys ({COLUMNS}) "
    one = "o.posting_id = new.posting_id and o.occupation_name = new.occupation_name"
    drop_one = (
        "delete from match_keys where posting_id = old.posting_id"
        " and occupation_name = old.occupation_name"
    )
    new_row = f"{into}{_any(dialect, 'new')} where new.status = 'open'"
    return {
        "match_keys_posting_new": ("insert on postings", [new_row]),
        "match_keys_posting_changed": (
            f"update of {WATCHED} on postings",
            [
                "delete from match_keys where posting_id = new.id",
                new_row,
                into + _trades(dialect, "o.posting_id = new.id"),
            ],
        ),
        "match_keys_trade_new": (
            "insert on posting_occupations",
            [into + _trades(dialect, one)],
        ),
        "match_keys_trade_changed": (
            "update on posting_occupations",
            [drop_one, into + _trades(dialect, one)],
        ),
        "match_keys_trade_gone": ("delete on posting_occupations", [drop_one]),
    }


def _table_of(when: str) -> str:
    return when.rsplit(" ", 1)[1]


def _create_triggers(dialect: str) -> None:
    for name, (when, statements) in _bodies(dialect).items():
        body = "; ".join(statements) + ";"
        if dialect == "sqlite":
            op.execute(f"create trigger {name} after {when} for each row begin {body} end")
            continue
        op.execute(
            f"create function {name}() returns trigger language plpgsql as"
            f" $$ begin {body} return null; end $$"
        )
        op.execute(f"create trigger {name} after {when} for each row execute function {name}()")


def upgrade() -> None:
    op.create_table(
        "match_keys",
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("occupation_name", sa.String(length=40), nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=6), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("work_time", sa.String(length=12), nullable=True),
        sa.Column("salary_min", sa.Integer(), nullable=True),
        sa.Column("salary_max", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["posting_id"],
            ["postings.id"],
            name=op.f("fk_match_keys_posting_id_postings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("posting_id", "occupation_name", name=op.f("pk_match_keys")),
    )
    rest = ["place", "day", "posting_id", "rank", "region_code", "work_time"]
    pay = ["salary_min", "salary_max"]
    op.create_index("ix_match_keys_trade", "match_keys", ["occupation_name", *rest, *pay])
    op.create_index(
        "ix_match_keys_family",
        "match_keys",
        ["family", *rest, *pay],
        sqlite_where=sa.text("family <> ''"),
        postgresql_where=sa.text("family <> ''"),
    )
    op.create_index(
        "ix_match_keys_time",
        "match_keys",
        [
            *("occupation_name", "place", "work_time", "day", "posting_id", "rank"),
            *("region_code", *pay),
        ],
        sqlite_where=sa.text("work_time is not null"),
        postgresql_where=sa.text("work_time is not null"),
    )
    op.create_table(
        "pay_medians",
        sa.Column("occupation_name", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=6), nullable=False),
        sa.Column("of_place", sa.String(length=6), nullable=False),
        sa.Column("median", sa.Integer(), nullable=False),
        sa.Column("postings", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("occupation_name", "place", name=op.f("pk_pay_medians")),
    )
    dialect = op.get_bind().dialect.name
    into = f"insert into match_keys ({COLUMNS}) "
    op.execute(f"{into}{_any(dialect, 'p')} from postings p where p.status = 'open'")
    op.execute(into + _trades(dialect, "true"))
    _create_triggers(dialect)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for name, (when, _) in _bodies(dialect).items():
        on = "" if dialect == "sqlite" else f" on {_table_of(when)}"
        op.execute(f"drop trigger {name}{on}")
        if dialect == "postgresql":
            op.execute(f"drop function {name}()")
    op.drop_table("pay_medians")
    op.drop_table("match_keys")
