"""Encryption at rest: texts of people and their addresses, sealed with keys of the secret.

By AES-256-GCM, or SM4-GCM where `JIUYE_CIPHER` says so (bot.ciphers). Texts have a random nonce.
Addresses (telephone number, openid, web session) are looked up by value, joined and unique: their
nonce is the HMAC of the address, so that the same address is the same text in every table, and
nobody without the key can tell which. A sealed text begins with its cipher and kind (`~1`, `~a`
AES; `~2`, `~b` SM4), then base64url of 4 bytes that name the key, 12 of nonce, ciphertext and tag.
Associated data is table and column; of addresses, which tables are joined by, the word `address`.
"""

from __future__ import annotations

import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.caches import process_cache
from bot.ciphers import CIPHERS, Aead, InvalidTag, Suite
from bot.keys import derived, installation_secret, old_secret
from bot.settings import settings

#: What sealed texts and addresses begin with, by each cipher.
TEXTS = tuple(suite.text for suite in CIPHERS.values())
ADDRESSES = tuple(suite.address for suite in CIPHERS.values())
#: What holds nothing of a person stays as it is: comparisons with it go on.
PLAIN = frozenset(("", "{}", "[]"))
#: Characters of a sealed address of 120, and of a key that holds one.
LONGEST_ADDRESS, LONGEST_KEY = 255, 400
_ADDRESS = b"address"
_NONCE, _NAME = 12, 4
#: What of a key is an address: a web session, an openid, a telephone number.
_PARTS = re.compile(r"web-[\w-]{8,}|o[\w-]{27}(?![\w-])|\+\d{8,15}")


class Unsealable(RuntimeError):
    """A value of the database was sealed with another secret, or was changed."""

    def __init__(self) -> None:
        super().__init__("a sealed value cannot be opened with the secrets and ciphers set")


@dataclass(frozen=True)
class _Key:
    """The keys that one secret gives for one cipher."""

    suite: Suite
    name: bytes
    text: Aead
    address: Aead
    nonce: bytes

    @classmethod
    def from_secret(cls, secret: bytes, suite: Suite) -> _Key:
        name = derived("seal name", secret)[:_NAME]
        text, address = derived("seal text", secret), derived("seal address", secret)
        return cls(suite, name, suite.key(text), suite.key(address), derived("seal index", secret))


@dataclass(frozen=True)
class Keyring:
    """The keys of the present secret and cipher, and of those before while they are replaced."""

    current: _Key
    addresses: _Key
    """The keys that addresses are sealed with: those before until all are sealed anew."""
    by_name: Mapping[tuple[str, bytes], _Key]
    """By what a sealed value begins with, and the key's name."""

    def seal(self, text: str, place: str) -> str:
        """Seal a text for a column (`table.column`)."""
        key, nonce = self.current, os.urandom(_NONCE)
        return key.suite.text + _packed(
            key.name + nonce + key.text.encrypt(nonce, _bytes(text), _associated_data(place))
        )

    def open(self, sealed: str, place: str) -> str:
        """Return a sealed text. Raises Unsealable; what is not sealed is returned as it is."""
        if not sealed.startswith(TEXTS):
            return sealed
        key, nonce, rest = self._unpacked(sealed)
        try:
            return key.text.decrypt(nonce, rest, _associated_data(place)).decode(
                "utf-8", "surrogatepass"
            )
        except InvalidTag as wrong:
            raise Unsealable from wrong

    def seal_address(self, address: str, key: _Key | None = None) -> str:
        """Seal an address: the same gives the same."""
        key, plain = key or self.addresses, _bytes(address)
        nonce = key.suite.digest(key.nonce, plain)[:_NONCE]
        sealed = key.address.encrypt(nonce, plain, _ADDRESS)
        return key.suite.address + _packed(key.name + nonce + sealed)

    def open_address(self, sealed: str) -> str:
        """Return a sealed address. Raises Unsealable; what is not sealed is returned as it is."""
        if not sealed.startswith(ADDRESSES):
            return sealed
        key, nonce, rest = self._unpacked(sealed)
        try:
            return key.address.decrypt(nonce, rest, _ADDRESS).decode("utf-8", "surrogatepass")
        except InvalidTag as wrong:
            raise Unsealable from wrong

    def is_current(self, sealed: str) -> bool:
        """Tell whether a value is sealed with the present keys."""
        return sealed.startswith(TEXTS + ADDRESSES) and self._unpacked(sealed)[0] is self.current

    def _unpacked(self, sealed: str) -> tuple[_Key, bytes, bytes]:
        try:
            raw = urlsafe_b64decode(sealed[2:] + "=" * (-(len(sealed) - 2) % 4))
            key = self.by_name[sealed[:2], raw[:_NAME]]
        except (KeyError, ValueError) as wrong:
            raise Unsealable from wrong
        return key, raw[_NAME : _NAME + _NONCE], raw[_NAME + _NONCE :]


