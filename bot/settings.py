"""Settings, read once from the environment; `python -m bot settings` prints them."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from bot import setting_checks as checks
from bot.caches import process_cache
from bot.setting_checks import Check

#: The project's folder: data/, models/ and the Rasa files stand beside the package.
ROOT = Path(__file__).resolve().parent.parent


def _setting(
    variable: str, default: str, meaning: str, secret: bool = False, check: Check | None = None
) -> str:
    return field(
        default=default,
        metadata={"variable": variable, "meaning": meaning, "secret": secret, "check": check},
    )


class SettingErrors(ValueError):
    """Settings that cannot be used: a sentence for each, without the value of a secret."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """Everything an installer may set. Each field names its environment variable."""

    database_url: str = _setting(
        "DATABASE_URL",
        f"sqlite:///{ROOT / 'var' / 'jiuye.db'}",
        "the database: SQLite by default, or postgresql+psycopg2://user:password@host/name",
        secret=True,
        check=checks.database_url,
    )
    redis_url: str = _setting(
        "JIUYE_REDIS_URL",
        "",
        "locks that several workers share, e.g. redis://127.0.0.1:6379/0; needed by --workers",
        secret=True,
        check=checks.redis_url,
    )
    workers: str = _setting(
        "JIUYE_WORKERS",
        "1",
        "processes that answer on one port; `serve --workers` sets it",
        check=checks.whole_number(1, 64),
    )
    remembered_texts: str = _setting(
        "JIUYE_REMEMBERED_TEXTS",
        "2000",
        "short texts whose meaning stays in memory; 0: none",
        check=checks.whole_number(0, 1_000_000),
    )
    host: str = _setting("JIUYE_HOST", "127.0.0.1", "the address the bot listens on")
    port: str = _setting(
        "JIUYE_PORT", "5005", "the port of the bot and its web page", check=checks.port
    )
    action_port: str = _setting(
        "JIUYE_ACTION_PORT", "5055", "the port of the action server", check=checks.port
    )
    status_host: str = _setting(
        "JIUYE_STATUS_HOST", "127.0.0.1", "the address of /health and /metrics"
    )
    status_port: str = _setting(
        "JIUYE_STATUS_PORT",
        "",
        "the port of /health and /metrics; none: not served",
        check=checks.port,
    )
    data_dir: str = _setting(
        "JIUYE_DATA", str(ROOT / "data"), "policies, vocabulary, demo data", check=checks.folder
    )
    model_dir: str = _setting("JIUYE_MODELS", str(ROOT / "models"), "trained models")
    home_region: str = _setting(
        "JIUYE_REGION", "210000", "GB/T 2260 code of the place this installation serves"
    )
    secret: str = _setting(
        "JIUYE_SECRET",
        "",
        "signs web sessions, encrypts what is kept of people; default: one kept in var/secret",
        secret=True,
    )
    old_secret: str = _setting(
        "JIUYE_OLD_SECRET", "", "the secret before, while it is being replaced", secret=True
    )
    cipher: str = _setting(
        "JIUYE_CIPHER",
        "aes-256-gcm",
        "encrypts what is kept of people: aes-256-gcm or sm4-gcm",
        check=checks.cipher,
    )
    old_cipher: str = _setting(
        "JIUYE_OLD_CIPHER",
        "",
        "the cipher before, while it is being replaced",
        check=checks.cipher,
    )
    people_key: str = _setting(
        "JIUYE_PEOPLE_KEY",
        "",
        "seals names and numbers of the office's record, the newest first, by commas; default: a"
        " random one kept in var/people.key",
        secret=True,
    )
    duties: str = _setting(
        "JIUYE_DUTIES",
        "",
        "folders of duty files that the office has set itself, beside data/duties, by commas",
    )
    console_host: str = _setting(
        "JIUYE_CONSOLE_HOST", "127.0.0.1", "the address of the counsellors' console"
    )
    console_port: str = _setting(
        "JIUYE_CONSOLE_PORT",
        "",
        "the port of the counsellors' console; none: not served, with --demo the bot's next one",
        check=checks.port,
    )
    push_quiet: str = _setting(
        "JIUYE_PUSH_QUIET",
        "21-8",
        "hours of the night, China's time, in which nothing is pushed",
        check=checks.quiet_hours,
    )
    push_weekly: str = _setting(
        "JIUYE_PUSH_WEEKLY",
        "5",
        "most digests of new postings that one person gets in 7 days",
        check=checks.whole_number(0, 100),
    )
    production: str = _setting(
        "JIUYE_PRODUCTION", "", "1: faces a network; the REST channel stays shut", check=checks.flag
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
        "JIUYE_WECHAT_AES_KEY",
        "",
        "EncodingAESKey of the compatible and safe modes",
        secret=True,
        check=checks.aes_key,
    )
    wechat_old_aes_key: str = _setting(
        "JIUYE_WECHAT_OLD_AES_KEY",
        "",
        "the key before, still taken while it is changed",
        secret=True,
        check=checks.aes_key,
    )
    wechat_mode: str = _setting(
        "JIUYE_WECHAT_MODE",
        "any",
        "any, or safe: what is not encrypted is refused",
        check=checks.choice("any", "safe"),
    )
    wechat_api: str = _setting(
        "JIUYE_WECHAT_API",
        "https://api.weixin.qq.com",
        "where the platform's API is called",
        check=checks.url("https", "http"),
    )
    sms_sendsms: str = _setting(
        "JIUYE_SMS_SENDSMS",
        "",
        "Kannel's sendsms, e.g. http://127.0.0.1:13013/cgi-bin/sendsms; opens the channel",
        check=checks.url("http", "https"),
    )
    sms_user: str = _setting("JIUYE_SMS_USER", "bot", "user of sendsms")
    sms_password: str = _setting("JIUYE_SMS_PASSWORD", "", "password of sendsms", secret=True)
    sms_key: str = _setting(
        "JIUYE_SMS_KEY", "", "what Kannel must bring along in the URLs it calls", secret=True
    )
    warning_key: str = _setting(
        "JIUYE_WARNING_KEY",
        "",
        "the key by which identity numbers of filings become codes: 32 characters or more",
        secret=True,
        check=checks.long_key,
    )
    sms_number: str = _setting("JIUYE_SMS_NUMBER", "", "the number we send from")
    sms_signature: str = _setting(
        "JIUYE_SMS_SIGNATURE", "", "the registered signature, without its brackets 【】"
    )
    sms_stop: str = _setting("JIUYE_SMS_STOP", "退订回T", "how to stop, at the end of pushes")
    sms_callback: str = _setting(
        "JIUYE_SMS_CALLBACK",
        "",
        "our address as Kannel sees it; default: host and port above",
        check=checks.url("http", "https"),
    )
    sms_status: str = _setting(
        "JIUYE_SMS_STATUS",
        "",
        "Kannel's status page, e.g. http://127.0.0.1:13000/status.xml",
        check=checks.url("http", "https"),
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
        "when counsellors are at the desk: days of the week, Monday is 1, and hours, by commas",
        check=checks.office_hours,
    )
    web_origins: str = _setting(
        "JIUYE_WEB_ORIGINS",
        "",
        "other sites that may show the widget, e.g. https://rst.example.gov.cn, by commas",
        check=checks.origins,
    )
    demo_site: str = _setting(
        "JIUYE_DEMO_SITE",
        "",
        "1: an invented city's site with the widget on it, at /demo/",
        check=checks.flag,
    )
    desk_silence: str = _setting(
        "JIUYE_DESK_SILENCE",
        "4",
        "office hours without a word of the counsellor after which a ticket waits again; 0: never",
        check=checks.hours,
    )
    wechat_desk: str = _setting(
        "JIUYE_WECHAT_DESK",
        "",
        "1: hand-off goes to the platform's own customer service",
        check=checks.flag,
    )
    wechat_notice: str = _setting(
        "JIUYE_WECHAT_NOTICE",
        "",
        "subscription notice that says that something waits: ID of the template:its field (thing1)",
        check=checks.template,
    )
    wechat_template: str = _setting(
        "JIUYE_WECHAT_TEMPLATE",
        "",
        "template message for the same, when the notice is refused",
        check=checks.template,
    )
    backups: str = _setting(
        "JIUYE_BACKUPS", "", "the folder of backups: those too old are deleted once a day"
    )
    backup_days: str = _setting(
        "JIUYE_BACKUP_DAYS",
        "30",
        "days after which a backup in that folder is deleted; the latest one stays",
        check=checks.whole_number(1, 3650),
    )
    traces: str = _setting(
        "JIUYE_TRACES",
        str(ROOT / "var"),
        "folders of logs and queues in which `privacy prove-erased` looks, by commas",
    )
    log_level: str = _setting(
        "JIUYE_LOG_LEVEL", "WARNING", "how much is logged", check=checks.log_level
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings from the variables that are set, the defaults for the rest.

        A secret may stand in a file instead, which VARIABLE_FILE names. Raises SettingErrors when
        such a file cannot be read.
        """
        values = {}
        for setting in fields(cls):
            variable = setting.metadata["variable"]
            file = environment.get(f"{variable}_FILE") if setting.metadata["secret"] else None
            value = environment.get(variable) or (_read(f"{variable}_FILE", file) if file else "")
            if value:
                values[setting.name] = value
        return cls(**values)

    def check(self) -> None:
        """Raise SettingErrors when a setting cannot be used; every one that is wrong is named."""
        faults = []
        for setting in fields(self):
            value, check = getattr(self, setting.name), setting.metadata["check"]
            if not value or check is None:
                continue
            try:
                check(value)
            except ValueError as needed:
                problem = "cannot be used" if setting.metadata["secret"] else f"is {value!r}"
                faults.append(f"{setting.metadata['variable']} {problem}: needed is {needed}")
        faults += self._faults_together()
        if faults:
            raise SettingErrors(faults)

    def _faults_together(self) -> Iterator[str]:
        """Yield what is wrong of settings that need each other."""
        regions = self.data / "vocab" / "regions.csv"
        if regions.is_file() and self.home_region not in _codes(regions):
            yield f"JIUYE_REGION is {self.home_region!r}: needed is a GB/T 2260 code, like 210000"
        if self.wechat_app_id and not self.wechat_token:
            yield "JIUYE_WECHAT_TOKEN is missing: JIUYE_WECHAT_APPID opens a channel signed by it"
        keys = self.wechat_aes_key or self.wechat_old_aes_key
        if self.wechat_app_id and self.wechat_mode == "safe" and not keys:
            yield "JIUYE_WECHAT_AES_KEY is missing: JIUYE_WECHAT_MODE=safe needs it"
        local = self.host in ("127.0.0.1", "::1", "localhost")
        if self.sms_sendsms and not self.sms_key and not local:
            yield "JIUYE_SMS_KEY is missing: anybody could send in a person's name"

    @property
    def data(self) -> Path:
        """The data folder as a path."""
        return Path(self.data_dir)

    @property
    def models(self) -> Path:
        """The folder of trained models as a path."""
        return Path(self.model_dir)


def _read(variable: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as wrong:
        why = getattr(wrong, "strerror", None) or "it is no text"
        raise SettingErrors([f"{variable} is {file!r}, which cannot be read: {why}"]) from wrong


def _codes(regions: Path) -> set[str]:
    with regions.open(encoding="utf-8", newline="") as rows:
        return {row["code"] for row in csv.DictReader(rows)}


@process_cache(size=1)
def settings() -> Settings:
    """Return the settings of this process. Raises SettingErrors when one cannot be used."""
    using = Settings.from_environment()
    using.check()
    return using
