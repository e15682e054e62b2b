import asyncio
from dataclasses import replace

import pytest
from aiohttp import ClientTimeout
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base.outcome import Retry
from bot.channels.sms import kannel
from bot.channels.sms.gateway import Gateway
from bot.channels.sms.numbers import e164
from bot.rendering.sms_segments import count
from bot.setting_types import Url
from bot.settings import Settings
from tests.conftest import _free_port


@pytest.mark.parametrize(
    "given_", ["13800138000", "+8613800138000", "8613800138000", "008613800138000", "138 0013 8000", "+86-138-0013-8000"]
)  # fmt: skip
def test_one_person_is_one_address(given_: str) -> None:
    assert e164(given_) == "+8613800138000"


def test_a_foreign_mobile_keeps_its_country() -> None:
    assert e164("+447911123456") == "+447911123456"
    assert e164("00447911123456") == "+447911123456"


@pytest.mark.parametrize("given_", ["", "10086", "10690000", "12333", "+8610086", "abc", "13800138000 13900139000", "1380013800", "12800138000"])  # fmt: skip
def test_what_is_no_persons_number_is_not_answered(given_: str) -> None:
    assert e164(given_) is None


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_none(text: str) -> None:
    number = e164(text)
    assert number is None or e164(number) == number


@pytest.mark.parametrize(
    ("text", "parts"),
    [("字" * 70, 1), ("字" * 71, 2), ("字" * 134, 2), ("字" * 135, 3), ("🙂" * 35, 1), ("🙂" * 36, 2), ("", 1)],
)  # fmt: skip
def test_parts_are_counted_as_the_air_carries_them(text: str, parts: int) -> None:
    assert count(text) == parts


async def test_a_gateway_that_never_answers_is_a_retry_and_unwell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kannel, "TIMEOUT", ClientTimeout(total=0.2))
    port = _free_port()
    silent = await asyncio.start_server(lambda *_: asyncio.sleep(60), "127.0.0.1", port)
    url = Url(f"http://127.0.0.1:{port}/")
    gateway = Gateway.from_settings(replace(Settings(), sms_sendsms=url, sms_status=url))
    assert gateway is not None
    client = kannel.Kannel(gateway)
    assert isinstance(await client.send_text("13800138000", "您好", "k1"), Retry)
    assert "TimeoutError" in str(await kannel.health(gateway))
    await client.close()
    silent.close()
