"""Messages as the widget gets them."""

from __future__ import annotations

from bot.messages import Message
from bot.rendering.widget import bot_message_json, person_message_json


def test_an_answer_comes_whole_with_its_text() -> None:
    message = Message(act="greet", text="您好").to_dict()
    shown = bot_message_json(message)
    assert shown["from"] == "bot"
    assert shown["message"] == message
    assert shown["message"] is not message
    assert "您好" in shown["text"]


def test_a_persons_words_bear_the_id_that_the_page_gave() -> None:
    assert person_message_json("在吗") == {"from": "person", "text": "在吗"}
    assert person_message_json("在吗", "m1") == {"from": "person", "text": "在吗", "id": "m1"}
