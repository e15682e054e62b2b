"""Find the units that answer a message: by its words, its meaning, its kind and the talk before it.

What each likeness is worth is learned (`bot.policies.ranking.ranker`); here they are measured.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Policy
from bot.dialogue.policy_talks import TELLS
from bot.embeddings.sentence_model import SentenceModel, sentence_model
from bot.policies.bare_names import bare
from bot.policies.index_cache import IndexCache
from bot.policies.policy_names import PolicyNames
from bot.policies.ranking.examples import EXAMPLE_FEATURES, ExampleIndex, turn_examples
from bot.policies.ranking.features import FEATURES, FURTHER, LIKENESSES
from bot.policies.ranking.ranker import ranker
from bot.policies.ranking.talk_context import read_together, with_talk
from bot.policies.ranking.unit_classifier import (
    UNCLASSIFIED,
    UnitScores,
    unit_classifier,
)
from bot.policies.ranking.units import AnswerUnit, units_of
from bot.policies.search import policy_names
from bot.search.bm25 import Floats, Lexical, tokens, top_places
from bot.search.token_places import TokenPlaces
from bot.search.vector_store import load_vectors
from bot.text.normalise import normalise
from bot.text.questions import is_question
from bot.understanding.aspects import ASPECTS, aspect_reader
from bot.understanding.employers import asks_as_employer
from bot.understanding.question_kind import question_kinds

logger = logging.getLogger(__name__)

Places = NDArray[np.intp]

#: Units that are looked at closely: nearest by words, by meaning of asks and of answers, and of
#: each of the likeliest topics.
CANDIDATES_PER_MEASURE = 24
#: Topics that contribute their units, each from this probability on.
MAX_TOPICS, MIN_TOPIC_PROBABILITY = 3, 0.08
#: Units that a search can return, and searches that are cached.
MAX_RANKED, RANKING_CACHE_SIZE = 10, 512
#: Texts whose likenesses to all units are cached, a quarter of a megabyte each.
VIEW_CACHE_SIZE = 8
#: Characters of a name, and of a message, that say all that its length can.
LONG_NAME, LONG_TEXT = 6, 40
#: The cosine of two texts of one subject, and what makes cosines about as large as the others.
MIDDLE, SPREAD = 0.4, 3.0
#: The topic of messages that name none.
NO_TOPIC = "context"


@dataclass(frozen=True)
class AnswerQuery:
    """A message and what is known of it."""

    text: str
    topics: Mapping[str, float]
    """A trained classifier's probabilities by topic."""
    spoken_of: str | None = None
    """The policy spoken of before."""
    earlier_messages: tuple[str, ...] = ()
    """The person's latest messages about policies, oldest first."""
    previous_unit: str | None = None
    """The id of the unit that was the answer before."""
    certain: bool = False
    """True when the policy spoken of is certain: it stands in the same message."""

    @property
    def in_talk(self) -> str:
        """The message read with those just before it."""
        return read_together(self.text, self.earlier_messages)


@dataclass(frozen=True)
class AnswerHit:
    """A unit found."""

    unit: AnswerUnit
    probability: float
    """The probability that this unit answers the message."""
    likenesses: Sequence[float] = ()
    """Its feature values, in the order of FEATURES."""

    @property
    def why(self) -> dict[str, float]:
        """The likenesses that it was chosen by, by name."""
        return {n: round(v, 3) for n, v in zip(FEATURES, self.likenesses, strict=True)}


@dataclass(frozen=True)
class _View:
    """A text measured against every unit and ask."""

    vector: Floats | None
    """Its sentence vector; None without vectors."""
    total_weight: float
    """The summed rarity of its tokens."""
    words: Floats
    """The score of each ask by words, and how much of each ask it shares."""
    shared: Floats
    ask_cosines: Floats
    """The cosine of each ask; zeros without vectors."""
    answers: Floats
    """The cosine of each unit's answer."""
    by_words: Floats
    """The highest score, and the highest cosine, of each unit's asks."""
    by_meaning: Floats
    by_topic: Floats
    """The highest cosine of each policy's asks and answers."""
    in_asks: Floats
    """The summed rarity of the tokens in each unit's asks; in any of its texts."""
    covered: Floats