def keyring() -> Keyring:
    """Return the keys of this installation."""
    using = settings()
    return _keyring(installation_secret(), old_secret(), using.cipher, using.old_cipher)


@process_cache(size=8)
def _keyring(secret: bytes, old: bytes | None, cipher: str, old_cipher: str | None) -> Keyring:
    ciphers = dict.fromkeys((cipher, old_cipher or cipher))
    keys = {
        (each, name): _Key.from_secret(each, CIPHERS[name])
        for each in dict.fromkeys((secret, old or secret))
        for name in ciphers
    }
    by_name = {
        (begins, key.name): key
        for key in keys.values()
        for begins in (key.suite.text, key.suite.address)
    }
    return Keyring(keys[secret, cipher], keys[old or secret, old_cipher or cipher], by_name)


class SealedText(TypeDecorator[str]):
    """A text that is sealed in the database, for one column (`table.column`)."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str, length: int | None = None) -> None:
        super().__init__()
        self.place, self.length = place, length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Keep the column's length on SQLite, which ignores it; PostgreSQL gets text."""
        sized = self.length is not None and dialect.name == "sqlite"
        return dialect.type_descriptor(String(self.length) if sized else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal what holds anything."""
        return value if value is None or value in PLAIN else keyring().seal(value, self.place)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open what is sealed."""
        return value if value is None else keyring().open(value, self.place)


class SealedAddress(TypeDecorator[str]):
    """An address that is sealed in the database and looked up by value."""

    impl = String
    cache_ok = True

    def __init__(self, length: int = 120) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Leave room for what sealing adds; SQLite looks at no length."""
        length = self.length if dialect.name == "sqlite" else LONGEST_ADDRESS
        return dialect.type_descriptor(String(length))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal it."""
        return value if not value else keyring().seal_address(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open it."""
        return value if not value else keyring().open_address(value)


class SealedKey(TypeDecorator[str]):
    """A key of a message, in which addresses stand between colons: these are sealed."""

    impl = String
    cache_ok = True

    def __init__(self, length: int = 200) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Leave room for what sealing adds; SQLite looks at no length."""
        length = self.length if dialect.name == "sqlite" else LONGEST_KEY
        return dialect.type_descriptor(String(length))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal the addresses in it."""
        return value if value is None else seal_key(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open them."""
        return value if value is None else open_key(value)


#: The types of sealed columns.
SEALED = (SealedText, SealedAddress, SealedKey)


def seal_key(key: str) -> str:
    """Return a key with its addresses sealed."""
    seal = keyring().seal_address
    return ":".join(seal(part) if _PARTS.fullmatch(part) else part for part in key.split(":"))


def open_key(key: str) -> str:
    """Return a key with its addresses opened."""
    if not any(begins in key for begins in ADDRESSES):
        return key
    return ":".join(map(keyring().open_address, key.split(":")))


def _associated_data(place: str) -> bytes:
    return place.encode()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _packed(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
