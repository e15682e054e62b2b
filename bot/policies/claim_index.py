"""Find the claims that answer a question: by its words, its meaning, its kind and its subject.

What each likeness is worth is learned (`bot.policies.claim_ranking`); here they are measured.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Policy, PolicyClaim
from bot.policies.bare_names import bare
from bot.policies.check import PLACEHOLDER
from bot.policies.claim_answers import answers_of, can_say, said_from
from bot.policies.claim_ranking import FEATURES, ranking
from bot.policies.index_cache import IndexCache
from bot.policies.search import answer_text, named_policies, policy_names
from bot.search.lexical import Floats, Lexical, best, tokens
from bot.search.vectors import load_vectors
from bot.text.question_kind import question_kinds
from bot.text.sentences import SentenceModel, sentence_model

#: Claims that are looked at closely: nearest by words, by meaning of asks and of answers, and of
#: each of the likeliest topics.
NEAREST = 10
#: Topics whose claims are looked at, each from this probability on.
TOPICS, POSSIBLE = 2, 0.15
#: Claims that a search can return, and searches whose results are remembered.
RANKED, ASKED_LATELY = 10, 512
#: Characters of a name, and of a question, that say all that its length can.
LONG_NAME, LONG_TEXT = 6, 40
#: The cosine of two texts of one subject, and what makes cosines about as large as the others.
MIDDLE, SPREAD = 0.4, 3.0


@dataclass(frozen=True)
class Claim:
    """A claim of the base."""

    topic: str
    title: str
    key: str
    kind: str
    asks: tuple[str, ...]
    answers: tuple[str, ...]
    neighbour: bool
    """True for a subject next door."""

    @property
    def id(self) -> str:
        """Its name in the whole base."""
        return f"{self.topic}/{self.key}"


@dataclass(frozen=True)
class ClaimQuery:
    """A question and what is known of it."""

    text: str
    topics: Mapping[str, float]
    """A trained classifier's probabilities by topic."""
    context: str | None = None
    """The topic spoken of before."""


@dataclass(frozen=True)
class ClaimHit:
    """A claim found."""

    claim: Claim
    probability: float
    """That this claim answers the question."""
    why: Mapping[str, float]
    """The likenesses that it was chosen by."""


@dataclass(frozen=True)
class _Measured:
    """A question measured against every claim and ask."""

    query: ClaimQuery
    kind: str | None
    weights: Mapping[str, float]
    """How much each of its tokens tells."""
    words: Floats
    """The score of each ask by words."""
    near: Floats
    """The cosine of each ask; zeros without vectors."""
    answers: Floats
    """The cosine of each claim's answer."""
    by_words: Floats
    """The highest score of each claim's asks."""
    by_meaning: Floats
    """The highest cosine of each claim's asks."""
    topics: Sequence[tuple[str, float]]
    """The likeliest topics, likeliest first."""
    named: Mapping[str, int]
    """Policies named, with the length of the name."""
    without: int | None
    """The place of an ask taken for unknown."""


