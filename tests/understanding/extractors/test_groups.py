"""Groups that people say they belong to."""

from __future__ import annotations

import pytest

from bot.text.normalise import normalise
from bot.understanding.extractors.groups import extract


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("我是应届毕业生", {"graduate"}),
        ("我有残疾证", {"disabled"}),
        ("退伍军人有啥政策", {"veteran"}),
        ("4050人员", {"age_4050"}),
        ("我是脱贫户", {"lifted_poverty"}),
        ("想找个保安的活", set()),
    ],
)
def test_groups_of_a_message(text: str, groups: set[str]) -> None:
    assert {span.value for span in extract(normalise(text).text)} == groups
