from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from bot.logging_setup import _not_cancelled, logged_errors, without_private
from bot.settings import ROOT


def test_what_a_person_wrote_is_taken_out_of_a_log_event() -> None:
    event = {
        "event": "processor.message.parse",
        "user_text": "我电话13800138000",
        "sender_id": "o6_bmjrPTlm6_2sgVt7hMZOPfL2M",
        "past_states": ["…"],
        "event_info": "failed",
    }
    assert without_private(None, "info", event) == {
        "event": "processor.message.parse",
        "event_info": "failed",
    }


def test_a_traceback_of_rasa_names_no_local_variables() -> None:
    program = (
        "import structlog, sys\n"
        "from bot.rasa_stubs import install_stubs; install_stubs()\n"
        "from bot.logging_setup import configure, prepare_environment\n"
        "prepare_environment(); configure('INFO')\n"
        "def fails(said): raise ValueError('broken')\n"
        "try: fails('电话13800138000')\n"
        "except ValueError: structlog.get_logger('rasa.core').exception('failed', user_text='铁西')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "broken" in done.stderr
    assert "in fails" in done.stderr
    assert not {word for word in ("13800138000", "铁西") if word in done.stderr + done.stdout}


IMPORTS = """
from bot.logging_setup import configure, prepare_environment
from bot.rasa_stubs import install_stubs
prepare_environment()
install_stubs()
import rasa.core.tracker_store, apscheduler, sanic.app, pkg_resources, warnings
configure("WARNING")
warnings.warn("of a library", DeprecationWarning)
import logging
logging.getLogger("rasa.core").warning("of a library")
logging.getLogger("some.library").warning("of a library")
logging.getLogger("bot.delivery").warning("of ours")
"""


def test_libraries_say_nothing_and_our_own_warnings_are_logged() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    (line,) = (done.stdout + done.stderr).splitlines()
    assert line.endswith("WARNING bot.delivery of ours")


def test_errors_that_are_logged_can_be_collected_in_place_of_being_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    handler = logging.StreamHandler(sys.stderr)
    logging.getLogger().addHandler(handler)
    try:
        with logged_errors() as errors:
            try:
                raise OSError("full")
            except OSError:
                logging.getLogger("rasa").exception("could not load")
        assert [str(error) for error in errors] == ["full"]
        assert "full" not in capsys.readouterr().err
        logging.getLogger("rasa").error("after it")
        assert "after it" in capsys.readouterr().err
    finally:
        logging.getLogger().removeHandler(handler)


def test_a_job_that_is_stopped_with_its_process_is_no_error() -> None:
    import asyncio

    def record(error: BaseException) -> logging.LogRecord:
        info = (type(error), error, None)
        return logging.LogRecord("apscheduler", logging.ERROR, "", 0, "raised", None, info)

    assert not _not_cancelled(record(asyncio.CancelledError()))
    assert _not_cancelled(record(ValueError()))
