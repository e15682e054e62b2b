"""Settings, read once from the environment; `python -m bot settings` prints them."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TypeVar

from bot import setting_parsers as parsers
from bot.caches import process_cache
from bot.setting_parsers import Parser
from bot.setting_types import DatabaseUrl, HourSpan, MessageTemplate, Secret, Url, WorkingWeek

#: The project's folder: data/, models/ and the Rasa files stand beside the package.
ROOT = Path(__file__).resolve().parent.parent
#: Hosts that nobody else reaches.
_LOCAL_HOSTS = ("127.0.0.1", "::1", "localhost")

T = TypeVar("T")


def _setting(
    variable: str, default: T, parse: Parser[T], meaning: str, *, secret: bool = False
) -> T:
    metadata = {"variable": variable, "meaning": meaning, "secret": secret, "parse": parse}
    value: T = field(default=default, metadata=metadata)
    return value


class SettingErrors(ValueError):
    """Settings that cannot be used: a sentence for each, without the value of a secret."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """Everything an installer may set. Each field names its environment variable."""

    database_url: DatabaseUrl = _setting(
        "DATABASE_URL",
        DatabaseUrl(f"sqlite:///{ROOT / 'var' / 'jiuye.db'}"),
        parsers.database_url,
        "the database: SQLite by default, or postgresql+psycopg2://user:password@host/name",
        secret=True,
    )
    redis_url: Secret | None = _setting(
        "JIUYE_REDIS_URL",
        None,
        parsers.redis_url,
        "locks and limits that workers share, e.g. redis://127.0.0.1:6379/0; needed by --workers",
        secret=True,
    )
    workers: int = _setting(
        "JIUYE_WORKERS",
        1,
        parsers.whole_number(1, 64),
        "processes that answer on one port; `serve --workers` sets it",
    )
    remembered_texts: int = _setting(
        "JIUYE_REMEMBERED_TEXTS",
        2000,
        parsers.whole_number(0, 1_000_000),
        "short texts whose meaning stays in memory; 0: none",
    )
    host: str = _setting("JIUYE_HOST", "127.0.0.1", parsers.plain, "the address the bot listens on")
    port: int = _setting("JIUYE_PORT", 5005, parsers.port, "the port of the bot and its web page")
    action_port: int = _setting(
        "JIUYE_ACTION_PORT", 5055, parsers.port, "the port of the action server"
    )
    status_host: str = _setting(
        "JIUYE_STATUS_HOST", "127.0.0.1", parsers.plain, "the address of /health and /metrics"
    )
    status_port: int | None = _setting(
        "JIUYE_STATUS_PORT",
        None,
        parsers.port,
        "the port of /health and /metrics; none: not served",
    )
    data: Path = _setting(
        "JIUYE_DATA", ROOT / "data", parsers.folder, "policies, vocabulary, demo data"
    )
    models: Path = _setting("JIUYE_MODELS", ROOT / "models", Path, "trained models")
    home_region: str = _setting(
        "JIUYE_REGION",
        "210000",
        parsers.plain,
        "GB/T 2260 code of the place this installation serves",
    )
    secret: Secret | None = _setting(
        "JIUYE_SECRET",
        None,
        Secret,
        "signs web sessions, encrypts what is kept of people; default: one kept in var/secret",
        secret=True,
    )
    old_secret: Secret | None = _setting(
        "JIUYE_OLD_SECRET",
        None,
        Secret,
        "the secret before, while it is being replaced",
        secret=True,
    )
    cipher: str = _setting(
        "JIUYE_CIPHER",
        "aes-256-gcm",
        parsers.cipher,
        "encrypts what is kept of people: aes-256-gcm or sm4-gcm",
    )
    old_cipher: str | None = _setting(
        "JIUYE_OLD_CIPHER", None, parsers.cipher, "the cipher before, while it is being replaced"
    )
    people_keys: tuple[Secret, ...] = _setting(
        "JIUYE_PEOPLE_KEY",
        (),
        parsers.secrets,
        "seals names and numbers of the office's record, the newest first, by commas; default: a"
        " random one kept in var/people.key",
        secret=True,
    )
    duties: tuple[Path, ...] = _setting(
        "JIUYE_DUTIES",
        (),
        parsers.paths,
        "folders of duty files that the office has set itself, beside data/duties, by commas",
    )
    console_host: str = _setting(
        "JIUYE_CONSOLE_HOST", "127.0.0.1", parsers.plain, "the address of the counsellors' console"
    )
    console_port: int | None = _setting(
        "JIUYE_CONSOLE_PORT",
        None,
        parsers.port,
        "the port of the counsellors' console; none: not served, with --demo the bot's next one",
    )
    push_quiet: HourSpan = _setting(
        "JIUYE_PUSH_QUIET",
        HourSpan(21, 8),
        parsers.hour_span,
        "hours of the night, China's time, in which nothing is pushed",
    )
    push_weekly: int = _setting(
        "JIUYE_PUSH_WEEKLY",
        5,
        parsers.whole_number(0, 100),
        "most digests of new postings that one person gets in 7 days",
    )
    production: bool = _setting(
        "JIUYE_PRODUCTION", False, parsers.flag, "1: faces a network; the REST channel stays shut"
    )
    wechat_app_id: str | None = _setting(
        "JIUYE_WECHAT_APPID",
        None,
        parsers.plain,
        "the official account; the channel opens when it is set",
    )
    wechat_secret: Secret | None = _setting(
        "JIUYE_WECHAT_SECRET",
        None,
        Secret,
        "the account's AppSecret, for calls of the API",
        secret=True,
    )
    wechat_token: Secret | None = _setting(
        "JIUYE_WECHAT_TOKEN",
        None,
        Secret,
        "the token that signs the platform's requests",
        secret=True,
    )
    wechat_aes_key: Secret | None = _setting(
        "JIUYE_WECHAT_AES_KEY",
        None,
        parsers.aes_key,
        "EncodingAESKey of the compatible and safe modes",
        secret=True,
    )
    wechat_old_aes_key: Secret | None = _setting(
        "JIUYE_WECHAT_OLD_AES_KEY",
        None,
        parsers.aes_key,
        "the key before, still taken while it is changed",
        secret=True,
    )
    wechat_mode: Literal["any", "safe"] = _setting(
        "JIUYE_WECHAT_MODE",
        "any",
        parsers.choice("any", "safe"),
        "any, or safe: what is not encrypted is refused",
    )
    wechat_api: Url = _setting(
        "JIUYE_WECHAT_API",
        Url("https://api.weixin.qq.com"),
        parsers.base_url("https", "http"),
        "where the platform's API is called",
    )
    sms_sendsms: Url | None = _setting(
        "JIUYE_SMS_SENDSMS",
        None,
        parsers.url("http", "https"),
        "Kannel's sendsms, e.g. http://127.0.0.1:13013/cgi-bin/sendsms; opens the channel",
    )
    sms_user: str = _setting("JIUYE_SMS_USER", "bot", parsers.plain, "user of sendsms")
    sms_password: Secret | None = _setting(
        "JIUYE_SMS_PASSWORD", None, Secret, "password of sendsms", secret=True
    )
    sms_key: Secret | None = _setting(
        "JIUYE_SMS_KEY",
        None,
        Secret,
        "what Kannel must bring along in the URLs it calls",
        secret=True,
    )
    warning_key: Secret | None = _setting(
        "JIUYE_WARNING_KEY",
        None,
        parsers.long_key,
        "the key by which identity numbers of filings become codes: 32 characters or more",
        secret=True,
    )
    sms_number: str | None = _setting(
        "JIUYE_SMS_NUMBER", None, parsers.plain, "the number we send from"
    )
    sms_signature: str | None = _setting(
        "JIUYE_SMS_SIGNATURE",
        None,
        parsers.signature,
        "the registered signature, without its brackets 【】",
    )
    sms_stop: str = _setting(
        "JIUYE_SMS_STOP", "退订回T", parsers.plain, "how to stop, at the end of pushes"
    )
    sms_callback: Url | None = _setting(
        "JIUYE_SMS_CALLBACK",
        None,
        parsers.base_url("http", "https"),
        "our address as Kannel sees it; default: host and port above",
    )
    sms_status: Url | None = _setting(
        "JIUYE_SMS_STATUS",
        None,
        parsers.url("http", "https"),
        "Kannel's status page, e.g. http://127.0.0.1:13000/status.xml",
    )
    sms_status_password: Secret | None = _setting(
        "JIUYE_SMS_STATUS_PASSWORD", None, Secret, "password of the status page", secret=True
    )
    sources_file: Path = _setting(
        "JIUYE_SOURCES", ROOT / "data" / "sources.yml", Path, "the list of sources of postings"
    )
    office_hours: WorkingWeek = _setting(
        "JIUYE_OFFICE_HOURS",
        WorkingWeek(),
        parsers.working_week,
        "when counsellors are at the desk: days of the week, Monday is 1, and hours, by commas",
    )
    web_origins: tuple[Url, ...] = _setting(
        "JIUYE_WEB_ORIGINS",
        (),
        parsers.origins,
        "other sites that may show the widget, e.g. https://rst.example.gov.cn, by commas",
    )
    demo_site: bool = _setting(
        "JIUYE_DEMO_SITE",
        False,
        parsers.flag,
        "1: an invented city's site with the widget on it, at /demo/",
    )
    desk_silence: float = _setting(
        "JIUYE_DESK_SILENCE",
        4.0,
        parsers.hours,
        "office hours without a word of the counsellor after which a ticket waits again; 0: never",
    )
    wechat_desk: bool = _setting(
        "JIUYE_WECHAT_DESK",
        False,
        parsers.flag,
        "1: hand-off goes to the platform's own customer service",
    )
    wechat_notice: MessageTemplate | None = _setting(
        "JIUYE_WECHAT_NOTICE",
        None,
        parsers.template,
        "subscription notice that says that something waits: ID of the template:its field (thing1)",
    )
    wechat_template: MessageTemplate | None = _setting(
        "JIUYE_WECHAT_TEMPLATE",
        None,
        parsers.template,
        "template message for the same, when the notice is refused",
    )
    backups: Path | None = _setting(
        "JIUYE_BACKUPS", None, Path, "the folder of backups: those too old are deleted once a day"
    )
    backup_days: int = _setting(
        "JIUYE_BACKUP_DAYS",
        30,
        parsers.whole_number(1, 3650),
        "days after which a backup in that folder is deleted; the latest one stays",
    )
    traces: tuple[Path, ...] = _setting(
        "JIUYE_TRACES",
        (ROOT / "var",),
        parsers.paths,
        "folders of logs and queues in which `privacy prove-erased` looks, by commas",
    )
    log_level: str = _setting("JIUYE_LOG_LEVEL", "WARNING", parsers.log_level, "how much is logged")

    _texts: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Texts of the environment by field, as they are printed; of no secret."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings from the variables that are set, the defaults for the rest.

        A secret may stand in a file instead, which VARIABLE_FILE names. Raises SettingErrors: when
        such a file cannot be read, and else with every setting that cannot be used.
        """
        texts: dict[str, str] = {}
        values: dict[str, Any] = {}
        faults: list[str] = []
        for setting in setting_fields():
            text = _environment_text(setting, environment) or _text(setting.default)
            texts[setting.name] = text
            if not text:
                continue
            try:
                values[setting.name] = setting.metadata["parse"](text)
            except ValueError as needed:
                problem = "cannot be used" if setting.metadata["secret"] else f"is {text!r}"
                faults.append(f"{setting.metadata['variable']} {problem}: needed is {needed}")
        faults += _combined_faults(texts)
        if faults:
            raise SettingErrors(faults)
        made = cls(**values)
        made._texts.update(
            (setting.name, texts[setting.name])
            for setting in setting_fields()
            if not setting.metadata["secret"]
        )
        return made

    def text(self, name: str) -> str:
        """Return a field as the environment writes it, also a secret's; empty when unset."""
        return self._texts.get(name) or _text(getattr(self, name))

    def data_file(self, *parts: str) -> Path:
        """Return a path within the data folder by its parts: the same object each time."""
        return _joined(self.data, *parts)


