"""Texts of people and their addresses are sealed; PostgreSQL's columns get the room for that.

In one transaction: a start that was cut off finds everything as it was, and begins anew. Of a
million events that takes minutes; nobody is served meanwhile.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.sealed_rows import change_all, opening, sealing

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

#: Columns whose sealed values are longer: on PostgreSQL alone, SQLite looks at no length.
WIDER = {
    "channel_identities": {"address": (120, 255)},
    "deliveries": {"address": (120, 255)},
    "inbox": {"address": (120, 255), "key": (200, 400)},
    "link_attempts": {"address": (120, 255)},
    "link_codes": {"address": (120, 255)},
    "offers": {"address": (120, 255)},
    "seen_messages": {"key": (200, 400)},
    "tickets": {"address": (120, 255)},
    "web_messages": {"session": (120, 255)},
}


def upgrade() -> None:
    """Widen the columns, then seal what stands in them; logging out is noted from now on."""
    moment = sa.DateTime(timezone=True)
    op.add_column("counsellors", sa.Column("signed_out_at", moment, nullable=True))
    _widen(1)
    change_all(op.get_bind(), sealing)


def downgrade() -> None:
    """Open all of it."""
    change_all(op.get_bind(), opening)
    _widen(0)
    op.drop_column("counsellors", "signed_out_at")


def _widen(which: int) -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, columns in WIDER.items():
        for name, lengths in columns.items():
            op.alter_column(table, name, type_=sa.String(lengths[which]))
    op.alter_column("posting_reports", "reason", type_=sa.Text() if which else sa.String(200))
