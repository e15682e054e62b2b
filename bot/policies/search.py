"""Find policies by a question: their names, answers and aspects, by words and by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Policy
from bot.policies.answers import said
from bot.search.lexical import Floats, Lexical, best, standard
from bot.search.vectors import kept, stored
from bot.settings import settings
from bot.text.aspects import ASPECT_NAMES
from bot.text.sentences import SentenceModel, sentence_model

#: How much meaning counts beside words.
MEANING = 2.0
#: Characters of an answer that its sentence vector sees: the beginning says what it is about.
BEGINNING = 40
#: A name this long, standing whole in a question, says which policy is meant.
NAME = 3
#: What each of its characters counts for: the longest name that stands in a question tells most.
NAMED = 1.0


@dataclass(frozen=True)
class Entry:
    """One text of a policy: its names (aspect None), or its answer to an aspect."""

    topic: str
    title: str
    aspect: str | None
    text: str
    short: str


@dataclass(frozen=True)
class Found:
    """A policy found, with the aspect that was nearest and how the score came about."""

    topic: str
    title: str
    aspect: str | None
    score: float
    why: dict[str, object]


class PolicyIndex:
    """The policies of a database, ready to be searched."""

    def __init__(self, db: Session, policies: Sequence[Policy]) -> None:
        self.entries = [entry for policy in policies for entry in entries(policy)]
        self.names = [(n.name, p.id) for p in policies for n in p.names if len(n.name) >= NAME]
        self._lexical = Lexical(entry.text for entry in self.entries)
        self._model: SentenceModel | None = sentence_model()
        self._vectors: Floats | None = None
        if self._model is not None and self.entries:
            vectors = kept(db, self._model, [entry.short for entry in self.entries])
            self._vectors = vectors if vectors.any() else None

    def search(self, question: str, most: int = 5) -> list[Found]:
        """Return the best policies, each with its best aspect, best first."""
        if not self.entries:
            return []
        words = standard(self._lexical.scores(question))
        meaning = np.zeros(len(self.entries), dtype=np.float32)
        if self._model is not None and self._vectors is not None:
            meaning = standard(self._vectors @ self._model.question(question))
        named = self._named(question)
        scores = words + MEANING * meaning + NAMED * named
        found: dict[str, Found] = {}
        for at in best(scores, most * 10):
            entry = self.entries[at]
            if entry.topic not in found:
                why = {
                    "words": round(float(words[at]), 2),
                    "meaning": round(float(meaning[at]), 2),
                    "named": round(float(named[at]), 2),
                    "tokens": self._lexical.why(question, at),
                }
                score = round(float(scores[at]), 4)
                found[entry.topic] = Found(entry.topic, entry.title, entry.aspect, score, why)
        return list(found.values())[:most]

    def _named(self, question: str) -> Floats:
        """Return for each entry how long a name of its policy stands in the question."""
        longest: dict[str, int] = {}
        for name, topic in self.names:
            if name in question:
                longest[topic] = max(longest.get(topic, 0), len(name))
        return np.array([longest.get(e.topic, 0) for e in self.entries], dtype=np.float32)


def entries(policy: Policy) -> list[Entry]:
    """Return the texts by which a policy is found."""
    names = " ".join(name.name for name in policy.names)
    made = [Entry(policy.id, policy.title, None, names, names[:BEGINNING])]
    for version in policy.versions:
        for answer in version.answers:
            aspect, text = ASPECT_NAMES[answer.aspect], said(version, answer.aspect)
            head = f"{policy.title}{aspect}"
            whole, short = f"{head}：{text}", f"{head}：{text[:BEGINNING]}"
            made.append(Entry(policy.id, policy.title, answer.aspect, whole, short))
    # What a later version says in the same words is found once.
    return list(dict.fromkeys(made))


def embed(db: Session) -> None:
    """Make the sentence vectors that the base's texts lack; none without a sentence model."""
    model = sentence_model()
    if model is not None:
        every = db.scalars(select(Policy).order_by(Policy.id))
        stored(db, model, [entry.short for policy in every for entry in entries(policy)])


_LOCK = Lock()
_INDEXES: dict[str, tuple[object, PolicyIndex]] = {}


def policy_index(db: Session) -> PolicyIndex:
    """Return this process's index for a database, made anew when its policies changed."""
    state = tuple(db.execute(select(Policy.id, Policy.content_hash).order_by(Policy.id)).tuples())
    where = str(db.get_bind().engine.url)
    with _LOCK:
        known = _INDEXES.get(where)
        if known is None or known[0] != state:
            every = db.scalars(select(Policy).order_by(Policy.id)).all()
            known = _INDEXES[where] = (state, PolicyIndex(db, every))
    return known[1]


def untrained(db: Session, text: str) -> str | None:
    """Return the policy named in a text that the classifier was never trained on.

    A policy that was loaded after training answers at once, by its names.
    """
    trained = _trained()
    named = [
        (len(name), topic)
        for name, topic in policy_index(db).names
        if topic not in trained and name in text
    ]
    return max(named)[1] if named else None


@lru_cache(maxsize=1)
def _trained() -> frozenset[str]:
    folder = settings().data / "nlu" / "policy"
    return frozenset(file.stem for file in folder.glob("*.yml"))
