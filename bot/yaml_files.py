"""Reader of YAML files: fast through libyaml, or with the line of every entry.

YamlFileError: a file that cannot be read as YAML; holds a
└── FileFault: file, line, field and reason
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.constructor import (
    ConstructorError,
    DuplicateKeyError,
    RoundTripConstructor,
    SafeConstructor,
)
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

#: The field of a fault that belongs to a file as a whole.
WHOLE_FILE = "file"
#: Contexts in which libyaml refuses what YAML allows: `[(?:a|b)]`, `[https://x]`.
_STRICTER_CONTEXTS = (
    "while parsing a flow sequence",
    "while parsing a flow mapping",
    "while scanning a plain scalar",
)
#: Plain values that look like one and may be none (2025-02-30), by the end of their tags.
_VALUES = {"int": "number", "float": "number", "timestamp": "date"}
_KEY_HERE = re.compile(r"[\"']?([^\"':,{}]{1,80})[\"']?\s{0,20}:")
_KEY_BEFORE = re.compile(r"[\"']?([^\s\"':,{}\[\]]{1,80})[\"']?\s{0,20}:\s{0,20}$")


@dataclass(frozen=True)
class FileFault:
    """One thing that is wrong in a file."""

    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.reason}"


class YamlFileError(ValueError):
    """A file is missing, unreadable, empty or no YAML; its cause is the reader's own error."""

    def __init__(self, path: Path, line: int, field: str, reason: str) -> None:
        self.fault = FileFault(path.name, line, field, reason)
        super().__init__(str(self.fault))
        self.path = path
        self.line = line
        self.field = field
        self.reason = reason

    @property
    def details(self) -> str:
        """The words of the cause, with their context where the parser has any."""
        return str(self.__cause__ or self)


def read_yaml(path: Path, *, allow_empty: bool = False) -> Any:
    """Return the content of a file, fast and without lines. Raises YamlFileError.

    An empty file is refused, or None with `allow_empty`.
    """
    return parse_yaml(path, _bytes_of(path), allow_empty=allow_empty)


def read_yaml_with_lines(path: Path, *, allow_empty: bool = False) -> Any:
    """Return the content of a file for `line_of` and `line_of_item`. Raises YamlFileError.

    A file that libyaml refuses is read by the reader in Python, which takes eight times as long.
    """
    return parse_yaml(path, _bytes_of(path), lines=True, allow_empty=allow_empty)


def parse_yaml(
    path: Path,
    raw: bytes,
    *,
    lines: bool = False,
    own_first: bool = False,
    allow_empty: bool = False,
) -> Any:
    """Return what the bytes of a file hold. Raises YamlFileError.

    `own_first`: a mapping's own entries stand before those taken over with `<<`, as they always do
    with lines.
    """
    text = _decoded(path, raw)
    try:
        content = _with_lines(text) if lines else _without_lines(text, own_first)
    except YAMLError as wrong:
        raise _error(path, text, wrong) from wrong
    if content is None and not allow_empty:
        raise YamlFileError(path, 1, WHOLE_FILE, "is empty")
    return content


def line_of(mapping: Any, key: Any, fallback: int = 1) -> int:
    """Return the line, counted from 1, of a key; of one taken over with `<<`, where it stands.

    The fallback for a key that is not there, and for a mapping that was read without lines.
    """
    for place in (mapping, *(merged for _, merged in getattr(mapping, "merge", ()))):
        try:
            return int(place.lc.key(key)[0]) + 1
        except (AttributeError, KeyError, TypeError):
            continue
    return fallback


