"""Endpoints of custom actions: in this process, or an action server that is kept connected.

Rasa's RemoteAction asks its endpoint with `request(json=…)`. `InProcessActionEndpoint` hands
the call to rasa-sdk's own executor, the same that the action server uses.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from typing import Any, TypeVar

import aiohttp
from rasa.core.actions.action import ActionExecutionRejection
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as Rejected

from bot.db.session import DRY_RUN, is_dry_run, is_unavailable
from bot.fast_json import as_sent

#: Seconds after which an idle connection is not used again; Sanic hangs up after 5.
KEEPALIVE_SECONDS = 2.0
#: Actions wait for the database: in threads, so that the loop does not. Two, as Python code takes
#: turns anyway.
_threads = ThreadPoolExecutor(2, thread_name_prefix="actions")
_loops = threading.local()
#: The failures of the database within the actions of the present message, which Rasa swallows.
_failures: ContextVar[list[Exception] | None] = ContextVar("failures", default=None)
T = TypeVar("T")


def begin_message() -> None:
    """Forget the failures of the message before."""
    _failures.set([])


def failure() -> Exception | None:
    """Return why the database was away in an action of the present message; None: it was not."""
    errors = _failures.get()
    return errors[0] if errors else None


def _complete(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in this thread, which has a loop of its own."""
    loop: asyncio.AbstractEventLoop | None = getattr(_loops, "loop", None)
    if loop is None:
        loop = _loops.loop = asyncio.new_event_loop()
    return loop.run_until_complete(work)


class InProcessActionEndpoint(EndpointConfig):  # type: ignore[misc]
    """Stands where an `action_endpoint` with a URL would stand."""

    def __init__(self, package: str = "actions") -> None:
        super().__init__("in-process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Run the action that the call names; return its events and responses.

        Slots and results go through JSON as they would to a server: nothing is shared by accident,
        and lists, tuples and keys are the same in both set-ups. The past events are only read.
        """
        call = kwargs["json"]
        tracker = {**call["tracker"], "slots": as_sent(call["tracker"]["slots"])}
        try:
            run = self._executor.run({**call, "tracker": tracker})
            answer = await asyncio.get_running_loop().run_in_executor(
                _threads, copy_context().run, _complete, run
            )
        except Rejected as rejected:
            raise ActionExecutionRejection(rejected.action_name, rejected.message) from rejected
        except Exception as error:
            errors = _failures.get()
            if errors is not None and is_unavailable(error):
                errors.append(error)
            raise
        sent: dict[str, Any] | None = as_sent(answer)
        return sent


class ActionServer(EndpointConfig):  # type: ignore[misc]
    """An action server over HTTP; Rasa's own endpoint opens a connection for each action."""

    def __init__(self, url: str) -> None:
        super().__init__(url, enable_selective_domain=True)
        self._open: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Send the call; return the answer. Raises ClientResponseError as Rasa's own does."""
        if self._open is None or self._open.closed:
            timeout = aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT)
            connector = aiohttp.TCPConnector(keepalive_timeout=KEEPALIVE_SECONDS)
            self._open = aiohttp.ClientSession(timeout=timeout, connector=connector)
        url = self.url if subpath is None else f"{self.url}/{subpath}"
        if is_dry_run():
            kwargs["headers"] = {**kwargs.get("headers", {}), DRY_RUN: "1"}
        async with self._open.request(method, url, compress=compress, **kwargs) as answer:
            if answer.status >= 400:
                raise ClientResponseError(answer.status, answer.reason, await answer.read())
            return await answer.json()

    async def close(self) -> None:
        """Hang up."""
        if self._open is not None:
            await self._open.close()
