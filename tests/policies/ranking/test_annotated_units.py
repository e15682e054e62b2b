"""Every unit that annotated talks and phrasings name stands in the policy base."""

from __future__ import annotations

from bot.dialogue.policy_talks import load_phrasings, load_talks
from bot.policies.validate import read_folder
from bot.settings import settings


def test_every_unit_named_is_one_of_the_base() -> None:
    data = settings().data
    known = set()
    for policy in read_folder(data / "policies", lines=False):
        known |= {f"{policy.id}/{claim.id}" for claim in policy.claims}
        known |= {f"{policy.id}#{aspect}" for v in policy.versions for aspect in v.answers}
    talks = [
        *load_talks(data / "policy_talks"), *load_phrasings(data / "policy_talks"),
        *load_talks(data / "evaluation" / "strangers"),
    ]  # fmt: skip
    named = {unit for talk in talks for turn in talk.turns for unit in turn.units}
    assert len(named) > 2000
    assert named - known == set()
