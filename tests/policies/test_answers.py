from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Policy
from bot.policies import replies
from bot.policies.answers import answer
from bot.policies.load import load
from bot.understanding.aspects import ASPECTS
from tests.policies.conftest import Folder


@pytest.mark.parametrize(
    ("day", "region", "amount"),
    [
        (date(2025, 1, 1), None, "30万元"),
        (date(2025, 12, 31), "210100", "30万元"),
        (date(2026, 1, 1), None, "40万元"),
        (date(2026, 1, 1), "210200", "40万元"),
        (date(2026, 1, 1), "210106", "50万元"),
    ],
)
def test_the_version_of_the_day_and_the_narrowest_region_answers(
    words: Session, folder: Folder, day: date, region: str | None, amount: str
) -> None:
    load(words, folder())
    found = answer(words, "startup-loan", ["amount"], region, day)
    assert found.parts[0].text == f"最高能贷{amount}。"


def test_before_the_first_version_nothing_is_in_force(words: Session, folder: Folder) -> None:
    load(words, folder())
    assert answer(words, "startup-loan", as_of=date(2024, 12, 31)).status == "not_in_force"


def test_a_rule_that_ended_is_not_answered_and_says_when(words: Session, folder: Folder) -> None:
    place = folder()
    text = (place / "loan.yml").read_text(encoding="utf-8")
    (place / "loan.yml").write_text(
        text[: text.index("  - effective_from: 2026")], encoding="utf-8"
    )
    load(words, place)
    with clock.frozen(date(2026, 1, 1)):
        found = answer(words, "startup-loan", ["amount"])
    assert (found.status, found.ended_on, found.parts) == ("not_in_force", date(2025, 12, 31), ())


def test_a_second_hand_source_marks_its_answer(words: Session, folder: Folder) -> None:
    load(words, folder())
    old = answer(words, "startup-loan", ["amount"], as_of=date(2025, 6, 1))
    new = answer(words, "startup-loan", ["amount"], as_of=date(2026, 6, 1))
    assert [old.parts[0].second_hand, new.parts[0].second_hand] == [False, True]
    assert [c.second_hand for c in new.citations] == [True]


def test_what_no_source_gives_is_reported_missing(words: Session, folder: Folder) -> None:
    load(words, folder())
    found = answer(words, "startup-loan", ["materials", "amount"], as_of=date(2025, 6, 1))
    assert found.missing == ("materials",)
    assert [part.aspect for part in found.parts] == ["amount"]
    assert found.next_step is not None
    assert found.next_step.aspect == "how"


def test_only_what_an_answer_rests_on_is_cited(policies: Session) -> None:
    found = answer(policies, "unemployment-benefit", ["amount"])
    assert {c.number for c in found.citations} >= {"辽人社建〔2025〕21号"}
    assert "就业促进法" not in {c.document for c in found.citations}


def test_a_topic_without_a_policy_is_unknown(policies: Session) -> None:
    assert answer(policies, "no-such-topic").status == "unknown"


def test_a_topic_without_a_policy_says_whom_to_ask_and_offers_what_is_near() -> None:
    near = [("startup-loan", "创业担保贷款")]
    said = replies.not_in_base(["no-such-topic"], "某补贴", "policy", near)
    assert said.status == "no_policy"
    assert "12333" in said.text
    assert not any(character.isdigit() for character in said.text.replace("12333", ""))
    assert [button.says for button in said.buttons] == ["创业担保贷款是什么"]


def _last_day(policy: Policy) -> date:
    """Return today, or the last day on which a policy that has ended was in force."""
    ends = [version.effective_to or date.max for version in policy.versions]
    return min(clock.today(), max(ends))


def test_every_answer_of_the_base_is_whole_cited_and_said_in_words(policies: Session) -> None:
    everything = policies.scalars(select(Policy)).all()
    assert len(everything) >= 10
    for policy in everything:
        for aspect in ASPECTS:
            with clock.frozen(_last_day(policy)):
                found = answer(policies, policy.id, [aspect])
            assert found.status == "answered", policy.id
            assert found.citations, (policy.id, aspect)
            for part in found.parts:
                assert "{" not in part.text, (policy.id, aspect)
                assert 8 < len(part.text) < 260, (policy.id, aspect, len(part.text))
