"""Persons by the key that an operator types: phone number, openid, web session, seeker's number."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.sealing import keyring
from bot.db.tables import ChannelIdentity, Seeker
from bot.privacy.errors import KeyTooShort
from bot.privacy.records import groups
from bot.privacy.rows import DataSubject, addresses_of

#: A mobile number of China, however it is written; its eleven digits are what is looked for.
_PHONE = re.compile(r"(?:\+?86|0086)?[ -]?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})")
_NUMBER = re.compile(r"#?(\d{1,9})")
_CHANNELS = ("web", "wechat", "sms", "rest")
#: Characters that a key has at least: a shorter one stands in much that is not the person's.
MIN_KEY_LENGTH = 6


@dataclass(frozen=True)
class SearchKeys:
    """Keys and numbers of a person, to look for their traces."""

    keys: tuple[str, ...]
    """Addresses, each in the form in which it is looked for."""
    seeker_ids: tuple[int, ...] = ()
    sealed: tuple[str, ...] = ()
    """The addresses as they stand in the database's bytes."""


def person_by_key(db: Session, typed: str) -> DataSubject | None:
    """Return the person with data kept under the typed key; None when there is none."""
    number = _NUMBER.fullmatch(typed.strip())
    if number:
        seeker_id = int(number[1])
        return (
            DataSubject(seeker_id, addresses_of(db, seeker_id))
            if db.get(Seeker, seeker_id) is not None
            else None
        )
    phone = _PHONE.fullmatch(typed.strip())
    address = f"+86{''.join(phone.groups())}" if phone else typed.strip()
    query = select(ChannelIdentity.seeker_id).where(ChannelIdentity.address == address).limit(1)
    seeker = db.scalar(query)
    linked = addresses_of(db, seeker) if seeker is not None else ()
    here = tuple((channel, address) for channel in _CHANNELS)
    person = DataSubject(seeker, tuple(dict.fromkeys([*linked, *here])))
    return person if groups(db, person) else None


def search_keys_for(db: Session, typed: str) -> SearchKeys:
    """Return what to look for: of an address also what it is linked to, of a seeker's number their
    addresses. Raises KeyTooShort.
    """
    typed = typed.strip()
    number = _NUMBER.fullmatch(typed)
    if number:
        seeker_id = int(number[1])
        linked = [address for _, address in addresses_of(db, seeker_id)]
        return SearchKeys(_forms(linked), (seeker_id,), _sealed(linked))
    forms = _forms([typed])
    if not forms or any(len(form) < MIN_KEY_LENGTH for form in forms):
        raise KeyTooShort(typed, MIN_KEY_LENGTH)
    phone = _PHONE.fullmatch(typed)
    address = f"+86{''.join(phone.groups())}" if phone else typed
    has_address = ChannelIdentity.address == address
    seekers = tuple(db.scalars(select(ChannelIdentity.seeker_id).where(has_address).distinct()))
    linked = [address for seeker in seekers for _, address in addresses_of(db, seeker)]
    keys = tuple(dict.fromkeys([*forms, *_forms(linked)]))
    return SearchKeys(keys, seekers, _sealed([address, *linked]))


def _sealed(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(keyring().seal_address, addresses)))


def _forms(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return keys as they are looked for: phone numbers by their digits, others as they are."""
    forms: list[str] = []
    for address in addresses:
        phone = _PHONE.fullmatch(address)
        forms.append("".join(phone.groups()) if phone else address)
        escaped = json.dumps(forms[-1])[1:-1]
        if escaped != forms[-1]:  # as JSON may have it
            forms.append(escaped)
    return tuple(dict.fromkeys(form for form in forms if form))
