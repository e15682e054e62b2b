"""A plain Rasa project beside ours: what `rasa init` gives, for Chinese, with one custom action.

It does less than ours and so has the advantage: no slots, no entities, rules alone instead of the
default's TED policy, and an action that looks up the very words that ours answered, no database.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks.baseline import PYTHON, train_baseline
from benchmarks.conversation_dialogues import Turn
from benchmarks.conversation_server import WORK, Command
from benchmarks.default_zh import DEFAULT_CONFIG, sampled

#: Epochs of training; what a parse costs does not depend on them.
EPOCHS = 20
#: Utterances of an intent, beside those of the dialogues.
SAMPLE = 12
#: What the action answers when a text was never answered before.
OTHERWISE = "请再说一遍。"

ACTIONS = '''"""The one custom action: it says what is written down for the text."""

import json
from pathlib import Path

from rasa_sdk import Action

ANSWERS = json.loads((Path(__file__).parent / "answers.json").read_text(encoding="utf-8"))


class ActionAnswer(Action):
    def name(self):
        return "action_answer"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=ANSWERS.get(tracker.latest_message["text"], "{otherwise}"))
        return []
'''
POLICIES = """
policies:
- name: RulePolicy
  core_fallback_action_name: action_answer
"""
ENDPOINTS = """
action_endpoint:
  url: http://127.0.0.1:{actions}/webhook
tracker_store:
  type: SQL
  dialect: sqlite
  db: {database}
"""


def project_files(dialogues: Sequence[Sequence[Turn]]) -> dict[str, str]:
    """Return the files that the model is trained from, by name."""
    utterances = sampled(SAMPLE)
    for dialogue in dialogues:
        for turn in dialogue:
            utterances.setdefault(turn.act, []).append(turn.say)
    version = 'version: "3.1"\n'
    blocks = (
        f"- intent: {intent}\n  examples: |\n"
        + "".join(f"    - {text}\n" for text in dict.fromkeys(texts))
        for intent, texts in sorted(utterances.items())
    )
    rules = (
        f"- rule: {intent}\n  steps:\n  - intent: {intent}\n  - action: action_answer\n"
        for intent in (*sorted(utterances), "nlu_fallback")
    )
    intents = "".join(f"- {intent}\n" for intent in sorted(utterances))
    return {
        "config.yml": DEFAULT_CONFIG.format(epochs=EPOCHS) + POLICIES,
        "domain.yml": f"{version}intents:\n{intents}actions:\n- action_answer\n",
        "data/nlu.yml": version + "nlu:\n" + "".join(blocks),
        "data/rules.yml": version + "rules:\n" + "".join(rules),
        "credentials.yml": "rest:\n",
        "actions/__init__.py": "",
        "actions/actions.py": ACTIONS.format(otherwise=OTHERWISE),
    }


def trained_project(dialogues: Sequence[Sequence[Turn]]) -> Path:
    """Write the project and train its model, once for the same files; return its folder."""
    files = project_files(dialogues)
    folder = WORK / "stock"
    key = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
    known = folder / "models" / "trained-from"
    if known.exists() and known.read_text() == key:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    train_baseline(folder, "stock")
    known.write_text(key)
    return folder


def stock_commands(
    project: Path, folder: Path, answers: dict[str, str], port: int, actions_port: int
) -> list[Command]:
    """Return `rasa run actions` and `rasa run`; the tracker's SQLite file comes into `folder`."""
    written = json.dumps(answers, ensure_ascii=False)
    (project / "actions" / "answers.json").write_text(written, encoding="utf-8")
    endpoints = ENDPOINTS.format(actions=actions_port, database=folder / "rasa.db")
    (project / "endpoints.yml").write_text(endpoints, encoding="utf-8")
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    actions = (*_rasa("run"), "actions", "-p", str(actions_port))
    server = (*_rasa("run"), "-m", "models/stock.tar.gz", "-i", "127.0.0.1", "-p", str(port))
    return [Command(actions, project, quiet), Command(server, project, quiet)]


def _rasa(*words: str) -> tuple[str, ...]:
    return (str(PYTHON), "-m", "rasa", *words)
