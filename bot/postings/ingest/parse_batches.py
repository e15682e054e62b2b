"""Drafts of an import as bytes: JSON, compressed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import orjson

from bot.postings.ingest.parser import Draft
from bot.understanding.extractors.pay import Pay

#: Fields of a draft that JSON has in another form.
_DATES = ("published_on", "valid_until", "stated_until")
_TUPLES = ("shifts", "welfare", "faults", "occupations", "unread")


def pack(drafts: Mapping[tuple[str, str], Draft]) -> bytes:
    """Return drafts by source and key as bytes."""
    return zlib.compress(orjson.dumps([[key, draft] for (_, key), draft in drafts.items()]), 1)


def unpack(packed: bytes) -> Iterator[tuple[tuple[str, str], Draft]]:
    """Yield what `pack` was given, in its order."""
    for key, values in orjson.loads(zlib.decompress(packed)):
        draft = Draft(**_restored(values))
        yield (draft.source, key), draft


def _restored(values: dict[str, Any]) -> dict[str, Any]:
    for name in _DATES:
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    for name in _TUPLES:
        values[name] = tuple(values[name])
    values["pay"] = Pay(**values["pay"]) if values["pay"] else None
    return values
