"""Parser of feeds: JSON, JSON lines or XML to rows, wholly or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from bot.postings.errors import FeedError
from bot.postings.ingest import schema_org
from bot.postings.sources.config import Source

Row = dict[str, Any]
#: XML may be nested this deep; a posting needs four or five levels.
_MAX_DEPTH = 40


def parse(file: Path, source: Source) -> list[Row]:
    """Return the rows of a feed that was fetched.

    Raises FeedError when it is not what the source is said to send, or ends too early.
    """
    reader = {"json": _json, "jsonl": _jsonl, "xml": _xml}[source.format]
    try:
        return reader(file, source)
    except UnicodeDecodeError as wrong:
        raise FeedError("is not UTF-8") from wrong
    except RecursionError as wrong:
        raise FeedError("is nested too deep") from wrong
    except ValueError as wrong:
        if isinstance(wrong, FeedError):
            raise
        raise FeedError("holds a number of thousands of digits") from wrong


def _json(file: Path, source: Source) -> list[Row]:
    try:
        value: Any = json.loads(file.read_text("utf-8-sig"))
    except json.JSONDecodeError as wrong:
        raise FeedError(f"is no whole JSON ({wrong.msg}, character {wrong.pos})") from wrong
    for step in filter(None, source.items.split(".")):
        if not isinstance(value, dict) or step not in value:
            raise FeedError(f"has no {source.items}")
        value = value[step]
    listed = schema_org.postings(value)
    value = value if listed is None else listed
    if isinstance(value, dict) and value.get("@type") == "JobPosting":
        value = [value]
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise FeedError(f"{source.items or 'the whole'} is no list of objects")
    return value


def _jsonl(file: Path, source: Source) -> list[Row]:
    rows: list[Row] = []
    # Not splitlines(): a text may hold U+2028, which ends no line of JSON.
    for number, line in enumerate(file.read_text("utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as wrong:
            raise FeedError(f"line {number} is no JSON ({wrong.msg})") from wrong
        listed = schema_org.postings(row)
        if listed is None and not isinstance(row, dict):
            raise FeedError(f"line {number} is no JSON object")
        rows += [row] if listed is None else listed
    return rows


def _xml(file: Path, source: Source) -> list[Row]:
    try:
        return list(_elements(file, source.items))
    except ParseError as wrong:
        raise FeedError(f"is no whole XML ({wrong})") from wrong
    except DefusedXmlException as wrong:
        raise FeedError("declares entities, which a feed does not need") from wrong


def _elements(file: Path, tag: str) -> Iterator[Row]:
    """Yield each element of a tag as a row; what was read leaves the memory."""
    depth = 0
    for event, element in iterparse(str(file), events=("start", "end"), forbid_dtd=True):
        depth += 1 if event == "start" else -1
        if depth > _MAX_DEPTH:
            raise FeedError("is nested too deep")
        if event == "end" and _plain(element.tag) == tag:
            value = _value(element)
            if isinstance(value, dict):
                yield value
            element.clear()


def _plain(tag: str) -> str:
    """Return a tag without its namespace."""
    return tag.rsplit("}", 1)[-1]


def _value(element: Element) -> Any:
    """Return an element as text, or as a mapping of its children and attributes."""
    children: Row = {f"@{_plain(name)}": value for name, value in element.attrib.items()}
    for child in element:
        name, value = _plain(child.tag), _value(child)
        if name in children:
            previous = children[name]
            children[name] = [*previous, value] if isinstance(previous, list) else [previous, value]
        else:
            children[name] = value
    text = (element.text or "").strip()
    if not children:
        return text
    return {**children, "#text": text} if text else children
