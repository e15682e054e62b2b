"""What `rasa train` must accept, and what the trained model must hold to."""

from __future__ import annotations

import asyncio
import warnings
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from rasa.core.agent import load_agent
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.policies.validate import neighbours, topics
from bot.settings import ROOT


@cache
def _data() -> TrainingData:
    """The examples; read when a test needs them, not when tests are collected in each process."""
    data: TrainingData = load_data(str(ROOT / "data" / "nlu"))
    return data


def test_every_topic_and_every_act_has_examples() -> None:
    by_topic = Counter(
        (example.get("metadata") or {}).get("intent", {}).get("topic")
        for example in _data().intent_examples
        if example.get("intent") == "policy"
    )
    folder = ROOT / "data" / "policies"
    trained = set(topics(folder)) - set(neighbours(folder))
    assert {topic for topic in trained if by_topic[topic] < 10} == set()
    acts = Counter(example.get("intent") for example in _data().intent_examples)
    domain = Domain.load(str(ROOT / "domain.yml"))
    assert {i for i in domain.intents if acts[i] < 15} == {
        "nlu_fallback", "restart", "back", "session_start",
    }  # fmt: skip


def test_no_example_stands_twice() -> None:
    texts = Counter(example.get("text") for example in _data().intent_examples)
    assert [text for text, count in texts.items() if count > 1] == []


def test_no_sentence_of_the_evaluation_is_trained_on(shared: Path) -> None:
    import json

    lines = (shared / "eval" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    asked = {turn["text"] for line in lines for turn in json.loads(line)["turns"]}
    assert {example.get("text") for example in _data().intent_examples} & asked == set()


def test_every_act_has_a_rule(model: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        domain = Domain.load(str(ROOT / "domain.yml"))
    rules = (ROOT / "data" / "rules" / "acts.yml").read_text(encoding="utf-8")
    ours = set(domain.intents) - {"restart", "back", "session_start"}
    assert {intent for intent in ours if f"- intent: {intent}\n" not in rules} == set()


@pytest.mark.model
def test_a_parsed_message_has_act_topics_and_normalised_entities(model: Path) -> None:
    agent = asyncio.run(load_agent(str(model)))
    parsed = asyncio.run(agent.parse_message("在沈阳铁西失业金怎么领"))
    assert parsed["intent"]["name"] == "policy"
    assert parsed["topics"][0]["name"] == "unemployment-benefit"
    assert 0 < parsed["topics"][0]["confidence"] <= 1
    region = next(e for e in parsed["entities"] if e["entity"] == "region")
    assert (region["value"], region["start"], region["end"]) == ("210106", 1, 5)
    assert sum(one["confidence"] for one in parsed["intent_ranking"]) <= 1.01
