"""Training of the act and topic models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from bot.embeddings.sentence_model import sentence_model
from bot.linear import Fitting, pool_of_threads
from bot.nlu.artifact import ClassifierArtifact
from bot.nlu.examples import Example, Row, rows
from bot.nlu.features import NgramFeatures
from bot.nlu.head import Alarm, Head, weighed
from bot.progress import progress

#: The options of learning, as config.yml may set them for the classifier.
DEFAULTS: dict[str, Any] = {
    # Inverse of the regularisation of the act and topic models.
    "strength": 0.5,
    # N-grams of fewer examples than this are not used.
    "rarest": 3,
    # Whether a sentence model is asked.
    "sentences": True,
    # How many variants (dialect, mistyped, dictated) each example is trained with.
    "variants": 0,
}

#: The act that must not be missed, and the share of other messages that may be taken for it.
DISTRESS, MAX_FALSE_ALARMS = "distress", 0.008
#: The label of every other message, where only despair is told.
OTHER = "other"


def learn(
    examples: Sequence[Example], options: Mapping[str, Any], talk: Sequence[Example] = ()
) -> ClassifierArtifact:
    """Fit the act head on all examples and the topic head on those that name a topic.

    Despair is learned from the messages of talks as well (of the act DISTRESS, or of OTHER):
    what is said in the midst of one is no cry for help because it stands in no example. The same
    examples in another order give the same models.
    """
    examples = sorted([*examples, *talk], key=lambda example: (example.text, example.act))
    progress(f"model: reading {len(examples)} examples")
    learned_from = rows(examples, options["variants"])
    acts = {index: example.act for index, example in enumerate(examples)}
    of_talk = set(map(id, talk))
    labels = {
        "act": {index: act for index, act in acts.items() if id(examples[index]) not in of_talk}
    }
    topics = {index: example.topic for index, example in enumerate(examples) if example.topic}
    if len(set(topics.values())) > 1:
        labels["topic"] = topics
    documents = [row.reading.document() for row in learned_from]
    groups = [row.example for row in learned_from]
    features = NgramFeatures.fit(documents, groups, options["rarest"])
    matrix, by_meaning = features.matrix(documents), False
    if options["sentences"]:
        progress("model: reading what the examples mean")
        matrix, by_meaning = _with_meanings(matrix, learned_from)
    progress(f"model: learning from {len(documents)} texts")
    with pool_of_threads() as pool:
        fitted = {
            name: _fit(pool, matrix, groups, labels_by_example, options["strength"]).hold_out()
            for name, labels_by_example in labels.items()
        }
        heads = {name: Head.from_fitting(fitting) for name, fitting in fitted.items()}
        alarm = None
        if DISTRESS in labels["act"].values():
            alarm_labels = {index: act if act == DISTRESS else OTHER for index, act in acts.items()}
            fitting = _fit(pool, matrix, groups, alarm_labels, options["strength"]).hold_out()
            alarm = Alarm.from_fitting(fitting, DISTRESS, MAX_FALSE_ALARMS)
    topical = frozenset(labels["act"][index] for index in topics)
    return ClassifierArtifact(features, heads, alarm, topical, by_meaning)


def _fit(
    pool: Executor,
    matrix: Any,
    groups: Sequence[int],
    labels: Mapping[int, str],
    strength: float,
) -> Fitting:
    """Begin to fit a model on the rows of the examples that have a label."""
    number = {example: index for index, example in enumerate(labels)}
    row_indices = [index for index, example in enumerate(groups) if example in labels]
    return Fitting(
        pool,
        matrix[row_indices],
        [labels[groups[index]] for index in row_indices],
        [number[groups[index]] for index in row_indices],
        strength,
    )


def _with_meanings(matrix: Any, learned_from: Sequence[Row]) -> tuple[Any, bool]:
    """Return the matrix with the sentence vectors appended, and whether there are any.

    A variant means what its example means.
    """
    from scipy.sparse import csr_matrix, hstack

    model = sentence_model()
    if model is None:
        return matrix, False
    first: dict[int, str] = {}
    for row in learned_from:
        first.setdefault(row.example, row.reading.text)
    place = {example: index for index, example in enumerate(first)}
    vectors = weighed(model.messages(list(first.values())))
    row_vectors = vectors[[place[row.example] for row in learned_from]]
    return hstack([matrix, csr_matrix(row_vectors)]).tocsr(), True


def options_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of learning that a parsed config.yml sets, defaults for the rest."""
    options: dict[str, Any] = {}
    for component in config.get("pipeline") or ():
        options |= {name: value for name, value in component.items() if name in DEFAULTS}
    return DEFAULTS | options


def topic_of(metadata: Mapping[str, Any] | None) -> str | None:
    """Return the topic that Rasa's metadata of an example names."""
    intent_metadata = (metadata or {}).get("intent") or {}
    topic = intent_metadata.get("topic") if isinstance(intent_metadata, dict) else None
    return str(topic) if topic else None
