import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.session import session
from bot.db.tables import Policy, PolicyAnswer
from bot.policies.errors import PolicyErrors
from bot.policies.load import load
from tests.policies.conftest import POLICIES, Folder


def test_loading_twice_changes_nothing(policies: Session) -> None:
    loaded = policies.scalar(select(func.count()).select_from(Policy)) or 0
    assert loaded >= 10
    again = load(policies, POLICIES)
    assert (again.new, again.changed, again.removed) == (0, 0, 0)
    assert again.unchanged == loaded


def test_an_edited_file_replaces_its_policy_and_a_deleted_one_goes(
    words: Session, folder: Folder
) -> None:
    place = folder()
    load(words, place)
    report = load(words, folder("30万元", "31万元"))
    assert (report.new, report.changed) == (0, 1)
    (place / "loan.yml").unlink()
    assert load(words, place).removed == 1
    assert words.scalar(select(func.count()).select_from(PolicyAnswer)) == 0


def test_one_wrong_file_among_good_ones_loads_nothing(committed: str, folder: Folder) -> None:
    place = folder()
    (place / "wrong.yml").write_text("id: nothing\n", encoding="utf-8")

    def load_all() -> None:
        with session(committed) as db:
            load(db, place)

    with pytest.raises(PolicyErrors):
        load_all()
    with session(committed) as db:
        assert db.scalar(select(func.count()).select_from(Policy)) == 0
