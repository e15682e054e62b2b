"""Policy files as dataclasses, with the line of every part for messages about faults."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.policies.claims import ClaimEntry, read_claims
from bot.policies.condition_schema import ClauseEntry, read_clauses
from bot.policies.errors import PolicyFault
from bot.yaml_files import YamlFileError, line_of, line_of_item, parse_yaml

#: The file of topic ids and titles, in the folder of the policies.
TOPICS = "topics.yml"
#: The folder of neighbouring subjects, in that of the policies: definition and responsible office.
NEIGHBOURS = "neighbours"
#: The file of programmes, in the parent folder of the policies.
PROGRAMMES = "programmes.yml"


@dataclass(frozen=True)
class PolicySource:
    """A document a version rests on."""

    key: str
    document: str
    issuer: str
    grade: str
    """A founding text, B1 law, B2 official text in a second copy, C second-hand."""
    line: int
    number: str | None = None
    article: str | None = None
    dated: date | None = None
    effective_from: date | None = None


@dataclass(frozen=True)
class FigureEntry:
    """A figure of a version."""

    name: str
    value: str
    unit: str
    text: str
    source: str
    line: int


@dataclass(frozen=True)
class AnswerEntry:
    """The answer to one aspect."""

    aspect: str
    text: str
    sources: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Version:
    """The content of a policy for a period in some regions."""

    effective_from: date
    effective_to: date | None
    regions: tuple[str, ...]
    sources: dict[str, PolicySource]
    figures: dict[str, FigureEntry]
    answers: dict[str, AnswerEntry]
    line: int
    conditions: tuple[ClauseEntry, ...] = ()
    """The requirements for a person; empty for a policy without eligibility."""


@dataclass(frozen=True)
class PolicyFile:
    """One policy file."""

    file: str
    id: str
    title: str
    names: tuple[str, ...]
    versions: tuple[Version, ...]
    content_hash: str
    lines: dict[str, int] = field(default_factory=dict)
    claims: tuple[ClaimEntry, ...] = ()
    """Answers to single questions, said from the version in force."""
    neighbour: bool = False
    """True for a subject next door: no policy of the taxonomy, held in a folder of its own."""
    within: str | None = None
    """For a subject next door, the topic of the taxonomy that it belongs to, if any."""


@dataclass(frozen=True)
class Programme:
    """A system or programme that people ask for by name, within some topics."""

    id: str
    title: str
    names: tuple[str, ...]
    topics: tuple[str, ...]
    """The topics it belongs to, the main one first."""
    version: Version
    """Its answers (at least `what`), figures and sources, with the days and regions they hold."""


class _PolicyReader:
    """Reads one file, collecting faults instead of stopping at the first."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[PolicyFault] = []

    def fault(self, line: int, name: str, reason: str) -> None:
        self.faults.append(PolicyFault(self.path.name, line, name, reason))

    def text(self, fields: Any, key: str, line: int, prefix: str = "") -> str:
        value = fields.get(key)
        if value in (None, ""):
            self.fault(line, prefix + key, "is missing")
            return ""
        return str(value).strip()

    def day(self, fields: Any, key: str, prefix: str = "") -> date | None:
        value = fields.get(key)
        if value is None or isinstance(value, date):
            return value
        self.fault(line_of(fields, key), prefix + key, f"{value!r} is no date (2025-05-16)")
        return None

    def parts(self, fields: Any, key: str, prefix: str = "") -> dict[str, Any]:
        value = fields.get(key) or {}
        if not isinstance(value, Mapping):
            self.fault(line_of(fields, key), prefix + key, "must have named entries")
            return {}
        return dict(value.items())

    def version(self, fields: Any, line: int) -> Version | None:
        starts = self.day(fields, "effective_from")
        regions = fields.get("regions") or []
        if starts is None:
            self.fault(line, "effective_from", "is missing")
        if not regions:
            self.fault(line, "regions", "is missing")
        sources = self._each(fields, "sources", self._source)
        if not sources:
            self.fault(line, "sources", "is missing: an answer without a source is not given")
        figures = self._each(fields, "figures", self._figure)
        answers = self._each(fields, "answers", self._answer)
        if not answers:
            self.fault(line, "answers", "is missing")
        if starts is None:
            return None
        ends = self.day(fields, "effective_to")
        codes = tuple(str(code) for code in regions)
        clauses = read_clauses(fields.get("conditions"), line_of(fields, "conditions"), self.fault)
        return Version(starts, ends, codes, sources, figures, answers, line, clauses)

    def _each(self, fields: Any, key: str, read: Any) -> dict[str, Any]:
        inner = fields.get(key)
        return {
            name: read(str(name), entry, line_of(inner, name))
            for name, entry in self.parts(fields, key).items()
            if self._is_mapping(entry, line_of(inner, name), f"{key}.{name}")
        }

    def _is_mapping(self, value: Any, line: int, name: str) -> bool:
        if isinstance(value, Mapping):
            return True
        self.fault(line, name, "must have named fields")
        return False

    def _source(self, key: str, fields: Any, line: int) -> PolicySource:
        prefix = f"sources.{key}."
        return PolicySource(
            key,
            self.text(fields, "document", line, prefix),
            self.text(fields, "issuer", line, prefix),
            self.text(fields, "grade", line, prefix),
            line,
            _text_or_none(fields.get("number")),
            _text_or_none(fields.get("article")),
            self.day(fields, "dated", prefix),
            self.day(fields, "effective_from", prefix),
        )

    def _figure(self, name: str, fields: Any, line: int) -> FigureEntry:
        prefix = f"figures.{name}."
        value, unit, text, source = (
            self.text(fields, key, line, prefix) for key in ("value", "unit", "text", "source")
        )
        return FigureEntry(name, value, unit, text, source, line)

    def _answer(self, aspect: str, fields: Any, line: int) -> AnswerEntry:
        prefix = f"answers.{aspect}."
        source_keys = fields.get("sources") or []
        if not source_keys:
            self.fault(
                line, prefix + "sources", "is missing: an answer without a source is not given"
            )
        return AnswerEntry(
            aspect, self.text(fields, "text", line, prefix), tuple(map(str, source_keys)), line
        )

    def programme(self, name: str, fields: Any, line: int) -> Programme | None:
        version = self.version(fields, line)
        title = self.text(fields, "title", line)
        names = tuple(str(entry) for entry in fields.get("names") or ())
        topics = tuple(str(entry) for entry in fields.get("topics") or ())
        for key, entries in (("names", names), ("topics", topics)):
            if not entries:
                self.fault(line, key, "is missing")
        return Programme(name, title, names, topics, version) if version else None


