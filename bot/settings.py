"""Settings, read once from the environment; `python -m bot settings` prints them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path

#: The project's folder: data/, models/ and the Rasa files stand beside the package.
ROOT = Path(__file__).resolve().parent.parent


def _setting(variable: str, default: str, meaning: str, secret: bool = False) -> str:
    return field(
        default=default,
        metadata={"variable": variable, "meaning": meaning, "secret": secret},
    )


@dataclass(frozen=True)
class Settings:
    """Everything an installer may set. Each field names its environment variable."""

    database_url: str = _setting(
        "DATABASE_URL",
        f"sqlite:///{ROOT / 'var' / 'jiuye.db'}",
        "the database: SQLite by default, or postgresql+psycopg2://user:password@host/name",
        secret=True,
    )
    redis_url: str = _setting(
        "JIUYE_REDIS_URL",
        "",
        "locks that several workers share, e.g. redis://127.0.0.1:6379/0; needed by --workers",
        secret=True,
    )
    workers: str = _setting(
        "JIUYE_WORKERS", "1", "processes that answer on one port; `serve --workers` sets it"
    )
    remembered_texts: str = _setting(
        "JIUYE_REMEMBERED_TEXTS", "2000", "short texts whose meaning stays in memory; 0: none"
    )
    host: str = _setting("JIUYE_HOST", "127.0.0.1", "the address the bot listens on")
    port: str = _setting("JIUYE_PORT", "5005", "the port of the bot and its web page")
    action_port: str = _setting("JIUYE_ACTION_PORT", "5055", "the port of the action server")
    data_dir: str = _setting("JIUYE_DATA", str(ROOT / "data"), "policies, vocabulary, demo data")
    model_dir: str = _setting("JIUYE_MODELS", str(ROOT / "models"), "trained models")
    home_region: str = _setting(
        "JIUYE_REGION", "210000", "GB/T 2260 code of the place this installation serves"
    )
    secret: str = _setting(
        "JIUYE_SECRET",
        "",
        "signs web sessions; default: a random one kept in var/secret",
        secret=True,
    )
    push_quiet: str = _setting(
        "JIUYE_PUSH_QUIET", "21-8", "hours of the night, China's time, in which nothing is pushed"
    )
    push_weekly: str = _setting(
        "JIUYE_PUSH_WEEKLY", "5", "most digests of new postings that one person gets in 7 days"
    )
    production: str = _setting(
        "JIUYE_PRODUCTION", "", "1: faces a network; the REST channel stays shut"
    )
    wechat_app_id: str = _setting(
        "JIUYE_WECHAT_APPID", "", "the official account; the channel opens when it is set"
    )
    wechat_secret: str = _setting(
        "JIUYE_WECHAT_SECRET", "", "the account's AppSecret, for calls of the API", secret=True
    )
    wechat_token: str = _setting(
        "JIUYE_WECHAT_TOKEN", "", "the token that signs the platform's requests", secret=True
    )
    wechat_aes_key: str = _setting(
        "JIUYE_WECHAT_AES_KEY", "", "EncodingAESKey of the compatible and safe modes", secret=True
    )
    wechat_old_aes_key: str = _setting(
        "JIUYE_WECHAT_OLD_AES_KEY",
        "",
        "the key before, still taken while it is changed",
        secret=True,
    )
    wechat_mode: str = _setting(
        "JIUYE_WECHAT_MODE", "any", "any, or safe: what is not encrypted is refused"
    )
    wechat_api: str = _setting(
        "JIUYE_WECHAT_API", "https://api.weixin.qq.com", "where the platform's API is called"
    )
    sms_sendsms: str = _setting(
        "JIUYE_SMS_SENDSMS",
        "",
        "Kannel's sendsms, e.g. http://127.0.0.1:13013/cgi-bin/sendsms; opens the channel",
    )
    sms_user: str = _setting("JIUYE_SMS_USER", "bot", "user of sendsms")
    sms_password: str = _setting("JIUYE_SMS_PASSWORD", "", "password of sendsms", secret=True)
    sms_key: str = _setting(
        "JIUYE_SMS_KEY", "", "what Kannel must bring along in the URLs it calls", secret=True
    )
    sms_number: str = _setting("JIUYE_SMS_NUMBER", "", "the number we send from")
    sms_signature: str = _setting(
        "JIUYE_SMS_SIGNATURE", "", "the registered signature, without its brackets 【】"
    )
    sms_stop: str = _setting("JIUYE_SMS_STOP", "退订回T", "how to stop, at the end of pushes")
    sms_callback: str = _setting(
        "JIUYE_SMS_CALLBACK", "", "our address as Kannel sees it; default: host and port above"
    )
    sms_status: str = _setting(
        "JIUYE_SMS_STATUS", "", "Kannel's status page, e.g. http://127.0.0.1:13000/status.xml"
    )
    sms_status_password: str = _setting(
        "JIUYE_SMS_STATUS_PASSWORD", "", "password of the status page", secret=True
    )
    sources_file: str = _setting(
        "JIUYE_SOURCES",
        str(ROOT / "data" / "sources.yml"),
        "the list of sources of postings",
    )
    office_hours: str = _setting(
        "JIUYE_OFFICE_HOURS",
        "1-5 8:30-17:00",
        "when counsellors are at the desk: days of the week, Monday is 1, and hours",
    )
    web_origins: str = _setting(
        "JIUYE_WEB_ORIGINS",
        "",
        "other sites that may show the widget, e.g. https://rst.example.gov.cn, by commas",
    )
    demo_site: str = _setting(
        "JIUYE_DEMO_SITE", "", "1: an invented city's site with the widget on it, at /demo/"
    )
    desk_silence: str = _setting(
        "JIUYE_DESK_SILENCE",
        "4",
        "office hours without a word of the counsellor after which a ticket waits again; 0: never",
    )
    wechat_desk: str = _setting(
        "JIUYE_WECHAT_DESK", "", "1: hand-off goes to the platform's own customer service"
    )
    wechat_notice: str = _setting(
        "JIUYE_WECHAT_NOTICE",
        "",
        "subscription notice that says that something waits: ID of the template:its field (thing1)",
    )
    wechat_template: str = _setting(
        "JIUYE_WECHAT_TEMPLATE", "", "template message for the same, when the notice is refused"
    )
    log_level: str = _setting("JIUYE_LOG_LEVEL", "WARNING", "how much is logged")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings from the variables that are set, the defaults for the rest.

        A secret may stand in a file instead, which VARIABLE_FILE names.
        """
        given = {}
        for about in fields(cls):
            variable = about.metadata["variable"]
            file = environment.get(f"{variable}_FILE") if about.metadata["secret"] else None
            value = environment.get(variable) or (Path(file).read_text().strip() if file else "")
            if value:
                given[about.name] = value
        return cls(**given)

    @property
    def data(self) -> Path:
        """The data folder as a path."""
        return Path(self.data_dir)

    @property
    def models(self) -> Path:
        """The folder of trained models as a path."""
        return Path(self.model_dir)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings.from_environment()
