"""Find policies by a question: by words and meaning of their names, answers and questions.

A topic's score adds up what each part says of it; what a trained classifier says is handed over
by the caller, and without one (and without sentence vectors) the rest ranks alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Policy, PolicyClaim
from bot.embeddings.sentence_model import SentenceModel, sentence_model
from bot.policies.answers import render_answer, with_fallbacks
from bot.policies.bare_names import bare, bare_names
from bot.policies.index_cache import IndexCache
from bot.policies.policy_names import PolicyNames
from bot.policies.questions import questions
from bot.policies.topics import titles
from bot.policies.validate import PLACEHOLDER
from bot.search.bm25 import Floats, Lexical, standardised, top_places
from bot.search.vector_store import delete_vectors, ensure_vectors, load_vectors
from bot.settings import settings
from bot.text.normalise import normalise
from bot.understanding.aspects import ASPECT_NAMES, aspect_reader

#: Weight of the meaning of an answer; its words count 1.
MEANING_WEIGHT = 2.0
#: Weight of all words of a policy and its questions together; its best answer counts 1.
POLICY_WEIGHT = 2.0
#: How much the question most like this one counts.
QUESTION_WEIGHT = 1.0
#: What each character of a name that stands in a question counts: the longest tells most.
NAME_WEIGHT = 1.0
#: How much a topic that the classifier is certain of counts.
CLASSIFIER_WEIGHT = 8.0
#: Characters of an answer that its sentence vector sees: the beginning says what it is about.
EMBEDDED_CHARACTERS = 40
#: A name this long, standing whole in a question, says something of the policy meant.
MIN_NAME_LENGTH = 2
#: A name this long decides for a policy that the classifier does not know.
MIN_DECIDING_NAME_LENGTH = 3


@dataclass(frozen=True)
class PolicyText:
    """One text of a policy: its names (aspect None), or its answer to an aspect."""

    topic: str
    title: str
    aspect: str | None
    text: str
    short: str
    """The text that its sentence vector is made of."""


@dataclass(frozen=True)
class PolicyHit:
    """A policy found, with the aspect that was asked or nearest and how the score came about."""

    topic: str
    title: str
    aspect: str | None
    score: float
    why: dict[str, object]


class PolicyIndex:
    """The policies of a database, ready to be searched."""

    def __init__(self, db: Session, policies: Sequence[Policy]) -> None:
        self.entries = [entry for policy in policies for entry in index_entries(policy)]
        self.titles = {policy.id: policy.title for policy in policies}
        self.names = policy_names(policies)
        self._named = PolicyNames(self.names)
        self.bare = bare_names(
            [*self.names, *((title, topic) for topic, title in titles().items())]
        )
        self.untrained = set(self.titles) - set(questions(settings().data))
        self._rows = {topic: number for number, topic in enumerate(self.titles)}
        self._of_entry = np.array([self._rows[e.topic] for e in self.entries], dtype=np.intp)
        self._lexical = Lexical(entry.text for entry in self.entries)
        written_questions = [
            (self._rows[t], q) for t in self.titles for q in questions().get(t, ())
        ]
        self._of_question = np.array([row for row, _ in written_questions], dtype=np.intp)
        self._questions = Lexical(question for _, question in written_questions)
        self._whole = Lexical(self._texts_of(topic) for topic in self.titles)
        self._model: SentenceModel | None = sentence_model()
        self._vectors: Floats | None = None
        if self._model is not None and self.entries:
            vectors = load_vectors(db, self._model, [entry.short for entry in self.entries])
            self._vectors = vectors if vectors.any() else None

    def _texts_of(self, topic: str) -> str:
        texts = [entry.text for entry in self.entries if entry.topic == topic]
        return " ".join([*texts, *questions().get(topic, ())])

    def search(
        self, question: str, limit: int = 5, topics: Mapping[str, float] | None = None
    ) -> list[PolicyHit]:
        """Return the best policies, each with the aspect asked or its nearest, best first.

        `topics` are a trained classifier's probabilities by topic, where there is one.
        """
        if not self.entries:
            return []
        words = standardised(self._lexical.scores(question))
        meaning = self._meaning(question)
        entry_scores = words + MEANING_WEIGHT * meaning
        parts = {
            "answers": _highest(entry_scores, self._of_entry, len(self.titles)),
            "whole": POLICY_WEIGHT * standardised(self._whole.scores(question)),
            "asked": QUESTION_WEIGHT * self._question_scores(question),
            "named": NAME_WEIGHT * self._name_scores(question),
            "classified": CLASSIFIER_WEIGHT * self._classified(topics or {}),
        }
        scores = np.asarray(np.sum(list(parts.values()), axis=0), dtype=np.float32)
        aspects = [hit.value for hit in aspect_reader().read(normalise(question).text)]
        ids = list(self.titles)
        return [
            self._hit(ids[row], row, question, aspects, entry_scores, float(scores[row]), parts)
            for row in top_places(scores, limit)
        ]

    def untrained_in(self, text: str) -> str | None:
        """Return the policy named in a text that the classifier was never trained on.

        A policy that was loaded after training answers at once, by its names: when the longest
        name in the text is one of its own.
        """
        if not self.untrained:
            return None
        names = [
            (length, topic)
            for length, topic in self.names_in(text)
            if length >= MIN_DECIDING_NAME_LENGTH
        ]
        topic = max(names)[1] if names else None
        return topic if topic in self.untrained else None

    def topic_of_bare_name(self, text: str) -> str | None:
        """Return the topic of a text that consists of its name.

        失业登记 is about 失业登记, however near 注销失业登记 may be to it.
        """
        return self.bare.get(bare(text))

    def _hit(
        self,
        topic: str,
        row: int,
        question: str,
        aspects: Sequence[str],
        entry_scores: Floats,
        score: float,
        parts: Mapping[str, Floats],
    ) -> PolicyHit:
        own = [
            place for place in np.flatnonzero(self._of_entry == row) if self.entries[place].aspect
        ]
        nearest = max(own, key=lambda at: float(entry_scores[at]))
        available = {self.entries[place].aspect for place in own}
        asked_aspect = next(
            (aspect for aspect in with_fallbacks(aspects, available) if aspect in available), None
        )
        why: dict[str, object] = {n: round(float(part[row]), 2) for n, part in parts.items()}
        why["aspect"] = "asked" if asked_aspect else "nearest"
        why["tokens"] = self._lexical.why(question, int(nearest))
        aspect = asked_aspect or self.entries[nearest].aspect
        return PolicyHit(topic, self.titles[topic], aspect, round(score, 4), why)

    def _meaning(self, question: str) -> Floats:
        if self._model is None or self._vectors is None:
            return np.zeros(len(self.entries), dtype=np.float32)
        return standardised(self._vectors @ self._model.message(question))

    def _question_scores(self, question: str) -> Floats:
        """Return for each policy how like the likest of its questions is."""
        if not len(self._of_question):
            return np.zeros(len(self.titles), dtype=np.float32)
        scores = standardised(self._questions.scores(question))
        return _highest(scores, self._of_question, len(self.titles), floor=-1.0)

    def _name_scores(self, question: str) -> Floats:
        """Return for each policy how long a name of it stands in the question."""
        longest = np.zeros(len(self.titles), dtype=np.float32)
        for length, topic in self.names_in(question):
            longest[self._rows[topic]] = max(longest[self._rows[topic]], length)
        return longest

    def names_in(self, question: str) -> list[tuple[int, str]]:
        """Return length and policy of each name that stands in a question."""
        return self._named.find(question)

    def _classified(self, topics: Mapping[str, float]) -> Floats:
        return np.array([topics.get(topic, 0.0) for topic in self.titles], dtype=np.float32)


def policy_names(policies: Iterable[Policy]) -> list[tuple[str, str]]:
    """Return each name (normalised) that can tell a policy, with the policy's id."""
    return [
        (normalise(name.name).text, policy.id)
        for policy in policies
        for name in policy.names
        if len(name.name) >= MIN_NAME_LENGTH
    ]


