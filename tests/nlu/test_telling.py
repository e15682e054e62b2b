import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.linear import Features, fit
from bot.nlu.ngrams import ngrams
from bot.nlu.telling import Telling
from bot.text.sentences import LONGEST

WAGES = [f"{who}欠薪不给{end}" for who in ("老板", "单位", "厂里") for end in ("怎么办", "咋整")]
LOANS = [f"{who}贷款开店{end}" for who in ("老板", "单位", "厂里") for end in ("怎么办", "咋整")]
OTHERS = [f"{who}加班不停{end}" for who in ("老板", "单位", "厂里") for end in ("怎么办", "咋整")]


@pytest.fixture(scope="module")
def telling() -> Telling:
    texts = [*WAGES, *LOANS, *OTHERS]
    documents = [ngrams(text, text) for text in texts]
    features = Features.fit(documents, range(len(texts)))
    labels = ["wages"] * len(WAGES) + ["loans"] * len(LOANS) + ["others"] * len(OTHERS)
    model, _ = fit(features.matrix(documents), labels, list(range(len(texts))), 1.0)
    return Telling.of(features, [model])


@pytest.mark.parametrize(
    "text",
    [
        "单位欠薪不给 我在那干了好长时间了家里等着用钱呢 领导说再等等 怎么办",
        "我在那干了好长时间了家里等着用钱呢 单位欠薪不给 领导说再等等看看再说 咋整",
        "我在那干了好长时间了家里等着用钱呢 领导说再等等看看再说 单位欠薪不给",
    ],
    ids=["begins with it", "has it in the middle", "ends with it"],
)
def test_what_a_message_is_about_is_found_wherever_it_stands(telling: Telling, text: str) -> None:
    assert "欠薪不给" in telling.part(text, LONGEST)


def test_a_short_message_is_looked_at_whole(telling: Telling) -> None:
    assert telling.part("怎么办", LONGEST) == "怎么办"


def test_of_a_message_that_tells_nothing_the_end_is_looked_at(telling: Telling) -> None:
    assert telling.part("一二三四五六七八九十" * 3, 5) == "六七八九十"


@given(st.text(max_size=80), st.integers(1, 20))
def test_a_part_is_never_longer_than_asked_and_stands_in_the_text(
    telling: Telling, text: str, most: int
) -> None:
    part = telling.part(text, most)
    assert part in text
    assert len(part) == min(len(text), most)
