"""The gateway as the settings describe it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.settings import Settings


@dataclass(frozen=True)
class Gateway:
    """Settings of the connection to Kannel."""

    sendsms: str
    """URL of smsbox's sendsms."""
    user: str
    password: str
    key: str
    """Key that Kannel's calls must bring along; empty: only this machine may call."""
    number: str
    """The number we send from; empty: the one that Kannel is set to."""
    signature: str
    """Registered signature without brackets; empty: none."""
    stop: str
    """Instruction to stop, at the end of pushes."""
    callback: str
    """Our address as Kannel sees it, for delivery reports."""
    status: str
    """Kannel's status page; empty: health is not asked for."""
    status_password: str

    @classmethod
    def from_settings(cls, using: Settings) -> Gateway | None:
        """Return the configured gateway, None when there is none.

        Raises ValueError when it listens beyond this machine without a key.
        """
        if not using.sms_sendsms:
            return None
        if not using.sms_key and using.host not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError("JIUYE_SMS_KEY is missing: anybody could send in a person's name")
        callback = using.sms_callback or f"http://{using.host}:{using.port}"
        return cls(
            using.sms_sendsms,
            using.sms_user,
            using.sms_password,
            using.sms_key,
            using.sms_number,
            using.sms_signature.strip("【】[] "),
            using.sms_stop,
            callback.rstrip("/"),
            using.sms_status,
            using.sms_status_password,
        )