def line_of_value(mapping: Any, key: Any, fallback: int = 1) -> int:
    """Return the line, counted from 1, on which the value of a key begins; else the fallback."""
    try:
        return int(mapping.lc.value(key)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        return fallback


def line_of_item(sequence: Any, index: int, fallback: int = 1) -> int:
    """Return the line, counted from 1, of the item at an index; the fallback without lines."""
    try:
        return int(sequence.lc.item(index)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        return fallback


def read_for_editing(path: Path) -> Any:
    """Return the content of a file with its comments and quotes, for `edited_text`.

    Raises YamlFileError.
    """
    text = _decoded(path, _bytes_of(path))
    try:
        return _editor().load(text)
    except YAMLError as wrong:
        raise _error(path, text, wrong) from wrong


def edited_text(content: Any) -> str:
    """Return the text of a file that was read for editing and then changed."""
    out = io.StringIO()
    _editor().dump(content, out)
    return out.getvalue()


def flow_list(items: Iterable[str]) -> Any:
    """Return a list that an edited file has on one line: [a, b]."""
    sequence = CommentedSeq(items)
    sequence.fa.set_flow_style()
    return sequence


# Readers


class _Yaml(YAML):
    """ruamel's YAML without its search for plug-ins, for which it lists folders each time."""

    def official_plug_ins(self) -> list[str]:
        return []


class _Constructor(SafeConstructor):  # type: ignore[misc]
    """Constructor of plain values whose errors have lines."""


class _LineConstructor(RoundTripConstructor):  # type: ignore[misc]
    """The same with the lines of all entries, for the parser in Python."""


class _OwnFirst(_Constructor):
    """Puts a mapping's own entries before those taken over with `<<`, as the parser in Python."""

    def flatten_mapping(self, node: Any) -> None:
        """Put the entries of the mappings that a node takes over after its own."""
        previous_merge = getattr(node, "merge", None)
        super().flatten_mapping(node)
        merged = getattr(node, "merge", None)
        if merged and merged is not previous_merge:
            own = node.value[len(merged) :]
            names = [key.value for key, _ in own]  # a key may be a list, which no set holds
            node.value = own + [entry for entry in merged if entry[0].value not in names]

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Return the mapping of a node, in the order of its entries."""
        mapping = super().construct_mapping(node, deep)
        if not getattr(node, "merge", None):
            return mapping
        return {
            key: mapping[key] for key in (self.construct_object(k, True) for k, _ in node.value)
        }


class _Places:
    """Lines and columns, both from 0, of entries by key or index, with ruamel's names for them."""

    def __init__(self, marks: Mapping[Any, tuple[Any, Any]]) -> None:
        self._marks = marks

    def key(self, key: Any) -> tuple[int, int]:
        """Return the place of a key. Raises KeyError."""
        mark = self._marks[key][0]
        return mark.line, mark.column

    def value(self, key: Any) -> tuple[int, int]:
        """Return the place of a key's value. Raises KeyError."""
        mark = self._marks[key][1]
        return mark.line, mark.column

    #: The place of an item, by its index.
    item = value


class _Mapping(dict[Any, Any]):
    """A mapping with the places of its entries, those that it took over with `<<` among them."""

    lc: _Places


class _List(list[Any]):
    """A list with the places of its items."""

    lc: _Places


class _OwnFirstWithPlaces(_OwnFirst):
    """Notes the places that libyaml gives to nodes."""

    def mapping_with_places(self, node: Any) -> Iterator[_Mapping]:
        """Yield a mapping, then fill it: an alias within it may name it."""
        mapping = _Mapping()
        yield mapping
        mapping.update(self.construct_mapping(node))
        mapping.lc = _Places(
            {
                self.construct_object(key, True): (key.start_mark, value.start_mark)
                for key, value in node.value
            }
        )

    def list_with_places(self, node: Any) -> Iterator[_List]:
        """Yield a list, then fill it."""
        items = _List()
        yield items
        items.extend(self.construct_sequence(node))
        marks = [(item.start_mark, item.start_mark) for item in node.value]
        items.lc = _Places(dict(enumerate(marks)))


def _marked(construct: Callable[[Any, Any], Any], noun: str) -> Callable[[Any, Any], Any]:
    """Return a constructor of values that tells the line of one that is none."""

    def marked(constructor: Any, node: Any) -> Any:
        try:
            return construct(constructor, node)
        except (ValueError, IndexError) as wrong:
            reason = f"{node.value!r} is no {noun}"
            raise ConstructorError(None, None, reason, node.start_mark) from wrong

    return marked


for _class in (_Constructor, _LineConstructor):
    for _kind, _noun in _VALUES.items():
        _tag = f"tag:yaml.org,2002:{_kind}"
        _class.add_constructor(_tag, _marked(_class.yaml_constructors[_tag], _noun))
#: Made after the values' constructors, of which a subclass keeps those that it began with.
_OwnFirst.yaml_constructors = _Constructor.yaml_constructors
_OwnFirstWithPlaces.yaml_constructors = {
    **_Constructor.yaml_constructors,
    "tag:yaml.org,2002:map": _OwnFirstWithPlaces.mapping_with_places,
    "tag:yaml.org,2002:seq": _OwnFirstWithPlaces.list_with_places,
}


def _reader(constructor: type, pure: bool) -> YAML:
    reader = _Yaml(typ="safe", pure=pure)
    reader.Constructor = constructor
    return reader


def _without_lines(text: str, own_first: bool) -> Any:
    constructor = _OwnFirst if own_first else _Constructor
    try:
        return _reader(constructor, pure=False).load(text)
    except MarkedYAMLError as wrong:
        if wrong.context not in _STRICTER_CONTEXTS:
            raise
        try:
            return _reader(constructor, pure=True).load(text)
        except YAMLError:
            raise wrong from None


def _with_lines(text: str) -> Any:
    try:
        return _reader(_OwnFirstWithPlaces, pure=False).load(text)
    except YAMLError:
        return _with_lines_in_python(text)


def _with_lines_in_python(text: str) -> Any:
    """Return what libyaml refuses, or raise the error of ruamel's own parser."""
    reader = _Yaml(typ="rt")
    reader.Constructor = _LineConstructor
    return reader.load(text)


def _editor() -> YAML:
    editor = _Yaml(typ="rt")
    editor.preserve_quotes = True  # type: ignore[assignment]  # the release ships no full types
    editor.width = 1 << 20  # type: ignore[assignment]
    editor.indent(mapping=2, sequence=4, offset=2)
    return editor


# Faults


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as wrong:
        raise YamlFileError(path, 1, WHOLE_FILE, "there is no such file") from wrong
    except OSError as wrong:
        reason = f"cannot be read: {wrong.strerror}"
        raise YamlFileError(path, 1, WHOLE_FILE, reason) from wrong


def _decoded(path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        reason = f"the byte 0x{raw[wrong.start]:02x} is not UTF-8"
        raise YamlFileError(path, line, WHOLE_FILE, reason) from wrong


def _error(path: Path, text: str, wrong: YAMLError) -> YamlFileError:
    if isinstance(wrong, MarkedYAMLError):
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        return YamlFileError(path, line, _field(text, wrong), wrong.problem or "is no YAML")
    if isinstance(wrong, ReaderError):
        line = text.count("\n", 0, text.index(chr(wrong.character))) + 1
        reason = f"the character U+{wrong.character:04X} is not allowed"
        return YamlFileError(path, line, WHOLE_FILE, reason)
    return YamlFileError(path, 1, WHOLE_FILE, "is no YAML")


def _field(text: str, wrong: MarkedYAMLError) -> str:
    """Return the key at fault: one that stands twice, or that of a value that is none."""
    mark = wrong.problem_mark
    if mark is None or not isinstance(wrong, ConstructorError | DuplicateKeyError):
        return WHOLE_FILE
    line = text.splitlines()[mark.line]
    if isinstance(wrong, DuplicateKeyError):
        hit = _KEY_HERE.match(line, mark.column)
    else:
        hit = _KEY_BEFORE.search(line[: mark.column])
    return hit[1].strip() if hit else WHOLE_FILE
