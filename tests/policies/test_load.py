from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.session import session
from bot.db.tables import Policy, PolicyAnswerRow
from bot.policies.errors import PolicyErrors
from bot.policies.load import load
from bot.policies.policy_file import PolicyFile
from bot.policies.validate import read_folder
from tests.policies.conftest import POLICIES, Folder


def test_loading_twice_changes_nothing(policies: Session) -> None:
    loaded = policies.scalar(select(func.count()).select_from(Policy)) or 0
    assert loaded >= 10
    again = load(policies, POLICIES)
    assert (again.new, again.changed, again.removed) == (0, 0, 0)
    assert again.unchanged == loaded


def test_an_edited_file_replaces_its_policy_and_a_deleted_one_goes(
    words: Session, folder: Folder
) -> None:
    place = folder()
    load(words, place)
    report = load(words, folder("30万元", "31万元"))
    assert (report.new, report.changed) == (0, 1)
    (place / "loan.yml").unlink()
    assert load(words, place).removed == 1
    assert words.scalar(select(func.count()).select_from(PolicyAnswerRow)) == 0


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("topics.yml", "other: 别的\n"),  # the loaded policy is of no topic any more
        ("../programmes.yml", "programmes: {}\n"),
    ],
)
def test_what_stands_beside_unchanged_files_is_checked_again(
    words: Session, folder: Folder, file: str, text: str
) -> None:
    place = folder().joinpath("in")
    place.mkdir()
    for name in ("topics.yml", "loan.yml"):
        (place.parent / name).rename(place / name)
    load(words, place)
    (place / file).write_text(text, encoding="utf-8")
    with pytest.raises(PolicyErrors):
        load(words, place)


def test_without_lines_the_same_is_read_in_the_same_order() -> None:
    def content(policy: PolicyFile) -> object:
        versions = [
            {
                "from": version.effective_from,
                "to": version.effective_to,
                "regions": version.regions,
                **{
                    # A list: the order is that of the base's rows.
                    part: [
                        (name, replace(entry, line=0))
                        for name, entry in getattr(version, part).items()
                    ]
                    for part in ("sources", "figures", "answers")
                },
                "conditions": [
                    (clause.says, [replace(one, line=0) for one in clause.conditions])
                    for clause in version.conditions
                ],
            }
            for version in policy.versions
        ]
        return policy.id, policy.title, policy.names, policy.content_hash, versions

    quick, whole = (map(content, read_folder(POLICIES, lines)) for lines in (False, True))
    assert list(quick) == list(whole)


def test_faults_name_their_lines_however_they_are_found(folder: Folder) -> None:
    place = folder("value: '300000', unit: yuan", "value: '300000', unit: ''")
    faults = []
    for lines in (False, True):
        with pytest.raises(PolicyErrors) as wrong:
            read_folder(place, lines)
        faults.append(wrong.value.faults)
    assert faults[0] == faults[1]
    assert faults[0][0].line > 1


def test_one_wrong_file_among_good_ones_loads_nothing(committed: str, folder: Folder) -> None:
    place = folder()
    (place / "wrong.yml").write_text("id: nothing\n", encoding="utf-8")

    def load_all() -> None:
        with session(committed) as db:
            load(db, place)

    with pytest.raises(PolicyErrors):
        load_all()
    with session(committed) as db:
        assert db.scalar(select(func.count()).select_from(Policy)) == 0
