"""The plain Rasa project: Rasa reads it, and it answers what ours answered."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from rasa.shared.importers.rasa import RasaFileImporter
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from benchmarks.conversation_dialogues import dialogues
from benchmarks.conversation_stock import project_files, stock_commands


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's files in a folder."""
    folder = tmp_path_factory.mktemp("stock")
    for name, content in project_files(dialogues()).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_there_are_20_dialogues_of_five_turns() -> None:
    assert [len(dialogue) for dialogue in dialogues()] == [5] * 20


def test_rasa_reads_the_project_and_every_message_has_an_action(project: Path) -> None:
    importer = RasaFileImporter(
        str(project / "config.yml"), str(project / "domain.yml"), [str(project / "data")]
    )
    assert [step["name"] for step in importer.get_config()["pipeline"]][-2:] == [
        "EntitySynonymMapper", "FallbackClassifier"
    ]  # fmt: skip
    domain, taught = importer.get_domain(), importer.get_nlu_data()
    assert domain.user_actions == ["action_answer"]
    said = {(m.get("text"), m.get("intent")) for m in taught.intent_examples}
    assert {(turn.say, turn.act) for dialogue in dialogues() for turn in dialogue} <= said
    ruled = {
        event.intent["name"]
        for step in importer.get_stories().story_steps
        for event in step.events
        if event.type_name == "user"
    }
    assert ruled == {intent for _, intent in said} | {"nlu_fallback"}


def test_the_action_says_the_words_that_ours_said(project: Path, tmp_path: Path) -> None:
    commands = stock_commands(project, tmp_path, {"你好": "您好，有啥能帮您"}, 5005, 5055)
    assert [command.folder for command in commands] == [project, project]
    assert str(tmp_path / "rasa.db") in (project / "endpoints.yml").read_text()
    file = project / "actions" / "actions.py"
    spec = importlib.util.spec_from_file_location("stock_actions", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    dispatcher = CollectingDispatcher()
    for text in ("你好", "没听过的"):
        tracker = Tracker("a", {}, {"text": text}, [], False, None, {}, "")
        module.ActionAnswer().run(dispatcher, tracker, {})
    assert [m["text"] for m in dispatcher.messages] == ["您好，有啥能帮您", "请再说一遍。"]
    assert json.loads((project / "actions" / "answers.json").read_text()) == {
        "你好": "您好，有啥能帮您"
    }
