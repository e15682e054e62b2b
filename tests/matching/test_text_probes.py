from sqlalchemy.orm import Session

from bot.matching import find, find_with_words
from bot.matching.job_preference import JobPreference
from bot.matching.text_probes import postings_for_group, postings_with_words
from tests.postings.conftest import Post

ANY_IN_TIEXI = JobPreference(any_occupation=True, region_code="210106")


def test_a_word_of_the_title_the_tags_or_the_description_counts(words: Session, post: Post) -> None:
    title = post(title="公益性岗位 社区保洁")
    tags = post(tags="公益岗")
    text = post(description="本岗位为公益性岗位，优先安排就业困难人员")
    other = post()
    ids = [other.id, text.id, tags.id, title.id]
    assert postings_with_words(words, ids, ["公益性岗位", "公益岗"]) == [text.id, tags.id, title.id]
    assert postings_with_words(words, [], ["公益"]) == []


def test_only_postings_that_say_it_are_found_and_else_those_around(
    words: Session, post: Post
) -> None:
    post()
    around = post(region="210102", title="公益性岗位 协管")
    far = find_with_words(words, ANY_IN_TIEXI, ["公益性岗位"])
    assert [match.features.posting_id for match in far.items] == [around.id]
    assert far.loosened
    assert far.total == 0
    here = post(title="公益性岗位 社区保洁")
    near = find_with_words(words, ANY_IN_TIEXI, ["公益性岗位"])
    assert [match.features.posting_id for match in near.items] == [here.id]
    assert not near.loosened


def test_who_is_disabled_sees_first_what_says_so(words: Session, post: Post) -> None:
    for _ in range(3):
        post(salary_min=6000, salary_max=8000)
    said = post(title="客服", description="招残疾人，可居家", salary_min=2000, salary_max=2500)
    bars = post(title="装卸", description="不招残疾人，重体力")
    wish = JobPreference(any_occupation=True, region_code="210106", group="disabled")
    assert postings_for_group(words, [said.id, bars.id], "disabled") == [said.id]
    shown = [match.features.posting_id for match in find(words, wish).items]
    assert shown[0] == said.id
    assert len(shown) == len(set(shown)) == 5
    others = [match.features.posting_id for match in find(words, ANY_IN_TIEXI).items]
    assert others[0] != said.id
