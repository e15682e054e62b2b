"""The graph component that says what a message wants: its act (Rasa's intent) and its topics.

Runs after the entity reader, whose finds it masks. Trained by `rasa train` on data/nlu, where
a block's `metadata: {topic: …}` names the topic of its examples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.linear import Features, LinearModel, load, save
from bot.nlu.ngrams import masked, ngrams
from bot.settings import settings
from bot.text.normalise import normalise

#: The message property that holds the ranked topics.
TOPICS = "topics"
#: The act of a message that no act is sure of; Rasa's own name for it.
UNCLEAR = "nlu_fallback"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ActTopicClassifier(GraphComponent):
    """Sets `intent`, `intent_ranking` and `topics` of each message."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        features: Features | None = None,
        models: dict[str, LinearModel] | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._features = features
        self._models = models or {}

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
        documents = [_document(m) for m in examples]
        self._features = Features.fit(documents, self._config["rarest"])
        strength = self._config["strength"]
        acts = [m.get(INTENT) for m in examples]
        self._models = {"act": LinearModel.fit(self._features.matrix(documents), acts, strength)}
        topical = [(d, t) for d, t in zip(documents, map(_topic, examples), strict=True) if t]
        if len({topic for _, topic in topical}) > 1:
            self._models["topic"] = LinearModel.fit(
                self._features.matrix([d for d, _ in topical]), [t for _, t in topical], strength
            )
        with self._storage.write_to(self._resource) as folder:
            save(folder, self._features, self._models)
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
            features, models = load(folder)
        return cls(config, model_storage, resource, features, models)

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify messages in place; one without any known n-gram is not understood."""
        for message in messages:
            self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        if not self._features:
            return
        sparse = self._features.of(_document(message))
        if len(sparse.columns) == 0:
            acts, topics = [(UNCLEAR, 0.0)], []
        else:
            acts = self._models["act"].rank(sparse)
            topic_model = self._models.get("topic")
            topics = topic_model.rank(sparse) if topic_model else []
        ranking = _named(acts)
        best = ranking[0]
        if best["name"] != UNCLEAR and best["confidence"] < self._config["threshold"]:
            ranking.insert(0, {"name": UNCLEAR, "confidence": best["confidence"]})
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking[:10], add_to_output=True)
        message.set(TOPICS, _named(topics[: self._config["topics"]]), add_to_output=True)


def _named(ranked: Sequence[tuple[str, float]]) -> list[dict[str, Any]]:
    return [{"name": name, "confidence": round(share, 4)} for name, share in ranked]


def _topic(message: Message) -> str | None:
    about = (message.get(METADATA) or {}).get("intent") or {}
    topic = about.get("topic") if isinstance(about, dict) else None
    return str(topic) if topic else None


def _kind(entity: dict[str, Any]) -> str:
    """Return the kind that is masked: a place of another province is not one of ours."""
    code = str(entity["value"] or "") if entity["entity"] == "region" else ""
    away = bool(code) and code[:2] != settings().home_region[:2]
    return "region_away" if away else str(entity["entity"])


def _document(message: Message) -> Counter[str]:
    read = normalise(message.get(TEXT) or "")
    if not read.text:
        return Counter()
    back = {at: i for i, at in reversed(list(enumerate(read.origin)))}
    spans = [
        (back[e["start"]], back[e["end"]], _kind(e))
        for e in message.get(ENTITIES) or ()
        if e["start"] in back and e["end"] in back
    ]
    return ngrams(read.text, masked(read.text, spans))