class AnswerIndex:
    """The units of a database, ready to be ranked."""

    def __init__(self, db: Session, policies: Sequence[Policy]) -> None:
        self.units = units_of(policies)
        self._places = {unit.id: place for place, unit in enumerate(self.units)}
        pairs = [(place, ask) for place, unit in enumerate(self.units) for ask in unit.asks]
        self.asks = [ask for _, ask in pairs]
        self.owner: Places = np.array([place for place, _ in pairs], dtype=np.intp)
        self._starts: Places = np.searchsorted(self.owner, np.arange(len(self.units)))
        self._asks_of = _padded(self.owner, len(self.units))
        self._lexical = Lexical(self.asks)
        weights = self._lexical.text_weights()
        self._ask_weights: Floats = np.where(weights, weights, 1.0).astype(np.float32)
        self._name_tokens = {
            p.id: frozenset(t for n in p.names for t in tokens(n.name)) for p in policies
        }
        others = map(self._answer_and_name_tokens, range(len(self.units)))
        self._in_asks = TokenPlaces(self._lexical, self.owner, (), len(self.units))
        self._in_texts = TokenPlaces(self._lexical, self.owner, others, len(self.units))
        self._names = PolicyNames(policy_names(policies))
        self._unit_of = {
            bare(ask): int(place) for ask, place in zip(self.asks, self.owner, strict=True)
        }
        self.topics = list(dict.fromkeys(unit.topic for unit in self.units))
        self._numbers = {topic: place for place, topic in enumerate(self.topics)}
        numbers = [self._numbers[unit.topic] for unit in self.units]
        self._topic_of: Places = np.array(numbers, dtype=np.intp)
        self._topic_starts: Places = np.searchsorted(self._topic_of, np.arange(len(self.topics)))
        self._constant = self._constants()
        self._to_employers = [unit.is_for_employers for unit in self.units]
        #: A cache, since several handlers rank one message.
        self._ranked = lru_cache(maxsize=RANKING_CACHE_SIZE)(self._rank)
        #: A message is ranked after the answer before it, by itself, and part by part.
        self._view = lru_cache(maxsize=VIEW_CACHE_SIZE)(self._new_view)
        self.model: SentenceModel | None = sentence_model() if self.asks else None
        self.vectors, self._answers = self._vectors(db)
        self._examples = self._turn_examples()
        self._classifier = self._unit_scores()
        self._held_out: Mapping[str, UnitScores] = {}

    def set_classifiers(self, learned: UnitScores, held_out: Mapping[str, UnitScores]) -> None:
        """Set the classifier, and those that have not learned from some talks or fresh asks.

        `held_out`, for learning, is by the id of the talk, or of the unit that the ask is of.
        """
        self._classifier, self._held_out = learned, held_out

    def unit(self, name: str) -> AnswerUnit | None:
        """Return a unit by its id; None when the base has none of it any more."""
        place = self._places.get(name)
        return None if place is None else self.units[place]

    @property
    def digests(self) -> dict[str, int]:
        """The checksums of the units' asks by the units' ids, in the order of the units."""
        return {unit.id: unit.digest for unit in self.units}

    def rarity(self, token: str) -> float:
        """Return how much a token tells: the fewer asks hold it, the more."""
        return self._lexical.rarity(token)

    def first_ask(self, unit: int) -> int:
        """Return the place of the first ask of a unit; its others follow."""
        return int(self._starts[unit])

    def _vectors(self, db: Session) -> tuple[Floats | None, Floats | None]:
        """Return the vectors of asks and of answers; None where the base has none."""
        if self.model is None:
            return None, None
        ask_vectors = load_vectors(db, self.model, self.asks)
        answer_vectors = load_vectors(db, self.model, [unit.meaning for unit in self.units])
        return (
            (ask_vectors, answer_vectors)
            if ask_vectors.any() and answer_vectors.any()
            else (None, None)
        )

    def _turn_examples(self) -> ExampleIndex | None:
        """Return the annotated turns; None without any that this encoder's vectors are like."""
        stored = turn_examples()
        if stored is None or self.vectors is None or self.model is None:
            return None
        if stored.encoder != self.model.name:
            logger.warning("the annotated turns are another encoder's: run `policies fit`")
            return None
        return ExampleIndex(stored, list(self._places))

    def _unit_scores(self) -> UnitScores | None:
        """Return the classifier of units; None without one that reads this encoder's vectors.

        Without any vectors it goes by n-grams alone.
        """
        learned = unit_classifier()
        if learned is None:
            return None
        if self.model is not None and learned.encoder != self.model.name:
            logger.warning("the classifier of units is another encoder's: run `policies fit`")
            return None
        return UnitScores(learned, self.digests)

    def _ask_tokens_of(self, unit: int, without: int) -> frozenset[str]:
        """Return the tokens of a unit's asks but one."""
        asks = (self.asks[ask] for ask in self._ask_range(unit) if ask != without)
        return frozenset(token for ask in asks for token in tokens(ask))

    def _answer_and_name_tokens(self, unit: int) -> frozenset[str]:
        """Return the tokens of a unit's answers and of its policy's names."""
        answer_unit = self.units[unit]
        answer_tokens = frozenset(token for text in answer_unit.answers for token in tokens(text))
        return answer_tokens | self._name_tokens[answer_unit.topic]

    def _ask_range(self, unit: int) -> range:
        first = self.first_ask(unit)
        return range(first, first + len(self.units[unit].asks))

    def _constants(self) -> Floats:
        """Return neighbour, aspect and which aspect, a row a unit."""
        rows = [
            [
                unit.neighbour,
                unit.aspect is not None,
                *(unit.aspect == aspect for aspect in ASPECTS),
            ]
            for unit in self.units
        ]
        return np.array(rows, dtype=np.float32).reshape(len(rows), 2 + len(ASPECTS))

    def search(self, query: AnswerQuery, limit: int = 5) -> list[AnswerHit]:
        """Return the likeliest units that can be said today somewhere, likeliest first."""
        return self._ranked(_Hashable(query), clock.today())[:limit]

    def _rank(self, cache_key: _Hashable, day: object) -> list[AnswerHit]:
        query = cache_key.query
        if not self.units:
            return []
        places, rows = self.rows(query)
        shares = ranker().probabilities(rows, query.certain)
        itself = self._unit_of.get(bare(query.text))
        if itself is not None and itself in places:
            # One of its own asks, word for word: a choice that was offered.
            shares[list(places).index(itself)] = 1.0
        today = clock.today()
        ranked = (
            position
            for position in np.argsort(-shares, kind="stable")
            if self.units[places[position]].holds(today)
        )
        return [
            AnswerHit(
                self.units[places[position]],
                round(float(shares[position]), 4),
                tuple(rows[position].tolist()),
            )
            for position in islice(ranked, MAX_RANKED)
        ]

    def vector(self, text: str) -> Floats | None:
        """Return what a text means; None without a sentence model or vectors."""
        return None if self.model is None or self.vectors is None else self.model.message(text)

    def rows(
        self, query: AnswerQuery, without: int | None = None, without_talk: str | None = None
    ) -> tuple[Places, Floats]:
        """Return the nearest units, by their places, and a row of FEATURES for each.

        `without` is the place of an ask, `without_talk` an annotated talk, that is taken for
        unknown: for learning.
        """
        alone = self._view(query.text, without)
        earlier = query.earlier_messages
        in_talk = self._view(query.in_talk, without, earlier) if earlier else alone
        scores = self._scores(query, alone, in_talk, without, without_talk)
        places = self._nearest(query, alone, in_talk, scores)
        parts = [self._likeness(view, places) for view in (alone, in_talk)]
        further = self._further(query, places)
        examples: Floats = np.zeros((len(places), len(EXAMPLE_FEATURES)), dtype=np.float32)
        if self._examples and alone.vector is not None and in_talk.vector is not None:
            examples = self._examples.likeness(
                places, (alone.vector, in_talk.vector), query.previous_unit, without_talk
            )
        classified = (
            self._classifier.features(scores, places, self._topic_of)
            if scores is not None and self._classifier is not None
            else np.tile(UNCLASSIFIED, (len(places), 1))
        )
        return places, np.hstack(
            [*parts, further, examples, classified, self._constant[places][:, 2:]]
        )

    def _scores(
        self,
        query: AnswerQuery,
        alone: _View,
        in_talk: _View,
        without: int | None,
        without_talk: str | None,
    ) -> Floats | None:
        """Return what `UnitScores.log_probabilities` does; None without a classifier."""
        group = without_talk if without is None else self.units[int(self.owner[without])].id
        classifier = self._held_out.get(group or "", self._classifier)
        if classifier is None:
            return None
        return classifier.log_probabilities(
            query.text, query.in_talk, (alone.vector, in_talk.vector)
        )

    def tells_probability(self, query: AnswerQuery) -> float:
        """Return the probability that a message only tells something; 0 without a classifier."""
        if self._classifier is None or not self.units:
            return 0.0
        alone = self._view(query.text, None)
        earlier = query.earlier_messages
        in_talk = self._view(query.in_talk, None, earlier) if earlier else alone
        vectors = (alone.vector, in_talk.vector)
        return self._classifier.label_probability(TELLS, query.text, query.in_talk, vectors)

    def _new_view(self, text: str, without: int | None, earlier: tuple[str, ...] = ()) -> _View:
        # In the order of the text: sums of floats are the same in every process.
        weights = {token: self._lexical.rarity(token) for token in tokens(text)}
        words, vector = self._lexical.scores(text), self.vector(text)
        if vector is not None and earlier:
            vector = with_talk(vector, np.array([self.vector(message) for message in earlier]))
        cosines: Floats = np.zeros(len(self.asks), dtype=np.float32)
        if vector is not None and self.vectors is not None:
            cosines = np.asarray(self.vectors @ vector)
        answers: Floats = np.zeros(len(self.units), dtype=np.float32)
        if vector is not None and self._answers is not None:
            answers = np.asarray(self._answers @ vector)
        shared = self._lexical.shared(weights) / self._ask_weights
        in_asks = self._in_asks.sums(weights)
        covered = self._in_texts.sums(weights)
        if without is not None:
            words[without], cosines[without], shared[without] = 0.0, -1.0, 0.0
            own = int(self.owner[without])
            others = self._ask_tokens_of(own, without)
            in_asks[own] = sum(weights[token] for token in weights if token in others)
            others |= self._answer_and_name_tokens(own)
            covered[own] = sum(weights[token] for token in weights if token in others)
        by_meaning = np.maximum.reduceat(cosines, self._starts)
        both = np.maximum(by_meaning, answers)
        return _View(
            vector, sum(weights.values()) or 1.0, words, shared, cosines, answers,
            np.maximum.reduceat(words, self._starts), by_meaning,
            np.maximum.reduceat(both, self._topic_starts),
            in_asks, covered,
        )  # fmt: skip

    def _nearest(
        self, query: AnswerQuery, alone: _View, in_talk: _View, scores: Floats | None
    ) -> Places:
        """Return the units that are looked at closely, in the order of the index."""
        views = [alone] if alone is in_talk else [alone, in_talk]
        candidates: set[int] = set()
        for view in views:
            candidates |= {
                *top_places(view.by_words, CANDIDATES_PER_MEASURE),
                *top_places(view.by_meaning, CANDIDATES_PER_MEASURE),
                *top_places(view.answers, CANDIDATES_PER_MEASURE),
            }
        if scores is not None:
            candidates.update(top_places(scores[:-1], CANDIDATES_PER_MEASURE))
        ranked = sorted(query.topics.items(), key=lambda pair: -pair[1])[:MAX_TOPICS]
        topics = {topic for topic, share in ranked if share >= MIN_TOPIC_PROBABILITY}
        topics |= {query.spoken_of} if query.spoken_of else set()
        for number in (self._numbers[topic] for topic in topics if topic in self._numbers):
            own = np.flatnonzero(self._topic_of == number)
            candidates.update(int(place) for place in own if self.units[place].aspect)
            for view in views:
                likeness = view.by_meaning[own] + view.answers[own]
                candidates.update(
                    int(own[place]) for place in top_places(likeness, CANDIDATES_PER_MEASURE)
                )
        return np.array(sorted(candidates), dtype=np.intp)

    def _likeness(self, view: _View, places: Places) -> Floats:
        """Return LIKENESSES of some units."""
        ask_places = self._asks_of[places]  # -1 where a unit has fewer asks
        has_ask = ask_places >= 0
        words = np.where(has_ask, view.words[ask_places], -1.0)
        cosines = np.sort(np.where(has_ask, view.ask_cosines[ask_places], -1.0), axis=1)[:, ::-1]
        first = words.argmax(axis=1)
        ranked = np.sort(words, axis=1)[:, ::-1]
        row = np.arange(len(places))
        top_counts = np.minimum(has_ask.sum(axis=1), 4)
        top = np.where(np.arange(cosines.shape[1]) < top_counts[:, None], cosines, 0.0)[:, :4]
        mean = top.sum(axis=1) / top_counts.astype(np.float32)
        second_cosine = np.where(has_ask.sum(axis=1) > 1, cosines[:, 1], cosines[:, 0])
        topic = view.by_topic[self._topic_of[places]]
        columns = (
            ranked[:, 0] / view.total_weight,
            np.maximum(ranked[:, 1], 0.0) / view.total_weight,
            view.shared[ask_places[row, first]],
            view.in_asks[places] / view.total_weight,
            view.covered[places] / view.total_weight,
            (cosines[:, 0] - MIDDLE) * SPREAD,
            (second_cosine - MIDDLE) * SPREAD,
            (mean - MIDDLE) * SPREAD,
            (view.answers[places] - MIDDLE) * SPREAD,
            view.by_words[places] / (float(view.by_words.max()) or 1.0),
            (cosines[:, 0] - float(view.by_meaning.max())) * SPREAD,
            (view.answers[places] - float(view.answers.max())) * SPREAD,
            (topic - float(view.by_topic.max())) * SPREAD,
        )
        assert len(columns) == len(LIKENESSES)
        return np.column_stack(columns).astype(np.float32)

    def _further(self, query: AnswerQuery, places: Places) -> Floats:
        """Return FURTHER of some units."""
        kind = question_kinds().kind_of(query.text)
        asking = is_question(query.text)
        aspects = {hit.value for hit in aspect_reader().read(normalise(query.text).text)}
        ranked = sorted(query.topics.items(), key=lambda pair: -pair[1])
        first, highest = ranked[0] if ranked else ("", 0.0)
        names_none = query.topics.get(NO_TOPIC, 0.0)
        named_lengths = dict(sorted((t, size) for size, t in sorted(self._names.find(query.text))))
        by_length = sorted(named_lengths.items(), key=lambda pair: -pair[1])
        employer = asks_as_employer(query.in_talk)
        of_policy: dict[str, tuple[float, ...]] = {}
        rows = []
        for place in places:
            unit = self.units[place]
            if unit.topic not in of_policy:
                longest = named_lengths.get(unit.topic, 0)
                other = next((size for t, size in by_length if t != unit.topic), 0)
                share = query.topics.get(unit.topic, 0.0)
                spoken_of = float(unit.topic == query.spoken_of)
                of_policy[unit.topic] = (
                    share,
                    float(np.log(share + 0.01)),
                    unit.topic == first,
                    highest,
                    names_none,
                    spoken_of,
                    spoken_of * names_none,
                    query.spoken_of is None,
                    asking,
                    min(longest, LONG_NAME) / LONG_NAME,
                    (other > longest) * min(other, LONG_NAME) / LONG_NAME,
                    min(len(query.text), LONG_TEXT) / LONG_TEXT,
                )
            common = of_policy[unit.topic]
            aspect, to_employers = unit.aspect, self._to_employers[place]
            rows.append(
                (
                    *common[:8],
                    unit.id == query.previous_unit,
                    kind == unit.kind,
                    kind is not None and kind != unit.kind,
                    *common[8:],
                    unit.neighbour,
                    aspect is not None,
                    aspect in aspects,
                    aspect is not None and bool(aspects - {aspect}),
                    aspect is None and bool(aspects),
                    employer and to_employers,
                    employer and not to_employers,
                    to_employers and not employer,
                )
            )
        return np.array(rows, dtype=np.float32).reshape(len(places), len(FURTHER))


@dataclass(frozen=True)
class _Hashable:
    """A query as the key of a cache."""

    query: AnswerQuery

    def __hash__(self) -> int:
        query = self.query
        return hash((query.text, query.spoken_of, query.earlier_messages, query.previous_unit))


def _padded(owner: Places, units: int) -> Places:
    """Return the places of each unit's asks in a row, padded with -1."""
    counts = np.bincount(owner, minlength=units)
    made = np.full((units, max(2, int(counts.max(initial=0)))), -1, dtype=np.intp)
    column = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    made[owner, column] = np.arange(len(owner))
    return made


_INDEXES = IndexCache(AnswerIndex)


def answer_index(db: Session) -> AnswerIndex:
    """Return this process's index for a database, rebuilt when its policies changed."""
    return _INDEXES.get(db)


def current_answers() -> AnswerIndex:
    """Return the index of the project's database at the price of a look-up."""
    return _INDEXES.current()
