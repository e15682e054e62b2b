"""The official account as the settings describe it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.wechat.crypto import MessageCipher
from bot.settings import Settings


@dataclass(frozen=True)
class Template:
    """A notice or template message that says that something waits."""

    id: str
    field: str
    """The name of the field that is filled in."""


@dataclass(frozen=True)
class Account:
    """Settings of the connection to the platform."""

    app_id: str
    secret: str
    """AppSecret; empty when the API is not called (passive replies only)."""
    token: str
    """Signs the platform's requests."""
    ciphers: tuple[MessageCipher, ...]
    """The present key and the one before; none in plain mode."""
    only_encrypted: bool
    """True when plain requests are refused."""
    api: str
    """URL of the API."""
    desk: bool = False
    """True when people who ask for a person are given to the platform's own desk."""
    notice: Template | None = None
    """The subscription notice for who has not written for long."""
    template: Template | None = None
    """The template message for the same."""

    @classmethod
    def from_settings(cls, using: Settings) -> Account | None:
        """Return the configured account, None when there is none.

        Raises ValueError when it is configured in part or with a wrong key.
        """
        if not using.wechat_app_id:
            return None
        if not using.wechat_token:
            raise ValueError("JIUYE_WECHAT_TOKEN is missing")
        if using.wechat_mode not in ("any", "safe"):
            raise ValueError("JIUYE_WECHAT_MODE is any or safe")
        keys = [key for key in (using.wechat_aes_key, using.wechat_old_aes_key) if key]
        if using.wechat_mode == "safe" and not keys:
            raise ValueError("JIUYE_WECHAT_MODE=safe needs JIUYE_WECHAT_AES_KEY")
        return cls(
            using.wechat_app_id,
            using.wechat_secret,
            using.wechat_token,
            tuple(MessageCipher(key, using.wechat_app_id) for key in keys),
            using.wechat_mode == "safe",
            using.wechat_api.rstrip("/"),
            using.wechat_desk == "1",
            _template("JIUYE_WECHAT_NOTICE", using.wechat_notice),
            _template("JIUYE_WECHAT_TEMPLATE", using.wechat_template),
        )


def _template(name: str, value: str) -> Template | None:
    if not value:
        return None
    template_id, _, name_of_field = value.partition(":")
    if not template_id or not name_of_field:
        raise ValueError(f"{name} needs the template's id and its field: AbC:thing1")
    return Template(template_id, name_of_field)
