"""The graph component that classifies a message: its act (Rasa's intent) and its topics.

Runs after the entity reader and masks its entities. Trained by `rasa train` on data/nlu, where
a block's `metadata: {topic: …}` names the topic of its examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.annotated import load_dialogues
from bot.dialogue.policy_talks import load_talks
from bot.embeddings.encoder import Floats
from bot.embeddings.sentence_model import sentence_model
from bot.linear import Sparse
from bot.nlu.artifact import ClassifierArtifact
from bot.nlu.examples import Example, MaskedText
from bot.nlu.learning import DEFAULTS, DISTRESS, OTHER, learn, topic_of
from bot.settings import settings
from bot.text.clauses import requests
from bot.text.normalise import normalise

#: The message property that holds the ranked topics.
TOPICS = "topics"
#: The act of a message that no act is sure of; Rasa's own name for it.
UNCLEAR = "nlu_fallback"
#: How the annotated dialogues mark a message of despair.
DESPAIR = ("safety", "open")
#: A message of more requests than this is a story, taken as a whole.
MAX_PARTS = 3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ActTopicClassifier(GraphComponent):
    """Sets `intent`, `intent_ranking` and `topics` of each message."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        learned: ClassifierArtifact | None = None,
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
            **DEFAULTS,
            # How many topics are reported.
            "topics": 5,
            # Below this probability an act is not taken: the assistant asks back.
            "threshold": 0.35,
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
        messages = (m for m in training_data.intent_examples if m.get(TEXT))
        self._learned = learn([_example(m) for m in messages], self._config, _talk())
        with self._storage.write_to(self._resource) as folder:
            self._learned.save(folder)
        return self._resource

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
            return cls(config, model_storage, resource, ClassifierArtifact.load(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify messages in place; one without any known n-gram is not understood."""
        for message in messages if self._learned else ():
            text, entities = message.get(TEXT) or "", message.get(ENTITIES) or ()
            spans = _requests(text)
            home = settings().home_region
            interpretation = self._interpret(MaskedText.from_text(text, entities, home))
            for name, value in interpretation.to_dict().items():
                message.set(name, value, add_to_output=True)
            parts = [
                {"start": a, "end": b, **self._interpret(read).to_dict()}
                for a, b in spans
                for read in [MaskedText.from_text(text[a:b], _inside(entities, a, b), home)]
            ]
            message.set("parts", parts, add_to_output=True)
        return messages

    def _interpret(self, read: MaskedText) -> Interpretation:
        """Return what a text wants."""
        assert self._learned  # processed only when trained
        sparse = self._learned.features.vectorise(read.document())
        if len(sparse.columns) == 0:
            return Interpretation([{"name": UNCLEAR, "confidence": 0.0}], [], False)
        vector = self._sentences.message(read.text) if self._sentences else None
        ranking = self._acts(sparse, vector)
        is_alarm = self._learned.alarm and ranking[0]["name"] == self._learned.alarm.label
        if not is_alarm and ranking[0]["confidence"] < self._config["threshold"]:
            ranking.insert(0, {"name": UNCLEAR, "confidence": ranking[0]["confidence"]})
        topic = self._learned.heads.get("topic")
        if topic is None:
            return Interpretation(ranking, [], False)
        topics = topic.rank(sparse, vector)
        sure = topics[0][1] >= topic.trust
        return Interpretation(ranking, _ranking(topics[: self._config["topics"]]), sure)

    def _acts(self, sparse: Sparse, vector: Floats | None) -> list[dict[str, Any]]:
        """Return the acts, likeliest first; despair comes first when it is heard, and only then."""
        assert self._learned
        ranking = _ranking(self._learned.heads["act"].rank(sparse, vector))
        alarm = self._learned.alarm
        if alarm is None:
            return ranking
        alarm_share = alarm.detect(sparse, vector)
        others = [ranked_act for ranked_act in ranking if ranked_act["name"] != alarm.label]
        if alarm_share is not None:
            return [{"name": alarm.label, "confidence": alarm_share}, *others]
        return others


def _requests(text: str) -> list[tuple[int, int]]:
    """Return the spans of a message's requests, none when it holds fewer than two."""
    read = normalise(text)
    spans = [read.original_span(start, end) for start, end in requests(read.text)]
    return spans if 1 < len(spans) <= MAX_PARTS else []


def _inside(entities: Sequence[dict[str, Any]], start: int, end: int) -> list[dict[str, Any]]:
    """Return the entities within a span, with their places counted from its beginning."""
    return [
        {**e, "start": e["start"] - start, "end": e["end"] - start}
        for e in entities
        if start <= e["start"] and e["end"] <= end
    ]


@dataclass(frozen=True)
class Interpretation:
    """Acts and topics of a message with their probabilities, most probable first."""

    ranking: list[dict[str, Any]]
    topics: list[dict[str, Any]]
    topic_sure: bool
    """True when the first topic can be answered without asking back."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as the properties of a Rasa message."""
        return {
            INTENT: self.ranking[0],
            "intent_ranking": self.ranking[:10],
            TOPICS: self.topics,
            "topic_sure": self.topic_sure,
        }


def _ranking(ranked: Sequence[tuple[str, float]]) -> list[dict[str, Any]]:
    return [{"name": name, "confidence": round(share, 4)} for name, share in ranked]


def _talk() -> list[Example]:
    """Return the messages of annotated talks: which are of despair, and which of none."""
    turns = [
        t for dialogue in load_dialogues(settings().data_file("dialogues")) for t in dialogue.turns
    ]
    begins = [Example(t.text, DISTRESS, None) for t in turns if (t.thread, t.move) == DESPAIR]
    others = [t.text for t in turns if t.thread != "safety"]
    talks = load_talks(settings().data_file("policy_talks"))
    others += [turn.text for talk in talks for turn in talk.turns]
    return begins + [Example(text, OTHER, None) for text in others]


def _example(message: Message) -> Example:
    return Example(
        str(message.get(TEXT)),
        str(message.get(INTENT)),
        topic_of(message.get(METADATA)),
        message.get(ENTITIES) or (),
    )
