"""Questions on stations, fairs and courses."""

from __future__ import annotations

import pytest

from bot.text.normalise import normalise
from bot.understanding.place_questions import aspect_of, learned_subject, shared_point

pytestmark = pytest.mark.usefixtures("tuesday")


def test_a_point_is_read_as_it_is_written() -> None:
    assert shared_point(normalise("我在（41.800,123.380），最近的就业服务站在哪").text) == (
        41.8,
        123.38,
    )
    assert shared_point("我在41.8") is None


@pytest.mark.parametrize(
    ("kind", "text", "aspect"),
    [
        ("station", "现在开着吗", "open_now"), ("station", "周六上班吗", "hours"), ("station", "能办啥业务", "functions"),
        ("station", "坐几路车", "where"), ("fair", "要门票吗", "fee"), ("fair", "取消了吗", "state"),
        ("fair", "到时候喊我一声", "remind"), ("course", "学费多少", "fee"), ("course", "学完能干啥", "after"),
        ("course", "零基础能学吗", "requirements"), ("course", "报满了吗", "seats"), ("course", "哪家办的", "provider"),
        ("course", "转人工", None), ("station", "谢谢", None),
    ],
)  # fmt: skip
def test_what_is_asked_of_them(kind: str, text: str, aspect: str | None) -> None:
    assert aspect_of(kind, normalise(text).text) == aspect


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("学电商的班要钱不", "电商"), ("想学直播带货的班", "直播带货"), ("剪纸培训班有吗", "剪纸"),
        ("有没有培训班", None), ("学技术的班", None), ("免费培训班哪有", None), ("报个培训班", None),
        ("去哪报培训班", None), ("大学毕业有啥培训班", None), ("孩子上学的班", None), ("我想学点东西", None),
    ],
)  # fmt: skip
def test_what_is_to_be_learned_is_read_where_it_is_named(text: str, subject: str | None) -> None:
    assert learned_subject(text) == subject
