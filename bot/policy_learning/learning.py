"""Learn the ranker from annotated talks and from asks that neither index nor encoder has seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.policy_talks import OTHER, PolicyTalk, PolicyTurn, topic_of
from bot.policies.fresh_asks import fresh_ask
from bot.policies.ranking.earlier import Matter, resumed_matter
from bot.policies.ranking.examples import RankingExample
from bot.policies.ranking.index import AnswerIndex, AnswerQuery, Places
from bot.policies.ranking.ranker import Ranker
from bot.policy_learning.parallel import on_all_cores
from bot.policy_learning.ranker_learning import LabelledQuestion, learn_ranker

#: A classifier's probabilities by topic for a text.
TopicsOf = Callable[[str], Mapping[str, float]]
#: What of the answers given at the threshold may be wrong, and of those given where the
#: classifier is sure of the policy as well.
MAX_ERROR_SHARE, MAX_ERROR_SHARE_WITHIN = 0.17, 0.25
#: From this probability on a unit is said, as a likely answer at least
#: (bot/handlers/ranked_units.py).
MIN_ANSWER_PROBABILITY = 0.05
#: The kind of turns read after an answer that was not the right one.
AFTER_A_MISTAKE = "mistaken"
FOLDS = 5
SEED = 20261129


@dataclass(frozen=True)
class FitReport:
    """Quality of the answers to held-out messages of one kind."""

    kind: str
    messages: int
    first: float
    """Share with a right unit in the first place, and among the nearest at all."""
    nearest: float
    right: float
    """Share answered at the threshold with a right unit, and with another."""
    wrong: float

    def __str__(self) -> str:
        return (
            f"{self.kind:>12} {self.messages:5d}: first {self.first:.3f}, among the nearest"
            f" {self.nearest:.3f}; at the threshold right {self.right:.3f}, wrong {self.wrong:.3f}"
        )


def examples_of(
    talks: Sequence[PolicyTalk],
) -> tuple[list[RankingExample], list[str], list[tuple[str, ...]]]:
    """Return the turns of talks as examples, with their messages and those before each."""
    turns = [(talk.id, turn) for talk in talks for turn in talk.turns]
    examples = [RankingExample(talk, turn.units, turn.said) for talk, turn in turns]
    return examples, [turn.text for _, turn in turns], [turn.before for _, turn in turns]


def fit(questions: Sequence[LabelledQuestion]) -> tuple[Ranker, list[FitReport]]:
    """Return the ranker and how it does on messages of groups held out."""
    held_out = _held_out(questions)
    threshold, within = (
        _threshold(questions, held_out, w) for w in (MAX_ERROR_SHARE, MAX_ERROR_SHARE_WITHIN)
    )
    rank = learn_ranker(questions, threshold, within)
    kinds = dict.fromkeys(question.kind for question in questions if question.counts.all())
    return rank, [_report(kind, questions, held_out, threshold) for kind in kinds]


def questions_of_talks(
    index: AnswerIndex, topics_of: TopicsOf, talks: Sequence[PolicyTalk]
) -> Iterator[LabelledQuestion]:
    """Yield the turns of annotated talks that are of a policy's business, or begin nothing.

    Each is read after the right answers.
    """
    for talk in talks:
        for turn in talk.turns:
            kind = turn.label or ("turn" if turn.before else "first turn")
            if kind == OTHER and not turn.before:
                continue
            yield _question_of_turn(index, topics_of, talk, turn, kind)[0]


def questions_of_played_talks(
    index: AnswerIndex,
    topics_of: TopicsOf,
    talks: Sequence[PolicyTalk],
    ranker_of: Mapping[str, Ranker],
) -> Iterator[LabelledQuestion]:
    """Yield the turns that are read otherwise after what a ranker answers than after what is right.

    `ranker_of` holds for each talk, by its id, a ranker that has not learned from it. What is
    learned from right answers alone trusts the policy spoken of more than a mistaken one deserves.
    """
    for talk in talks:
        for turn, played, question, _ in _replayed(index, topics_of, talk, ranker_of[talk.id]):
            if played != turn:
                yield question


def ranked_in_play(
    index: AnswerIndex, topics_of: TopicsOf, talks: Sequence[PolicyTalk], rank: Ranker
) -> Iterator[tuple[PolicyTurn, list[str]]]:
    """Yield the turns of talks with the units that a ranker puts first, likeliest first.

    Each is read after what the ranker answered before, right or not, as a person would have it.
    """
    for talk in talks:
        for turn, _, question, places in _replayed(index, topics_of, talk, rank):
            order = np.argsort(-rank.probabilities(question.rows), kind="stable")
            yield turn, [index.units[places[position]].id for position in order]


def _replayed(
    index: AnswerIndex, topics_of: TopicsOf, talk: PolicyTalk, rank: Ranker
) -> Iterator[tuple[PolicyTurn, PolicyTurn, LabelledQuestion, Places]]:
    """Yield each turn of a talk as annotated and as read after what a ranker answered before."""
    spoken_of = answered_unit = None
    matters: list[Matter] = []
    for turn in talk.turns:
        if turn.label == OTHER:
            answered_unit = None
            continue
        played = replace(turn, spoken_of=spoken_of, said=answered_unit)
        earlier = resumed_matter(turn.text, matters, index.rarity)
        if earlier and earlier.topic:
            played = replace(turn, before=(earlier.text,), spoken_of=earlier.topic, said=None)
        question, places = _question_of_turn(index, topics_of, talk, played, AFTER_A_MISTAKE)
        yield turn, played, question, places
        shares = rank.probabilities(question.rows)
        answered_unit = None
        if len(shares) and shares.max() >= MIN_ANSWER_PROBABILITY:
            answered_unit = index.units[places[int(shares.argmax())]].id
            spoken_of = topic_of(answered_unit)
        matters.append(Matter(turn.text, topic_of(answered_unit) if answered_unit else None))


def _question_of_turn(
    index: AnswerIndex, topics_of: TopicsOf, talk: PolicyTalk, turn: PolicyTurn, kind: str
) -> tuple[LabelledQuestion, Places]:
    """Return a turn with its nearest units, and their places in the index."""
    query = AnswerQuery(turn.text, topics_of(turn.text), turn.spoken_of, turn.before, turn.said)
    places, rows = index.rows(query, without_talk=talk.id)
    ids = [index.units[place].id for place in places]
    right = np.array([unit_id in turn.units for unit_id in ids], dtype=bool)
    best = np.array([unit_id == (*turn.units, "")[0] for unit_id in ids], dtype=bool)
    counts = np.ones(len(places), dtype=bool)
    return LabelledQuestion(rows, right, counts, talk.id, kind, not turn.label, best), places


def questions_of_asks(
    index: AnswerIndex, topics_of: TopicsOf, ask_places: Iterable[int]
) -> Iterator[LabelledQuestion]:
    """Yield asks by their places (see `fresh_asks`), each taken out of the index."""
    for ask_place in ask_places:
        ask, own = index.asks[ask_place], int(index.owner[ask_place])
        places, rows = index.rows(AnswerQuery(ask, topics_of(ask)), without=ask_place)
        right = places == own
        counts = np.ones(len(places), dtype=bool)
        yield LabelledQuestion(rows, right, counts, index.units[own].id, "ask", True, right)


def fresh_asks(index: AnswerIndex) -> Iterator[int]:
    """Yield the places of the claims' asks that the sentence encoder has not learned from."""
    for place, unit in enumerate(index.units):
        if unit.aspect is None:
            yield index.first_ask(place) + fresh_ask(unit.id, len(unit.asks))


