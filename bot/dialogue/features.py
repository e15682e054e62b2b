"""Features of the arbiter: cues of the message, alone and in the state of the talk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.dialogue.message import ParsedMessage
from bot.dialogue.state import DialogueState

_NUMBER = re.compile(r"[\d.]+|[零一二两三四五六七八九十百千万半]+")
#: Lengths from which on a message is longer.
_LENGTHS = (2, 3, 5, 9, 17, 33)
#: How much n-grams count, alone and in the field of the last answer.
_GRAM, _GRAM_IN_FIELD = 0.5, 0.3
MAX_GRAM, MAX_GRAM_IN_FIELD = 3, 2

Values = dict[str, float]


def features(message: ParsedMessage, state: DialogueState) -> Values:
    """Return the features of a message in its state, by name."""
    field = state.field or "start"
    values: Values = {}
    for name in _of_state(state):
        values[name] = 1.0
    for cue in _cues(message, state):
        values[cue] = 1.0
        for context in (f"field={field}", f"asks={state.asks}", f"shows={state.shows}"):
            values[f"{cue} & {context}"] = 1.0
    for act, share in message.acts:
        values[f"share of {act}"] = share
    if message.topics:
        values["share of topic"] = message.topics[0][1]
    for gram in set(_grams(message.text)):
        values[f"'{gram}'"] = _GRAM
        if len(gram) <= MAX_GRAM_IN_FIELD:
            values[f"'{gram}' & field={field}"] = _GRAM_IN_FIELD
    return values


def _of_state(state: DialogueState) -> Iterator[str]:
    yield f"field={state.field}"
    yield f"thread={state.thread}"
    yield f"asks={state.asks}"
    yield f"shows={state.shows}"
    yield f"field={state.field} asks={state.asks} shows={state.shows}"
    yield f"offers={bool(state.offers)}"
    for field in state.before:
        yield f"before={field}"


def _cues(message: ParsedMessage, state: DialogueState) -> Iterator[str]:
    if message.acts:
        act, share = message.acts[0]
        yield f"act={act}"
        yield f"act={act} in {int(share * 4)}"
    if message.topics:
        topic, share = message.topics[0]
        yield f"topic={topic}"
        if state.topic:
            yield f"same topic={topic == state.topic} in {int(share * 4)}"
    for entity in message.entities:
        yield f"entity={entity}"
    if message.negated:
        yield "negated"
    yield f"kind={message.kind}"
    yield f"question={message.question}"
    yield f"length={sum(len(message.text) >= length for length in _LENGTHS)}"
    if _NUMBER.fullmatch(message.text):
        yield "number"
    if message.text in state.offers:
        yield "offered"
    elif any(len(message.text) > 1 and message.text in offer for offer in state.offers):
        yield "offered in part"


def _grams(text: str) -> Iterator[str]:
    framed = f"^{text}$"
    for size in range(1, MAX_GRAM + 1):
        for start in range(len(framed) - size + 1):
            yield framed[start : start + size]
