"""The graph component that says what a message wants: its act (Rasa's intent) and its topics.

Runs after the entity reader, whose finds it masks. Trained by `rasa train` on data/nlu, where
a block's `metadata: {topic: …}` names the topic of its examples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.cascade import Cascade, Lesson
from bot.nlu.learned import Learned
from bot.nlu.linear import Features, Floats, Sparse
from bot.nlu.ngrams import masked, ngrams
from bot.nlu.telling import Telling
from bot.nlu.variants import Variants
from bot.progress import progress
from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.people import SELF
from bot.text.reader import message_reader
from bot.text.requests import requests
from bot.text.sentences import (
    LONGEST,
    Depth,
    Meaning,
    Remembered,
    meanings,
    no_meaning,
    sentence_model,
)

#: The message property that holds the ranked topics.
TOPICS = "topics"
#: The act of a message that no act is sure of; Rasa's own name for it.
UNCLEAR = "nlu_fallback"
#: A message of more requests than this is a story, taken as a whole.
MOST_PARTS = 3
#: How deep into the sentence model what is told by it goes.
DEPTHS: dict[str, Depth] = {"act": "short", "topic": "whole"}
#: The topic is asked of the sentence model only from this probability on of the acts that have
#: topics. Held out, 0.9 % of the messages with a topic lie below it: taken for another act's.
MAY_HAVE_TOPIC = 0.1


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ActTopicClassifier(GraphComponent):
    """Sets `intent`, `intent_ranking` and `topics` of each message."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        learned: Learned | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._learned = learned
        self._sentences = sentence_model() if learned and learned.by_meaning else None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the options with their defaults."""
        return {
            # Inverse of the regularisation of the act and topic models.
            "strength": 0.5,
            # N-grams in fewer examples than this are not used.
            "rarest": 2,
            # How many topics are reported.
            "topics": 5,
            # Below this probability an act is not taken: the assistant asks back.
            "threshold": 0.35,
            # Whether a sentence model is asked when n-grams are not sure.
            "sentences": True,
            # How many variants (dialect, mistyped, dictated) each example is trained with.
            "variants": 0,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ActTopicClassifier:
        """Make an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the act model on all examples and the topic model on those that name a topic."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        progress(f"model: reading {len(examples)} examples")
        texts = self._texts(examples)
        progress(f"model: learning from {len(texts.texts)} texts, words alone")
        features = Features.fit(texts.documents, self._config["rarest"])
        labels = {"act": {at: str(m.get(INTENT)) for at, m in enumerate(examples)}}
        topics = {at: topic for at, m in enumerate(examples) if (topic := _topic(m))}
        if len(set(topics.values())) > 1:
            labels["topic"] = topics
        lessons = {name: self._lesson(features, texts, of) for name, of in labels.items()}
        telling = Telling.of(features, (one.quick for one in lessons.values()))
        self._sentences = sentence_model() if self._config["sentences"] else None
        models = {}
        for name, lesson in lessons.items():
            # A variant means what its example means: embedding it as well gains nothing, measured.
            progress(f"model: learning the {name} from {len(labels[name])} sentences' meanings")
            told = [telling.part(texts.texts[at], LONGEST) for at in labels[name]]
            vectors = self._vectors(told, DEPTHS[name])
            models[name] = Cascade.fit(lesson, vectors, DEPTHS[name], self._config["strength"])
        topical = frozenset(labels["act"][at] for at in topics)
        self._learned = Learned(features, telling, models, topical)
        with self._storage.write_to(self._resource) as folder:
            self._learned.save(folder)
        return self._resource

    def _lesson(self, features: Features, texts: Texts, labels: dict[int, str]) -> Lesson:
        """Return what one cascade learns from: the rows of the examples that have a label."""
        rows = [at for at, example in enumerate(texts.examples) if example in labels]
        examples = [texts.examples[at] for at in rows]
        number = {example: at for at, example in enumerate(labels)}
        return Lesson.of(
            features.matrix([texts.documents[at] for at in rows]),
            [labels[example] for example in examples],
            [number[example] for example in examples],
            self._config["strength"],
        )

    def _texts(self, examples: Sequence[Message]) -> Texts:
        """Return all that is learned from: the examples, and variants of each."""
        read = [_Read.of(m.get(TEXT), m.get(ENTITIES) or ()) for m in examples]
        texts = Texts([r.text for r in read], [r.document() for r in read], [*range(len(read))])
        for at, variant in self._variants([m.get(TEXT) for m in examples]):
            again = _Read.of(variant, message_reader().read(variant))
            texts.add(again.text, again.document(), at)
        return texts

    def _variants(self, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
        most = self._config["variants"]
        if most:
            make = Variants(settings().data / "vocab" / "variants.yml", texts)
            for at, text in enumerate(texts):
                yield from ((at, variant.text) for variant in make.of(text, most))

    def _vectors(self, texts: Sequence[str], depth: Depth) -> Floats | None:
        """Return the texts' sentence vectors, None when there is no sentence model."""
        if self._sentences is None:
            return None
        return Remembered(self._sentences, settings().models / "sentences.npz").embed(texts, depth)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ActTopicClassifier:
        """Read a trained component back."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Learned.load(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify messages in place; one without any known n-gram is not understood."""
        for message in messages if self._learned else ():
            text, entities = message.get(TEXT) or "", message.get(ENTITIES) or ()
            spans = _requests(text)
            reads = [_Read.of(text, entities)]
            reads += [_Read.of(text[a:b], _inside(entities, a, b)) for a, b in spans]
            whole, *parts = map(self._understand, reads, self._meanings(reads))
            for name, value in whole.to_dict().items():
                message.set(name, value, add_to_output=True)
            told = [
                {"start": start, "end": end, **part.to_dict()}
                for (start, end), part in zip(spans, parts, strict=True)
            ]
            message.set("parts", told, add_to_output=True)
        return messages

    def _meanings(self, reads: Sequence[_Read]) -> list[Meaning]:
        """Return the sentence vectors of a message and its requests, made when needed."""
        if self._sentences is None or self._learned is None:
            return [no_meaning for _ in reads]
        whole, *parts = (read.text for read in reads)
        return meanings(self._sentences, whole, parts, self._learned.telling.part)

    def _understand(self, read: _Read, meaning: Meaning) -> Understood:
        """Return what a text wants."""
        assert self._learned  # processed only when trained
        sparse = self._learned.features.of(read.document())
        if len(sparse.columns) == 0:
            return Understood([{"name": UNCLEAR, "confidence": 0.0}], [], False)
        acts = self._learned.models["act"].rank(sparse, meaning)
        ranking = _named(acts)
        if ranking[0]["confidence"] < self._config["threshold"]:
            ranking.insert(0, {"name": UNCLEAR, "confidence": ranking[0]["confidence"]})
        return Understood(ranking, *self._topics(sparse, acts, meaning))

    def _topics(
        self, sparse: Sparse, acts: Sequence[tuple[str, float]], meaning: Meaning
    ) -> tuple[list[dict[str, Any]], bool]:
        """Return the ranked topics of a message of these acts, and whether the first is sure."""
        assert self._learned
        model = self._learned.models.get("topic")
        if model is None:
            return [], False
        share = sum(share for act, share in acts if act in self._learned.topical)
        asked = share >= MAY_HAVE_TOPIC
        ranked = model.rank(sparse, meaning if asked else no_meaning)
        sure = ranked[0][1] >= (model.trust if asked else model.sure)
        return _named(ranked[: self._config["topics"]]), sure


def _requests(text: str) -> list[tuple[int, int]]:
    """Return the spans of a message's requests, none when it holds fewer than two."""
    read = normalise(text)
    spans = [read.original_span(start, end) for start, end in requests(read.text)]
    return spans if 1 < len(spans) <= MOST_PARTS else []


def _inside(entities: Sequence[dict[str, Any]], start: int, end: int) -> list[dict[str, Any]]:
    """Return the entities within a span, with their places counted from its beginning."""
    return [
        {**e, "start": e["start"] - start, "end": e["end"] - start}
        for e in entities
        if start <= e["start"] and e["end"] <= end
    ]


@dataclass(frozen=True)
class Understood:
    """What a message wants: acts and topics with their probabilities, most probable first."""

    ranking: list[dict[str, Any]]
    topics: list[dict[str, Any]]
    topic_sure: bool
    """Whether the first topic can be answered without asking back."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as the properties of a Rasa message."""
        return {
            INTENT: self.ranking[0],
            "intent_ranking": self.ranking[:10],
            TOPICS: self.topics,
            "topic_sure": self.topic_sure,
        }


@dataclass
class Texts:
    """What is learned from, a row a text: the examples themselves first, then variants of them."""

    texts: list[str]
    documents: list[Counter[str]]
    examples: list[int]
    """The example that each row was made from."""

    def add(self, text: str, document: Counter[str], example: int) -> None:
        """Add a row."""
        self.texts.append(text)
        self.documents.append(document)
        self.examples.append(example)


def _named(ranked: Sequence[tuple[str, float]]) -> list[dict[str, Any]]:
    return [{"name": name, "confidence": round(share, 4)} for name, share in ranked]


def _topic(message: Message) -> str | None:
    about = (message.get(METADATA) or {}).get("intent") or {}
    topic = about.get("topic") if isinstance(about, dict) else None
    return str(topic) if topic else None


def _kind(entity: dict[str, Any]) -> str:
    """Return the kind that is masked: a place of another province is not one of ours."""
    if entity["entity"] == "person" and entity["value"] == SELF:
        return SELF  # has no mask: 我 is a word like any other
    code = str(entity["value"] or "") if entity["entity"] == "region" else ""
    away = bool(code) and code[:2] != settings().home_region[:2]
    return "region_away" if away else str(entity["entity"])


@dataclass(frozen=True)
class _Read:
    """A text in its one form, and the same with what was read masked."""

    text: str
    masked: str

    @classmethod
    def of(cls, typed: str, entities: Sequence[dict[str, Any]]) -> _Read:
        read = normalise(typed)
        back = {at: i for i, at in reversed(list(enumerate(read.origin)))}
        spans = [
            (back[e["start"]], back[e["end"]], _kind(e))
            for e in entities
            if e["start"] in back and e["end"] in back
        ]
        return cls(read.text, masked(read.text, spans))

    def document(self) -> Counter[str]:
        return ngrams(self.text, self.masked) if self.text else Counter()
