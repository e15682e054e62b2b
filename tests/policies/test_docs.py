"""The worked example of docs/policies.md: taken from the page, checked, loaded, asked."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.policies.answers import answer
from bot.policies.claim_answers import claim_finding
from bot.policies.load import load
from bot.policies.policy_file import TOPICS
from bot.policies.ranking.index import AnswerQuery, answer_index
from bot.policies.search import policy_index
from bot.policies.validate import read_folder, topics
from bot.policy_authoring.diff import diff
from bot.policy_authoring.lint import Kind, review
from bot.policy_authoring.snapshot import snapshots_of_database, snapshots_of_files
from bot.settings import ROOT
from tests.policies.conftest import POLICIES

PAGE = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^```yaml example=(\S+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE))
BONUS = "first-job-bonus"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The policies of the project with the example added, as the page says."""
    shutil.copytree(POLICIES, tmp_path, dirs_exist_ok=True)
    with (tmp_path / TOPICS).open("a", encoding="utf-8") as ids:
        ids.write(EXAMPLES[TOPICS])
    (tmp_path / f"{BONUS}.yml").write_text(EXAMPLES[f"{BONUS}.yml"], encoding="utf-8")
    return tmp_path


def test_the_example_is_in_order_and_gives_no_warning(folder: Path) -> None:
    policies = read_folder(folder)
    found = review(policies, topics(folder), date(2026, 11, 24), folder / TOPICS)
    assert [str(w) for w in found if BONUS in (w.field, w.file.removesuffix(".yml"))] == []


def test_the_example_is_all_that_is_new_and_then_answers(policies: Session, folder: Path) -> None:
    wanted = snapshots_of_files(read_folder(folder))
    assert {change.policy for change in diff(snapshots_of_database(policies), wanted)} == {BONUS}
    report = load(policies, folder)
    assert (report.new, report.changed, report.removed) == (1, 0, 0)
    assert policy_index(policies).untrained_in("上岗红包给多少钱") == BONUS
    best = policy_index(policies).search("上岗红包给多少钱", 1)[0]
    assert (best.topic, best.aspect) == (BONUS, "amount")
    for region, amount in ((None, "1000元"), ("210200", "1000元"), ("210106", "1500元")):
        found = answer(policies, BONUS, ["amount"], region, date(2026, 6, 1))
        assert amount in found.parts[0].text
    assert answer(policies, BONUS, as_of=date(2025, 12, 31)).status == "not_in_force"
    unit = answer_index(policies).search(AnswerQuery("自己辞职还给上岗红包吗", {}))[0].unit
    said = claim_finding(policies, unit.topic, unit.key, {}, as_of=date(2026, 6, 1))
    assert said is not None
    assert said.text == "一般不能。干满6个月才给，没干满就走的不给。"


def test_the_page_explains_every_kind_of_warning() -> None:
    for kind in Kind.__args__:  # type: ignore[attr-defined]
        assert f"| `{kind}` |" in PAGE


def test_the_page_names_every_command_of_the_policy_base() -> None:
    from bot.commands.policies import app

    names = [one.name or one.callback.__name__ for one in app.registered_commands if one.callback]
    assert len(names) >= 6
    for name in names:
        assert f"policies {name}" in PAGE
