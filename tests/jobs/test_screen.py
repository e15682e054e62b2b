import pytest

from bot.jobs.screen import faults, screen


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("入职需交押金300元", ["deposit"]),
        ("上岗前缴纳服装费", ["deposit"]),
        ("可以培训贷", ["loan"]),
        ("只招男性", ["sex"]),
        ("男士优先，身体健康", ["sex"]),
        ("不招本省人", ["origin"]),
        ("入职不收取任何押金", []),
        ("五险一金，不交任何费用", []),
        ("负责向客户收取押金和租金", []),
        ("男女不限", []),
        ("信贷专员，负责先学后付产品", []),
    ],
)
def test_what_a_posting_must_not_ask_for_is_found(text: str, found: list[str]) -> None:
    assert screen(text) == found


def test_every_warning_names_what_to_do_or_the_law() -> None:
    assert all(fault.says.endswith("。") for fault in faults().values())
