"""The order of errands, and the claims that say each first step."""

from __future__ import annotations

from bot.next_steps.answer import FIRST_STEP
from bot.next_steps.errands import errands
from bot.policies.validate import read_folder
from bot.settings import settings


def test_what_is_urgent_and_what_is_one_errand_are_policies_of_the_base() -> None:
    topics = {policy.id for policy in read_folder(settings().data / "policies", lines=False)}
    order = errands()
    assert {*order.urgent, *order.together, *order.together.values()} <= topics


def test_every_urgent_topic_says_its_first_step() -> None:
    having = {
        policy.id
        for policy in read_folder(settings().data / "policies", lines=False)
        if any(claim.id == FIRST_STEP for claim in policy.claims)
    }
    assert set(errands().urgent) <= having


def test_topics_without_a_place_come_after_all_others() -> None:
    order = errands()
    assert order.place("work-injury") < order.place("unemployment-benefit")
    assert order.place("no-such-topic") == len(order.urgent)
