"""Names, identity numbers and telephones of people: sealed for reading, digested for finding.

Sealed with keys of their own (JIUYE_PEOPLE_KEY) by AES-256-GCM, or SM4-GCM where JIUYE_CIPHER says
so (bot.ciphers). The envelope names cipher and key (`v1:KEY:…` AES, `v2:KEY:…` SM4), and the column
is authenticated with the value, so that none can be moved to another column. Digests are HMACs by
SHA-256, or SM3 with SM4; they go by the last key and by JIUYE_OLD_CIPHER where it is set, until all
of them are made anew (bot.casework.resealing).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.caches import process_cache
from bot.ciphers import CIPHERS, Aead, InvalidTag
from bot.keys import derived, secret
from bot.settings import ROOT, settings

#: Where the key stands when the settings name none.
KEY_FILE = ROOT / "var" / "people.key"
_AES = "aes-256-gcm"
#: What an envelope begins with, by cipher.
_VERSIONS = {_AES: "v1", "sm4-gcm": "v2"}
_CIPHER_OF = {version: cipher for cipher, version in _VERSIONS.items()}
_NONCE = 12
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_ID_NUMBER = re.compile(r"[1-9]\d{5}(\d{8})\d{3}[\dX]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}-?[2-9]\d{6,7}")


class SealBroken(ValueError):
    """A sealed value cannot be opened: another key, another column, or it was changed."""


@dataclass(frozen=True)
class KeyRing:
    """Keys of sealed values: the newest seals, each opens what it has sealed."""

    keys: tuple[bytes, ...]
    """The newest first; at least one. Digests are made with the last."""
    cipher: str = _AES
    """Seals; values of each cipher are opened."""
    digest_cipher: str = _AES
    """The cipher whose HMAC makes digests."""

    @classmethod
    def from_secrets(
        cls, secret_values: Sequence[bytes], cipher: str = _AES, old_cipher: str = ""
    ) -> KeyRing:
        """Return the ring of some secrets, the newest first; `old_cipher`: of the digests."""
        keys = tuple(derived("sealed people", secret_value) for secret_value in secret_values)
        return cls(keys, cipher, old_cipher or cipher)

    @property
    def renewed(self) -> KeyRing:
        """The ring after a change of keys: of the newest key and cipher alone."""
        return KeyRing(self.keys[:1], self.cipher, self.cipher)

    def seal(self, text: str, column: str) -> str:
        """Return a text sealed for a column (`people.name`)."""
        nonce, newest = secrets.token_bytes(_NONCE), _key_id(self.keys[0])
        body = self._aeads[self.cipher, newest].encrypt(nonce, text.encode(), column.encode())
        return f"{self._prefix}{b64encode(nonce + body).decode()}"

    def open(self, sealed: str, column: str) -> str:
        """Return the text of a sealed value. Raises SealBroken."""
        version, _, rest = sealed.partition(":")
        number, _, body = rest.partition(":")
        aead = self._aeads.get((_CIPHER_OF.get(version, ""), number))
        if aead is None:
            raise SealBroken(f"{column}: no key {number!r}")
        raw = b64decode(body)
        try:
            opened = aead.decrypt(raw[:_NONCE], raw[_NONCE:], column.encode())
        except InvalidTag as wrong:
            raise SealBroken(f"{column}: changed or moved") from wrong
        return opened.decode()

    def is_current(self, sealed: str) -> bool:
        """Tell whether a value is sealed with the newest key and the cipher that is set."""
        return sealed.startswith(self._prefix)

    def digest(self, text: str, column: str) -> str:
        """Return what a text is found by in a column: 64 hexadecimal digits."""
        suite = CIPHERS[self.digest_cipher]
        return suite.digest(self._index_key, f"{column}\0{text}".encode()).hex()

    @property
    def _prefix(self) -> str:
        return f"{_VERSIONS[self.cipher]}:{_key_id(self.keys[0])}:"

    @cached_property
    def _aeads(self) -> dict[tuple[str, str], Aead]:
        """The ciphers by their names and the names of their keys."""
        return {
            (cipher, _key_id(key)): CIPHERS[cipher].key(key)
            for key in self.keys
            for cipher in _CIPHER_OF.values()
        }

    @cached_property
    def _index_key(self) -> bytes:
        return hmac.digest(self.keys[-1], b"index", "sha256")


def key_ring() -> KeyRing:
    """Return the keys of the settings, or the one of var/people.key, made at the first start."""
    using = settings()
    secret_values = tuple(key.reveal().encode() for key in using.people_keys) or (_of_file(),)
    return _key_ring(secret_values, using.cipher, using.old_cipher or "")


@process_cache(size=8)
def _key_ring(secret_values: tuple[bytes, ...], cipher: str, old_cipher: str) -> KeyRing:
    return KeyRing.from_secrets(secret_values, cipher, old_cipher)


@process_cache(size=1)
def _of_file() -> bytes:
    return secret(KEY_FILE)


def plain_id_number(text: str) -> str:
    """Return an identity number in its common form: no spaces, X in capitals."""
    return re.sub(r"\s", "", text).upper()


def is_id_number(number: str, today: date) -> bool:
    """Tell whether 18 characters are an identity number: form, day of birth, check digit.

    GB 11643. The place is not asked for: codes of places long gone are in force on cards.
    """
    match = _ID_NUMBER.fullmatch(number)
    if match is None:
        return False
    try:
        born = date.fromisoformat(f"{match[1][:4]}-{match[1][4:6]}-{match[1][6:]}")
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return date(1900, 1, 1) <= born <= today and _CHECK_DIGITS[total % 11] == number[17]


def birth_year(number: str) -> int:
    """Return the year of birth of a valid identity number."""
    return int(number[6:10])


def sex(number: str) -> str:
    """Return 男 or 女 by a valid identity number."""
    return "男" if int(number[16]) % 2 else "女"


def plain_phone(text: str) -> str | None:
    """Return a telephone number in its common form, None for what is none."""
    digits = re.sub(r"[\s()（）]", "", text).removeprefix("+86").replace("－", "-")
    mobile = digits.replace("-", "")
    if _MOBILE.fullmatch(mobile):
        return mobile
    return digits if _LANDLINE.fullmatch(digits) else None


def masked_name(name: str) -> str:
    """Return a name as lists show it: 张**."""
    return name[:1] + "*" * max(1, len(name) - 1)


def masked_phone(phone: str | None) -> str:
    """Return the last four digits of a telephone, as lists show it."""
    return phone[-4:] if phone else ""


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"key" + key).hexdigest()[:8]
