"""Settings: their types, texts, errors, and secrets that are shown nowhere."""

from __future__ import annotations

import copy
import json
import logging
import traceback
from dataclasses import asdict, astuple
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.backup.manifest import public_settings
from bot.setting_parsers import working_week
from bot.setting_types import (
    DatabaseUrl,
    HourSpan,
    MessageTemplate,
    Period,
    Secret,
    WorkingWeek,
)
from bot.settings import ROOT, SettingErrors, Settings, setting_fields, settings

AES_KEY = "k" * 43
#: A text for each field and the value that it is read as.
READ: dict[str, tuple[str, Any]] = {
    "database_url": ("sqlite:////x/y.db", DatabaseUrl("sqlite:////x/y.db")),
    "redis_url": ("redis://:geheim@h:1/0", Secret("redis://:geheim@h:1/0")),
    "workers": ("2", 2),
    "remembered_texts": ("0", 0),
    "host": ("0.0.0.0", "0.0.0.0"),
    "port": ("8080", 8080),
    "action_port": ("8081", 8081),
    "status_host": ("::1", "::1"),
    "status_port": ("8082", 8082),
    "data": (str(ROOT / "data"), ROOT / "data"),
    "models": ("/x/models", Path("/x/models")),
    "home_region": ("210200", "210200"),
    "secret": ("geheim", Secret("geheim")),
    "old_secret": ("geheim", Secret("geheim")),
    "cipher": ("aes-256-gcm", "aes-256-gcm"),
    "old_cipher": ("aes-256-gcm", "aes-256-gcm"),
    "people_keys": ("new, old ,", (Secret("new"), Secret("old"))),
    "duties": (" /a/b, c,", (Path("/a/b"), Path("c"))),
    "console_host": ("::", "::"),
    "console_port": ("8083", 8083),
    "push_quiet": ("0 - 8", HourSpan(0, 8)),
    "push_weekly": ("007", 7),
    "production": ("1", True),
    "wechat_app_id": ("wx1", "wx1"),
    "wechat_secret": ("geheim", Secret("geheim")),
    "wechat_token": ("geheim", Secret("geheim")),
    "wechat_aes_key": (AES_KEY, Secret(AES_KEY)),
    "wechat_old_aes_key": (AES_KEY, Secret(AES_KEY)),
    "wechat_mode": ("safe", "safe"),
    "wechat_api": ("http://h:1/", "http://h:1"),
    "sms_sendsms": ("http://h/cgi-bin/sendsms", "http://h/cgi-bin/sendsms"),
    "sms_user": ("anna", "anna"),
    "sms_password": ("geheim", Secret("geheim")),
    "sms_key": ("geheim", Secret("geheim")),
    "warning_key": ("g" * 32, Secret("g" * 32)),
    "sms_number": ("10690", "10690"),
    "sms_signature": ("【辽宁就业】", "辽宁就业"),
    "sms_stop": ("TD", "TD"),
    "sms_callback": ("http://h:1/", "http://h:1"),
    "sms_status": ("http://h/status.xml", "http://h/status.xml"),
    "sms_status_password": ("geheim", Secret("geheim")),
    "sources_file": ("/x/s.yml", Path("/x/s.yml")),
    "office_hours": (
        "1-6 8:30-11:30, 13:00-17:00",
        WorkingWeek(1, 6, (Period(time(8, 30), time(11, 30)), Period(time(13), time(17)))),
    ),
    "web_origins": ("https://a.cn/, http://b:1", ("https://a.cn", "http://b:1")),
    "demo_site": ("0", False),
    "desk_silence": ("0.50", 0.5),
    "wechat_desk": ("1", True),
    "wechat_notice": ("AbC:thing1", MessageTemplate("AbC", "thing1")),
    "wechat_template": ("AbC:thing:1", MessageTemplate("AbC", "thing:1")),
    "backups": ("/x/backups", Path("/x/backups")),
    "backup_days": ("7", 7),
    "traces": ("/a,/b", (Path("/a"), Path("/b"))),
    "log_level": ("debug", "DEBUG"),
}
VARIABLES = {setting.name: setting.metadata["variable"] for setting in setting_fields()}
SECRETS = [setting.name for setting in setting_fields() if setting.metadata["secret"]]
EVERYTHING = {VARIABLES[name]: text for name, (text, _) in READ.items()}
#: Secrets that occur in no other setting.
HIDDEN = {
    VARIABLES[name]: f"geheim-{name}-{'x' * 40}"
    for name in SECRETS
    if name not in ("database_url", "redis_url", "wechat_aes_key", "wechat_old_aes_key")
} | {
    "DATABASE_URL": "postgresql+psycopg2://u:geheim-database@db/jiuye",
    "JIUYE_REDIS_URL": "redis://:geheim-redis@h:1/0",
    "JIUYE_WECHAT_AES_KEY": "geheim0" + "a" * 36,
    "JIUYE_WECHAT_OLD_AES_KEY": "geheim1" + "b" * 36,
}


