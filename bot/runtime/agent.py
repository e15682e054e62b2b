"""The Rasa agent in this process: for the command line, for tests, and for the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig

from bot.failures import BrokenModel, explain
from bot.logging_setup import logged_errors
from bot.runtime.action_endpoints import ActionServer, InProcessActionEndpoint
from bot.runtime.rasa_patches import apply_patches
from bot.runtime.sanitise import clean


class Collector(CollectingOutputChannel):  # type: ignore[misc]
    """Collects what is said on a channel of a given name, whole, without splitting it."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._channel = channel

    def name(self) -> str:
        """Return the channel that is spoken for."""
        return self._channel

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Keep the text as one message; Rasa's own would split it at blank lines."""
        await self._persist_message(self._message(recipient_id, text=text))


def endpoints(persistent: bool, actions_url: str | None) -> AvailableEndpoints:
    """Return where trackers are kept (the database or memory) and where actions run."""
    apply_patches()
    store = EndpointConfig(type="bot.runtime.tracker_store.DatabaseTrackerStore")
    action = ActionServer(actions_url) if actions_url else InProcessActionEndpoint()
    lock = EndpointConfig(type="bot.runtime.lock_store.QuickLockStore")
    return AvailableEndpoints(
        tracker_store=store if persistent else None, lock_store=lock, action=action
    )


async def open_agent(
    model: Path, persistent: bool = False, actions_url: str | None = None
) -> Agent:
    """Load a trained model with its actions; `persistent` keeps conversations in the database.

    Raises BrokenModel, or what kept it from being loaded where that is known (a full disk).
    """
    return await load(model, endpoints(persistent, actions_url))


async def load(model: Path, available_endpoints: AvailableEndpoints, loop: Any = None) -> Agent:
    """Load a trained model; raises as `open_agent`, where Rasa logs and goes on without one."""
    with logged_errors() as errors:
        agent = await load_agent(str(model), endpoints=available_endpoints, loop=loop)
    if not agent.is_ready():
        cause = errors[0] if errors else None
        if cause is not None and explain(cause):
            raise cause
        raise BrokenModel(model) from cause
    return agent


async def send_text(agent: Agent, text: str, sender: str, channel: str) -> list[dict[str, Any]]:
    """Hand one text to the agent as a channel would; return what it answers."""
    output = Collector(channel)
    message = UserMessage(clean(text), output, sender, input_channel=channel)
    await agent.handle_message(message)
    return list(output.messages)
