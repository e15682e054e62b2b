"""JSON of what every message reads and writes, by orjson; what it does not take, by the standard's.

orjson refuses whole numbers beyond 64 bits and halves of characters; both can stand in what people
write.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

#: Takes what the standard library takes: days and dataclasses are no JSON.
_AS_JSON = (
    orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
)
#: Digits that may be a whole number beyond 64 bits.
_LONG = re.compile(r"[0-9]{19}")


def dumps(value: Any) -> str:
    """Return a value as JSON, its characters as they are. Raises TypeError for what is none."""
    try:
        return orjson.dumps(value, option=_AS_JSON).decode()
    except orjson.JSONEncodeError:
        return json.dumps(value, ensure_ascii=False)


def loads(text: str) -> Any:
    """Return what a JSON text says. Raises ValueError for what is none."""
    if _LONG.search(text):  # orjson would round it
        return json.loads(text)
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def as_sent(value: Any) -> Any:
    """Return a value as it is after it went somewhere as JSON: nothing shared, tuples as lists."""
    return loads(dumps(value))
