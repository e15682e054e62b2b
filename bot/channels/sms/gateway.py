"""The gateway as the settings describe it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.setting_types import Secret, Url
from bot.settings import Settings


@dataclass(frozen=True)
class Gateway:
    """Settings of the connection to Kannel."""

    sendsms: Url
    """URL of smsbox's sendsms."""
    user: str
    password: Secret | None
    key: Secret | None
    """Key that Kannel's calls must bring along; None: only this machine may call."""
    number: str | None
    """The number we send from; None: the one that Kannel is set to."""
    signature: str
    """Registered signature without brackets; empty without one."""
    stop: str
    """Instruction to stop, at the end of pushes."""
    callback: str
    """Our address as Kannel sees it, for delivery reports."""
    status: Url | None
    """Kannel's status page; None: health is not asked for."""
    status_password: Secret | None

    @classmethod
    def from_settings(cls, using: Settings) -> Gateway | None:
        """Return the configured gateway, None when there is none."""
        if using.sms_sendsms is None:
            return None
        callback = using.sms_callback or f"http://{using.host}:{using.port}"
        return cls(
            using.sms_sendsms,
            using.sms_user,
            using.sms_password,
            using.sms_key,
            using.sms_number,
            using.sms_signature or "",
            using.sms_stop,
            callback,
            using.sms_status,
            using.sms_status_password,
        )
