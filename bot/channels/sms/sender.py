"""Deliveries of the outbox by SMS."""

from __future__ import annotations

from bot.channels.sms.gateway import Gateway
from bot.channels.sms.kannel import Kannel
from bot.db.session import session
from bot.db.threads import in_database
from bot.delivery.outbox import PUSHED
from bot.delivery.outcome import Outcome, Refused, Sent
from bot.delivery.receipts import record_provider_id
from bot.delivery.sender import Outgoing, Sender
from bot.messaging.reply_choices import save_choices
from bot.messaging.send_log import ACCEPTED_STATES, state_of
from bot.rendering.turn import RenderedTurn, render_sms_turn


class SmsSender(Sender):
    """Sends through Kannel; delivery reports name a delivery by `jiuye:` and its number."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway, self._kannel = gateway, Kannel(gateway)

    async def close(self) -> None:
        """Close the connections."""
        await self._kannel.close()

    async def send(self, delivery: Outgoing) -> Outcome:
        """Send one delivery in at most two parts; how to stop stands at the end of a push."""
        key = f"jiuye:{delivery.id}"
        rendered = await in_database(self._present, delivery, key)
        if rendered is None:  # a worker that was killed had sent it
            return Sent(key)
        if not rendered.texts:
            return Refused("nothing to say")
        outcome = await self._kannel.send_text(delivery.address, rendered.texts[0], key)
        return Sent(key) if isinstance(outcome, Sent) else outcome

    def _present(self, delivery: Outgoing, key: str) -> RenderedTurn | None:
        """Return the texts of a delivery; None when Kannel has taken it before."""
        tail = f" {self._gateway.stop}" if delivery.kind in PUSHED and self._gateway.stop else ""
        rendered = render_sms_turn([delivery.body], self._gateway.signature, tail)
        with session() as db:
            recorded = state_of(db, "sms", key)
            if recorded is not None and recorded.state in ACCEPTED_STATES:
                return None
            record_provider_id(db, delivery.id, key)
            save_choices(db, "sms", delivery.address, rendered.choices, rendered.remainder)
        return rendered
