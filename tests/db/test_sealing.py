"""What is kept of people is encrypted at rest: in the bytes, with keys that can be replaced."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from bot import clock
from bot.db import migrate
from bot.db.sealed_rows import any_sealed, check_secret, reseal_addresses, reseal_texts
from bot.db.sealing import ADDRESSES, TEXTS, Keyring, Unsealable, keyring, open_key, seal_key
from bot.db.session import connection, engine, session
from bot.db.tables import InboxMessage, SeenMessage
from bot.handoff.tickets import Case, Line, open_ticket
from bot.messaging import event_log
from bot.messaging.deduplication import mark_seen
from bot.messaging.inbox_table import save_answer, take_in
from bot.messaging.incoming import Incoming
from bot.messaging.reply_choices import save_choices
from bot.messaging.web_history import save_messages
from bot.seekers.identity import find_seeker, seeker_of
from bot.settings import settings
from tests.databases import new_on, sqlite_copy

PHONE, SAID = "+8613842310975", "我有残疾，一个月没收入"
Secrets = Callable[..., Keyring]


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Secrets]:
    """Set the secret and the one before, the cipher and the one before."""

    def put(secret: str, old: str = "", cipher: str = "", old_cipher: str = "") -> Keyring:
        monkeypatch.setenv("JIUYE_SECRET", secret)
        monkeypatch.setenv("JIUYE_OLD_SECRET", old)
        monkeypatch.setenv("JIUYE_CIPHER", cipher)
        monkeypatch.setenv("JIUYE_OLD_CIPHER", old_cipher)
        settings.cache_clear()
        return keyring()

    yield put
    monkeypatch.undo()
    settings.cache_clear()


def _write(url: str) -> None:
    """Write of a person what the tables hold."""
    with session(url) as db:
        seeker_of(db, "sms", PHONE)
        take_in(db, [Incoming("sms", PHONE, "k1", SAID)], "me")
        save_answer(db, "sms", "k1", [f"你说：{SAID}"], "me")
        save_choices(db, "sms", PHONE, [(SAID, SAID)])
        mark_seen(db, "wechat", f"said:{PHONE}:9")
        save_messages(db, PHONE, [{"from": "person", "text": SAID}])
        open_ticket(db, Case("sms", PHONE, "asked", [Line("seeker", SAID)]))
    with connection(url) as plain:
        event_log.add(plain, PHONE, [{"event": "user", "text": SAID}])
        event_log.begin_after(plain, PHONE, 0, {"about": SAID})


def _reads(url: str) -> bool:
    """Tell whether all of it is found and read."""
    with session(url) as db:
        waits = db.get(InboxMessage, ("sms", "k1"))
        seen = db.scalar(select(SeenMessage.key).where(SeenMessage.channel == "wechat"))
        known = find_seeker(db, "sms", PHONE)
    with connection(url) as plain:
        talk = event_log.read(plain, PHONE)
    return (
        waits is not None
        and (waits.text, waits.address) == (SAID, PHONE)
        and seen == f"said:{PHONE}:9"
        and known is not None
        and talk.slots == {"about": SAID}
        and [row.data["text"] for row in talk.rows] == [SAID]
    )


def _bytes(file: Path) -> bytes:
    with sqlite3.connect(file) as db:
        db.execute("pragma wal_checkpoint(truncate)")
    db.close()
    return b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))


def test_neither_words_nor_numbers_stand_in_the_files_bytes(tmp_path: Path) -> None:
    url = sqlite_copy("empty", tmp_path / "kept.db")
    _write(url)
    assert _reads(url)
    raw = _bytes(tmp_path / "kept.db")
    for hidden in (SAID, PHONE, PHONE[3:], SAID[:4]):
        assert hidden.encode() not in raw
        assert hidden.encode("unicode_escape") not in raw
    assert ADDRESSES[0].encode() in raw
    assert TEXTS[0].encode() in raw


@given(st.text(), st.text(max_size=120))
def test_what_is_sealed_is_opened_and_nothing_else(words: str, address: str) -> None:
    keys = keyring()
    assert keys.open(keys.seal(words, "a.b"), "a.b") == words
    assert keys.open_address(keys.seal_address(address)) == address
    assert keys.seal_address(address) == keys.seal_address(address)
    assert len(keys.seal_address("字" * 40)) <= 255


def test_a_text_moved_to_another_column_or_changed_is_refused() -> None:
    keys = keyring()
    sealed = keys.seal(SAID, "inbox.text")
    with pytest.raises(Unsealable):
        keys.open(sealed, "events.data")
    changed = sealed[:-2] + ("AA" if sealed[-2:] != "AA" else "BB")
    with pytest.raises(Unsealable):
        keys.open(changed, "inbox.text")
    with pytest.raises(Unsealable):
        keys.open(TEXTS[0] + "kurz", "inbox.text")


def test_addresses_within_a_key_are_sealed_and_the_rest_is_not() -> None:
    sealed = seal_key(f"said:{PHONE}:web-abcdefgh12345678")
    assert sealed.startswith("said:~a")
    assert PHONE not in sealed
    assert "abcdefgh" not in sealed
    assert open_key(sealed) == f"said:{PHONE}:web-abcdefgh12345678"
    assert seal_key("24518374618") == "24518374618"


def test_a_secret_is_replaced_while_people_are_answered(secrets: Secrets, tmp_path: Path) -> None:
    url = sqlite_copy("empty", tmp_path / "kept.db")
    secrets("first", "")
    _write(url)
    secrets("second", "first")
    assert _reads(url)  # before anything was sealed anew
    with session(url) as db:
        save_choices(db, "sms", PHONE, [("新", "新")])  # written with the new one, found by the old
    assert reseal_texts(url) > 0
    assert reseal_texts(url) == 0
    assert _reads(url)
    assert reseal_addresses(url) > 0
    secrets("second", "")
    assert _reads(url)
    with connection(url) as plain:
        check_secret(plain)
        current = [keyring().is_current(v) for _, v in any_sealed(plain) if v.startswith(TEXTS)]
    assert all(current)
    assert current


AES, SM4 = "aes-256-gcm", "sm4-gcm"


@pytest.mark.parametrize(("before", "after"), [(AES, SM4), (SM4, AES)])
@pytest.mark.parametrize("secret", ["first", "second"])
def test_a_cipher_is_replaced_with_the_secret_or_without(
    secrets: Secrets, tmp_path: Path, before: str, after: str, secret: str
) -> None:
    url = sqlite_copy("empty", tmp_path / "kept.db")
    secrets("first", "", before)
    _write(url)
    old = "" if secret == "first" else "first"
    secrets(secret, old, after, before)
    assert _reads(url)
    with session(url) as db:
        save_choices(db, "sms", PHONE, [("新", "新")])  # written with the new one, found by the old
    assert reseal_texts(url) > 0
    assert reseal_texts(url) == 0
    assert reseal_addresses(url) > 0
    secrets(secret, "", after)
    assert _reads(url)
    with connection(url) as plain:
        check_secret(plain)
        sealed = [value for _, value in any_sealed(plain)]
    begins = (TEXTS[1], ADDRESSES[1]) if after == SM4 else (TEXTS[0], ADDRESSES[0])
    # Keys of messages hold addresses among other words.
    assert sealed
    assert all(value.startswith(begins) for value in sealed)


def test_a_cipher_that_is_taken_away_too_early_is_noticed(secrets: Secrets, tmp_path: Path) -> None:
    url = sqlite_copy("empty", tmp_path / "kept.db")
    secrets("first", "", AES)
    _write(url)
    secrets("first", "", SM4)
    with connection(url) as plain, pytest.raises(Unsealable):
        check_secret(plain)


def test_another_secret_is_noticed_before_anybody_is_answered(
    secrets: Secrets, tmp_path: Path
) -> None:
    url = sqlite_copy("empty", tmp_path / "kept.db")
    secrets("first", "")
    _write(url)
    for wrong in (("second", ""), ("third", "second")):
        secrets(*wrong)
        with connection(url) as plain, pytest.raises(Unsealable):
            check_secret(plain)
    # The old one is taken away before the addresses were moved.
    secrets("second", "first")
    reseal_texts(url)
    secrets("second", "")
    with connection(url) as plain, pytest.raises(Unsealable):
        check_secret(plain)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_migration_seals_what_stands_there_and_takes_it_back(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        url = new_on(request.getfixturevalue("postgres"), "old")
    migrate.upgrade(url, "0022")
    now = clock.now().isoformat()
    with engine(url).begin() as db:
        db.execute(text("insert into seekers (id, created_at) values (1, '2026-11-01')"))
        db.execute(text("insert into channel_identities (seeker_id, channel, address) values (1, 'sms', :a)"), {"a": PHONE})  # fmt: skip
        db.execute(
            text("insert into events (sender_id, type_name, data) values (:a, 'user', :d)"),
            [{"a": PHONE, "d": json.dumps({"event": "user", "text": SAID})}] * 1203,
        )
        db.execute(text("insert into inbox (channel, key, address, text, holder, held_until, tries, taken_at) values ('web', :k, :a, :t, 'x', :n, 1, :n)"), {"k": f"{PHONE}:1", "a": PHONE, "t": SAID, "n": now})  # fmt: skip
        db.execute(text("insert into seen_messages (channel, key, expires_at) values ('web', :k, :n)"), {"k": f"said:{PHONE}:1", "n": now})  # fmt: skip
    assert migrate.upgrade(url) == migrate.newest()
    with engine(url).begin() as db:
        raw = db.execute(text("select sender_id, data from events")).all()
        assert len(raw) == 1203
        assert all(a.startswith(ADDRESSES) and d.startswith(TEXTS) for a, d in raw)
        assert PHONE not in str(db.execute(text("select * from inbox")).all())
        assert PHONE not in str(db.execute(text("select * from seen_messages")).all())
    with connection(url) as plain:
        assert len(event_log.read(plain, PHONE).rows) == 1203
    with session(url) as kept:
        assert find_seeker(kept, "sms", PHONE) is not None
        assert kept.scalar(select(InboxMessage.key)) == f"{PHONE}:1"
    migrate.downgrade(url, "0022")
    with engine(url).begin() as db:
        assert set(db.scalars(text("select sender_id from events"))) == {PHONE}
        assert db.scalar(text("select text from inbox")) == SAID
        assert db.scalar(text("select key from seen_messages")) == f"said:{PHONE}:1"
