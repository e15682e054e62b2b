"""Parsers of single settings: each raises ValueError with the form that is needed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from itertools import pairwise
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from bot.setting_types import (
    DatabaseUrl,
    HourSpan,
    MessageTemplate,
    Period,
    Secret,
    Url,
    WorkingWeek,
)

T = TypeVar("T")
C = TypeVar("C", bound=str)
#: Returns the value of a text.
Parser = Callable[[str], T]

#: Databases that migrations and statements are written for, as SQLAlchemy names them.
_DATABASE = re.compile(r"(sqlite|postgresql)(?:\+(\w+))?://")
_DRIVERS = {"sqlite": ("pysqlite",), "postgresql": ("psycopg2",)}
DATABASE_FORM = "sqlite:////folder/file.db or postgresql+psycopg2://user:password@host/name"
#: An EncodingAESKey: 32 bytes in base64 without its last `=`.
_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_WEEK = re.compile(r"([1-7])-([1-7])\s{1,9}([^\s+][^+]{0,200}?)(?:\s{1,9}(\+holidays))?")
_PERIOD = re.compile(r"\s{0,9}(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)\s{0,9}")
_HOURS = re.compile(r"(\d{1,2})\s{0,9}-\s{0,9}(\d{1,2})")
#: Around a signature of SMS, which gets brackets of its own.
_BRACKETS = "【】[] "


def plain(text: str) -> str:
    """Return a text as it is."""
    return text


def whole_number(minimum: int, maximum: int) -> Parser[int]:
    """Return the parser of whole numbers from `minimum` to `maximum`, without sign."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and minimum <= int(text) <= maximum):
            raise ValueError(f"a whole number from {minimum} to {maximum}")
        return int(text)

    return parse


port = whole_number(1, 65535)


def hours(text: str) -> float:
    """Return a number of hours that is not negative."""
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text, re.ASCII):
        raise ValueError("a number of hours, like 4 or 0.5")
    return float(text)


def choice(*choices: C) -> Parser[C]:
    """Return the parser of some words."""

    def parse(text: str) -> C:
        for word in choices:
            if word == text:
                return word
        raise ValueError(f"{', '.join(choices[:-1])} or {choices[-1]}")

    return parse


def cipher(text: str) -> str:
    """Return the name of a cipher that is known and that the OpenSSL in use has."""
    name = choice("aes-256-gcm", "sm4-gcm")(text)
    # Only where it may be missing: the library costs 20 ms.
    if name == "sm4-gcm":
        from bot.ciphers import is_supported

        if not is_supported(name):
            raise ValueError("an OpenSSL with SM4-GCM and SM3 (3.1 or later, built with them)")
    return name


def flag(text: str) -> bool:
    """Return True for 1, False for 0. Anything else was meant to switch something."""
    if text not in ("0", "1"):
        raise ValueError("1, or 0 for no")
    return text == "1"


def log_level(text: str) -> str:
    """Return the name of a level of Python's logging, in capitals."""
    return choice("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")(text.upper())


def url(*schemes: str) -> Parser[Url]:
    """Return the parser of URLs of some schemes, with a host and, where one is given, a port."""

    def parse(text: str) -> Url:
        if not _is_url(text, schemes):
            raise ValueError(f"an address like {schemes[0]}://host:port/…")
        return Url(text)

    return parse


def base_url(*schemes: str) -> Parser[Url]:
    """Return the parser of URLs that paths are added to."""
    parse = url(*schemes)
    return lambda text: Url(parse(text).rstrip("/"))


