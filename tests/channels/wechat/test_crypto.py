import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto

from bot.channels.wechat.crypto import MessageCipher, is_signed, signature
from bot.channels.wechat.errors import NotDecipherable
from tests.channels.wechat.fake_api import APP_ID
from tests.channels.wechat.platform import KEY, OLD_KEY
from tests.profiles import size

PEER = PrpCrypto(base64.b64decode(KEY + "="))
OURS = MessageCipher(KEY, APP_ID)


def test_the_signature_is_the_one_of_the_official_page() -> None:
    known = "899cf89e464efb63f54ddac96b0a0a235f53aa78"
    assert signature("AAAAA", "1714037059", "486452656") == known
    assert is_signed(known, "486452656", "AAAAA", "1714037059")
    assert not is_signed(known.upper(), "AAAAA", "1714037059", "486452656")
    assert not is_signed("", "AAAAA", "1714037059", "486452656")


@given(st.text(max_size=300).filter(lambda t: t.isprintable()))
@settings(max_examples=size(40, 300), deadline=None)
def test_wechatpy_opens_what_we_seal_and_the_other_way_round(text: str) -> None:
    assert PEER.decrypt(OURS.encrypt(text), APP_ID) == text
    assert OURS.decrypt(PEER.encrypt(text, APP_ID).decode()) == text


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda b: base64.b64encode(b).decode()))
@settings(max_examples=size(100, 1000), deadline=None)
def test_rubbish_is_not_deciphered(sealed: str) -> None:
    with pytest.raises(NotDecipherable):
        OURS.decrypt(sealed)


def test_another_key_and_another_account_do_not_open() -> None:
    for other in (MessageCipher(OLD_KEY, APP_ID), MessageCipher(KEY, "wx_other")):
        with pytest.raises(NotDecipherable):
            other.decrypt(OURS.encrypt("<xml/>"))


@pytest.mark.parametrize("key", ["", "short", "?" * 43, "A" * 44])
def test_a_key_that_is_none_is_refused_at_the_start(key: str) -> None:
    with pytest.raises(ValueError, match="EncodingAESKey"):
        MessageCipher(key, APP_ID)
