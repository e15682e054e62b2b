"""Authenticated ciphers for encryption at rest: AES-256-GCM, and SM4-GCM (GB/T 32907) with SM3.

SM4-GCM is that of RFC 8998. Both come from OpenSSL through `cryptography`.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

__all__ = ["CIPHERS", "Aead", "InvalidTag", "Suite", "is_supported"]

_TAG, _SM4_KEY = 16, 16


class Aead(Protocol):
    """A key of an authenticated cipher; the same methods as AESGCM's."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Return the ciphertext followed by its tag of 16 bytes."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Return what was encrypted. Raises InvalidTag."""


class Sm4Gcm:
    """A key of SM4 in Galois/Counter Mode."""

    def __init__(self, key: bytes) -> None:
        self._key = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Return the ciphertext followed by its tag of 16 bytes."""
        work = Cipher(self._key, modes.GCM(nonce)).encryptor()
        work.authenticate_additional_data(associated_data)
        return work.update(data) + work.finalize() + work.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Return what was encrypted. Raises InvalidTag."""
        text, tag = data[:-_TAG], data[-_TAG:]
        if len(tag) < _TAG:
            raise InvalidTag
        work = Cipher(self._key, modes.GCM(nonce, tag)).decryptor()
        work.authenticate_additional_data(associated_data)
        return work.update(text) + work.finalize()


class AesSuite:
    """AES-256-GCM, HMAC-SHA256."""

    text, address = "~1", "~a"
    """What sealed texts and addresses begin with."""

    @staticmethod
    def key(derived: bytes) -> Aead:
        """Return the key that 32 derived bytes make."""
        return AESGCM(derived)

    @staticmethod
    def digest(key: bytes, data: bytes) -> bytes:
        """Return the HMAC of an address, 32 bytes."""
        return hmac.digest(key, data, hashlib.sha256)


class Sm4Suite:
    """SM4-GCM, HMAC-SM3; of the derived bytes SM4 takes the first 16."""

    text, address = "~2", "~b"

    @staticmethod
    def key(derived: bytes) -> Aead:
        """Return the key that 32 derived bytes make."""
        return Sm4Gcm(derived[:_SM4_KEY])

    @staticmethod
    def digest(key: bytes, data: bytes) -> bytes:
        """Return the HMAC of an address, 32 bytes."""
        work = HMAC(key, SM3())
        work.update(data)
        return work.finalize()


Suite = AesSuite | Sm4Suite
#: By their names in the settings.
CIPHERS: dict[str, Suite] = {"aes-256-gcm": AesSuite(), "sm4-gcm": Sm4Suite()}


def is_supported(name: str) -> bool:
    """Tell whether the OpenSSL below has a cipher: some distributions leave SM4 out."""
    try:
        suite = CIPHERS[name]
        suite.digest(bytes(32), b"")
        suite.key(bytes(32)).encrypt(bytes(12), b"", b"")
    except UnsupportedAlgorithm:
        return False
    return True