class ClaimIndex:
    """The claims of a database, ready to be searched."""

    def __init__(self, db: Session, policies: Sequence[Policy]) -> None:
        of = [(policy, claim) for policy in policies for claim in policy.claims]
        self.claims = [_claim(policy, claim) for policy, claim in of]
        self._spans = [_spans(policy, claim) for policy, claim in of]
        pairs = [(at, ask) for at, claim in enumerate(self.claims) for ask in claim.asks]
        self.asks = [ask for _, ask in pairs]
        self.owner: NDArray[np.intp] = np.array([at for at, _ in pairs], dtype=np.intp)
        self._lexical = Lexical(self.asks)
        self._ask_tokens = [frozenset(tokens(ask)) for ask in self.asks]
        self._starts: NDArray[np.intp] = np.searchsorted(self.owner, np.arange(len(self.claims)))
        self._asked = [self._tokens_of(at) for at in range(len(self.claims))]
        names = {p.id: frozenset(t for n in p.names for t in tokens(n.name)) for p in policies}
        self._further = [
            names[claim.topic] | frozenset(t for text in claim.answers for t in tokens(text))
            for claim in self.claims
        ]
        self._names = policy_names(policies)
        self._claim_of = {bare(ask): int(at) for ask, at in zip(self.asks, self.owner, strict=True)}
        self._of_topic: dict[str, list[int]] = {}
        for at, claim in enumerate(self.claims):
            self._of_topic.setdefault(claim.topic, []).append(at)
        #: What was asked lately, and several handlers ask of one message.
        self._ranked = lru_cache(maxsize=ASKED_LATELY)(self._rank)
        self.model: SentenceModel | None = sentence_model() if self.asks else None
        self.vectors, self._answers = self._vectors(db, policies)

    def first_ask(self, claim: int) -> int:
        """Return the place of the first ask of a claim; its others follow."""
        return int(self._starts[claim])

    def _vectors(
        self, db: Session, policies: Sequence[Policy]
    ) -> tuple[Floats | None, Floats | None]:
        """Return the vectors of asks and of answers; None where the base has none."""
        if self.model is None:
            return None, None
        asks = load_vectors(db, self.model, self.asks)
        of = {(p.id, claim.key): answer_text(p, claim) for p in policies for claim in p.claims}
        answers = load_vectors(db, self.model, [of[one.topic, one.key] for one in self.claims])
        return (asks, answers) if asks.any() and answers.any() else (None, None)

    def _tokens_of(self, at: int) -> Counter[str]:
        own = np.flatnonzero(self.owner == at)
        return Counter(token for ask in own for token in self._ask_tokens[ask])

    def search(self, query: ClaimQuery, most: int = 5) -> list[ClaimHit]:
        """Return the likeliest claims that can be said today somewhere, likeliest first."""
        topics = tuple(sorted(query.topics.items()))
        return self._ranked(query.text, topics, query.context, clock.today())[:most]

    def _rank(
        self, text: str, topics: tuple[tuple[str, float], ...], context: str | None, day: date
    ) -> list[ClaimHit]:
        if not self.claims:
            return []
        places, features = self.features(ClaimQuery(text, dict(topics), context), self.vector(text))
        shares = ranking().probabilities(features)
        itself = self._claim_of.get(bare(text))
        if itself in places:  # one of its own asks, word for word: a choice that was offered
            shares[places.index(itself)] = 1.0
        return [
            ClaimHit(
                self.claims[places[at]],
                round(float(shares[at]), 4),
                {n: round(float(v), 3) for n, v in zip(FEATURES, features[at], strict=True)},
            )
            for at in np.argsort(-shares, kind="stable")
            if any(first <= day <= last for first, last in self._spans[places[at]])
        ][:RANKED]

    def vector(self, text: str) -> Floats | None:
        """Return what a question means; None without a sentence model or vectors."""
        return None if self.model is None or self.vectors is None else self.model.message(text)

    def features(
        self, query: ClaimQuery, vector: Floats | None, without: int | None = None
    ) -> tuple[list[int], Floats]:
        """Return the nearest claims, by their places, and a row of FEATURES for each.

        `without` is the place of an ask that is taken for unknown: for learning.
        """
        measured = self._measure(query, vector, without)
        places = self._nearest(measured)
        rows = [self._row(at, measured) for at in places]
        return places, np.array(rows, dtype=np.float32).reshape(len(places), len(FEATURES))

    def _measure(self, query: ClaimQuery, vector: Floats | None, without: int | None) -> _Measured:
        words = self._lexical.scores(query.text)
        none = np.zeros(len(self.asks), dtype=np.float32)
        near = none if vector is None or self.vectors is None else self.vectors @ vector
        if without is not None:
            words[without], near[without] = 0.0, -1.0
        answers = (
            np.zeros(len(self.claims), dtype=np.float32)
            if vector is None or self._answers is None
            else self._answers @ vector
        )
        return _Measured(
            query=query,
            kind=question_kinds().kind_of(query.text),
            weights={token: self._lexical.rarity(token) for token in set(tokens(query.text))},
            words=words,
            near=near,
            answers=answers,
            by_words=np.maximum.reduceat(words, self._starts),
            by_meaning=np.maximum.reduceat(near, self._starts),
            topics=sorted(query.topics.items(), key=lambda one: -one[1])[:TOPICS],
            named=self._longest_names(query.text),
            without=without,
        )

    def _nearest(self, measured: _Measured) -> list[int]:
        """Return the claims that are looked at closely, in the order of the index."""
        near = {
            *best(measured.by_words, NEAREST),
            *best(measured.by_meaning, NEAREST),
            *best(measured.answers, NEAREST),
        }
        for topic, share in measured.topics:
            own = np.array(self._of_topic.get(topic, ()), dtype=np.intp)
            if share >= POSSIBLE and len(own):
                likeness = measured.by_meaning[own] + measured.answers[own]
                near.update(int(own[at]) for at in best(likeness, NEAREST))
        return sorted(near)

    def _row(self, at: int, measured: _Measured) -> list[float]:
        """Return the likenesses of a claim to a question, in the order of FEATURES."""
        claim = self.claims[at]
        own = range(int(self._starts[at]), int(self._starts[at]) + len(claim.asks))
        first = measured.topics[0] if measured.topics else ("", 0.0)
        share = measured.query.topics.get(claim.topic, 0.0)
        longest = measured.named.get(claim.topic, 0)
        other = max((size for t, size in measured.named.items() if t != claim.topic), default=0)
        return [
            *self._by_words(at, own, measured),
            *_by_meaning(at, own, measured),
            share,
            float(claim.topic == first[0]),
            math.log(share + 0.01),
            first[1],
            float(claim.topic == measured.query.context),
            float(measured.kind == claim.kind),
            float(measured.kind is not None and measured.kind != claim.kind),
            min(longest, LONG_NAME) / LONG_NAME,
            float(other > longest) * min(other, LONG_NAME) / LONG_NAME,
            min(len(measured.query.text), LONG_TEXT) / LONG_TEXT,
        ]

    def _by_words(self, at: int, own: range, measured: _Measured) -> list[float]:
        """Return best_ask, second_ask, ask_shared, in_asks and covered."""
        weights = measured.weights
        whole = sum(weights.values()) or 1.0
        scores = sorted(((float(measured.words[ask]), -ask) for ask in own), reverse=True)
        likest = self._ask_tokens[-scores[0][1]]
        shared = sum(weights[token] for token in likest if token in weights)
        without = measured.without if measured.without in own else None
        hidden = self._ask_tokens[without] if without is not None else frozenset()
        in_asks = {t for t in weights if self._asked[at][t] > (t in hidden)}
        covered = in_asks | {t for t in weights if t in self._further[at]}
        return [
            scores[0][0] / whole,
            scores[1][0] / whole,
            shared / (sum(map(self._lexical.rarity, likest)) or 1.0),
            sum(weights[token] for token in in_asks) / whole,
            sum(weights[token] for token in covered) / whole,
        ]

    def _longest_names(self, text: str) -> dict[str, int]:
        """Return for each policy named in a text how long its longest name there is."""
        return {topic: size for size, topic in sorted(named_policies(text, self._names))}


