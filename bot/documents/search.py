"""Find the articles of law that answer a question: words, meaning, and what a topic rests on.

An article is found by its own words and by those of its glosses, in which people ask about it;
an article that the question names comes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.tables import Article, Document
from bot.documents.characters import ordinary
from bot.documents.named import Named, named, number
from bot.documents.numbering import read_label
from bot.documents.pieces import Passage, passages, pieces, questions
from bot.documents.store import in_force
from bot.search.lay_words import legal_words
from bot.search.lexical import Floats, Lexical, standardised, top_places
from bot.search.vectors import load_vectors
from bot.text.sentences import SentenceModel, sentence_model

#: What counts beside the words of a question, each in standard deviations: the words of law for
#: them, the meaning of an article's text and of its glosses, and (times its probability) that the
#: topic's policy rests on it. Chosen by a coarse grid over the three sets of lay questions that
#: docs/documents.md names; half and twice of each do nearly as well.
LEGAL, MEANING, ASKED, CITED = 0.5, 1.0, 1.0, 4.0
#: What being named is worth: more than all else together; a law alone, as much as its words.
NAMED, NAMED_LAW = 1000.0, 1.5


@dataclass(frozen=True)
class Hit:
    """An article found."""

    document: str
    title: str
    article: str
    chapter: str
    text: str
    since: date | None
    """Since when this version of the document holds."""
    score: float
    near: float
    """How near its text or a gloss is to the question, as a cosine; 0 without a sentence model."""
    covered: float
    """The share of the question's words, by weight, that stand in it or in its glosses."""
    named: bool
    """Whether the question names this very article."""
    why: dict[str, object]
    """The parts of the score, and the words that told most."""
    missing: str = ""
    """The numbers that the document, as imported, leaves out: 第二条至第三条、第六条."""


#: An article by its document's name and its number.
Place = tuple[str, str]


@dataclass(frozen=True)
class _Parts:
    """What the score of every article is made of."""

    words: Floats
    meaning: Floats
    asked: Floats
    cited: Floats
    named: Floats
    near: Floats
    """Cosines: not standardised."""

    def total(self) -> Floats:
        parts = self.words + MEANING * self.meaning + ASKED * self.asked
        return np.asarray(parts + CITED * self.cited + self.named, dtype=np.float32)


class _Meanings:
    """Vectors of the texts of articles: how near the nearest text of each is to a question."""

    def __init__(self, db: Session, model: SentenceModel | None, texts: list[list[str]]) -> None:
        self._size = len(texts)
        counts = np.array([len(one) for one in texts], dtype=np.int64)
        #: Articles that have a text, and where their texts begin: they stand in one row.
        self._owners: NDArray[np.int64] = np.flatnonzero(counts)
        self._starts = (np.cumsum(counts) - counts)[self._owners]
        flat = [text for one in texts for text in one]
        known = (
            load_vectors(db, model, flat) if model and flat else np.zeros((0, 1), dtype=np.float32)
        )
        self._vectors = known if known.any() else None

    def near(self, vector: Floats | None) -> Floats:
        """Return each article's cosine; articles without a text are as near as the middle one."""
        near = np.zeros(self._size, dtype=np.float32)
        if vector is None or self._vectors is None:
            return near
        close = np.maximum.reduceat(self._vectors @ vector, self._starts)
        near[:] = np.median(close)
        near[self._owners] = close
        return near


class ArticleIndex:
    """The articles in force on a day, ready to be searched."""

    def __init__(self, db: Session, on: date) -> None:
        self.passages: list[Passage] = list(passages(in_force(db, on)))
        self._at: dict[Place, list[int]] = {}
        for at, one in enumerate(self.passages):
            self._at.setdefault((one.document, one.number), []).append(at)
        self._documents = frozenset(one.document for one in self.passages)
        # An annex has no number of its law's articles.
        self._numbers = [
            number(one.number) if read_label(one.number) else None for one in self.passages
        ]
        self._lexical = Lexical(_words(one) for one in self.passages)
        self._model = sentence_model() if self.passages else None
        self._texts = _Meanings(db, self._model, [pieces(one) for one in self.passages])
        self._asked = _Meanings(db, self._model, [questions(one) for one in self.passages])

    def search(
        self, question: str, most: int = 10, cited: Mapping[Place, float] | None = None
    ) -> list[Hit]:
        """Return the best articles, best first.

        `cited` weighs the articles that policies of the question's likely topics rest on.
        """
        if not self.passages:
            return []
        question = ordinary(question)
        parts = self._parts(question, cited or {})
        scores = parts.total()
        covered = self._lexical.weight(question)
        return [self._hit(question, at, scores, parts, covered) for at in top_places(scores, most)]

    def words(self, question: str) -> Floats:
        """Return the score of every article by words alone (BM25)."""
        return self._lexical.scores(question)

    def meaning(self, question: str) -> Floats:
        """Return how near the meaning of every article is; zeros without a sentence model."""
        vector = self._model.message(question) if self._model else None
        return np.maximum(self._texts.near(vector), self._asked.near(vector))

    def _parts(self, question: str, cited: Mapping[Place, float]) -> _Parts:
        vector = self._model.message(question) if self._model else None
        text, asked = self._texts.near(vector), self._asked.near(vector)
        words = standardised(self._lexical.scores(question))
        legal = legal_words(question)
        if legal:
            words = words + LEGAL * standardised(self._lexical.scores(legal))
        rests = np.zeros(len(self.passages), dtype=np.float32)
        for place, share in cited.items():
            rests[self._at.get(place, [])] = share
        return _Parts(
            words=words,
            meaning=standardised(text),
            asked=standardised(asked),
            cited=rests,
            named=self._named(named(question, self._documents)),
            near=np.maximum(text, asked),
        )

    def _named(self, said: Named | None) -> Floats:
        scores = np.zeros(len(self.passages), dtype=np.float32)
        if said is None:
            return scores
        for at, one in enumerate(self.passages):
            if one.document == said.document:
                this = said.article is not None and self._numbers[at] == said.article
                scores[at] = NAMED if this else NAMED_LAW
        return scores

    def _hit(self, question: str, at: int, scores: Floats, parts: _Parts, covered: float) -> Hit:
        found = self.passages[at]
        shares = self._lexical.why(question, at, 2 * len(question))
        why: dict[str, object] = {
            "words": round(float(parts.words[at]), 2),
            "meaning": round(float(parts.meaning[at]), 2),
            "asked": round(float(parts.asked[at]), 2),
            "cited": round(float(parts.cited[at]), 2),
            "tokens": shares[:6],
        }
        return Hit(
            document=found.document,
            title=found.title,
            article=found.number,
            chapter=found.chapter,
            text=found.text,
            since=found.since,
            score=round(float(scores[at]), 4),
            near=round(float(parts.near[at]), 4),
            covered=round(sum(self._lexical.rarity(t) for t, _ in shares) / covered, 4)
            if covered
            else 0.0,
            named=bool(parts.named[at] >= NAMED),
            why=why,
            missing=found.missing,
        )


def _words(one: Passage) -> str:
    return "\n".join((one.document, one.chapter, one.text, *one.asked))


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
