import pytest
from sqlalchemy.orm import Session

from bot.policies.topics import nearest


@pytest.mark.parametrize(
    ("text", "topic"),
    {
        "失业金怎么领": "unemployment-benefit",
        "创业带款": "startup-loan",
        "欠薪": "wage-arrears",
        "公益岗": "public-welfare-job",
    }.items(),
)
def test_the_policy_whose_name_is_most_like_the_text_comes_first(
    policies: Session, text: str, topic: str
) -> None:
    found = nearest(policies, text)
    assert found[0].topic == topic
    assert len(found) == 3
    assert found[0].score >= found[1].score >= found[2].score


def test_an_empty_text_is_near_to_nothing(policies: Session) -> None:
    assert {near.score for near in nearest(policies, "")} == {0.0}
