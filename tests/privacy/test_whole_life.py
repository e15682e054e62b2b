"""The life of what is kept of one person: shown, taken along, ended in its time, erased, proven so."""

import json
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from bot import clock
from bot.db.session import engine
from bot.privacy.proof import prove
from bot.privacy.purge import purge
from bot.privacy.register import register
from tests.handlers.conftest import Dialogue
from tests.privacy.conftest import SAID, counts, everything_of


def test_of_a_whole_person_all_is_shown_exported_ended_erased_and_proven(here: str) -> None:
    one = everything_of(here)
    tables = {entry.name for entry in register().of_seekers()}
    assert {name for name, rows in counts(here).items() if rows} == tables

    with clock.frozen(SAID):
        anna = Dialogue(one.web)
        told = anna.say("你们存了我啥", "my_data").text
        shown = {entry.description for entry in register().of_seekers()}
        assert {says for says in shown if says not in told} == set()
        exported = json.loads(anna.say("导出我的信息", "my_data").text)["records"]
        assert set(exported) == tables
        sizes = {name: len(part["rows"]) for name, part in exported.items()}
        assert sizes == counts(here)

    # A month later what was said is gone, and what was agreed to is still there.
    purge(here, SAID + timedelta(days=32))
    gone = {name for name, rows in counts(here).items() if not rows}
    assert gone == {
        "events", "conversation_starts", "web_messages", "inbox", "seen_messages", "offers",
        "link_codes", "link_attempts", "fair_signups",
    }  # fmt: skip
    assert not prove(here, one.phone).erased

    with clock.frozen(SAID + timedelta(days=33)):
        anna.say("删掉我的信息", "my_data")
        assert "全删了" in anna.say("确定删", "affirm").text
        assert "只记着这次说话" in anna.say("你们存了我啥", "my_data").text
    left = {name for name, rows in counts(here).items() if rows}
    assert left == {"posting_reports", "answer_votes"}  # by nobody, of nobody's words
    for key in (*one.keys, str(one.number)):
        proof = prove(here, key, vacuum=True)
        assert (proof.found, proof.not_read) == ([], [])


def test_erased_at_once_and_proven_so(here: str) -> None:
    one, other = everything_of(here), everything_of(here, "+8613911112222", "web-another1", "别处")
    assert _stands_in_file(here, "人民路三号楼") == here.startswith("sqlite")
    with clock.frozen(SAID):
        bert = Dialogue(one.phone, "sms")
        bert.say("删掉我的信息", "my_data")
        bert.say("确定删", "affirm")
    assert all(prove(here, key, vacuum=True).erased for key in one.keys)
    assert not _stands_in_file(here, "人民路三号楼")
    found = {place.where for place in prove(here, other.phone).found}
    assert {"events.sender_id", "tickets.address", "web_messages.session"} <= found


def _stands_in_file(url: str, words: str) -> bool:
    """Tell whether words stand in the bytes of a SQLite file; PostgreSQL's are not looked at."""
    file = make_url(url).database or ""
    if not url.startswith("sqlite"):
        return False
    engine(url).dispose()  # reading the file takes away the locks of this process
    parts = Path(file).parent.glob(f"{Path(file).name}*")
    return any(words.encode() in part.read_bytes() for part in parts)


def test_after_the_last_end_nobody_is_left(here: str) -> None:
    one = everything_of(here)
    purge(here, SAID + timedelta(days=5 * 365))
    assert all(prove(here, key, vacuum=True).erased for key in (*one.keys, str(one.number)))
