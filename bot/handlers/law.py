"""The law itself, quoted: when an article is named, and when the policy base has no answer."""

from __future__ import annotations

from collections.abc import Sequence

from bot import clock
from bot.db.session import session
from bot.documents.quote import Quote, quote
from bot.documents.search import article_index
from bot.messages import Citation, LawQuote
from bot.policies.cited_articles import cited_articles
from bot.turns.turn import Turn
from bot.wording import wording

_SAY = wording("law_quotes")


def quote_named_article(turn: Turn) -> LawQuote | None:
    """Return the article that a message names by law and number (社保法58条); None if none."""
    if "条" not in turn.text:
        return None
    with session() as db:
        quotation = quote(article_index(db, clock.today()), turn.text)
    return _message(quotation, turn, ()) if quotation and quotation.is_cited else None


def quote_relevant_article(turn: Turn, topics: Sequence[str] = ()) -> LawQuote | None:
    """Return the article that a question is surely about; None when no document holds one."""
    with session() as db:
        cited = cited_articles(db, {topic.name: topic.confidence for topic in turn.topics})
        quotation = quote(article_index(db, clock.today()), turn.text, cited)
    return _message(quotation, turn, topics) if quotation else None


def _message(quotation: Quote, turn: Turn, topics: Sequence[str]) -> LawQuote:
    since = quotation.since.isoformat() if quotation.since else None
    also = "、".join(f"《{document}》{article}" for document, article in quotation.also)
    return LawQuote(
        act=turn.act if turn.act in ("policy", "calculate") else "policy",
        topics=list(topics),
        document=quotation.document,
        article=quotation.article,
        since=since,
        text=_SAY(
            "quotation",
            document=quotation.document,
            article=quotation.article,
            words=quotation.words,
        ),
        whole=quotation.full_text,
        next_step=_SAY("quote_next_step")
        + (_SAY("quote_see_also", articles=also) if also else "")
        + (_SAY("quote_incomplete", missing=quotation.missing) if quotation.missing else ""),
        citations=[
            Citation(document=quotation.document, article=quotation.article, effective_from=since)
        ],
    )
