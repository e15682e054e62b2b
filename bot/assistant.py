"""Questions about the assistant itself (data/assistant.yml): what it can do, who sees what is said.

A message is compared by meaning with ways of asking; only one that addresses the assistant is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.caches import process_cache
from bot.embeddings.sentence_model import sentence_model
from bot.messages import Button, Message
from bot.settings import settings
from bot.text.errors import VocabularyError
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.text.questions import asks_or_not
from bot.yaml_files import line_of_item, read_yaml_with_lines

FILE = "assistant.yml"
#: The cosine from which on a message asks what one of the ways of asking does; and does so
#: whatever the classifier takes it for.
MIN_SIMILARITY, SURE_SIMILARITY = 0.66, 0.85
#: Characters of a message that asks this and little else.
MAX_LENGTH = 60
#: Buttons under an answer.
MAX_BUTTONS = 3
_SENTENCE_END = re.compile("[?!。;\n]")
_ADDRESSED = patterns("assistant_questions")["addressed"]


@dataclass(frozen=True)
class AssistantQuestion:
    """Ways of asking one thing of the assistant, and what is said."""

    id: str
    phrasings: tuple[str, ...]
    text: str
    buttons: tuple[str, ...]


def answer_of_assistant(text: str, min_similarity: float = MIN_SIMILARITY) -> Message | None:
    """Return what is said to a question about the assistant; None for another message.

    `min_similarity`: how like one of the ways of asking it must be.
    """
    plain = normalise(text).text
    if len(plain) > MAX_LENGTH or not _ADDRESSED.search(plain):
        return None
    question = _most_similar(plain, min_similarity)
    return _answer([question]) if question else None


def answer_several_of_assistant(text: str) -> Message | None:
    """Return what is said to a message of several questions about the assistant, one below another.

    None for one question, and for a message that asks of something else as well.
    """
    plain = normalise(text).text
    if not _ADDRESSED.search(plain):
        return None
    parts = _parts(plain)
    matches = [
        (part, _most_similar(part, MIN_SIMILARITY)) for part in parts if len(part) <= MAX_LENGTH
    ]
    by_id = {question.id: question for _, question in matches if question}
    others = any(asks_or_not(part) for part, question in matches if question is None)
    if len(matches) < len(parts) or len(by_id) < 2 or others:
        return None
    return _answer(list(by_id.values()))


def _parts(text: str) -> list[str]:
    """Return the sentences of a normalised text; of one sentence, what spaces part."""
    sentences = [part.strip() for part in _SENTENCE_END.split(text) if part.strip(" ,")]
    return sentences if len(sentences) > 1 else text.split()


def _answer(questions: Sequence[AssistantQuestion]) -> Message:
    buttons = list(dict.fromkeys(name for question in questions for name in question.buttons))[
        :MAX_BUTTONS
    ]
    text = "\n".join(question.text for question in questions)
    return Message(act="help", text=text, buttons=[Button(name, name) for name in buttons])


def _most_similar(plain: str, min_similarity: float) -> AssistantQuestion | None:
    """Return the question that a normalised text is likest; None when it is not like enough."""
    model = sentence_model()
    if model is None:
        return None
    questions, owners, vectors = _indexed_questions(settings().data_file(FILE))
    similarities = vectors @ model.message(plain)
    best = int(np.argmax(similarities))
    return questions[owners[best]] if float(similarities[best]) >= min_similarity else None


@process_cache(size=2)
def _indexed_questions(file: Path) -> tuple[list[AssistantQuestion], list[int], Any]:
    """Return the questions, which of them each way of asking is of, and the vectors of those."""
    questions = read_questions(file)
    pairs = [
        (index, phrasing)
        for index, question in enumerate(questions)
        for phrasing in question.phrasings
    ]
    model = sentence_model()
    assert model is not None
    return (
        questions,
        [index for index, _ in pairs],
        model.messages([phrasing for _, phrasing in pairs]),
    )


def read_questions(file: Path) -> list[AssistantQuestion]:
    """Return the questions of the file. Raises VocabularyError."""
    entries: Any = read_yaml_with_lines(file)
    questions = []
    for index, entry in enumerate(entries):
        line = line_of_item(entries, index)
        for name in ("id", "asks", "text"):
            if not entry.get(name):
                raise VocabularyError(file, line, name, "", "is missing")
        buttons = tuple(map(str, entry.get("buttons") or ()))
        phrasings = tuple(map(str, entry["asks"]))
        questions.append(
            AssistantQuestion(str(entry["id"]), phrasings, str(entry["text"]), buttons)
        )
    return questions
