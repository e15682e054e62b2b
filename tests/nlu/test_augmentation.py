from __future__ import annotations

import pytest

from bot.nlu.augmentation import KINDS, Variants
from bot.settings import ROOT
from bot.text.pinyin import sounds

MESSAGES = [
    "失业金怎么领要什么材料",
    "公司不给我发工资怎么办",
    "在哪里办理失业登记",
    "事业单位经常招人吗",
    "竟然没有人管",
] * 3


@pytest.fixture(scope="module")
def variants() -> Variants:
    return Variants(ROOT / "data" / "vocab" / "variants.yml", MESSAGES)


def test_the_same_messages_give_the_same_variants(variants: Variants) -> None:
    again = Variants(ROOT / "data" / "vocab" / "variants.yml", MESSAGES)
    assert [variants.make_variants(m, 4) for m in MESSAGES] == [
        again.make_variants(m, 4) for m in MESSAGES
    ]


def test_each_variant_is_of_another_kind_and_says_otherwise(variants: Variants) -> None:
    for message in set(MESSAGES):
        made = variants.make_variants(message, 4)
        kinds = [variant.kind for variant in made]
        assert made
        assert len(set(kinds)) == len(kinds)
        assert set(kinds) <= set(KINDS)
        assert all(variant.text != message for variant in made)


def test_never_more_than_asked_for(variants: Variants) -> None:
    assert all(len(variants.make_variants(m, most)) <= most for m in MESSAGES for most in (0, 1, 2))


def test_a_mistyped_message_sounds_the_same(variants: Variants) -> None:
    typed = [
        (m, v.text) for m in MESSAGES for v in variants.make_variants(m, 4) if v.kind == "typo"
    ]
    assert typed
    for message, variant in typed:
        assert sounds(message) == sounds(variant)
        assert sum(a != b for a, b in zip(message, variant, strict=True)) == 1


def test_dialect_says_the_same_in_the_words_of_the_place(variants: Variants) -> None:
    said = {v.text for m in MESSAGES for v in variants.make_variants(m, 4) if v.kind == "dialect"}
    assert any("咋" in text or "啥" in text or "疙瘩" in text for text in said)


def test_a_story_ends_with_the_question(variants: Variants) -> None:
    told = [
        (m, v.text) for m in MESSAGES for v in variants.make_variants(m, 4) if v.kind == "story"
    ]
    assert told
    assert all(text.endswith(message) for message, text in told)
