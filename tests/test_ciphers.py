"""Ciphers of encryption at rest, by published vectors and by changed bytes."""

from __future__ import annotations

import pytest

from bot.ciphers import CIPHERS, InvalidTag, Sm4Gcm, is_supported

#: RFC 8998, appendix A.1 (SM4-GCM).
KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
NONCE = bytes.fromhex("00001234567800000000ABCD")
AAD = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
PLAIN = bytes.fromhex(
    "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDDEEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
)
SEALED = bytes.fromhex(
    "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
)
TAG = bytes.fromhex("83DE3541E4C2B58177E065A9BF7B62EC")


def test_sm4_gcm_is_that_of_rfc_8998() -> None:
    assert Sm4Gcm(KEY).encrypt(NONCE, PLAIN, AAD) == SEALED + TAG
    assert Sm4Gcm(KEY).decrypt(NONCE, SEALED + TAG, AAD) == PLAIN


def test_hmac_sm3_begins_with_that_of_gb_t_32905() -> None:
    # GM/T 0042: HMAC-SM3 of RFC 4231's second case.
    digest = CIPHERS["sm4-gcm"].digest(b"Jefe", b"what do ya want for nothing?")
    assert digest.hex() == "2e87f1d16862e6d964b50a5200bf2b10b764faa9680a296a2405f24bec39f882"


@pytest.mark.parametrize("name", CIPHERS)
def test_what_is_changed_anywhere_is_refused(name: str) -> None:
    key = CIPHERS[name].key(bytes(range(32)))
    sealed = key.encrypt(NONCE, "电话".encode(), b"inbox.text")
    assert key.decrypt(NONCE, sealed, b"inbox.text").decode() == "电话"
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(InvalidTag):
            key.decrypt(NONCE, bytes(changed), b"inbox.text")
    for other in (b"events.data", b""):
        with pytest.raises(InvalidTag):
            key.decrypt(NONCE, sealed, other)
    with pytest.raises(InvalidTag):
        key.decrypt(NONCE, b"kurz", b"inbox.text")


@pytest.mark.parametrize("name", CIPHERS)
def test_the_openssl_that_is_installed_has_all(name: str) -> None:
    assert is_supported(name)
