"""Our order of postings against a counsellor's judgments, beside the orders one gets for free."""

import statistics
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from benchmarks.judged import TODAY, judged, ndcg, new_database, source_ids
from benchmarks.ranking import RANKINGS, index_words, scores
from bot import clock
from bot.db.session import session

#: How much better than each of the plain orders ours has to be in each half; measured: 0.139 on the
#: half that weights were chosen on, 0.162 on the other, 0.150 on all.
BETTER = 0.12


@pytest.fixture(scope="module")
def judged_postings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A SQLite database with the judged postings, indexed for full text."""
    url = new_database(tmp_path_factory.mktemp("judged"))
    with clock.frozen(TODAY), session(url) as db:
        index_words(db)
        yield db


def test_forty_preferences_are_judged_and_half_of_them_held_back(judged_postings: Session) -> None:
    people = judged()
    known = set(source_ids(judged_postings).values())
    assert len(people) == 40
    assert sum(one.half == "held" for one in people) == 20
    for one in people:
        assert 12 <= one.pooled <= 25
        assert set(one.grades) <= known
        assert set(one.grades.values()) <= {0, 1, 2, 3}
        assert max(one.grades.values()) >= 2


@pytest.mark.parametrize("half", ["choose", "held"])
@pytest.mark.parametrize("other", list(RANKINGS)[1:])
def test_our_order_is_clearly_nearer_to_the_judgments(
    judged_postings: Session, half: str, other: str
) -> None:
    mine = statistics.mean(scores(judged_postings, RANKINGS["ours"], half))
    theirs = statistics.mean(scores(judged_postings, RANKINGS[other], half))
    assert mine - theirs >= BETTER


def test_ndcg_is_one_for_the_best_order_and_less_for_others() -> None:
    grades = {"a": 3, "b": 2, "c": 0}
    assert ndcg(["a", "b", "c"], grades) == 1.0
    assert ndcg(["c", "b", "a"], grades) < ndcg(["b", "a", "c"], grades) < 1.0
    assert ndcg(["x", "y"], grades) == 0.0
