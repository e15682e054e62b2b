"""A text is worked out once a turn, however many readers ask for its one form."""

from __future__ import annotations

import uuid
from collections import Counter

import pytest

from bot.caches import drop_caches
from bot.runtime.in_process import Conversations
from bot.text import normalise as module
from bot.text.normalise import Normalised

#: A job search, a policy, a sum, thanks; and all of a story in one message.
STORY = "我在沈阳一家饭店干了五年服务员，一个月三千八，上个月老板说不干了就把店关了，" * 12
TURNS = (
    "你好",
    "想在大连找个会计的活",
    "五千往上",
    "第一个详细说说",
    "创业贷款最高能贷多少，几年",
    "被辞退了有啥补偿，干了五年，工资六千",
    STORY,
    "谢谢",
)


@pytest.mark.model
@pytest.mark.parametrize("demo_database", ["sqlite"], indirect=True)
async def test_a_text_is_normalised_once_a_turn(
    uncached_talk: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: Counter[str] = Counter()
    work_out = module._normalised

    def counting(typed: str) -> Normalised:
        counted[typed] += 1
        return work_out(typed)

    monkeypatch.setattr(module, "_normalised", counting)
    first, sender = uuid.uuid4().hex, uuid.uuid4().hex
    for text in TURNS:  # vocabularies and indexes are read
        await uncached_talk.send(text, first)
    for text in TURNS:
        drop_caches("bot.text.normalise._normalised")
        counted.clear()
        await uncached_talk.send(text, sender)
        assert counted[text] == 1, text[:20]
        assert max(counted.values()) == 1, (text[:20], counted.most_common(3))
