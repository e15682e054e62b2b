"""The pipeline that `rasa init` gives, with the tokenizer that Chinese needs: our baseline.

It is trained on a sample of our own utterances.
"""

from __future__ import annotations

import random

from bot.settings import settings

DEFAULT_CONFIG = """
recipe: default.v1
assistant_id: baseline
language: zh
pipeline:
- name: JiebaTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: {epochs}
  constrain_similarities: true
  random_seed: 1
- name: EntitySynonymMapper
- name: FallbackClassifier
  threshold: 0.3
"""


def utterances() -> dict[str, list[str]]:
    """Return our training utterances by intent."""
    from rasa.shared.nlu.training_data.loading import load_data

    by_intent: dict[str, list[str]] = {}
    for example in load_data(str(settings().data / "nlu")).intent_examples:
        by_intent.setdefault(example.get("intent"), []).append(example.get("text"))
    return by_intent


def sampled(most: int) -> dict[str, list[str]]:
    """Return at most so many utterances of each intent, always the same ones."""
    chosen = random.Random(0)
    return {i: chosen.sample(t, min(most, len(t))) for i, t in sorted(utterances().items())}
