"""Signatures and AES of the platform (its "message encryption and decryption" pages)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels.wechat.errors import NotDecipherable

#: PKCS#7 pads to 32 bytes here, not to AES' own 16.
BLOCK = 32
#: Random bytes in front of a message, and bytes of its length.
RANDOM, LENGTH = 16, 4


def signature(*parts: str) -> str:
    """Return the platform's signature of some values: SHA-1 over them, sorted and joined."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def is_signed(claimed_signature: str, *parts: str) -> bool:
    """Return whether a signature is the one of some values, in constant time."""
    return hmac.compare_digest(claimed_signature.encode(), signature(*parts).encode())


class MessageCipher:
    """Encrypts and decrypts with one EncodingAESKey (43 characters) for one account."""

    def __init__(self, encoding_key: str, app_id: str) -> None:
        """Raise ValueError for a key that is not 43 characters of Base64."""
        try:
            self._key = base64.b64decode(f"{encoding_key}=", validate=True)
        except binascii.Error as wrong:
            raise ValueError("EncodingAESKey is not Base64") from wrong
        if len(self._key) != 32:
            raise ValueError("EncodingAESKey must have 43 characters")
        self._app_id = app_id.encode()

    def encrypt(self, xml: str) -> str:
        """Return a message encrypted, in Base64."""
        body = xml.encode()
        plain = secrets.token_bytes(RANDOM) + len(body).to_bytes(LENGTH, "big") + body
        plain += self._app_id
        padding = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def decrypt(self, sealed: str) -> str:
        """Return the message; raises NotDecipherable for another key, account or any rubbish."""
        try:
            decryptor = self._cipher().decryptor()
            plain = decryptor.update(base64.b64decode(sealed, validate=True))
            plain += decryptor.finalize()
            body = plain[RANDOM + LENGTH : -_padding(plain)]
            size = int.from_bytes(plain[RANDOM : RANDOM + LENGTH], "big")
            if body[size:] != self._app_id:
                raise NotDecipherable
            return body[:size].decode()
        except (ValueError, IndexError) as wrong:
            raise NotDecipherable from wrong

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))


def _padding(plain: bytes) -> int:
    size = plain[-1]
    if not 1 <= size <= BLOCK:
        raise NotDecipherable
    return size
