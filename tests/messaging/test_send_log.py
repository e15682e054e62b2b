import threading

from sqlalchemy.orm import Session

from bot.db.session import session
from bot.messaging.access_tokens import keep_token, kept_token
from bot.messaging.send_log import State, key_of, record, state_of


def test_reports_in_any_order_end_in_what_is_final(db: Session) -> None:
    assert record(db, "sms", "k", "accepted", provider_id="p")
    assert record(db, "sms", "k", "delivered")
    assert not record(db, "sms", "k", "accepted")
    assert not record(db, "sms", "k", "failed", "late")
    kept = state_of(db, "sms", "k")
    assert kept is not None
    assert (kept.state, kept.provider_id) == ("delivered", "p")
    assert key_of(db, "sms", "p") == "k"
    assert key_of(db, "sms", "q") is None


def test_a_send_and_its_report_noted_at_once_do_not_collide(committed: str) -> None:
    def note(state: State) -> None:
        for n in range(20):
            with session(committed) as db:
                record(db, "sms", f"k{n}", state)

    writers = [threading.Thread(target=note, args=(s,)) for s in ("accepted", "delivered")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with session(committed) as db:
        kept = [state_of(db, "sms", f"k{n}") for n in range(20)]
    assert [row.state for row in kept if row] == ["delivered"] * 20


def test_a_token_near_its_end_is_not_fresh(db: Session) -> None:
    assert kept_token(db, "wx") is None
    keep_token(db, "wx", "t1", 7200, forced=False)
    kept = kept_token(db, "wx")
    assert kept is not None
    assert (kept.token, kept.fresh, kept.forced_at) == ("t1", True, None)
    keep_token(db, "wx", "t2", 200, forced=True)
    kept = kept_token(db, "wx")
    assert kept is not None
    assert (kept.token, kept.fresh) == ("t2", False)
    assert kept.forced_at is not None
