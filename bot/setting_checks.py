"""Checks of single settings: each raises ValueError with the form that is needed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

#: Returns nothing for a value that can be used.
Check = Callable[[str], None]

#: Databases that migrations and statements are written for, as SQLAlchemy names them.
_DATABASE = re.compile(r"(sqlite|postgresql)(?:\+(\w+))?://")
_DRIVERS = {"sqlite": ("pysqlite",), "postgresql": ("psycopg2",)}
DATABASE_FORM = "sqlite:////folder/file.db or postgresql+psycopg2://user:password@host/name"
#: An EncodingAESKey: 32 bytes in base64 without its last `=`.
_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")


def whole_number(minimum: int, maximum: int) -> Check:
    """Take whole numbers from `minimum` to `maximum`, without sign."""

    def check(value: str) -> None:
        if not (value.isascii() and value.isdigit() and minimum <= int(value) <= maximum):
            raise ValueError(f"a whole number from {minimum} to {maximum}")

    return check


port = whole_number(1, 65535)


def hours(value: str) -> None:
    """Take a number of hours that is not negative."""
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", value, re.ASCII):
        raise ValueError("a number of hours, like 4 or 0.5")


def choice(*choices: str) -> Check:
    """Take one of some words."""

    def check(value: str) -> None:
        if value not in choices:
            raise ValueError(f"{', '.join(choices[:-1])} or {choices[-1]}")

    return check


def cipher(value: str) -> None:
    """Take a cipher that is known and that the OpenSSL in use has."""
    choice("aes-256-gcm", "sm4-gcm")(value)
    # Only where it may be missing: the library costs 20 ms.
    if value == "sm4-gcm":
        from bot.ciphers import is_supported

        if not is_supported(value):
            raise ValueError("an OpenSSL with SM4-GCM and SM3 (3.1 or later, built with them)")


def flag(value: str) -> None:
    """Take 1, or 0 for the same as nothing. Anything else was meant to switch something."""
    if value not in ("0", "1"):
        raise ValueError("1, or 0 for no")


def log_level(value: str) -> None:
    """Take a level of Python's logging."""
    choice("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")(value.upper())


def url(*schemes: str) -> Check:
    """Take URLs of some schemes, with a host and, where one is given, a port."""

    def check(value: str) -> None:
        if not _is_url(value, schemes):
            raise ValueError(f"an address like {schemes[0]}://host:port/…")

    return check


def _is_url(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        return bool(parts.scheme in schemes and parts.hostname and parts.port != 0)
    except ValueError:  # a port that is no number, brackets that are not closed
        return False


def origins(value: str) -> None:
    """Take origins of web pages, separated by commas: scheme, host and port without a path."""
    for origin in (part.strip().rstrip("/") for part in value.split(",")):
        if origin and (not _is_url(origin, ("https", "http")) or urlsplit(origin).path):
            raise ValueError("addresses without a path by commas, like https://rst.example.gov.cn")


def redis_url(value: str) -> None:
    """Take what the client of Redis takes."""
    if not value.startswith("unix:///") and not _is_url(value, ("redis", "rediss")):
        raise ValueError("an address like redis://127.0.0.1:6379/0")


def database_url(value: str) -> None:
    """Take the databases that this project knows, with the drivers that are installed."""
    kind = _DATABASE.match(value)
    if kind is None or (kind[2] and kind[2] not in _DRIVERS[kind[1]]):
        scheme, separator, _ = value.partition("://")
        note = f" ({scheme[:30]} is not known)" if separator else ""
        raise ValueError(f"{DATABASE_FORM}{note}")
    rest = value[kind.end() :]
    if kind[1] == "sqlite":
        if len(rest) < 2 or not rest.startswith("/"):
            raise ValueError(DATABASE_FORM)
        return
    try:
        parts = urlsplit(f"postgresql://{rest}")
        usable = parts.port != 0 and parts.path.strip("/") != ""
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(DATABASE_FORM)


def folder(value: str) -> None:
    """Take a folder that is there."""
    if not Path(value).is_dir():
        raise ValueError("a folder that is there")


def file(value: str) -> None:
    """Take a file that is there."""
    if not Path(value).is_file():
        raise ValueError("a file that is there")


def office_hours(value: str) -> None:
    """Take days of the week and hours."""
    from bot.handoff.errors import OfficeHoursError
    from bot.handoff.office_hours import OfficeHours

    try:
        OfficeHours.read(value)
    except OfficeHoursError:
        raise ValueError("days and hours, like 1-5 8:30-17:00") from None


def quiet_hours(value: str) -> None:
    """Take two hours of the day."""
    from bot.delivery.errors import QuietHoursError
    from bot.delivery.quiet_hours import QuietHours

    try:
        QuietHours.read(value)
    except QuietHoursError:
        raise ValueError("two hours from 0 to 23, like 21-8") from None


def aes_key(value: str) -> None:
    """Take an EncodingAESKey of WeChat's platform."""
    if not _AES_KEY.fullmatch(value):
        raise ValueError(f"the 43 letters and digits of EncodingAESKey ({len(value)} are given)")


def long_key(value: str) -> None:
    """Accept a key of 32 characters or more. Raises ValueError."""
    if len(value) < 32:
        raise ValueError("32 characters or more")


def template(value: str) -> None:
    """Take a template's id and the name of its field."""
    name, _, field = value.partition(":")
    if not name or not field:
        raise ValueError("the template's id and its field, like AbC:thing1")
