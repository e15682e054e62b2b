"""Kept preferences and subscriptions have further places and welfare wished for; districts.

Any occupation in one district has an index of its own among the keys of matching.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("job_preferences", "subscriptions")
COLUMNS = ("also_regions", "welfare")
INDEX = "ix_match_keys_district"
KEYS = [
    *("occupation_name", "region_code", "day", "posting_id", "rank"),
    *("work_time", "salary_min", "salary_max"),
]
ANY = sa.text("family = ''")


def upgrade() -> None:
    """Add the columns; nobody who is kept or subscribed already has said either."""
    for table in TABLES:
        for name in COLUMNS:
            op.add_column(table, sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.create_index(INDEX, "match_keys", KEYS, sqlite_where=ANY, postgresql_where=ANY)


def downgrade() -> None:
    """Take the columns away, and with them what was wished."""
    op.drop_index(INDEX, "match_keys")
    for table in TABLES:
        for name in COLUMNS:
            op.drop_column(table, name)
