"""No index of match keys by family: other trades are looked up one by one, as the wished one is."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_match_keys_family", "match_keys"
COLUMNS = [
    "family", "place", "day", "posting_id", "rank",
    "region_code", "work_time", "salary_min", "salary_max",
]  # fmt: skip
FILLED = text("family <> ''")


def upgrade() -> None:
    """Drop the index."""
    op.drop_index(NAME, TABLE)


def downgrade() -> None:
    """Make it again."""
    op.create_index(NAME, TABLE, COLUMNS, sqlite_where=FILLED, postgresql_where=FILLED)