#: A message asks for data files some sixty times: a path costs more to join than to look up.
@process_cache(size=256)
def _joined(folder: Path, *parts: str) -> Path:
    return folder.joinpath(*parts)


def setting_fields() -> Iterator[Field[Any]]:
    """Yield the fields that a variable sets: `variable`, `meaning`, `secret`, `parse`."""
    return (setting for setting in fields(Settings) if setting.metadata)


def _environment_text(setting: Field[Any], environment: Mapping[str, str]) -> str:
    variable = setting.metadata["variable"]
    file = environment.get(f"{variable}_FILE") if setting.metadata["secret"] else None
    return environment.get(variable) or (_read(f"{variable}_FILE", file) if file else "")


def _text(value: object) -> str:
    """Return a value as the environment writes it; its parser reads it back."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, tuple):
        return ",".join(map(_text, value))
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _combined_faults(texts: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong of settings that need each other, whether each can be read or not."""
    regions, region = Path(texts["data"]) / "vocab" / "regions.csv", texts["home_region"]
    if regions.is_file() and region not in _codes(regions):
        yield f"JIUYE_REGION is {region!r}: needed is a GB/T 2260 code, like 210000"
    if texts["wechat_app_id"] and not texts["wechat_token"]:
        yield "JIUYE_WECHAT_TOKEN is missing: JIUYE_WECHAT_APPID opens a channel signed by it"
    keys = texts["wechat_aes_key"] or texts["wechat_old_aes_key"]
    if texts["wechat_app_id"] and texts["wechat_mode"] == "safe" and not keys:
        yield "JIUYE_WECHAT_AES_KEY is missing: JIUYE_WECHAT_MODE=safe needs it"
    if texts["sms_sendsms"] and not texts["sms_key"] and texts["host"] not in _LOCAL_HOSTS:
        yield "JIUYE_SMS_KEY is missing: anybody could send in a person's name"


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
    return Settings.from_environment()
