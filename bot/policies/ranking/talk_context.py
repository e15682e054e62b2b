"""What is read of a talk beside its latest message: the two messages before it as words, all of
them as one direction of meaning.

Of 567 turns of strangers the right claim is among the 16 whose asks are nearest for 60 % with the
two messages before, for 62 % with the talk, and nearest for 18 % and 22 %.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.embeddings.sentence_model import SentenceModel

Floats = NDArray[np.float32]

#: Messages that are read together with the latest one, and the last characters read of each.
READ_TOGETHER, READ_CHARS = 2, 40
#: How much the meaning of the whole talk weighs beside that of the messages read together.
TALK_SHARE = 0.6


def read_together(text: str, earlier: Sequence[str]) -> str:
    """Return a message with the ends of those just before it; `earlier` are oldest first."""
    ends = (message[-READ_CHARS:] for message in earlier[-READ_TOGETHER:])
    return "。".join([*ends, text])


def with_talk(vector: Floats, earlier: Floats) -> Floats:
    """Return the vector, of length 1, of messages read together with the talk before them.

    `earlier` has a row for each message of the talk before the latest one.
    """
    if not len(earlier):
        return vector
    talk = earlier.sum(axis=0)
    total = vector + np.float32(TALK_SHARE) * talk / max(float(np.linalg.norm(talk)), 1e-6)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-6), dtype=np.float32)


def talk_vectors(
    model: SentenceModel, texts: Sequence[str], earlier: Sequence[Sequence[str]]
) -> Floats:
    """Return a row a text: `read_together` of it with its talk, and `with_talk`, for learning."""
    messages = sorted({message for before in earlier for message in before})
    place = {message: row for row, message in enumerate(messages)}
    known = model.messages(messages)
    together = model.messages(
        [read_together(text, before) for text, before in zip(texts, earlier, strict=True)]
    )
    rows = [
        with_talk(vector, known[[place[message] for message in before]])
        for vector, before in zip(together, earlier, strict=True)
    ]
    return np.array(rows, dtype=np.float32).reshape(len(texts), model.dimensions)