def _by_meaning(at: int, own: range, measured: _Measured) -> list[float]:
    """Return the cosines of a claim, about as large as the other likenesses, and their gaps."""
    near = sorted((float(measured.near[ask]) for ask in own), reverse=True)
    cosines = (near[0], near[1], sum(near[:4]) / len(near[:4]), float(measured.answers[at]))
    return [
        *((one - MIDDLE) * SPREAD for one in cosines),
        float(measured.by_words[at]) / (float(measured.by_words.max()) or 1.0),
        (near[0] - float(measured.by_meaning.max())) * SPREAD,
        (float(measured.answers[at]) - float(measured.answers.max())) * SPREAD,
    ]


def _claim(policy: Policy, claim: PolicyClaim) -> Claim:
    asks = tuple(json.loads(claim.asks))
    answers = tuple(PLACEHOLDER.sub(" ", text) for text in answers_of(claim))
    return Claim(policy.id, policy.title, claim.key, claim.kind, asks, answers, policy.neighbour)


def _spans(policy: Policy, claim: PolicyClaim) -> list[tuple[date, date]]:
    """Return from when to when versions say a claim, wherever."""
    return [
        (said_from(version, claim), version.effective_to or date.max)
        for version in policy.versions
        if can_say(version, claim)
    ]


_INDEXES = IndexCache(ClaimIndex)


def claim_index(db: Session) -> ClaimIndex:
    """Return this process's index for a database, made anew when its policies changed."""
    return _INDEXES.get(db)


def current_claims() -> ClaimIndex:
    """Return the index of the project's database at the price of a look-up."""
    return _INDEXES.current()
