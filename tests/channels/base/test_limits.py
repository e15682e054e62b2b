from bot.channels.base import limits
from bot.channels.base.limits import RateLimit


def test_too_many_are_told_once_and_may_go_on_later() -> None:
    now = 0.0
    limit = RateLimit(2, 10.0, lambda: now)
    assert [limit.check("a") for _ in range(5)] == ["ok", "ok", "tell", "silent", "silent"]
    assert limit.check("b") == "ok"
    now = 10.0
    assert limit.check("a") == "ok"


def test_what_is_counted_stays_bounded(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(limits, "MAX_SENDERS", 10)
    limit = RateLimit(1, 10.0)
    for n in range(100):
        limit.check(str(n))
        limit.check(str(n))
    assert len(limit._counted) == 10
    assert len(limit._warned_at) <= 10
