"""Names of policies in a text are found as by looking for each."""

from __future__ import annotations

import pytest

from bot.policies.policy_names import PolicyNames

NAMES = [
    ("失业金", "benefit"), ("失业", "registration"), ("贷", "loan"), ("12333", "hotline"),
    ("失业金", "other"), ("创业贷款", "loan"),
]  # fmt: skip


@pytest.mark.parametrize("text", ["", "失", "失业金和创业贷款", "打12333问贷款", "業失业", "没有"])
def test_names_in_a_text_stand_in_the_order_given(text: str) -> None:
    plain = [(len(name), topic) for name, topic in NAMES if name in text.replace("業", "业")]
    assert PolicyNames(NAMES).find(text) == plain