def _refused(**environment: str) -> list[str]:
    with pytest.raises(SettingErrors) as refused:
        Settings.from_environment(environment)
    assert refused.value.__cause__ is None
    assert str(refused.value) == "\n".join(refused.value.faults)
    return refused.value.faults


def _with(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> str:
    """Return what `python -m bot settings` prints."""
    from bot.__main__ import app

    for variable, text in environment.items():
        monkeypatch.setenv(variable, text)
    settings.cache_clear()
    try:
        return CliRunner().invoke(app, ["settings"], env={"COLUMNS": "300"}).output
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_what_is_set_in_the_environment_wins_over_the_default() -> None:
    read = Settings.from_environment({"JIUYE_PORT": "8080", "DATABASE_URL": ""})
    assert read.port == 8080
    assert read.database_url == Settings().database_url


def test_a_secret_may_stand_in_a_file_and_nothing_else_may(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("geheim\n")
    read = Settings.from_environment(
        {"JIUYE_WECHAT_TOKEN_FILE": str(file), "JIUYE_PORT_FILE": str(file)}
    )
    assert read.wechat_token == Secret("geheim")
    assert read.port == Settings().port


def test_every_setting_stands_in_the_docs() -> None:
    documented = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    for setting in setting_fields():
        assert setting.metadata["variable"] in documented


@pytest.mark.parametrize("name", VARIABLES)
def test_each_setting_is_read_as_its_type(name: str) -> None:
    text, value = READ[name]
    alone = {"JIUYE_SMS_KEY": "k", "JIUYE_WECHAT_TOKEN": "t"} if name not in SECRETS else {}
    read = getattr(Settings.from_environment({**alone, VARIABLES[name]: text}), name)
    assert (type(read), read) == (type(value), value)


def test_the_defaults_are_what_their_texts_are_read_as() -> None:
    assert Settings.from_environment({}) == Settings()
    for setting in setting_fields():
        text = Settings().text(setting.name)
        unset = (None, False, ())
        assert (setting.metadata["parse"](text) if text else None) == setting.default or (
            not text and setting.default in unset
        )


def test_texts_are_kept_as_they_were_written() -> None:
    read = Settings.from_environment(EVERYTHING)
    for setting in setting_fields():
        if setting.name not in SECRETS:
            assert read.text(setting.name) == READ[setting.name][0]
    public = public_settings(read)
    assert (public["JIUYE_PUSH_WEEKLY"], public["JIUYE_DEMO_SITE"]) == ("007", "0")
    assert not public.keys() & {VARIABLES[name] for name in SECRETS}


def test_the_command_prints_what_the_environment_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _with(monkeypatch, {"JIUYE_DESK_SILENCE": "4.50", "JIUYE_LOG_LEVEL": "error"})
    rows = {cells[1].strip(): cells[2].strip() for line in shown.splitlines()
            if len(cells := line.split("│")) > 3}  # fmt: skip
    assert rows["JIUYE_DESK_SILENCE"] == "4.50"
    assert rows["JIUYE_LOG_LEVEL"] == "error"
    assert rows["JIUYE_BACKUP_DAYS"] == "30"
    assert rows["JIUYE_PUSH_QUIET"] == "21-8"
    assert rows["JIUYE_OFFICE_HOURS"] == "1-5 8:30-17:00"
    assert rows["JIUYE_STATUS_PORT"] == rows["JIUYE_PRODUCTION"] == rows["JIUYE_DUTIES"] == ""


@pytest.mark.parametrize(
    ("variable", "text", "needed"),
    [
        ("JIUYE_PORT", "0", "a whole number from 1 to 65535"),
        ("JIUYE_PORT", "５００５", "a whole number from 1 to 65535"),
        ("JIUYE_BACKUP_DAYS", "+7", "a whole number from 1 to 3650"),
        ("JIUYE_PRODUCTION", "yes", "1, or 0 for no"),
        ("JIUYE_DESK_SILENCE", "-1", "a number of hours, like 4 or 0.5"),
        ("JIUYE_WECHAT_MODE", "foo", "any or safe"),
        ("JIUYE_LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING, ERROR or CRITICAL"),
        ("JIUYE_SMS_STATUS", "http://h:x", "an address like http://host:port/…"),
        ("JIUYE_WECHAT_API", "h", "an address like https://host:port/…"),
        ("JIUYE_DATA", "/none", "a folder that is there"),
        ("JIUYE_WECHAT_NOTICE", "AbC", "the template's id and its field, like AbC:thing1"),
        ("JIUYE_REGION", "999999", "a GB/T 2260 code, like 210000"),
        ("JIUYE_WEB_ORIGINS", "https://a/b",
         "addresses without a path by commas, like https://rst.example.gov.cn"),
        *(("JIUYE_PUSH_QUIET", text, "two hours from 0 to 23, like 21-8")
          for text in ("21", "21-24", "8-8", "21:00-8:00", "-1-5", "a-b")),
        *(("JIUYE_OFFICE_HOURS", text, "days and hours, like 1-5 8:30-17:00")
          for text in ("5-1 8:30-17:00", "1-5 17:00-8:30", "1-5 8:30-25:00", "1-5 8:30-11:30,",
                       "1-5 13:00-17:00,8:30-11:30", "1-5 8:30-13:00,12:00-17:00",
                       "1-5 8:30-24:01", "1-5 8:30-17:00 +sundays")),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_with_what_is_needed(
    variable: str, text: str, needed: str
) -> None:
    assert _refused(**{variable: text}) == [f"{variable} is {text!r}: needed is {needed}"]


@pytest.mark.parametrize("text", ["1-7 0:00-24:00 +holidays", "1-5 8:30-11:30,13:00-24:00"])
def test_a_working_week_is_shown_as_it_is_written(text: str) -> None:
    assert str(working_week(text)) == text


def test_every_fault_is_named_at_once_and_no_secret_is() -> None:
    faults = _refused(
        DATABASE_URL="geheim://u:geheim@h", JIUYE_REDIS_URL="geheim:x", JIUYE_WARNING_KEY="geheim",
        JIUYE_WECHAT_AES_KEY="geheim", JIUYE_PORT="x", JIUYE_HOST="0.0.0.0",
        JIUYE_SMS_SENDSMS="kannel", JIUYE_WECHAT_APPID="wx1", JIUYE_WECHAT_MODE="safe",
    )  # fmt: skip
    assert [fault.split()[0] for fault in faults] == [
        "DATABASE_URL", "JIUYE_REDIS_URL", "JIUYE_PORT", "JIUYE_WECHAT_AES_KEY",
        "JIUYE_SMS_SENDSMS", "JIUYE_WARNING_KEY", "JIUYE_WECHAT_TOKEN", "JIUYE_SMS_KEY",
    ]  # fmt: skip
    assert "JIUYE_WARNING_KEY cannot be used: needed is 32 characters or more" in faults
    assert not any("geheim" in fault for fault in faults[1:])
    assert "u:geheim" not in faults[0]


def test_each_secret_is_of_a_type_that_does_not_show_it() -> None:
    read = Settings.from_environment(HIDDEN)
    for name in SECRETS:
        value = getattr(read, name)
        held = value if isinstance(value, tuple) else (value,)
        assert held
        assert all(isinstance(secret, Secret) for secret in held), name
    shown = (
        f"{read} {read!r} {read.people_keys} {read.secret} {copy.deepcopy(read)}"
        f" {asdict(read)} {astuple(read)} {vars(read)}"
    )
    assert "geheim" not in shown
    with pytest.raises(TypeError):
        json.dumps(read.secret)
    with pytest.raises(TypeError):
        _ = "key: " + read.secret  # type: ignore[operator]


def test_secrets_are_equal_by_their_texts_and_give_them_when_asked() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert Secret("a").reveal() == "a"


def test_no_secret_gets_into_a_log(caplog: pytest.LogCaptureFixture) -> None:
    read = Settings.from_environment(HIDDEN)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("bot").warning("%s %r %s", read, read.secret, {"key": read.sms_key})
        try:
            raise ValueError(read.wechat_token, read)
        except ValueError:
            logging.getLogger("bot").exception("with %s", read.people_keys)
    assert "***" in caplog.text
    assert "geheim" not in caplog.text


def test_no_secret_gets_into_a_traceback_even_with_local_variables() -> None:
    using = Settings.from_environment(HIDDEN)
    secret, url = using.secret, using.database_url
    try:
        raise RuntimeError(f"{secret} {url}")
    except RuntimeError as error:
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    text = "".join(shown.format())
    assert "using = Settings(" in text
    assert "geheim" not in text


def test_a_refused_secret_is_in_no_link_of_the_error() -> None:
    with pytest.raises(SettingErrors) as refused:
        Settings.from_environment(
            {"JIUYE_REDIS_URL": "redis://h:geheim", "DATABASE_URL": "postgresql://u@h:geheim/d"}
        )
    shown = "".join(traceback.format_exception(refused.value))
    assert "geheim" not in shown


def test_accounts_of_channels_do_not_show_their_secrets() -> None:
    from bot.channels.sms.gateway import Gateway
    from bot.channels.wechat.account import WeChatAccount

    using = Settings.from_environment(
        {**HIDDEN, "JIUYE_WECHAT_APPID": "wx1", "JIUYE_SMS_SENDSMS": "http://127.0.0.1:1/s"}
    )
    account, gateway = WeChatAccount.from_settings(using), Gateway.from_settings(using)
    assert account is not None
    assert gateway is not None
    assert "geheim" not in f"{account} {gateway}"


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:////x/y.db", Path("/x/y.db")),
        ("sqlite+pysqlite:///y.db?timeout=1", Path("y.db")),
        ("sqlite:///:memory:", None),
        ("sqlite:///file:x.db?uri=true", None),
        ("postgresql+psycopg2://u:p@h/d", None),
    ],
)
def test_the_file_of_a_database(url: str, file: Path | None) -> None:
    assert DatabaseUrl(url).sqlite_file == file
    assert DatabaseUrl(url).is_sqlite is url.startswith("sqlite")


def test_no_secret_is_printed_by_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _with(monkeypatch, HIDDEN)
    assert "geheim" not in shown
    assert "postgresql+psycopg2://u:***@db/jiuye" in shown
    assert "redis://:***@h:1/0" in shown
    assert shown.count("│ *** ") == len(SECRETS) - 2


def test_a_data_file_is_one_path_however_often_it_is_asked_for(tmp_path: Path) -> None:
    here, there = Settings(), Settings(data=tmp_path)
    assert here.data_file("vocab", "regions.csv") is here.data_file("vocab", "regions.csv")
    assert here.data_file("vocab", "regions.csv") == here.data / "vocab" / "regions.csv"
    assert there.data_file("vocab", "regions.csv") == tmp_path / "vocab" / "regions.csv"
