"""Fixtures of tests/handoff."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bot.handoff.accounts import Account, add
from tests.handoff.cases import PASSWORD


@pytest.fixture
def wang(db: Session) -> Account:
    return add(db, "王老师", PASSWORD)
