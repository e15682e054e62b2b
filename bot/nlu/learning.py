"""What the act and topic models are learned from, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

from bot.nlu.cascade import Cascade
from bot.nlu.examples import Example, Row, rows
from bot.nlu.learned import Learned
from bot.nlu.linear import Features, Fitting, Floats, pool_of_threads
from bot.nlu.telling import Telling
from bot.progress import progress
from bot.settings import settings
from bot.text.sentences import LONGEST, Depth, Remembered, sentence_model

#: The options of learning, as config.yml may set them for the classifier.
DEFAULTS: dict[str, Any] = {
    # Inverse of the regularisation of the act and topic models.
    "strength": 0.5,
    # N-grams of fewer examples than this are not used.
    "rarest": 2,
    # Whether a sentence model is asked when n-grams are not sure.
    "sentences": True,
    # How many variants (dialect, mistyped, dictated) each example is trained with.
    "variants": 0,
}
#: How deep into the sentence model what is told by it goes.
DEPTHS: dict[str, Depth] = {"act": "short", "topic": "whole"}


def learn(examples: Sequence[Example], options: Mapping[str, Any]) -> Learned:
    """Fit the act model on all examples and the topic model on those that name a topic.

    The same examples in another order give the same models.
    """
    examples = sorted(examples, key=lambda example: (example.text, example.act))
    progress(f"model: reading {len(examples)} examples")
    learned_from = rows(examples, options["variants"])
    labels = {"act": {at: example.act for at, example in enumerate(examples)}}
    topics = {at: example.topic for at, example in enumerate(examples) if example.topic}
    if len(set(topics.values())) > 1:
        labels["topic"] = topics
    documents = [row.reading.document() for row in learned_from]
    groups = [row.example for row in learned_from]
    progress(f"model: learning from {len(documents)} texts, words alone")
    features = Features.fit(documents, groups, options["rarest"])
    matrix = features.matrix(documents)
    strength = options["strength"]
    with pool_of_threads() as pool, ThreadPoolExecutor(len(labels)) as waiting:
        quick = {name: _quick(pool, matrix, groups, of, strength) for name, of in labels.items()}
        telling = Telling.of(features, (fitting.model() for fitting in quick.values()))
        for fitting in quick.values():
            fitting.hold_out()  # while the vectors are made
        vectors = _vectors(learned_from, telling, labels) if options["sentences"] else {}
        models = {
            name: waiting.submit(
                Cascade.fit, pool, fitting, vectors.get(name), DEPTHS[name], strength
            )
            for name, fitting in quick.items()
        }
        cascades = {name: model.result() for name, model in models.items()}
    return Learned(features, cascades, frozenset(labels["act"][at] for at in topics))


def _quick(
    pool: Executor, matrix: Any, groups: Sequence[int], labels: Mapping[int, str], strength: float
) -> Fitting:
    """Begin to fit a model on the rows of the examples that have a label."""
    number = {example: at for at, example in enumerate(labels)}
    taken = [at for at, example in enumerate(groups) if example in labels]
    return Fitting(
        pool,
        matrix[taken],
        [labels[groups[at]] for at in taken],
        [number[groups[at]] for at in taken],
        strength,
    )


def _vectors(
    learned_from: Sequence[Row], telling: Telling, labels: Mapping[str, Mapping[int, str]]
) -> dict[str, Floats]:
    """Return, by what they are for, a sentence vector an example; none without a sentence model.

    A variant means what its example means: embedding it as well gains nothing, measured.
    """
    model = sentence_model()
    if model is None:
        return {}
    progress("model: learning from the meanings of the examples")
    remembered = Remembered(model, settings().models / "sentences.npz")
    return {
        name: remembered.embed(
            [telling.part(learned_from[at].reading.text, LONGEST) for at in of], DEPTHS[name]
        )
        for name, of in labels.items()
    }


def options_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of learning that a parsed config.yml sets, defaults for the rest."""
    given: dict[str, Any] = {}
    for component in config.get("pipeline") or ():
        given |= {name: value for name, value in component.items() if name in DEFAULTS}
    return DEFAULTS | given


def topic_of(metadata: Mapping[str, Any] | None) -> str | None:
    """Return the topic that Rasa's metadata of an example names."""
    about = (metadata or {}).get("intent") or {}
    topic = about.get("topic") if isinstance(about, dict) else None
    return str(topic) if topic else None
