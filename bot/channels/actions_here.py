"""The action endpoint without a network: custom actions run in this process.

Rasa's RemoteAction asks its endpoint with `request(json=…)`; this one hands the call to
rasa-sdk's own executor, the same that the action server uses.
"""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import ActionExecutionRejection
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as Rejected


class ActionsHere(EndpointConfig):  # type: ignore[misc]
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
        """Run the action that the call names; return its events and responses."""
        try:
            answer: dict[str, Any] | None = await self._executor.run(kwargs["json"])
        except Rejected as rejected:
            raise ActionExecutionRejection(rejected.action_name, rejected.message) from rejected
        return answer
