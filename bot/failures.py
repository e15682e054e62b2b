"""Known errors as a sentence and what to do about it: the end of every command that fails.

A traceback is printed with JIUYE_LOG_LEVEL=DEBUG alone.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.backup.errors import BackupError
from bot.data_lock import DataTaken
from bot.ports import HostUnfit, PortTaken
from bot.rasa_stubs import LEARNING
from bot.settings import ROOT, SettingErrors, settings

#: Most faults of a file that are shown.
_MAX_LINES = 20
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_UNWRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)
_WRONG_PATH = (errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.EISDIR)
_DISK_FULL = "Make room (`df -h` shows where), then start again; what was there before is kept."


@dataclass(frozen=True)
class Failure:
    """Explanation of an error for the person who runs a command."""

    sentence: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.sentence}\n  {self.remedy}"


class BrokenModel(RuntimeError):
    """The trained model cannot be loaded."""

    def __init__(self, model: Path) -> None:
        super().__init__(f"the model {model} cannot be loaded")
        self.model = model


@contextmanager
def reported() -> Iterator[None]:
    """End the process with status 1 and the sentence of an error that is raised within."""
    try:
        yield
    except Exception as error:
        with suppress(OSError):  # a terminal that is gone
            report(error)
        raise SystemExit(1) from None


def report(error: BaseException) -> None:
    """Print what went wrong and what to do to standard error."""
    if os.environ.get("JIUYE_LOG_LEVEL", "").upper() == "DEBUG":
        traceback.print_exception(type(error), error, error.__traceback__)
    print(f"jiuye: {explain(error) or unexpected(error)}", file=sys.stderr, flush=True)


def unexpected(error: BaseException) -> Failure:
    """Return the explanation of an unforeseen error."""
    return Failure(
        f"unexpected error: {type(error).__name__}: {_first_line(error)}",
        "Run it again with JIUYE_LOG_LEVEL=DEBUG and report what it prints.",
    )


def explain(error: BaseException) -> Failure | None:
    """Return the failure that an error, or one that caused it, is known as; else None."""
    seen_errors: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen_errors:
        seen_errors.add(id(cause))
        for explanation in _EXPLANATIONS:
            failure = explanation(cause)
            if failure:
                return failure
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return None


def _own(error: BaseException) -> Failure | None:
    if isinstance(error, SettingErrors):
        return Failure(
            "\n".join(error.faults),
            "Correct the environment; `python -m bot settings` lists all settings.",
        )
    if isinstance(error, PortTaken):
        other = f"stop that one (kill {error.process})" if error.process else "stop that one"
        finds = "" if error.process else f" (`ss -ltnp sport = :{error.port}` names it)"
        return Failure(f"{error}", f"Set {error.variable} to a free port, or {other}{finds}.")
    if isinstance(error, DataTaken):
        stop = f"Stop that one (kill {error.process})" if error.process.isdigit() else "Stop it"
        return Failure(f"{error}", f"{stop}, or set DATABASE_URL to another database.")
    if type(error).__name__ == "Unsealable":  # its module brings SQLAlchemy
        return Failure(
            "what the database holds of people was encrypted with another secret or cipher",
            "Set JIUYE_SECRET (or put var/secret back) as it was, or JIUYE_OLD_SECRET to it;"
            " likewise JIUYE_CIPHER and JIUYE_OLD_CIPHER.",
        )
    if type(error).__name__ == "SealBroken":  # likewise
        return Failure(
            "the office's record was encrypted with another key or cipher",
            "Set JIUYE_PEOPLE_KEY (or put var/people.key back) as it was, or the old key behind the"
            " new one; likewise JIUYE_CIPHER and JIUYE_OLD_CIPHER. If the cipher alone was changed:"
            " `python -m bot db reseal --addresses`.",
        )
    if isinstance(error, BackupError):
        return Failure(f"{error}", error.remedy)
    if isinstance(error, HostUnfit):
        return Failure(f"{error}", "Set JIUYE_HOST and JIUYE_PORT to what this machine has.")
    if isinstance(error, ModuleNotFoundError) and error.name in LEARNING:
        return Failure(
            f"a model is learned with {error.name}, which is not installed",
            "make train installs what learning needs (requirements-train.lock).",
        )
    if isinstance(error, BrokenModel):
        return Failure(f"{error}: the file is damaged or of another release", _train_again())
    return None


def _train_again() -> str:
    return "Train it anew: python -m bot train --force"


def _disk(error: BaseException) -> Failure | None:
    if not isinstance(error, OSError):
        return None
    place = error.filename2 or error.filename
    if error.errno in _FULL:
        return Failure("the disk is full" + (f": {place}" if place else ""), _DISK_FULL)
    if error.errno in _UNWRITABLE and place is not None:
        return Failure(
            f"{place} cannot be written: {error.strerror}",
            f"Give the folder to the user that runs this ({_user()}), or start it as its owner.",
        )
    if error.errno in _WRONG_PATH and place is not None:
        return Failure(f"{place}: {error.strerror}", "Correct the path, or make what is missing.")
    return None


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.geteuid()}"


def _data(error: BaseException) -> Failure | None:
    """Explain what is wrong in a file of ours: its own error names file, line and field."""
    name = type(error).__name__
    if not isinstance(error, Exception) or name not in _DATA_ERRORS:
        return None
    lines = str(error).splitlines()
    remainder = [f"… and {len(lines) - _MAX_LINES} more"] if len(lines) > _MAX_LINES else []
    return Failure("\n".join([*lines[:_MAX_LINES], *remainder]), _DATA_ERRORS[name])


_CORRECT = "Correct the file and run it again; nothing of it was taken."
#: By their names: their modules load what a command that fails early does not need.
_DATA_ERRORS = {
    "PolicyErrors": "Correct data/policies (`python -m bot policies check` finds all faults); "
    "nothing was loaded.",
    "SheetErrors": "Correct the spreadsheet; no file was changed.",
    "VocabularyError": "Correct the file in data/vocab and start again.",
    "MatchFileError": "Correct data/match.yml and start again.",
    "MenuError": "Correct data/wechat_menu.yml and start again.",
    "PostingFileError": _CORRECT,
    "DocumentError": _CORRECT,
    "CaseError": _CORRECT,
    "RegisterErrors": "Correct data/privacy/register.yml and run it again; nothing was deleted.",
    "WarningFileErrors": "Correct data/warning (`python -m bot warning check` finds all faults); "
    "nothing was loaded.",
    "BatchError": "Nothing was applied.",
    "CaseStateError": "Nothing was changed.",
    "FreezeError": "Nothing was changed.",
    "DisclosureError": "Nothing was written; docs/warning.md says what is hidden and why.",
    "SourceError": "Correct the list of sources and run it again.",
}


def _yaml(error: BaseException) -> Failure | None:
    """Explain a file that is no YAML: one that we read, or the first of those that Rasa reads."""
    if type(error).__name__ == "YamlFileError":  # its module brings ruamel
        return _yaml_file(error)
    if not type(error).__module__.startswith("ruamel.yaml"):
        return None
    broken = next(_broken_yaml(settings().data), None)
    if broken is None:
        return None
    return Failure(broken, _CORRECT_YAML)


_CORRECT_YAML = "Correct the file and start again; nothing of it was read."


def _yaml_file(error: BaseException) -> Failure | None:
    from bot.yaml_files import YamlFileError

    assert isinstance(error, YamlFileError)
    if isinstance(error.__cause__, PermissionError):
        remedy = f"Let the user that runs this ({_user()}) read it."
        return Failure(f"{error.path} {error.reason}", remedy)
    if isinstance(error.__cause__, OSError):
        return None  # The cause has an explanation of its own.
    return Failure(f"{_short(error.path)}:{error.line}: {error.reason}", _CORRECT_YAML)


def _broken_yaml(folder: Path) -> Iterator[str]:
    """Yield file, line and reason of every file of a folder that is no YAML."""
    from bot.yaml_files import YamlFileError, read_yaml

    for path in sorted(folder.rglob("*.yml")):
        try:
            read_yaml(path, allow_empty=True)
        except YamlFileError as wrong:
            yield f"{_short(path)}:{wrong.line}: {wrong.reason}"


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _redis(error: BaseException) -> Failure | None:
    if not type(error).__module__.startswith("redis."):
        return None
    from urllib.parse import urlsplit

    url = settings().redis_url
    parts = urlsplit(url.reveal() if url else "")
    place = f"{parts.hostname or ''}:{parts.port or 6379}" if parts.hostname else parts.path
    return Failure(
        f"Redis at {place} (JIUYE_REDIS_URL) does not answer: {_first_line(error)}",
        "Start it (systemctl start redis-server), or correct JIUYE_REDIS_URL.",
    )


def _database(error: BaseException) -> Failure | None:
    if not type(error).__module__.startswith("sqlalchemy."):
        return None
    from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

    if isinstance(error, ArgumentError | NoSuchModuleError):
        from bot.setting_parsers import DATABASE_FORM

        return Failure("DATABASE_URL cannot be used", f"Write it like {DATABASE_FORM}.")
    if not isinstance(error, DBAPIError):
        return None
    why = _first_line(error.orig) if error.orig else _first_line(error)
    place, is_sqlite = _database_place()
    for words, sentence, remedy in _SQLITE if is_sqlite else _POSTGRESQL:
        if words in str(error.orig):
            return Failure(sentence.format(place=place, why=why), remedy)
    # Not a failure of the database itself: a statement of ours that it refuses.
    if type(error).__name__ not in ("OperationalError", "InterfaceError"):
        return None
    return Failure(f"the database {place} does not answer: {why}", _IS_UP)


_IS_UP = "Check that it runs and that DATABASE_URL names it."
_DAMAGED = "Put a backup in its place, or move the file away: the next start makes a new one."
#: What SQLite's own message holds, the sentence, what to do.
_SQLITE = (
    ("disk is full", "the disk is full: {place}", _DISK_FULL),
    ("disk I/O error", "{place} cannot be written: {why}",
     "Check that the disk has room (`df -h`) and is not broken."),
    ("unable to open database file", "the database {place} cannot be opened or made",
     "Make its folder writable for the user that runs this, or set DATABASE_URL."),
    ("readonly database", "the database {place} cannot be written",
     "Make the file and its folder writable for the user that runs this, or set DATABASE_URL."),
    ("not a database", "{place} is no SQLite database", _DAMAGED),
    ("malformed", "the database {place} is damaged", _DAMAGED),
    ("database is locked", "the database {place} is being written by another process",
     "Wait until that one is done, and try again."),
)  # fmt: skip
_POSTGRESQL = (
    ("password authentication failed", "the database {place} refuses the user's password",
     "Correct user and password in DATABASE_URL."),
    ("no password supplied", "the database {place} wants a password",
     "Write it into DATABASE_URL: postgresql+psycopg2://user:password@host/name"),
    ("no pg_hba.conf entry", "the database {place} does not let this user or machine in",
     "Let them in in pg_hba.conf of PostgreSQL, or correct DATABASE_URL."),
    ('role "', "the database {place} does not know the user: {why}",
     "Make the user (createuser), or correct DATABASE_URL."),
    ("does not exist", "there is no database {place}",
     "Make it (createdb -E UTF8 -O user name), or correct DATABASE_URL."),
    ("Connection refused", "nothing answers at the database's address {place}", _IS_UP),
    ("could not translate host name", "the host of the database {place} is not known",
     "Correct the host in DATABASE_URL."),
    ("No space left", "the disk of the database {place} is full", _DISK_FULL),
)  # fmt: skip


def _database_place() -> tuple[str, bool]:
    """Return the database as it may be shown, and whether it is SQLite."""
    from sqlalchemy.engine import make_url

    url = make_url(settings().database_url.reveal())
    if url.get_backend_name() == "sqlite":
        return str(url.database), True
    return f"{url.database} at {url.host or 'this machine'}:{url.port or 5432}", False


def _driver(error: BaseException) -> Failure | None:
    if isinstance(error, ModuleNotFoundError) and error.name:
        return Failure(
            f"the Python package {error.name} is missing",
            "Install what requirements.lock lists: make run",
        )
    return None


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


_EXPLANATIONS: tuple[Callable[[BaseException], Failure | None], ...] = (
    _own, _database, _redis, _disk, _data, _yaml, _driver,
)  # fmt: skip
