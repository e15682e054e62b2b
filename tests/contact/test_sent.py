from sqlalchemy.orm import Session

from bot.contact.sent import key_of, record, state_of
from bot.contact.tokens import keep_token, kept_token


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