def questions_of_other_acts(
    index: AnswerIndex, topics_of: TopicsOf, texts: Iterable[str]
) -> Iterator[LabelledQuestion]:
    """Yield messages that want something else; a subject next door may still answer them."""
    for text in texts:
        places, rows = index.rows(AnswerQuery(text, topics_of(text)))
        taxonomy_units = np.array([not index.units[place].neighbour for place in places])
        none = np.zeros(int(taxonomy_units.sum()), dtype=bool)
        yield LabelledQuestion(
            rows[taxonomy_units], none, ~none, f"act {text}", "other act", False, none
        )


def questions_of_topics(
    index: AnswerIndex, topics_of: TopicsOf, texts: Iterable[tuple[str, str]]
) -> Iterator[LabelledQuestion]:
    """Yield questions (text, topic) that are annotated with a topic alone."""
    for text, topic in texts:
        places, rows = index.rows(AnswerQuery(text, topics_of(text)))
        other = np.array([index.units[place].topic != topic for place in places])
        none = np.zeros(len(places), dtype=bool)
        yield LabelledQuestion(rows, none, other, f"topic {text}", "topic", False, none)


def held_out_rankers(questions: Sequence[LabelledQuestion]) -> dict[str, Ranker]:
    """Return for each group of messages a ranker that has not learned from it."""
    groups = sorted({question.group for question in questions})
    shuffled = np.random.default_rng(SEED).permutation(len(groups))
    fold_of = {
        group: int(position) % FOLDS for group, position in zip(groups, shuffled, strict=True)
    }

    def of_folds(folds: Sequence[int]) -> Iterator[Ranker]:
        for fold in folds:
            others = [question for question in questions if fold_of[question.group] != fold]
            yield learn_ranker(others, 0.0, 0.0)

    rankers = list(on_all_cores(of_folds, range(FOLDS)))
    return {group: rankers[fold] for group, fold in fold_of.items()}


def _held_out(questions: Sequence[LabelledQuestion]) -> list[NDArray[np.float64]]:
    """Return the probabilities of each message's rows from a ranker that never saw its group."""
    without = held_out_rankers(questions)
    return [without[question.group].probabilities(question.rows) for question in questions]


def _threshold(
    questions: Sequence[LabelledQuestion], shares: Sequence[NDArray[np.float64]], wrong: float
) -> float:
    """Return the lowest probability above which at most so many of the answers are wrong."""
    firsts = [
        (float(share.max()), bool(question.right[share.argmax()]))
        for question, share in zip(questions, shares, strict=True)
        if question.counts.all() and len(share)
    ]
    ordered = sorted(firsts, key=lambda first: -first[0])
    mistakes = np.cumsum([not right for _, right in ordered])
    allowed = np.flatnonzero(mistakes <= wrong * np.arange(1, len(ordered) + 1))
    return round(ordered[allowed[-1]][0], 3) if len(allowed) else 1.0


def _report(
    kind: str,
    questions: Sequence[LabelledQuestion],
    shares: Sequence[NDArray[np.float64]],
    threshold: float,
) -> FitReport:
    of_kind = [
        (q, s)
        for q, s in zip(questions, shares, strict=True)
        if q.kind == kind and q.counts.all() and len(s)
    ]
    first = [bool(q.right[s.argmax()]) for q, s in of_kind]
    above_threshold = [bool(s.max() >= threshold) for _, s in of_kind]
    count = len(of_kind) or 1
    return FitReport(
        kind=kind,
        messages=len(of_kind),
        first=sum(first) / count,
        nearest=sum(bool(q.right.any()) for q, _ in of_kind) / count,
        right=sum(f and s for f, s in zip(first, above_threshold, strict=True)) / count,
        wrong=sum(s and not f for f, s in zip(first, above_threshold, strict=True)) / count,
    )
