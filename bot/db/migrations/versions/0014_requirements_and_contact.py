"""What a posting states in columns of their own: sex and age asked for, and whom to contact.

Plain columns with a default: SQLite's way of building a table anew would drop the triggers that
keep match_keys.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COLUMNS = (("sex_text", 40), ("age_text", 60), ("contact", 200))


def upgrade() -> None:
    """Add the columns; what stands in the database has them after its next import."""
    for name, length in COLUMNS:
        op.add_column(
            "postings", sa.Column(name, sa.String(length), server_default="", nullable=False)
        )
    # A row whose content did not change would not be read again.
    op.execute("update posting_origins set content_hash = ''")


def downgrade() -> None:
    """Take the columns away, and with them what they say."""
    for name, _ in COLUMNS:
        op.drop_column("postings", name)
