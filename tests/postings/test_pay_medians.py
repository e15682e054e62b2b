from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import PayMedian
from bot.postings.pay_medians import MIN_FOR_MEDIAN, refresh_medians
from tests.postings.conftest import Post


def _medians(db: Session) -> dict[tuple[str, str], tuple[int, str, int]]:
    refresh_medians(db)
    return {
        (one.occupation_name, one.place): (one.median, one.of_place, one.postings)
        for one in db.scalars(select(PayMedian))
    }


def test_a_city_with_enough_postings_has_its_own_median(words: Session, post: Post) -> None:
    for number in range(MIN_FOR_MEDIAN):
        post(salary_min=3000 + 100 * number, salary_max=3000 + 100 * number)
    assert _medians(words)["保安员", "210100"] == (3950, "210100", MIN_FOR_MEDIAN)


def test_a_city_with_few_postings_uses_the_province(words: Session, post: Post) -> None:
    for _ in range(MIN_FOR_MEDIAN):
        post(region="210106", salary_min=4000, salary_max=5000)
    post(region="210303", salary_min=9000, salary_max=9000)
    assert _medians(words)["保安员", "210300"] == (4500, "210000", MIN_FOR_MEDIAN + 1)


def test_too_few_postings_have_no_median(words: Session, post: Post) -> None:
    post()
    assert _medians(words) == {}


def test_odd_jobs_negotiable_pay_and_closed_postings_do_not_count(
    words: Session, post: Post
) -> None:
    for _ in range(MIN_FOR_MEDIAN):
        post(salary_min=4000, salary_max=4000)
        post(salary_min=90000, salary_max=90000, work_time="gig")
        post(salary_min=90000, salary_max=90000, status="expired")
        post(salary_min=None, salary_max=None)
    assert _medians(words)["保安员", "210100"] == (4000, "210100", MIN_FOR_MEDIAN)


def test_medians_follow_the_postings(words: Session, post: Post) -> None:
    posted = [post(salary_min=4000, salary_max=4000) for _ in range(MIN_FOR_MEDIAN)]
    assert _medians(words)
    for posting in posted:
        posting.status = "expired"
    words.flush()
    assert _medians(words) == {}
