"""Articles of law that the policies of some topics cite: candidates for an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import sqrt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import PolicyCitation, PolicyVersion
from bot.text.chinese_numbers import value
from bot.text.pattern_file import patterns

#: An article by its document's name and its number as a law writes it.
Place = tuple[str, str]
_ARTICLES = patterns("policy_citations")["article_range"]
_DIGITS = "零一二三四五六七八九"


def cited_articles(db: Session, topics: Mapping[str, float]) -> dict[Place, float]:
    """Return how much each article speaks for the given topics, with their probabilities.

    A policy that rests on three articles points to each of them; one that rests on a whole law
    hardly points to any.
    """
    query = (
        select(PolicyVersion.policy_id, PolicyCitation.document, PolicyCitation.article)
        .join(PolicyVersion, PolicyCitation.version_id == PolicyVersion.id)
        .where(PolicyVersion.policy_id.in_(list(topics)), PolicyCitation.article.is_not(None))
    )
    weights: dict[Place, float] = {}
    for topic, document, articles in db.execute(query).tuples():
        places = [(document, number) for number in expand(articles or "")]
        for place in places:
            share = topics[topic] / sqrt(max(1, len(places)))
            weights[place] = max(weights.get(place, 0.0), share)
    return weights


def expand(articles: str) -> Iterator[str]:
    """Yield each article of 第四十五条至第四十八条、第五十一条."""
    for hit in _ARTICLES.finditer(articles):
        first = value(hit[1])
        last = value(hit[2]) if hit[2] else first
        if first and last:
            yield from (f"第{_written(number)}条" for number in range(int(first), int(last) + 1))


def _written(number: int) -> str:
    """Write a number below a thousand as laws do: 四十五, 一百零七, 一百一十."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")
