"""Messages as the arbiter sees them."""

from __future__ import annotations

from bot.dialogue.message import ParsedMessage


def _ranking(count: int) -> list[dict[str, object]]:
    return [{"name": f"n{at}", "confidence": 1 / (at + 1)} for at in range(count)]


def test_the_likeliest_acts_and_topics_and_the_kinds_of_entities_are_taken() -> None:
    entities = [{"entity": "region"}, {"entity": "region", "negated": True}, {"entity": "age"}]
    parsed = {"intent_ranking": _ranking(9), "topics": _ranking(9), "entities": entities}
    message = ParsedMessage.from_parse("一个月多少钱？", parsed)
    assert [name for name, _ in message.acts] == ["n0", "n1", "n2", "n3"]
    assert len(message.topics) == 3
    assert message.entities == {"region", "age"}
    assert (message.negated, message.question, message.kind) == (True, True, "how_much")


def test_a_message_without_a_parse_has_its_words() -> None:
    message = ParsedMessage.from_parse("我在沈阳", {})
    assert (message.acts, message.topics, message.entities) == ((), (), frozenset())
    assert (message.negated, message.question, message.kind) == (False, False, None)
