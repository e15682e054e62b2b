"""Tickets, counsellors, the widget's messages and votes; hand-off requests become tickets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and move the open requests over."""
    op.create_table(
        "counsellors",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("name", name=op.f("uq_counsellors_name")),
    )
    _tickets()
    _web()
    op.execute(_MOVE)
    with op.batch_alter_table("hand_off_requests") as batch_op:
        batch_op.drop_index(batch_op.f("ix_hand_off_requests_seeker_id"))
    op.drop_table("hand_off_requests")


#: One ticket for the oldest open request of an address.
_MOVE = """
insert into tickets (seeker_id, channel, address, reason, posting_id, state, opened_at)
select r.seeker_id, r.channel, i.address, r.reason, r.posting_id, 'open', r.opened_at
from hand_off_requests r
join channel_identities i on i.seeker_id = r.seeker_id and i.channel = r.channel
where r.closed_at is null and not exists (
  select 1 from hand_off_requests o
  where o.seeker_id = r.seeker_id and o.channel = r.channel and o.closed_at is null and o.id < r.id
)
"""


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("seeker_id", sa.Integer(), sa.ForeignKey("seekers.id", ondelete="CASCADE")),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("address", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("posting_id", sa.Integer(), sa.ForeignKey("postings.id", ondelete="SET NULL")),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("taken_by", sa.Integer(), sa.ForeignKey("counsellors.id")),
        sa.Column("taken_at", MOMENT),
        sa.Column("told_away_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by", sa.String(12)),
    )
    not_closed = sa.text("state <> 'closed'")
    op.create_index(
        "uq_tickets_not_closed", "tickets", ["channel", "address"],
        unique=True, sqlite_where=not_closed, postgresql_where=not_closed,
    )  # fmt: skip
    op.create_index("ix_tickets_state_opened_at", "tickets", ["state", "opened_at"])
    op.create_index("ix_tickets_seeker_id", "tickets", ["seeker_id"])
    op.create_index("ix_tickets_taken_by", "tickets", ["taken_by"])
    op.create_table(
        "ticket_messages",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "ticket_id",
            sa.Integer(),
            sa.ForeignKey("tickets.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("sender", sa.String(12), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), sa.ForeignKey("counsellors.id")),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
    )
    op.create_index("ix_ticket_messages_ticket_id", "ticket_messages", ["ticket_id"])


def _web() -> None:
    op.create_table(
        "web_messages",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("session", sa.String(120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_web_messages_session_seq", "web_messages", ["session", "seq"])
    op.create_index("ix_web_messages_expires_at", "web_messages", ["expires_at"])
    op.create_table(
        "answer_votes",
        sa.Column("message", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("act", sa.String(40)),
        sa.Column("topic", sa.String(60)),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("vote", sa.String(4), nullable=False),
        sa.Column("voted_at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    """Take the tables away; open requests are not brought back."""
    for table in ("answer_votes", "web_messages", "ticket_messages", "tickets", "counsellors"):
        op.drop_table(table)
    op.create_table(
        "hand_off_requests",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "seeker_id",
            sa.Integer(),
            sa.ForeignKey("seekers.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("posting_id", sa.Integer(), sa.ForeignKey("postings.id", ondelete="SET NULL")),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
    )
    op.create_index("ix_hand_off_requests_seeker_id", "hand_off_requests", ["seeker_id"])
