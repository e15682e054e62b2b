"""Sessions of counsellors."""

from bot.handoff.accounts import Account
from bot.handoff.session_tokens import SESSION_SECONDS, Signer


def test_a_session_holds_for_its_counsellor_password_and_day_only() -> None:
    now = [1000.0]
    signer, me = Signer(b"s", lambda: now[0]), Account(7, "王老师", "stamp")
    cookie = signer.session(me)
    assert signer.claimed_id(cookie) == 7
    assert signer.is_valid(cookie, me)
    assert not signer.is_valid(cookie, Account(7, "王老师", "another"))
    assert not Signer(b"t").is_valid(cookie, me)
    assert not signer.is_csrf("", cookie)
    assert signer.is_csrf(signer.csrf(cookie), cookie)
    now[0] += SESSION_SECONDS
    assert signer.claimed_id(cookie) is None


def test_a_session_dated_in_the_future_is_refused() -> None:
    now = [1000.0]
    signer, me = Signer(b"s", lambda: now[0]), Account(7, "王老师", "stamp")
    cookie = signer.session(me)
    now[0] -= 0.5  # two servers' clocks differ a little
    assert signer.claimed_id(cookie) == 7
    now[0] -= 60
    assert signer.claimed_id(cookie) is None
