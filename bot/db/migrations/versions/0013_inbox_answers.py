"""The channels' inbox: what of an answer is still to be sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; messages that wait now are not answered yet."""
    op.add_column("inbox", sa.Column("to_send", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take the column away; what was begun to be sent is answered anew."""
    op.drop_column("inbox", "to_send")
