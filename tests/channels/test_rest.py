import json

from tests.channels.conftest import post


def _say(server: str, message: object) -> tuple[int, object]:
    body = json.dumps({"sender": "a", "message": message}).encode()
    return post(f"{server}/webhooks/rest/webhook", body)


def test_an_answer_has_its_structure_and_its_words(server: str) -> None:
    status, (answer,) = _say(server, "卡片")
    assert status == 200
    assert answer["custom"]["type"] == "policy_answer"
    assert "辽人社建〔2025〕21号" in answer["text"]


def test_a_typed_intent_is_plain_text(server: str) -> None:
    _, (answer,) = _say(server, '/find_job{"city":"北京"}')
    assert answer["text"] == '你说：find_job{"city":"北京"}'


def test_a_failing_agent_gives_a_plain_sentence_and_12333(server: str) -> None:
    status, (answer,) = _say(server, "出错")
    assert status == 200
    assert "12333" in answer["text"]
    assert answer["custom"]["status"] == "error"


def test_a_broken_body_is_refused_with_a_reason(server: str) -> None:
    names = (b"5", b'""', b'"two words"', b'"' + b"x" * 101 + b'"')
    named = [b'{"sender": "a", "message": "x", "message_id": %s}' % name for name in names]
    for body in (b"{", b"[]", b"{}", b'{"sender": 5, "message": "x"}', b"\xff", *named):
        status, answer = post(f"{server}/webhooks/rest/webhook", body)
        assert status == 400
        assert "sender" in answer["error"]


def test_a_message_that_is_no_text_counts_as_empty(server: str) -> None:
    _, (answer,) = _say(server, {"x": 1})
    assert answer["text"] == "你说："
