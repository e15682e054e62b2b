"""Find the articles of law that answer a question: words, meaning, and what a topic rests on.

An article is found by its own words and by those of its glosses, in which people ask about it;
an article that the question names comes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.db.tables import Article, Document
from bot.documents.characters import ordinary
from bot.documents.citation_parser import CitedLaw, cited_law, number
from bot.documents.numbering import read_label
from bot.documents.passages import Passage, passages, pieces, questions
from bot.documents.store import in_force
from bot.embeddings.sentence_model import SentenceModel, sentence_model
from bot.search.bm25 import Floats, Lexical, standardised, top_places
from bot.search.query_expansion import legal_words
from bot.search.vector_store import load_vectors

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
    similarity: float
    """How near its text or a gloss is to the question, as a cosine; 0 without a sentence model."""
    covered: float
    """The share of the question's words, by weight, that stand in it or in its glosses."""
    is_cited: bool
    """Whether the question names this very article."""
    why: dict[str, object]
    """The parts of the score, and the words that told most."""
    missing: str = ""
    """The numbers that the document, as imported, leaves out: 第二条至第三条、第六条."""


#: An article by its document's name and its number.
Place = tuple[str, str]


@dataclass(frozen=True)
class _Parts:
    """Parts of the score of every article."""

    words: Floats
    meaning: Floats
    questions: Floats
    cited: Floats
    citation: Floats
    similarity: Floats
    """Cosines: not standardised."""

    def total(self) -> Floats:
        parts = self.words + MEANING * self.meaning + ASKED * self.questions
        return np.asarray(parts + CITED * self.cited + self.citation, dtype=np.float32)


class _Meanings:
    """Vectors of the texts of articles: how near the nearest text of each is to a question."""

    def __init__(self, db: Session, model: SentenceModel | None, texts: list[list[str]]) -> None:
        self._size = len(texts)
        counts = np.array([len(article_texts) for article_texts in texts], dtype=np.int64)
        #: Articles that have a text, and where their texts begin: they stand in one row.
        self._owners: NDArray[np.int64] = np.flatnonzero(counts)
        self._starts = (np.cumsum(counts) - counts)[self._owners]
        flat = [text for article_texts in texts for text in article_texts]
        vectors = (
            load_vectors(db, model, flat) if model and flat else np.zeros((0, 1), dtype=np.float32)
        )
        self._vectors = vectors if vectors.any() else None

    def cosines(self, vector: Floats | None) -> Floats:
        """Return each article's cosine; articles without a text are as near as the middle one."""
        cosines = np.zeros(self._size, dtype=np.float32)
        if vector is None or self._vectors is None:
            return cosines
        best_cosines = np.maximum.reduceat(self._vectors @ vector, self._starts)
        cosines[:] = np.median(best_cosines)
        cosines[self._owners] = best_cosines
        return cosines


class ArticleIndex:
    """The articles in force on a day, ready to be searched."""

    def __init__(self, db: Session, day: date) -> None:
        self.passages: list[Passage] = list(passages(in_force(db, day)))
        self._indices_by_place: dict[Place, list[int]] = {}
        for index, passage in enumerate(self.passages):
            self._indices_by_place.setdefault((passage.document, passage.number), []).append(index)
        self._documents = frozenset(passage.document for passage in self.passages)
        # An annex has no number of its law's articles.
        self._numbers = [
            number(passage.number) if read_label(passage.number) else None
            for passage in self.passages
        ]
        self._lexical = Lexical(_words(passage) for passage in self.passages)
        self._model = sentence_model() if self.passages else None
        self._texts = _Meanings(db, self._model, [pieces(passage) for passage in self.passages])
        self._questions = _Meanings(
            db, self._model, [questions(passage) for passage in self.passages]
        )

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
        return [
            self._hit(question, index, scores, parts, covered) for index in top_places(scores, most)
        ]

    def words(self, question: str) -> Floats:
        """Return the score of every article by words alone (BM25)."""
        return self._lexical.scores(question)

    def meaning(self, question: str) -> Floats:
        """Return how near the meaning of every article is; zeros without a sentence model."""
        vector = self._model.message(question) if self._model else None
        return np.maximum(self._texts.cosines(vector), self._questions.cosines(vector))

    def _parts(self, question: str, cited: Mapping[Place, float]) -> _Parts:
        vector = self._model.message(question) if self._model else None
        text, question_cosines = self._texts.cosines(vector), self._questions.cosines(vector)
        words = standardised(self._lexical.scores(question))
        legal = legal_words(question)
        if legal:
            words = words + LEGAL * standardised(self._lexical.scores(legal))
        rests = np.zeros(len(self.passages), dtype=np.float32)
        for place, share in cited.items():
            rests[self._indices_by_place.get(place, [])] = share
        return _Parts(
            words=words,
            meaning=standardised(text),
            questions=standardised(question_cosines),
            cited=rests,
            citation=self._citation_scores(cited_law(question, self._documents)),
            similarity=np.maximum(text, question_cosines),
        )

    def _citation_scores(self, cited: CitedLaw | None) -> Floats:
        scores = np.zeros(len(self.passages), dtype=np.float32)
        if cited is None:
            return scores
        for index, passage in enumerate(self.passages):
            if passage.document == cited.document:
                this = cited.article is not None and self._numbers[index] == cited.article
                scores[index] = NAMED if this else NAMED_LAW
        return scores

    def _hit(self, question: str, index: int, scores: Floats, parts: _Parts, covered: float) -> Hit:
        passage = self.passages[index]
        shares = self._lexical.why(question, index, 2 * len(question))
        why: dict[str, object] = {
            "words": round(float(parts.words[index]), 2),
            "meaning": round(float(parts.meaning[index]), 2),
            "asked": round(float(parts.questions[index]), 2),
            "cited": round(float(parts.cited[index]), 2),
            "tokens": shares[:6],
        }
        return Hit(
            document=passage.document,
            title=passage.title,
            article=passage.number,
            chapter=passage.chapter,
            text=passage.text,
            since=passage.since,
            score=round(float(scores[index]), 4),
            similarity=round(float(parts.similarity[index]), 4),
            covered=round(sum(self._lexical.rarity(t) for t, _ in shares) / covered, 4)
            if covered
            else 0.0,
            is_cited=bool(parts.citation[index] >= NAMED),
            why=why,
            missing=passage.missing,
        )


def _words(passage: Passage) -> str:
    return "\n".join((passage.document, passage.chapter, passage.text, *passage.questions))


_LOCK = Lock()
_INDEXES: WeakKeyDictionary[Engine, tuple[object, ArticleIndex]] = WeakKeyDictionary()


def article_index(db: Session, day: date) -> ArticleIndex:
    """Return this process's index for a database, rebuilt when its documents changed."""
    document_state = db.execute(
        select(func.count(Document.id), func.max(Document.id), func.max(Document.imported_at))
    ).one()
    state = (day, *document_state, db.scalar(select(func.count(Article.id))))
    database = db.get_bind().engine
    with _LOCK:
        cached = _INDEXES.get(database)
        if cached is None or cached[0] != state:
            cached = _INDEXES[database] = (state, ArticleIndex(db, day))
    return cached[1]
