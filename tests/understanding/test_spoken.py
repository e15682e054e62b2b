"""What people tell and wish in words of their own, by kind, as the whole reader reads it."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.understanding.entity_extractor import Entity, message_reader

CASES = YAML(typ="safe").load(
    (Path(__file__).parent / "cases" / "spoken.yml").read_text(encoding="utf-8")
)


def _value(entity: Entity) -> Any:
    kind, value = entity["entity"], entity["value"]
    if kind == "salary":
        return [value["min"], value["max"]]
    if kind == "age":
        return f"{entity.get('person', '')} {value}".strip()
    return f"-{value}" if kind == "work_time" and entity.get("negated") else value


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind in CASES for text in CASES[kind]["texts"]]
)
def test_what_people_tell_is_read(kind: str, text: str) -> None:
    read: dict[str, list[Any]] = {}
    for entity in message_reader().read(text):
        if entity["entity"] in CASES[kind]["kinds"]:
            values = read.setdefault(entity["entity"], [])
            value = _value(entity)
            if value not in values:
                values.append(value)
    assert read == CASES[kind]["texts"][text]
