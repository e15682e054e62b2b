"""The profile: which part of the work a stack belongs to."""

from __future__ import annotations

import time

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.processor import MessageProcessor

from benchmarks.conversation_profile import ELSEWHERE, Ticks, part_of, table

RASA = "/x/site-packages/rasa/core"
ASKED = [(f"{RASA}/processor.py", "handle_message"), ("/x/bot/channels/rest.py", "_answer")]
SQL = [("/x/site-packages/sqlalchemy/engine/base.py", "execute")]


@pytest.mark.parametrize(
    ("inner", "part", "sql"),
    [
        ([], "rest of Rasa", False),
        ([*SQL, (f"{RASA}/tracker_store.py", "_retrieve")], "read the conversation", True),
        ([*SQL, ("/x/bot/channels/tracker_store.py", "save")], "save the conversation", True),
        ([("/x/bot/linear.py", "f"), (f"{RASA}/processor.py", "parse_message")],
         "understand", False),
        ([*SQL, ("/x/actions/policy.py", "answer"), ("/x/rasa_sdk/executor.py", "run"),
          (f"{RASA}/actions/action.py", "run")], "our actions", True),
        ([("/x/jsonschema/validators.py", "iter_errors"),
          (f"{RASA}/actions/action.py", "_validate_action_result")],
         "check the action's result", False),
        ([(f"{RASA}/actions/action.py", "run")], "Rasa around the actions", False),
    ],
)  # fmt: skip
def test_the_innermost_part_counts(inner: list[tuple[str, str]], part: str, sql: bool) -> None:
    assert part_of([*inner, *ASKED]) == (part, sql)


def test_what_no_part_knows_is_said_to_be_elsewhere() -> None:
    assert part_of([("/x/y.py", "f")]) == (ELSEWHERE, False)


def test_rasa_still_has_the_functions_that_are_looked_for() -> None:
    for name in ("parse_message", "save_tracker", "fetch_tracker_and_update_session",
                 "predict_next_with_tracker_if_should", "_run_action"):  # fmt: skip
        assert callable(getattr(MessageProcessor, name))
    assert callable(RemoteAction._validate_action_result)


def test_the_timer_sees_where_processor_time_goes() -> None:
    ticks = Ticks()
    ticks.start()
    ticks.clear()
    ends = time.process_time() + 0.3
    while time.process_time() < ends:
        sum(range(100))
    took = ticks.milliseconds()
    ticks.stop()
    assert sum(ticks.counted.values()) > 20
    assert sum(took.values()) == pytest.approx(300, abs=60)


def test_the_table_gives_milliseconds_a_message() -> None:
    took = {
        ("understand", False): 200.0,
        ("our actions", True): 100.0,
        ("our actions", False): 300.0,
    }
    rows = {m.name: m.ours for m in table(took, 100)}
    assert rows == {
        "understand": 2.0, "our actions": 4.0, "our actions: of it SQL": 1.0, "all": 6.0
    }  # fmt: skip
