from pathlib import Path

from bot.channels.web import sessions
from bot.channels.web.sessions import Sessions
from bot.keys import secret


def test_a_token_brings_its_session_back_and_a_forged_one_does_not() -> None:
    people = Sessions(b"secret")
    mine = people.resume(None)
    assert people.resume(people.token(mine)) is mine
    known, signature = people.token(mine).split(".")
    for forged in (f"{known}.{'0' * 40}", f"web-other.{signature}", known, "", 5, None, "é.é"):
        assert people.resume(forged) is not mine
    assert Sessions(b"other").resume(people.token(mine)).id != mine.id


def test_the_oldest_session_goes_when_there_are_too_many(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(sessions, "MAX_SESSIONS", 2)
    people = Sessions(b"s")
    first = people.resume(None)
    people.resume(None)
    people.resume(None)
    assert people.resume(people.token(first)) is not first


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secret"
    made = secret(file)
    assert secret(file) == made
    assert file.stat().st_mode & 0o077 == 0
    assert secret(file, "given") == b"given"


def test_a_page_goes_on_while_the_secret_is_replaced() -> None:
    before = Sessions(b"first")
    token = before.token(before.resume(None))
    replaced = Sessions(b"second", b"first")
    mine = replaced.resume(token)
    assert mine.id == before.resume(token).id
    assert replaced.token(mine) != token  # given anew, with the new one
    assert Sessions(b"second").resume(replaced.token(mine)).id == mine.id
    assert Sessions(b"second").resume(token).id != mine.id
