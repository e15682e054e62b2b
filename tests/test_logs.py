import subprocess
import sys

from bot.logs import without_private
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
        "from bot.lean_rasa import leave_out; leave_out()\n"
        "from bot.logs import configure, prepare_environment\n"
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
