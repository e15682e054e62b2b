"""Consents by purpose, with the version of the wording they were given to (第十四条).

The wording stands in data/replies.yml, its version in data/privacy/consents.yml. What was agreed to
in the words of an earlier version no longer holds, and is asked for again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from bot import clock
from bot.caches import process_cache
from bot.db.tables import Consent, Seeker
from bot.fixed_replies import reply
from bot.privacy.errors import RegisterErrors, RegisterFault
from bot.settings import settings
from bot.yaml_files import YamlFileError, line_of, read_yaml_with_lines

#: How old a consent may be when another one to the same words is not recorded beside it.
RENEW_AFTER = timedelta(days=365)
#: Characters of a digest that are compared.
DIGEST_LENGTH = 16


@dataclass(frozen=True)
class Purpose:
    """A purpose of consent with its wordings."""

    name: str
    version: str
    wordings: Mapping[str, str]
    """The replies in which it is asked for, each with the digest of its text."""
    line: int


def purposes() -> Mapping[str, Purpose]:
    """Return all purposes by name. Raises RegisterErrors."""
    return _read(settings().data_file("privacy", "consents.yml"))


def version_of(purpose: str) -> str:
    """Return the version of a purpose's wording at present."""
    return purposes()[purpose].version


def holds(purpose: str) -> ColumnElement[bool]:
    """Return the condition that a consent is for a purpose, in its present wording, and holds."""
    return and_(
        Consent.purpose == purpose,
        Consent.version == version_of(purpose),
        Consent.withdrawn_at.is_(None),
    )


def agrees(db: Session, seeker_id: int, purpose: str, channel: str | None = None) -> bool:
    """Tell whether a seeker agrees to a purpose as it is worded now (on a channel, if named)."""
    query = select(Consent.id).where(Consent.seeker_id == seeker_id, holds(purpose))
    if channel is not None:
        query = query.where(Consent.channel == channel)
    return db.scalar(query.limit(1)) is not None


def record(seeker: Seeker, purpose: str, channel: str, wording: str, now: datetime) -> None:
    """Record an agreement; one to the same words that holds and is not old is enough."""
    version = version_of(purpose)
    is_recorded = any(
        (consent.purpose, consent.channel, consent.version, consent.wording)
        == (purpose, channel, version, wording)
        and consent.withdrawn_at is None
        and clock.aware(consent.given_at) > now - RENEW_AFTER
        for consent in seeker.consents
    )
    if not is_recorded:
        fields = {"purpose": purpose, "channel": channel, "version": version, "wording": wording}
        seeker.consents.append(Consent(**fields, given_at=now))


def digest(name: str) -> str:
    """Return the digest of a reply's text, by which a change of the wording is noticed."""
    return hashlib.sha256(reply(name, None).text.encode()).hexdigest()[:DIGEST_LENGTH]


def faults() -> list[RegisterFault]:
    """Return the wordings that were changed while their purposes still have the same entry."""
    return [
        RegisterFault(
            "consents.yml", purpose.line, f"{purpose.name}.{name}",
            f"the wording was changed: raise the version if something else is agreed to now, "
            f"and write {digest(name)}",
        )
        for purpose in purposes().values()
        for name, recorded_digest in purpose.wordings.items()
        if digest(name) != recorded_digest
    ]  # fmt: skip


@process_cache(size=4)
def _read(file: Path) -> Mapping[str, Purpose]:
    try:
        content: Any = read_yaml_with_lines(file, allow_empty=True)
    except YamlFileError as wrong:
        raise RegisterErrors([RegisterFault(file.name, 1, "", "cannot be read")]) from wrong
    purposes_by_name, wrong_ones = {}, []
    for name, definition in (content or {}).items():
        line = line_of(content, name)
        version, wordings = str(definition.get("version") or ""), definition.get("wordings") or {}
        if not version or len(version) > 20:
            reason = "is missing or longer than 20 characters"
            wrong_ones.append(RegisterFault(file.name, line, f"{name}.version", reason))
        if not wordings:
            wrong_ones.append(RegisterFault(file.name, line, f"{name}.wordings", "is missing"))
        plain = {
            str(reply_name): str(recorded_digest)
            for reply_name, recorded_digest in wordings.items()
        }
        purposes_by_name[str(name)] = Purpose(str(name), version, plain, line)
    if wrong_ones:
        raise RegisterErrors(wrong_ones)
    return purposes_by_name