def _text_or_none(value: Any) -> str | None:
    """Return a text; `article: 27` of a file is a number to YAML, and to PostgreSQL."""
    return None if value is None else str(value)


def _mapping(path: Path, raw: bytes, expected: str, lines: bool) -> Mapping[str, Any] | PolicyFault:
    """Return what a YAML file holds; a fault when it is none, or no mapping.

    Its entries have their lines with `lines`.
    """
    try:
        content = parse_yaml(path, raw, lines=lines, own_first=True, allow_empty=True)
    except YamlFileError as wrong:
        return PolicyFault(path.name, wrong.line, "file", f"is no YAML: {wrong.reason}")
    return content if isinstance(content, Mapping) else PolicyFault(path.name, 1, "file", expected)


def read_programmes(path: Path, lines: bool = True) -> tuple[list[Programme], list[PolicyFault]]:
    """Read the file of programmes; return those that can be read, and all faults.

    Without lines, which only messages about faults need, every line is 1.
    """
    content = _mapping(path, path.read_bytes(), "must have programmes", lines)
    if isinstance(content, PolicyFault):
        return [], [content]
    reader = _PolicyReader(path)
    entries = reader.parts(content, "programmes")
    if not entries:
        reader.fault(1, "programmes", "is missing")
    programmes = [
        reader.programme(str(name), entry, line)
        for name, entry in entries.items()
        if reader._is_mapping(entry, line := line_of(content["programmes"], name), str(name))
    ]
    return [programme for programme in programmes if programme], reader.faults


def hash_of(raw: bytes) -> str:
    """Return the hash of a policy file by which the base knows that it holds it."""
    return hashlib.sha1(raw, usedforsecurity=False).hexdigest()


def read(path: Path, lines: bool = True) -> tuple[PolicyFile | None, list[PolicyFault]]:
    """Read one policy file; return it, or None when it cannot be, and all its faults.

    Without lines, which only messages about faults need, every line is 1.
    """
    reader = _PolicyReader(path)
    raw = path.read_bytes()
    content = _mapping(path, raw, "must begin with id, title, names, versions", lines)
    if isinstance(content, PolicyFault):
        return None, [content]
    versions = []
    for number, entry in enumerate(content.get("versions") or []):
        line = line_of_item(content["versions"], number)
        if reader._is_mapping(entry, line, "versions"):
            versions.append(reader.version(entry, line))
    if not versions:
        reader.fault(line_of(content, "versions"), "versions", "is missing")
    read_policy = PolicyFile(
        path.name,
        reader.text(content, "id", line_of(content, "id")),
        reader.text(content, "title", line_of(content, "title")),
        tuple(str(name) for name in content.get("names") or ()),
        tuple(version for version in versions if version),
        hash_of(raw),
        {key: line_of(content, key) for key in ("id", "title", "names", "versions")},
        read_claims(content.get("questions"), line_of(content, "questions"), reader.fault),
        path.parent.name == NEIGHBOURS,
        str(content["within"]) if content.get("within") else None,
    )
    return read_policy, reader.faults
