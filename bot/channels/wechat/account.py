"""The official account as the settings describe it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.wechat.crypto import MessageCipher
from bot.setting_types import MessageTemplate, Secret, Url
from bot.settings import Settings


@dataclass(frozen=True)
class WeChatAccount:
    """Settings of the connection to the platform."""

    app_id: str
    secret: Secret | None
    """AppSecret; None when the API is not called (passive replies only)."""
    token: Secret
    """Signs the platform's requests."""
    ciphers: tuple[MessageCipher, ...]
    """The present key and the one before; none in plain mode."""
    only_encrypted: bool
    """True when plain requests are refused."""
    api: Url
    """URL of the API."""
    desk: bool = False
    """True when people who ask for a person are given to the platform's own desk."""
    notice: MessageTemplate | None = None
    """The subscription notice for who has not written for long."""
    template: MessageTemplate | None = None
    """The template message for the same."""

    @classmethod
    def from_settings(cls, using: Settings) -> WeChatAccount | None:
        """Return the configured account, None when there is none.

        The settings see to it that it is complete.
        """
        if using.wechat_app_id is None or using.wechat_token is None:
            return None
        keys = [key for key in (using.wechat_aes_key, using.wechat_old_aes_key) if key]
        return cls(
            using.wechat_app_id,
            using.wechat_secret,
            using.wechat_token,
            tuple(MessageCipher(key.reveal(), using.wechat_app_id) for key in keys),
            using.wechat_mode == "safe",
            using.wechat_api,
            using.wechat_desk,
            using.wechat_notice,
            using.wechat_template,
        )
