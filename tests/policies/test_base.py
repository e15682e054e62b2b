"""The project's own policy base as a whole: complete, sourced, and its articles really there."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.policies.cited_articles import expand
from bot.policies.policy_file import FigureEntry, PolicyFile, PolicySource, Version
from bot.policies.programmes import programmes
from bot.policies.validate import GRADES, PLACEHOLDER, topics
from tests.policies.conftest import POLICIES, project_policies

#: Documents whose stored text bears a shorter name.
STORED_AS = {"实施《中华人民共和国社会保险法》若干规定": "实施社会保险法若干规定·失业保险等条"}
#: What the tables of facts call a document of which no text is stored.
TABLED_AS = {"最高人民法院关于审理人身损害赔偿案件适用法律若干问题的解释": "人身损害赔偿解释"}
#: The notice of 2025 itself says how many holidays there were before it.
LOOKS_BACK = {("overtime", "days")}


def _base() -> list[PolicyFile]:
    """Return the policies of the taxonomy."""
    return [policy for policy in project_policies() if not policy.neighbour]


def _next_door() -> list[PolicyFile]:
    """Return the subjects next door: what is certain, who knows, and claims."""
    return [policy for policy in project_policies() if policy.neighbour]


def _versions() -> Iterator[tuple[str, Version]]:
    yield from (
        (policy.id, version) for policy in project_policies() for version in policy.versions
    )
    yield from ((one.id, one.version) for one in programmes())


def _sources() -> Iterator[tuple[str, PolicySource]]:
    yield from ((of, source) for of, version in _versions() for source in version.sources.values())


def test_every_topic_has_a_policy() -> None:
    assert {policy.id for policy in project_policies()} == set(topics(POLICIES))


def test_every_version_says_what_who_how_and_basis() -> None:
    lacking = [
        (policy.id, missing)
        for policy in _base()
        for version in policy.versions
        if (missing := {"what", "who", "how", "basis"} - set(version.answers))
    ]
    assert lacking == []


def test_a_subject_next_door_says_what_is_certain_and_who_knows() -> None:
    lacking = [
        policy.id
        for policy in _next_door()
        if any({"what", "where"} - set(version.answers) for version in policy.versions)
        or len(policy.claims) < 5
        or len(policy.names) < 3
    ]
    assert lacking == []


def test_every_policy_has_a_dozen_claims() -> None:
    assert [policy.id for policy in _base() if len(policy.claims) < 12] == []


def test_claims_are_of_many_kinds_and_short() -> None:
    claims = [claim for policy in project_policies() for claim in policy.claims]
    kinds = Counter(claim.kind for claim in claims)
    assert len(claims) >= 900
    assert kinds["yes_no"] >= 300
    assert kinds["what_if"] >= 150
    texts = [PLACEHOLDER.sub("12个月", text) for claim in claims for text in claim.texts]
    assert max(map(len, texts)) <= 120


def test_nearly_every_version_answers_all_aspects() -> None:
    lacking = [
        (policy.id, aspect)
        for policy in _base()
        for version in policy.versions
        for aspect in ("amount", "period", "materials", "where")
        if aspect not in version.answers
    ]
    assert len(lacking) <= 3, lacking


def test_nothing_rests_on_memory() -> None:
    assert {source.grade for _, source in _sources()} <= set(GRADES)
    assert all(source.document and source.issuer for _, source in _sources())


def test_every_figure_that_is_said_has_a_source_that_is_cited_with_it() -> None:
    for of, version in _versions():
        for one in version.answers.values():
            for name in PLACEHOLDER.findall(one.text):
                assert version.figures[name].source in version.sources, (of, name)


def _is_law(version: Version, figure: FigureEntry) -> bool:
    return version.sources[figure.source].grade == "B1"


def test_figures_known_only_from_memory_are_nowhere() -> None:
    remembered = {
        # Of the steps of 2024 and 2021 all others have a source since facts-2026-11-28.md 1.1.
        "minimum-wage": {"1700"},
        "tax-relief": {"20000", "24000", "6000", "7800"},
        "jobseeking-subsidy": {"3000"},
        "unemployment-benefit": {"2", "0.5"},
    }
    for of, version in _versions():
        second_hand = (f for f in version.figures.values() if not _is_law(version, f))
        stated = {figure.value for figure in second_hand}
        assert not stated & remembered.get(of, set()), of


def test_a_second_hand_document_says_so_in_its_name_or_is_no_document_of_its_own() -> None:
    for of, source in _sources():
        if source.grade == "C":
            marks = ("整理", "转载", "转述", "报道")
            assert any(mark in source.document for mark in marks), (of, source.document)


def test_no_version_is_older_than_the_law_it_rests_on() -> None:
    for of, version in _versions():
        # What a claim alone rests on is looked at when the claim is said.
        of_answers = {key for one in version.answers.values() for key in one.sources}
        for key, source in version.sources.items():
            if (
                key not in of_answers
                or source.grade == "A"
                or (of, key) in LOOKS_BACK
                or source.effective_from is None
            ):
                continue
            assert source.effective_from <= version.effective_from, (of, key)


def test_every_source_of_a_version_is_used() -> None:
    claimed = {
        p.id: {key for claim in p.claims for key in claim.sources} for p in project_policies()
    }
    for of, version in _versions():
        used = set(claimed.get(of, ())) | {
            key for one in version.answers.values() for key in one.sources
        }
        used |= {figure.source for figure in version.figures.values()}
        used |= {one.source for clause in version.conditions for one in clause.conditions}
        assert set(version.sources) <= used, (of, set(version.sources) - used)


def test_what_is_said_is_short() -> None:
    for of, version in _versions():
        for one in version.answers.values():
            text = PLACEHOLDER.sub(lambda hit, v=version: v.figures[hit[1]].text, one.text)  # type: ignore[misc]
            assert 8 < len(text) <= 260, (of, one.aspect, len(text))


def test_people_have_many_names_for_each_topic() -> None:
    few = {policy.id: policy.names for policy in _base() if len(policy.names) < 5}
    assert not few


def test_every_article_that_is_cited_stands_in_its_law(shared: Path) -> None:
    laws = {
        file.name.split("(")[0]: file.read_text(encoding="utf-8")
        for folder in ("laws", "laws/more")
        for file in (shared / "policies" / folder).glob("*.md")
    }
    # Laws whose articles the tables of facts state, of which no text is stored.
    tables = (shared / "policies" / "next-door-2026-11-28.md").read_text(encoding="utf-8")
    checked = 0
    for of, source in _sources():
        stored = STORED_AS.get(source.document, source.document)
        law = laws.get(stored)
        if law is None:
            named = TABLED_AS.get(source.document, source.document)
            assert source.grade != "B1" or named in tables, (of, source.document)
            continue
        for article in expand(source.article or ""):
            stands = re.search(rf"^{article}[\s　]", law, re.MULTILINE)
            # Of what is stored in part (·) the rest was read in a reprint, and says so by its grade.
            of_rest = "·" in stored and source.grade == "B2"
            assert stands or of_rest, (of, source.document, article)
            checked += 1
    assert checked > 400


def test_every_share_and_sum_of_the_founding_text_stands_there(shared: Path) -> None:
    text = next((shared / "policies").glob("辽人社建*.txt")).read_text(encoding="utf-8")
    plain = re.sub(r"\s", "", text)
    spelt = {"3次": "3次", "四年": "四年", "每月1次": "每月组织开展1次", "五类": "兜底安置",
             "十类": "十类", "三级": "三级", "两年": "两年", "每季度": "按季度", "2届": "2届",
             "2019年11月1日": "2019年11月1日", "0.5个百分点": "50BP"}  # fmt: skip
    for of, version in _versions():
        for figure in version.figures.values():
            if version.sources[figure.source].grade != "A":
                continue
            said = spelt.get(figure.text, figure.text)
            number = re.sub(r"(元|年|人次|人|个|户|万名|名|类|项|小时|天)$", "", said)
            assert said in plain or number in plain, (of, figure.name, figure.text)
