"""Train one pipeline and say what it makes of messages that it has not seen.

`python -m benchmarks.nlu_one CONFIG TRAIN OUT TEST…`: a process of its own, so that a pipeline with
TensorFlow and one without never meet. Writes, for each test file, expected and found intents and
entities. CONFIG `floor` stands for character 1–4-grams and a linear SVM, without Rasa.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bot.rasa_stubs import LEARNING, install_stubs, restore_modules

#: What Rasa calls an intent that no class is sure of.
FALLBACK = "nlu_fallback"


def _examples(file: str) -> list[Any]:
    from rasa.shared.nlu.training_data.loading import load_data

    return list(load_data(file).intent_examples)


def _spans(entities: list[dict[str, Any]]) -> list[list[Any]]:
    return [[e["start"], e["end"], e["entity"]] for e in entities]


def _topic(about: dict[str, Any]) -> str | None:
    metadata = about.get("metadata") or {}
    topic = (metadata.get("intent") or metadata.get("example") or {}).get("topic")
    return str(topic) if topic else None


def _floor(train: str, tests: list[str]) -> list[list[dict[str, Any]]]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    def fit(texts: list[str], labels: list[str]) -> Any:
        grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True)
        return make_pipeline(grams, LinearSVC(random_state=0)).fit(texts, labels)

    known = _examples(train)
    acts = fit([m.get("text") for m in known], [m.get("intent") for m in known])
    topical = [(m.get("text"), t) for m in known if (t := _topic(m.data))]
    topics = fit([x for x, _ in topical], [t for _, t in topical]) if topical else None
    return [
        [
            {
                "intent": intent,
                "topic": topic,
                "entities": [],
            }
            for intent, topic in zip(
                acts.predict([m.get("text") for m in file]),
                topics.predict([m.get("text") for m in file]) if topics else [None] * len(file),
                strict=True,
            )
        ]
        for file in map(_examples, tests)
    ]


async def _parsed(config: str, train: str, tests: list[str]) -> list[list[dict[str, Any]]]:
    from rasa.core.agent import load_agent
    from rasa.model_training import train_nlu

    with tempfile.TemporaryDirectory() as folder:
        model = train_nlu(config, train, folder)
        agent = await load_agent(model)
        found = []
        for file in tests:
            parses = [await agent.parse_message(m.get("text")) for m in _examples(file)]
            found.append([_found(parse) for parse in parses])
    return found


def _found(parse: dict[str, Any]) -> dict[str, Any]:
    ranking = [one["name"] for one in parse.get("intent_ranking") or [parse["intent"]]]
    topics = parse.get("topics") or []
    return {
        "intent": next((name for name in ranking if name != FALLBACK), None),
        "topic": topics[0]["name"] if topics else None,
        "entities": _spans(parse.get("entities") or []),
    }


def main(config: str, train: str, out: str, *tests: str) -> None:
    """Train, parse and write."""
    began = time.perf_counter()
    if config == "floor":
        install_stubs()
        restore_modules(*LEARNING)
        found = _floor(train, list(tests))
    else:
        if "DIET" not in Path(config).read_text(encoding="utf-8"):
            install_stubs()
        found = asyncio.run(_parsed(config, train, list(tests)))
    results = [
        [
            {
                "text": m.get("text"),
                "expected": {
                    "intent": m.get("intent"),
                    "topic": _topic(m.data),
                    "entities": _spans(m.get("entities") or []),
                },
                "found": got,
            }
            for m, got in zip(_examples(test), parses, strict=True)
        ]
        for test, parses in zip(tests, found, strict=True)
    ]
    took = round(time.perf_counter() - began, 1)
    Path(out).write_text(json.dumps({"seconds": took, "tests": results}, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
