from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.bootstrap import renew_vectors
from bot.db.session import session
from bot.db.tables import Policy, TextVector
from bot.embeddings.sentence_model import sentence_model
from bot.policies import search as searching
from bot.policies.load import load
from bot.policies.questions import questions
from bot.policies.search import PolicyIndex, policy_index
from bot.search.vector_store import ensure_vectors
from bot.settings import ROOT
from tests.policies.conftest import POLICIES, Folder

NEW = """id: new-thing
title: 上岗红包
names: [上岗红包]
versions:
  - effective_from: 2026-01-01
    regions: ['210000']
    sources:
      doc: {document: 某文件, issuer: 某厅, grade: A}
    answers:
      what: {text: 到岗就给的补助。, sources: [doc]}
"""


@pytest.fixture(scope="module")
def lexical(based: str) -> PolicyIndex:
    """The index as it is on a machine without a sentence model."""
    with pytest.MonkeyPatch.context() as patch, session(based) as db:
        patch.setattr(searching, "sentence_model", lambda: None)
        return PolicyIndex(db, db.scalars(select(Policy).order_by(Policy.id)).all())


@pytest.mark.parametrize(
    ("text", "topic"),
    {
        "失业金怎么领": "unemployment-benefit",
        "创业贷款能贷多少": "startup-loan",
        "老板欠薪不给": "wage-arrears",
        "公益岗是干啥的": "public-welfare-job",
    }.items(),
)
def test_the_policy_that_a_question_is_about_comes_first(
    policies: Session, text: str, topic: str
) -> None:
    found = policy_index(policies).search(text, 3)
    assert found[0].topic == topic
    assert len({one.topic for one in found}) == 3
    assert found[0].score >= found[1].score >= found[2].score


def test_a_score_is_explained_by_its_parts(policies: Session) -> None:
    best = policy_index(policies).search("失业金怎么领", 1)[0]
    parts = [best.why[name] for name in ("answers", "whole", "asked", "named", "classified")]
    assert sum(parts) == pytest.approx(best.score, abs=0.05)
    assert best.why["named"] == 3  # 失业金
    assert "失业" in [token for token, _ in best.why["tokens"]]


def test_an_empty_text_is_answered_without_an_error(policies: Session) -> None:
    assert len(policy_index(policies).search("", 3)) <= 3


def test_a_policy_loaded_after_training_is_found_at_once_by_its_name(
    policies: Session, tmp_path: Path
) -> None:
    assert policy_index(policies).untrained_in("失业金怎么领") is None
    (tmp_path / "topics.yml").write_text("new-thing: 上岗红包\n", "utf-8")
    (tmp_path / "new.yml").write_text(NEW, "utf-8")
    load(policies, tmp_path)
    assert policy_index(policies).untrained_in("上岗红包咋领") == "new-thing"
    assert policy_index(policies).search("上岗红包咋领", 1)[0].topic == "new-thing"
    assert policy_index(policies).untrained_in("红包咋领") is None


