"""Where the work is, how to apply, a link and the last day that a posting states itself.

Plain columns, as in 0014: SQLite's way of building a table anew would drop the triggers that keep
match_keys.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TEXTS = (("address", 200), ("apply_text", 300), ("link", 300))


def upgrade() -> None:
    """Add the columns; what stands in the database has them after its next import."""
    for name, length in TEXTS:
        op.add_column(
            "postings", sa.Column(name, sa.String(length), server_default="", nullable=False)
        )
    op.add_column("postings", sa.Column("valid_until", sa.Date(), nullable=True))
    # A row whose content did not change would not be read again.
    op.execute("update posting_origins set content_hash = ''")


def downgrade() -> None:
    """Take the columns away, and with them what they say."""
    op.drop_column("postings", "valid_until")
    for name, _ in TEXTS:
        op.drop_column("postings", name)
