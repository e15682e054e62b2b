from bot.logs import without_private


def test_what_a_person_wrote_is_taken_out_of_a_log_event() -> None:
    event = {
        "event": "processor.message.parse",
        "user_text": "我电话13800138000",
        "sender_id": "o6_bmjrPTlm6_2sgVt7hMZOPfL2M",
        "past_states": ["…"],
        "event_info": "failed",
    }
    assert without_private(None, "info", event) == {
        "event": "processor.message.parse",
        "event_info": "failed",
    }
