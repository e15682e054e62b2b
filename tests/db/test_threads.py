"""Database work off the event loop keeps its context."""

from __future__ import annotations

import threading
from contextvars import ContextVar

import pytest

from bot.db.threads import in_database, in_inbox

_CONTEXT: ContextVar[str] = ContextVar("context", default="none")


@pytest.mark.parametrize("run", [in_database, in_inbox])
async def test_work_runs_in_a_thread_with_the_callers_context(run) -> None:  # type: ignore[no-untyped-def]
    _CONTEXT.set("dry run")
    context, thread = await run(lambda: (_CONTEXT.get(), threading.current_thread()))
    assert context == "dry run"
    assert thread is not threading.current_thread()


@pytest.mark.parametrize("run", [in_database, in_inbox])
async def test_an_error_comes_back(run) -> None:  # type: ignore[no-untyped-def]
    def fail(text: str) -> None:
        raise ValueError(text)

    with pytest.raises(ValueError, match="away"):
        await run(fail, "away")
