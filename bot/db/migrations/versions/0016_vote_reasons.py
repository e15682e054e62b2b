"""Why an answer did not help, when the person said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; votes given before have no reason."""
    op.add_column("answer_votes", sa.Column("why", sa.String(10), nullable=True))


def downgrade() -> None:
    """Take the column away."""
    op.drop_column("answer_votes", "why")