def _highest(scores: Floats, rows: NDArray[np.intp], size: int, floor: float = -9.0) -> Floats:
    """Return the highest score of each row."""
    highest = np.full(size, floor, dtype=np.float32)
    np.maximum.at(highest, rows, scores)
    return highest


def index_entries(policy: Policy) -> list[PolicyText]:
    """Return the texts by which a policy is found."""
    names = " ".join(name.name for name in policy.names)
    made = [PolicyText(policy.id, policy.title, None, names, names[:EMBEDDED_CHARACTERS])]
    for version in policy.versions:
        for answer in version.answers:
            aspect, text = ASPECT_NAMES[answer.aspect], render_answer(version, answer.aspect)
            head = f"{policy.title}{aspect}"
            full_text, short = f"{head}：{text}", f"{head}：{text[:EMBEDDED_CHARACTERS]}"
            made.append(PolicyText(policy.id, policy.title, answer.aspect, full_text, short))
    # What a later version says in the same words is found once.
    return list(dict.fromkeys(made))


def embedded_texts(policies: Iterable[Policy]) -> frozenset[str]:
    """Return the texts of policies that are compared with questions by meaning."""
    every = list(policies)
    texts = {entry.short for policy in every for entry in index_entries(policy)}
    texts |= {answer_text(p, claim) for p in every for claim in p.claims}
    texts |= {ask for p in every for claim in p.claims for ask in json.loads(claim.asks)}
    return frozenset(texts)


def answer_text(policy: Policy, claim: PolicyClaim) -> str:
    """Return the text by which a claim's answer is found."""
    return PLACEHOLDER.sub(" ", f"{policy.title}：{claim.answer}")


def base_texts(db: Session) -> frozenset[str]:
    """Return what of the base has sentence vectors, or should have them."""
    return embedded_texts(db.scalars(select(Policy).order_by(Policy.id)))


def refresh_vectors(db: Session, old_texts: frozenset[str]) -> None:
    """Make the vectors that the base's texts lack, and remove those of texts that are gone."""
    after = base_texts(db)
    delete_vectors(db, old_texts - after)
    model = sentence_model()
    if model is not None:
        ensure_vectors(db, model, sorted(after))


_INDEXES = IndexCache(PolicyIndex)


def policy_index(db: Session) -> PolicyIndex:
    """Return this process's index for a database, rebuilt when its policies changed."""
    return _INDEXES.get(db)


def current_index(url: str | None = None) -> PolicyIndex:
    """Return the index of a database (default: the project's) at the price of a look-up."""
    return _INDEXES.current(url)