def test_a_longer_name_of_a_known_policy_beats_a_new_ones(
    policies: Session, tmp_path: Path
) -> None:
    for file in POLICIES.glob("*.yml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with (tmp_path / "topics.yml").open("a", encoding="utf-8") as ids:
        ids.write("new-thing: 创业贷\n")
    (tmp_path / "new.yml").write_text(NEW.replace("上岗红包", "业贷款"), "utf-8")
    load(policies, tmp_path)
    assert policy_index(policies).untrained_in("创业贷款怎么办") is None
    assert policy_index(policies).untrained_in("业贷款怎么办") == "new-thing"


@pytest.mark.parametrize(
    ("text", "topic", "aspect"),
    [
        ("失业金要啥材料", "unemployment-benefit", "materials"),
        ("失业金能领几个月", "unemployment-benefit", "period"),
        ("失业登记上哪办", "unemployment-registration", "where"),
        ("创业贷款最高能贷多少", "startup-loan", "amount"),
        ("创业贷款依据啥文件", "startup-loan", "basis"),
        ("老板欠薪 去告要花钱不", "wage-arrears", "fee"),
        ("失业登记收费不", "unemployment-registration", "amount"),  # which says that it is free
    ],
)
def test_the_aspect_that_a_question_names_is_told(
    policies: Session, text: str, topic: str, aspect: str
) -> None:
    best = policy_index(policies).search(text, 1)[0]
    assert (best.topic, best.aspect, best.why["aspect"]) == (topic, aspect, "asked")


def test_without_an_aspect_in_the_question_the_nearest_answer_is_told(policies: Session) -> None:
    best = policy_index(policies).search("创业贷款", 1)[0]
    assert best.aspect is not None
    assert best.why["aspect"] == "nearest"


@pytest.mark.parametrize(
    ("text", "topic"),
    {
        "厂子黄了 那个钱上哪领去": "unemployment-benefit",
        "老板四个月没给开支": "wage-arrears",
        "想开个小饭店手头没本钱": "startup-loan",
        "撵我走给不给个说法 一年给一个月那种": "severance",
        "十一让我上班不给多钱": "overtime",
        "扫大街那种照顾性岗位咋报": "public-welfare-job",
        "让我先交押金才给安排活": "recruitment-fraud",
        "干活把手砸了 厂里不管": "work-injury",
    }.items(),
)
def test_words_alone_find_what_lay_people_mean(lexical: PolicyIndex, text: str, topic: str) -> None:
    assert topic in [one.topic for one in lexical.search(text, 3)]


def test_what_the_classifier_says_counts_and_is_told(lexical: PolicyIndex) -> None:
    without = {one.topic: one.score for one in lexical.search("领导不让歇几天", 60)}
    certain = lexical.search("领导不让歇几天", 1, {"paid-leave": 1.0})[0]
    half = lexical.search("领导不让歇几天", 60, {"paid-leave": 0.5})
    assert certain.topic == "paid-leave"
    assert certain.score == pytest.approx(without["paid-leave"] + 8, abs=0.01)
    (other,) = [one.score for one in half if one.topic == "paid-leave"]
    assert without["paid-leave"] < other < certain.score


def test_questions_are_read_without_their_markup() -> None:
    known = questions(ROOT / "data")
    assert set(POLICIES.glob("*.yml")) - {POLICIES / "topics.yml"} <= {
        POLICIES / f"{topic}.yml" for topic in known
    }
    every = [one for of in known.values() for one in of]
    assert len(every) > 3000
    assert not [one for one in every if "](" in one or "metadata" in one or "intent:" in one]


def _vectors(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(TextVector)) or 0


def test_a_changed_answer_gets_a_new_vector_and_the_old_one_goes(
    words: Session, folder: Folder
) -> None:
    if sentence_model() is None:
        pytest.skip("no sentence model on this machine")
    load(words, folder())
    before = {one.text_hash for one in words.scalars(select(TextVector))}
    load(words, folder("到窗口申请。", "到街道窗口申请。"))
    after = {one.text_hash for one in words.scalars(select(TextVector))}
    assert len(before - after) == len(after - before) == 1


def test_a_removed_policy_takes_its_vectors_along_and_no_others(
    words: Session, folder: Folder
) -> None:
    model = sentence_model()
    if model is None:
        pytest.skip("no sentence model on this machine")
    ensure_vectors(words, model, ["第一条　为了保护劳动者的合法权益，制定本法。"])
    place = folder()
    load(words, place)
    assert _vectors(words) > 1
    (place / "loan.yml").unlink()
    load(words, place)
    assert _vectors(words) == 1


def test_vectors_of_an_earlier_model_are_made_anew_though_no_policy_changed(
    words: Session, folder: Folder
) -> None:
    load(words, folder())
    made = {one.text_hash for one in words.scalars(select(TextVector))}
    assert made
    assert not renew_vectors(words)
    words.execute(update(TextVector).values(model="an earlier one"))
    assert renew_vectors(words)
    rows = list(words.scalars(select(TextVector)))
    assert {one.text_hash for one in rows} == made
    assert {one.model for one in rows} != {"an earlier one"}


def test_a_base_loaded_without_a_sentence_model_is_searched_by_words(
    words: Session, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "sentence_model", lambda: None)
    load(words, folder())
    assert _vectors(words) == 0
    (found,) = policy_index(words).search("创业贷款能贷多少")
    assert (found.topic, found.aspect) == ("startup-loan", "amount")
