"""Learn the weights of `claim_ranking` from asks that neither index nor encoder has seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.lean_rasa import LEARNING, bring_back
from bot.policies.claim_index import ClaimIndex, ClaimQuery
from bot.policies.claim_ranking import Ranking
from bot.policies.fresh_asks import fresh_ask
from bot.search.lexical import Floats

#: A classifier's probabilities by topic for a text.
TopicsOf = Callable[[str], Mapping[str, float]]
#: Gives a few ways of writing an ask that differ a little, for an ask and its policy's title.
Vary = Callable[[str, str], Sequence[str]]
#: One ask in so many of those is varied.
VARIED = 2
#: What of the answers given at the threshold may be wrong, and of those given where the
#: classifier is sure of the policy as well.
WRONG, WRONG_WITHIN = 0.06, 0.12
FOLDS = 5
SEED = 20261128


@dataclass(frozen=True)
class Question:
    """A question with the nearest claims, and which of them answers it."""

    rows: Floats
    right: NDArray[np.bool_]
    counts: NDArray[np.bool_]
    """Rows that teach something: of a question with a topic alone, those of other topics."""
    group: int
    """Questions of one group (a claim's asks) are held out together."""
    answerable: bool
    """Whether a claim is known to answer it."""


@dataclass(frozen=True)
class FitReport:
    """How well held-out questions are answered."""

    asks: int
    others: int
    first: float
    """Share of asks whose own claim comes first."""
    nearest: float
    """Share of asks whose own claim is among the nearest at all."""
    answered: float
    """Share of asks answered at the threshold, with the right claim."""
    wrong: float
    """Share of asks answered at the threshold with another claim."""
    taken: float
    """Share of messages that want something else and are answered with a claim."""

    def __str__(self) -> str:
        return (
            f"{self.asks} asks, held out: own claim first {self.first:.3f}, among the nearest"
            f" {self.nearest:.3f}; at the threshold right {self.answered:.3f}, wrong"
            f" {self.wrong:.3f}; of {self.others} other messages answered with a claim"
            f" {self.taken:.4f}"
        )


def fit(
    index: ClaimIndex,
    topics_of: TopicsOf,
    others: Sequence[str],
    of_topics: Iterable[tuple[str, str]],
    vary: Vary,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> tuple[Ranking, FitReport]:
    """Return weights and how they do on held-out questions.

    `others` are messages that no claim answers; `of_topics` are questions (text, topic) of which
    only the topic is known; `vary` gives ways of writing an ask that differ a little.
    """
    questions = [
        *_asks(index, topics_of, progress),
        *_varied(index, topics_of, vary),
        *_others(index, topics_of, others),
        *_of_topics(index, topics_of, of_topics),
    ]
    held_out = _held_out(questions)
    threshold, within = (_threshold(questions, held_out, w) for w in (WRONG, WRONG_WITHIN))
    weights, bias = _learn(questions)
    rank = Ranking(tuple(weights), bias, threshold, within)
    return rank, _report(questions, held_out, threshold)


def _asks(
    index: ClaimIndex, topics_of: TopicsOf, progress: Callable[[int, int], None]
) -> Iterable[Question]:
    asks = list(fresh_asks(index))
    for number, at in enumerate(asks):
        ask = index.asks[at]
        vector = index.vectors[at] if index.vectors is not None else None
        places, rows = index.features(ClaimQuery(ask, topics_of(ask)), vector, without=at)
        right = np.array([place == index.owner[at] for place in places])
        yield Question(rows, right, np.ones(len(places), dtype=bool), int(index.owner[at]), True)
        progress(number + 1, len(asks))


def fresh_asks(index: ClaimIndex) -> Iterable[int]:
    """Yield the places of the asks that the sentence encoder has not learned from."""
    for at, claim in enumerate(index.claims):
        yield index.first_ask(at) + fresh_ask(claim.id, len(claim.asks))


def _varied(index: ClaimIndex, topics_of: TopicsOf, vary: Vary) -> Iterable[Question]:
    """Yield asks written a little otherwise, which stay in the index as they are."""
    for at in list(fresh_asks(index))[::VARIED]:
        own = int(index.owner[at])
        for text in vary(index.asks[at], index.claims[own].title):
            places, rows = index.features(ClaimQuery(text, topics_of(text)), index.vector(text))
            right = np.array([place == own for place in places])
            yield Question(rows, right, np.ones(len(places), dtype=bool), own, True)


def _others(index: ClaimIndex, topics_of: TopicsOf, texts: Sequence[str]) -> Iterable[Question]:
    for number, text in enumerate(texts):
        places, rows = index.features(ClaimQuery(text, topics_of(text)), index.vector(text))
        # Some of what is out of the taxonomy's scope is a subject next door.
        far = np.array([not index.claims[place].neighbour for place in places])
        none = np.zeros(int(far.sum()), dtype=bool)
        yield Question(rows[far], none, ~none, -1 - number, False)


def _of_topics(
    index: ClaimIndex, topics_of: TopicsOf, texts: Iterable[tuple[str, str]]
) -> Iterable[Question]:
    for number, (text, topic) in enumerate(texts):
        places, rows = index.features(ClaimQuery(text, topics_of(text)), index.vector(text))
        other = np.array([index.claims[place].topic != topic for place in places])
        yield Question(rows, np.zeros(len(places), dtype=bool), other, -100_000 - number, False)


def _learn(questions: Sequence[Question]) -> tuple[list[float], float]:
    bring_back(*LEARNING)
    from sklearn.linear_model import LogisticRegression

    rows = np.vstack([one.rows[one.counts] for one in questions])
    right = np.concatenate([one.right[one.counts] for one in questions])
    model = LogisticRegression(C=10.0, max_iter=1000).fit(rows, right)
    return [round(float(one), 4) for one in model.coef_[0]], round(float(model.intercept_[0]), 4)


def _held_out(questions: Sequence[Question]) -> list[NDArray[np.float64]]:
    """Return the probabilities of each question's rows from weights that never saw its group."""
    groups = sorted({one.group for one in questions})
    shuffled = np.random.default_rng(SEED).permutation(len(groups))
    fold_of = {group: int(at) % FOLDS for group, at in zip(groups, shuffled, strict=True)}
    shares: list[NDArray[np.float64]] = [np.zeros(0)] * len(questions)
    for fold in range(FOLDS):
        weights, bias = _learn([one for one in questions if fold_of[one.group] != fold])
        rank = Ranking(tuple(weights), bias, 0.0, 0.0)
        for at, one in enumerate(questions):
            if fold_of[one.group] == fold:
                shares[at] = rank.probabilities(one.rows)
    return shares


def _firsts(
    questions: Sequence[Question], shares: Sequence[NDArray[np.float64]]
) -> list[tuple[float, bool]]:
    """Return for each question that tells it the highest probability, and whether it is right."""
    return [
        (float(share.max()), bool(one.right[share.argmax()]))
        for one, share in zip(questions, shares, strict=True)
        if one.counts.all() and len(share)
    ]


def _threshold(
    questions: Sequence[Question], shares: Sequence[NDArray[np.float64]], wrong: float
) -> float:
    """Return the lowest probability above which at most so many of the answers are wrong."""
    ordered = sorted(_firsts(questions, shares), key=lambda one: -one[0])
    mistakes = np.cumsum([not right for _, right in ordered])
    allowed = np.flatnonzero(mistakes <= wrong * np.arange(1, len(ordered) + 1))
    return round(ordered[allowed[-1]][0], 3) if len(allowed) else 1.0


def _report(
    questions: Sequence[Question], shares: Sequence[NDArray[np.float64]], threshold: float
) -> FitReport:
    asks = [(q, s) for q, s in zip(questions, shares, strict=True) if q.answerable]
    others = [
        s for q, s in zip(questions, shares, strict=True) if not q.answerable and q.counts.all()
    ]
    first = [bool(q.right[s.argmax()]) for q, s in asks]
    said = [bool(s.max() >= threshold) for _, s in asks]
    count = len(asks) or 1
    return FitReport(
        asks=len(asks),
        others=len(others),
        first=sum(first) / count,
        nearest=sum(bool(q.right.any()) for q, _ in asks) / count,
        answered=sum(f and s for f, s in zip(first, said, strict=True)) / count,
        wrong=sum(s and not f for f, s in zip(first, said, strict=True)) / count,
        taken=sum(bool(s.max() >= threshold) for s in others if len(s)) / (len(others) or 1),
    )
