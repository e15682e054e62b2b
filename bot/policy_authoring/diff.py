"""Difference of two policy bases: policies, versions, sources, figures and answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.policy_authoring.snapshot import Edition, Snapshot

Kind = Literal["added", "removed", "changed"]
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


@dataclass(frozen=True)
class Change:
    """One thing that is new, gone or different."""

    policy: str
    """The policy's id."""
    title: str
    version: str
    """First day and regions of the version; empty for what belongs to the policy as a whole."""
    part: str
    """title, names, version, effective_to, sources.KEY, figures.NAME,
    answers.ASPECT or questions.ID."""
    kind: Kind
    old: str | None
    new: str | None


def diff(old: Mapping[str, Snapshot], new: Mapping[str, Snapshot]) -> list[Change]:
    """Return all changes from one base to another, by policy, version and part."""
    changes: list[Change] = []
    for topic in sorted({*old, *new}):
        changes += _policy(topic, old.get(topic), new.get(topic))
    return changes


def _policy(topic: str, old: Snapshot | None, new: Snapshot | None) -> Iterator[Change]:
    latest = new or old
    assert latest is not None  # the topic is a key of one of them
    if old is None or new is None:
        texts = (old.title if old else None, new.title if new else None)
        yield Change(topic, latest.title, "", "policy", _kind(*texts), *texts)
    else:
        old_texts = {"title": old.title, "names": "、".join(old.names)}
        new_texts = {"title": new.title, "names": "、".join(new.names)}
        yield from _texts(topic, latest.title, "", "", old_texts, new_texts)
    claims = [dict(snapshot.claims) if snapshot else {} for snapshot in (old, new)]
    yield from _texts(topic, latest.title, "", "questions.", claims[0], claims[1])
    old_editions = {edition.key: edition for edition in (old.editions if old else ())}
    new_editions = {edition.key: edition for edition in (new.editions if new else ())}
    for key in sorted({*old_editions, *new_editions}):
        yield from _edition(topic, latest.title, old_editions.get(key), new_editions.get(key))


def _edition(topic: str, title: str, old: Edition | None, new: Edition | None) -> Iterator[Change]:
    latest = new or old
    assert latest is not None  # the key is one of them
    if old is None or new is None:
        texts = (old.name if old else None, new.name if new else None)
        yield Change(topic, title, latest.name, "version", _kind(*texts), *texts)
    ends = ({"effective_to": _end(old)}, {"effective_to": _end(new)})
    if old and new:
        yield from _texts(topic, title, latest.name, "", *ends)
    for part in ("sources", "figures", "answers"):
        old_texts: Mapping[str, str] = getattr(old, part) if old else {}
        new_texts: Mapping[str, str] = getattr(new, part) if new else {}
        yield from _texts(topic, title, latest.name, f"{part}.", old_texts, new_texts)


def _end(edition: Edition | None) -> str:
    return edition.until.isoformat() if edition and edition.until else "open"


def _texts(
    topic: str,
    title: str,
    version: str,
    prefix: str,
    old: Mapping[str, str],
    new: Mapping[str, str],
) -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):
        texts = (old.get(name), new.get(name))
        if texts[0] != texts[1]:
            yield Change(topic, title, version, prefix + name, _kind(*texts), *texts)


def _kind(old: str | None, new: str | None) -> Kind:
    return "added" if old is None else "removed" if new is None else "changed"


def readable(changes: Iterable[Change]) -> Iterator[str]:
    """Yield the lines that tell the changes to a person."""
    policy = version = None
    for change in changes:
        if change.policy != policy:
            policy, version = change.policy, ""
            yield f"{change.policy} {change.title}"
        if change.version != version:
            version = change.version
            yield f"  {version}"
        yield f"    {_SIGNS[change.kind]} {change.part}"
        if change.old is not None and change.part not in ("policy", "version"):
            yield f"        - {change.old}"
        if change.new is not None and change.part not in ("policy", "version"):
            yield f"        + {change.new}"
