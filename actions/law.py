"""The law itself, quoted: when an article is named, and when the policy base has no answer."""

from __future__ import annotations

from collections.abc import Sequence

from actions.turn import Turn
from bot import clock
from bot.db.session import session
from bot.documents.quote import Quote, quote
from bot.documents.search import article_index
from bot.messages import Citation, LawQuote
from bot.policies.cited import cited_articles


def named_article(turn: Turn) -> LawQuote | None:
    """Return the article that a message names by law and number (社保法58条); None if none."""
    if "条" not in turn.text:
        return None
    with session() as db:
        found = quote(article_index(db, clock.today()), turn.text)
    return _message(found, turn, ()) if found and found.named else None


def law_itself(turn: Turn, topics: Sequence[str] = ()) -> LawQuote | None:
    """Return the article that a question is surely about; None when no document holds one."""
    with session() as db:
        cited = cited_articles(db, {topic.name: topic.confidence for topic in turn.topics})
        found = quote(article_index(db, clock.today()), turn.text, cited)
    return _message(found, turn, topics) if found else None


def _message(found: Quote, turn: Turn, topics: Sequence[str]) -> LawQuote:
    since = found.since.isoformat() if found.since else None
    also = "、".join(f"《{document}》{article}" for document, article in found.also)
    return LawQuote(
        act=turn.act if turn.act in ("policy", "calculate") else "policy",
        topics=list(topics),
        document=found.document,
        article=found.article,
        since=since,
        text=f"【法律原文】《{found.document}》{found.article}\n{found.words}",
        whole=found.whole,
        next_step="怎么用到你身上，打12333或去就业服务窗口问。"
        + (f"也可以看{also}。" if also else "")
        + (f"我们手头的这份文件不全，缺{found.missing}。" if found.missing else ""),
        citations=[Citation(document=found.document, article=found.article, effective_from=since)],
    )
