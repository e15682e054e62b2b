"""Find the articles of law that answer a question: words, meaning, and what a topic rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.tables import Article, Document
from bot.documents.pieces import pieces
from bot.documents.store import in_force
from bot.search.lay_words import legal_words
from bot.search.lexical import Floats, Lexical, best, standard
from bot.search.vectors import kept
from bot.text.sentences import SentenceModel, sentence_model

#: How much meaning counts beside words, and an article that the topic's policy rests on; tried on
#: tests/data/law-questions.jsonl, where anything from half to twice of these does nearly as well.
MEANING, CITED = 1.5, 8.0


@dataclass(frozen=True)
class Hit:
    """An article found."""

    document: str
    title: str
    article: str
    chapter: str
    text: str
    score: float
    why: dict[str, object]
    """The parts of the score, and the words that told most."""


#: An article by its document's name and its number.
Place = tuple[str, str]


class ArticleIndex:
    """The articles in force on a day, ready to be searched."""

    def __init__(self, db: Session, on: date) -> None:
        self.articles = in_force(db, on)
        self.places: list[Place] = [(a.document.name, a.number) for a in self.articles]
        self._lexical = Lexical(f"{a.document.name}\n{a.chapter}\n{a.text}" for a in self.articles)
        self._model: SentenceModel | None = sentence_model()
        parts = [pieces(article) for article in self.articles]
        self._owner = np.array([at for at, part in enumerate(parts) for _ in part], dtype=np.int64)
        texts = [text for part in parts for text in part]
        self._vectors = kept(db, self._model, texts) if self._model else None
        if self._vectors is not None and not self._vectors.any():
            self._vectors = None

    def search(
        self, question: str, most: int = 10, cited: Mapping[Place, float] | None = None
    ) -> list[Hit]:
        """Return the best articles, best first.

        `cited` weighs the articles that policies of the question's likely topics rest on.
        """
        if not self.articles:
            return []
        legal = legal_words(question)
        asked = [question, legal] if legal else [question]
        words = np.sum([standard(self._lexical.scores(one)) for one in asked], axis=0)
        asked = [question, f"{question} {legal}"] if legal else [question]
        meaning = np.sum([self._meaning(one) for one in asked], axis=0)
        rests = np.array([(cited or {}).get(place, 0.0) for place in self.places])
        scores = words + MEANING * meaning + CITED * rests
        return [self._hit(question, at, scores, words, meaning, rests) for at in best(scores, most)]

    def _meaning(self, question: str) -> Floats:
        """Return how near each article's nearest piece is to the question; zeros without model."""
        near = np.zeros(len(self.articles), dtype=np.float32)
        if self._model is None or self._vectors is None:
            return near
        close = self._vectors @ self._model.question(question)
        near[:] = -1
        np.maximum.at(near, self._owner, close)
        return standard(near)

    def _hit(
        self, question: str, at: int, scores: Floats, words: Floats, meaning: Floats, rests: Floats
    ) -> Hit:
        article = self.articles[at]
        why = {
            "words": round(float(words[at]), 2),
            "meaning": round(float(meaning[at]), 2),
            "cited": round(float(rests[at]), 2),
            "tokens": self._lexical.why(question, at),
        }
        return Hit(
            article.document.name,
            article.document.title,
            article.number,
            article.chapter,
            article.text,
            round(float(scores[at]), 4),
            why,
        )


_LOCK = Lock()
_INDEXES: dict[str, tuple[object, ArticleIndex]] = {}


def article_index(db: Session, on: date) -> ArticleIndex:
    """Return this process's index for a database, made anew when its documents changed."""
    counted = db.execute(
        select(func.count(Document.id), func.max(Document.id), func.max(Document.imported_at))
    ).one()
    state = (on, *counted, db.scalar(select(func.count(Article.id))))
    where = str(db.get_bind().engine.url)
    with _LOCK:
        known = _INDEXES.get(where)
        if known is None or known[0] != state:
            known = _INDEXES[where] = (state, ArticleIndex(db, on))
    return known[1]
