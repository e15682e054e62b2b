"""The one set-up of logging: quiet, and without what people wrote.

Rasa logs message texts and slots in several places; a structlog processor takes them out
before anything is written. Phone numbers, openids and texts stay out of logs.
"""

from __future__ import annotations

import asyncio
import logging
import os
import warnings
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

#: Keys of Rasa's structured log events that hold what a person wrote or who he is.
PRIVATE = frozenset(
    {
        "text", "user_text", "message", "slot_values", "rasa_events", "sender_id", "parse_data",
        "entities", "payload", "prediction_events", "current_states", "event", "json_message",
    }
)  # fmt: skip


def prepare_environment() -> None:
    """Set what must be set before Rasa and TensorFlow are imported."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    # Rasa shows progress bars of its rules, hundreds of lines in a log, unless its own level is one
    # of these.
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    # Two servers on two cores starve each other when each spins a thread a core.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    silence_warnings()


def silence_warnings() -> None:
    """Keep quiet what Rasa's pinned libraries say of later releases.

    JIUYE_WARNINGS=1 shows it, for developers. Not by a filter: Sanic and others set their own when
    they are imported.
    """
    if not os.environ.get("JIUYE_WARNINGS"):
        warnings.showwarning = _show_no_warning


def _show_no_warning(*_: Any, **__: Any) -> None:
    """Stand in for `warnings.showwarning`."""


def without_private(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Structlog processor: drop what a person wrote from a Rasa log event."""
    return {
        key: value
        for key, value in event.items()
        if key == "event" or not (key in PRIVATE or key.endswith("_states"))
    }


#: What is logged of the libraries at our levels up to WARNING: their errors.
_OTHERS = logging.ERROR


def configure(level: str) -> None:
    """Set the level of our loggers and take private values out of Rasa's events.

    Of the libraries only errors are logged, and at DEBUG warnings as well.
    """
    number = logging.getLevelName(level)
    others = logging.WARNING if number <= logging.DEBUG else max(number, _OTHERS)
    logging.basicConfig(level=others, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger().setLevel(others)
    for name in ("bot", "actions"):
        logging.getLogger(name).setLevel(number)
    for name in ("rasa", "sanic.root", "sanic.access", "apscheduler", "matplotlib", "jieba"):
        logging.getLogger(name).setLevel(others)
    logging.getLogger("apscheduler.executors.default").addFilter(_not_cancelled)
    _configure_structlog()


def _configure_structlog() -> None:
    """Send Rasa's structured events to the loggers of their modules, one line of JSON each.

    Rasa's own set-up reports to a service on the internet and writes the local variables of every
    frame of a traceback: what people wrote is among them.
    """
    import structlog

    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            without_private,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.UnicodeDecoder(),
            structlog.dev.set_exc_info,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _not_cancelled(record: logging.LogRecord) -> bool:
    """Leave out jobs that were under way when their process was asked to stop."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


@contextmanager
def logged_errors() -> Iterator[list[BaseException]]:
    """Collect the exceptions that are logged within, in place of writing them."""
    errors: list[BaseException] = []

    def collect(record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not any(error is collected for collected in errors):
            errors.append(error)  # once, however many handlers see it
        return error is None

    handlers = list(logging.getLogger().handlers)
    for handler in handlers:
        handler.addFilter(collect)
    try:
        yield errors
    finally:
        for handler in handlers:
            handler.removeFilter(collect)
