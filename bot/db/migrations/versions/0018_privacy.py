"""Consents bear the version of their wording; counsellors the moment at which they left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


#: Who registered a wish was told that counsellors see it; who subscribed was told that nobody does.
COUNSEL = """
insert into consents (seeker_id, purpose, channel, wording, given_at, withdrawn_at)
select seeker_id, 'counsel', channel, wording, given_at, withdrawn_at from consents
where purpose = 'keep_preference' and wording like '%工作人员也能看到%'
"""


def upgrade() -> None:
    """Add the columns; all consents so far were given to the first wording."""
    op.add_column(
        "consents", sa.Column("version", sa.String(20), server_default="1", nullable=False)
    )
    op.execute(COUNSEL)
    op.add_column("counsellors", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take the columns away, and the purpose that there was none of before."""
    op.execute("delete from consents where purpose = 'counsel'")
    op.drop_column("counsellors", "left_at")
    op.drop_column("consents", "version")
