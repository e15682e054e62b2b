"""Consents bear the version of their wording; counsellors the moment at which they left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; all consents so far were given to the first wording."""
    op.add_column(
        "consents", sa.Column("version", sa.String(20), server_default="1", nullable=False)
    )
    op.add_column("counsellors", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take the columns away."""
    op.drop_column("counsellors", "left_at")
    op.drop_column("consents", "version")
