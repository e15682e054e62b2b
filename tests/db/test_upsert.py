"""Rows that are inserted unless they are there."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import AccessToken
from bot.db.upsert import ROWS, add_missing


def _row(number: int, token: str) -> dict[str, object]:
    return {"app_id": f"app{number}", "token": token, "expires_at": clock.now()}


def _tokens(db: Session) -> dict[str, str]:
    return dict(db.execute(select(AccessToken.app_id, AccessToken.token)).tuples().all())


def test_what_is_there_is_left_alone_or_updated(db: Session) -> None:
    assert add_missing(db, AccessToken, [_row(1, "a")], ["app_id"]) == 1
    assert add_missing(db, AccessToken, [_row(1, "b"), _row(2, "b")], ["app_id"]) == 1
    assert _tokens(db) == {"app1": "a", "app2": "b"}
    add_missing(db, AccessToken, [_row(1, "c")], ["app_id"], ["token"])
    assert _tokens(db)["app1"] == "c"


def test_more_rows_than_a_statement_holds_are_written(db: Session) -> None:
    rows = [_row(number, "a") for number in range(ROWS + 1)]
    assert add_missing(db, AccessToken, rows, ["app_id"]) == ROWS + 1
    assert add_missing(db, AccessToken, [], ["app_id"]) == 0