def _is_url(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        return bool(parts.scheme in schemes and parts.hostname and parts.port != 0)
    except ValueError:  # a port that is no number, brackets that are not closed
        return False


def origins(text: str) -> tuple[Url, ...]:
    """Return origins of web pages, separated by commas: scheme, host and port without a path."""
    listed = [origin for part in text.split(",") if (origin := part.strip().rstrip("/"))]
    for origin in listed:
        if not _is_url(origin, ("https", "http")) or urlsplit(origin).path:
            raise ValueError("addresses without a path by commas, like https://rst.example.gov.cn")
    return tuple(map(Url, listed))


def redis_url(text: str) -> Secret:
    """Return an address that the client of Redis takes."""
    if not text.startswith("unix:///") and not _is_url(text, ("redis", "rediss")):
        raise ValueError("an address like redis://127.0.0.1:6379/0")
    return Secret(text)


def database_url(text: str) -> DatabaseUrl:
    """Return the address of a database that this project knows, with an installed driver."""
    kind = _DATABASE.match(text)
    if kind is None or (kind[2] and kind[2] not in _DRIVERS[kind[1]]):
        scheme, separator, _ = text.partition("://")
        note = f" ({scheme[:30]} is not known)" if separator else ""
        raise ValueError(f"{DATABASE_FORM}{note}")
    rest = text[kind.end() :]
    usable = len(rest) > 1 and rest.startswith("/") if kind[1] == "sqlite" else _is_postgresql(rest)
    if not usable:
        raise ValueError(DATABASE_FORM)
    return DatabaseUrl(text)


def _is_postgresql(rest: str) -> bool:
    try:
        parts = urlsplit(f"postgresql://{rest}")
        return parts.port != 0 and parts.path.strip("/") != ""
    except ValueError:
        return False


def folder(text: str) -> Path:
    """Return a folder that is there."""
    if not Path(text).is_dir():
        raise ValueError("a folder that is there")
    return Path(text)


def paths(text: str) -> tuple[Path, ...]:
    """Return files or folders, separated by commas."""
    return tuple(Path(name) for part in text.split(",") if (name := part.strip()))


def working_week(text: str) -> WorkingWeek:
    """Return days and hours: `1-5 8:30-11:30,13:00-17:00`, `1-7 0:00-24:00 +holidays`."""
    needed = "days and hours, like 1-5 8:30-17:00"
    match = _WEEK.fullmatch(text.strip())
    if match is None:
        raise ValueError(needed)
    try:
        periods = tuple(map(_period, match[3].split(",")))
        week = WorkingWeek(int(match[1]), int(match[2]), periods, on_holidays=bool(match[4]))
    except ValueError:
        raise ValueError(needed) from None
    in_order = all(a.ends <= b.begins for a, b in pairwise(week.periods))
    if week.first > week.last or not in_order:
        raise ValueError(needed)
    return week


def _period(text: str) -> Period:
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise ValueError(text)
    hour, minute, until, until_minute = (int(number) for number in match.groups())
    ends = time.max if (until, until_minute) == (24, 0) else time(until, until_minute)
    period = Period(time(hour, minute), ends)
    if period.begins >= period.ends:
        raise ValueError(text)
    return period


def hour_span(text: str) -> HourSpan:
    """Return two hours of the day: `21-8`."""
    match = _HOURS.fullmatch(text.strip())
    begins, ends = (int(match[1]), int(match[2])) if match else (24, 24)
    if max(begins, ends) > 23 or begins == ends:
        raise ValueError("two hours from 0 to 23, like 21-8")
    return HourSpan(begins, ends)


def secrets(text: str) -> tuple[Secret, ...]:
    """Return secrets, separated by commas."""
    return tuple(Secret(key) for part in text.split(",") if (key := part.strip()))


def aes_key(text: str) -> Secret:
    """Return an EncodingAESKey of WeChat's platform."""
    if not _AES_KEY.fullmatch(text):
        raise ValueError(f"the 43 letters and digits of EncodingAESKey ({len(text)} are given)")
    return Secret(text)


def long_key(text: str) -> Secret:
    """Return a key of 32 characters or more."""
    if len(text) < 32:
        raise ValueError("32 characters or more")
    return Secret(text)


def template(text: str) -> MessageTemplate:
    """Return a template's id and the name of its field."""
    name, _, field = text.partition(":")
    if not name or not field:
        raise ValueError("the template's id and its field, like AbC:thing1")
    return MessageTemplate(name, field)


def signature(text: str) -> str:
    """Return a signature of SMS without its brackets."""
    return text.strip(_BRACKETS)
