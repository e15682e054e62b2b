"""A question that was not answered, kept without its person."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import UnansweredQuestion
from bot.settings import settings
from bot.unanswered.redaction import redacted

#: Why it is kept, by key, as editors read it.
KINDS = {
    "no_policy": "没有这条政策", "unclear": "没听懂，反问", "out_of_scope": "当成不归我们管",
    "doubted": "说我们答得不对", "voted_down": "点了没用",
}  # fmt: skip
#: A text of fewer characters says nothing of what was asked.
MIN_CHARS = 3


def record_question(
    db: Session, kind: str, text: str, region: str | None = None,
    act: str | None = None, topic: str | None = None,
) -> bool:  # fmt: skip
    """Keep a question; False for one that is too short. `kind` is one of KINDS.

    Nothing leads to who asked: no address, no channel, no moment. A region outside of the home
    province is left out.
    """
    question = redacted(text)
    if len(question) < MIN_CHARS:
        return False
    home = settings().home_region
    known = region is not None and region != home and region[:2] == home[:2]
    columns = {"act": act, "topic": topic, "text": question}
    db.add(
        UnansweredQuestion(
            day=clock.today(), kind=kind, region_code=region if known else None, **columns
        )
    )
    db.flush()
    return True
