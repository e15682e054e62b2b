"""Configuration of posting sources: kind, address, limits and field names."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bot.postings.errors import SourceError
from bot.postings.ingest.headers import headers
from bot.yaml_files import YamlFileError, read_yaml

Kind = Literal["folder", "feed"]
_KINDS = ("folder", "feed")
_FORMATS = ("json", "jsonl", "xml")
#: Of each setting its type, and whether it must be positive.
_NUMBERS = {
    "timeout_s": float, "tries": int, "wait_s": float, "max_mb": float, "max_age_days": int,
    "max_shrink": float,
}  # fmt: skip
_WORDS = ("name", "kind", "path", "pattern", "url", "format", "items")
_SWITCHES = ("complete", "newest_only")
_MAPS = ("fields", "headers")


@dataclass(frozen=True)
class Source:
    """One source, as configured."""

    name: str
    """Stands with every posting that comes from it; at most 80 characters."""
    kind: Kind
    """folder: files dropped there by an office; feed: one address that is fetched."""
    path: str = ""
    """Of a folder: where it is."""
    pattern: str = "*"
    """Of a folder: which of its files count, e.g. *.xlsx."""
    newest_only: bool = False
    """Of a folder: each file replaces the one before (a table sent every week)."""
    url: str = ""
    format: str = "json"
    """Of a feed: json, jsonl or xml."""
    items: str = ""
    """Of a feed: dotted path to the list of postings (data.list), in XML the tag of one posting."""
    fields: dict[str, str] = field(default_factory=dict)
    """Our field's name → dotted path in the source's row; the common headers count too."""
    headers: dict[str, str] = field(default_factory=dict)
    """HTTP headers to send; `env:NAME` takes a secret from the environment."""
    complete: bool = False
    """True when the source always sends all it has: what is missing has left it."""
    max_age_days: int | None = None
    """Postings expire so many days after their day of publication."""
    max_shrink: float = 0.5
    """A complete source that lost more than this share at once is not believed."""
    timeout_s: float = 30.0
    tries: int = 3
    wait_s: float = 2.0
    """Before the second try; doubled before each further one."""
    max_mb: float = 50.0
    """A larger answer is refused, in megabytes after decompression."""

    def sent_headers(self) -> dict[str, str]:
        """Return the HTTP headers with the secrets filled in. KeyError when one is not set."""
        return {
            name: os.environ[value[4:]] if value.startswith("env:") else value
            for name, value in self.headers.items()
        }


def read_sources(file: Path) -> list[Source]:
    """Return the sources that a file lists; none when there is no such file.

    Raises SourceError for the first entry that is wrong.
    """
    if not file.is_file():
        return []
    try:
        content = read_yaml(file, allow_empty=True)
    except YamlFileError as wrong:
        raise SourceError(file, "the file", "", f"is no YAML ({wrong.details})") from wrong
    if content is None:
        return []
    if not isinstance(content, list):
        raise SourceError(file, "the file", "", "is no list of sources")
    sources = [_source(file, number, entry) for number, entry in enumerate(content, 1)]
    names = [source.name for source in sources]
    for name in names:
        if names.count(name) > 1:
            raise SourceError(file, name, "name", "stands twice")
    return sources


def _source(file: Path, number: int, entry: Any) -> Source:
    if not isinstance(entry, dict):
        raise SourceError(file, f"entry {number}", "", "is no mapping")
    name = str(entry.get("name") or f"entry {number}")

    for key, value in entry.items():
        reason = _fault(str(key), value)
        if reason:
            raise SourceError(file, name, str(key), reason)
    if not entry.get("name") or len(name) > 80:
        raise SourceError(file, name, "name", "is missing or longer than 80 characters")
    entry = {"kind": "", **entry}
    source = Source(**{k: _NUMBERS[k](v) if k in _NUMBERS else v for k, v in entry.items()})
    missing = _missing(source)
    if missing:
        raise SourceError(file, name, *missing)
    return source


def _missing(source: Source) -> tuple[str, str] | None:
    """Return the setting that a source of its kind lacks or has wrong, with the reason."""
    if source.kind not in _KINDS:
        return "kind", f"is none of {', '.join(_KINDS)}"
    if source.kind == "folder":
        return None if source.path else ("path", "is missing")
    if not source.url.startswith(("http://", "https://")):
        return "url", "is no http or https address"
    if source.format not in _FORMATS:
        return "format", f"is none of {', '.join(_FORMATS)}"
    if source.format == "xml" and not source.items:
        return "items", "must name the tag of one posting"
    return None


def _fault(key: str, value: Any) -> str | None:
    """Return what is wrong with one setting, None when nothing is."""
    if key in _NUMBERS:
        fine = isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0
        return None if fine else "is no positive number"
    if key in _SWITCHES:
        return None if isinstance(value, bool) else "is neither true nor false"
    if key in _WORDS:
        return None if isinstance(value, str) else "is no text"
    if key in _MAPS:
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            return "is no mapping of names to texts"
        unknown = [name for name in value if key == "fields" and name not in headers()]
        return f"has no field {unknown[0]}; there are {', '.join(headers())}" if unknown else None
    return "is no setting of a source"
