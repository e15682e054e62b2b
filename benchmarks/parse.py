"""Load time, memory and parse time of our pipeline beside Rasa's default one for Chinese.

Both models are loaded in processes of their own, turn about, on the same texts. The default
pipeline is trained on a sample of the same utterances with few epochs: neither changes what
loading and parsing cost.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.baseline import baseline_python, train_baseline
from benchmarks.default_zh import DEFAULT_CONFIG, sampled, utterances
from benchmarks.report import Measure, publish
from bot.logging_setup import configure, prepare_environment
from bot.settings import ROOT, settings

RUNS = 3
WORK = ROOT / "var" / "bench"
#: Messages that are parsed: the first 30 warm up, a thousand are timed.
MESSAGES = 1030
#: Utterances an intent, for the baseline's training.
SAMPLE = 12


def _messages() -> list[str]:
    """Return messages as people write them: in dialect, mistyped, dictated, as stories."""
    from bot.nlu.augmentation import Variants

    known = [text for part in utterances().values() for text in part]
    make = Variants(settings().data / "vocab" / "variants.yml", known, seed=1)
    chosen = random.Random(1).sample(known, MESSAGES // 2)
    return [
        text for said in chosen for text in (said, *(v.text for v in make.make_variants(said, 1)))
    ]


def _baseline(sample: dict[str, list[str]]) -> Path:
    """Train the default pipeline once; return its model."""
    project = WORK / "baseline"
    model = project / "models" / "baseline.tar.gz"
    if model.exists():
        return model
    (project / "data").mkdir(parents=True, exist_ok=True)
    intents = "".join(f"- {name}\n" for name in sample)
    (project / "domain.yml").write_text(f'version: "3.1"\nintents:\n{intents}', encoding="utf-8")
    config = DEFAULT_CONFIG.format(epochs=3) + "policies:\n- name: RulePolicy\n"
    (project / "config.yml").write_text(config, encoding="utf-8")
    blocks = [
        f"- intent: {name}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for name, texts in sample.items()
    ]
    (project / "data" / "nlu.yml").write_text(
        'version: "3.1"\nnlu:\n' + "".join(blocks), encoding="utf-8"
    )
    rules = 'version: "3.1"\nrules:\n- rule: any\n  steps:\n  - intent: greet\n  - action: action_restart\n'  # noqa: E501
    (project / "data" / "rules.yml").write_text(rules, encoding="utf-8")
    return train_baseline(project, "baseline")


def _one(model: Path, texts: Path) -> dict[str, float]:
    which = "baseline" if model.name == "baseline.tar.gz" else "ours"
    python = sys.executable if which == "ours" else baseline_python()
    command = [python, "-m", "benchmarks.parse_one", str(model), str(texts), which]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    answered: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return answered


def main() -> None:
    """Measure both and publish the ratios."""
    from bot.bootstrap import ready_model

    prepare_environment()
    configure("ERROR")
    ours, sample = ready_model(settings()), sampled(SAMPLE)
    baseline = _baseline(sample)
    texts = WORK / "texts.json"
    said = _messages()
    texts.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    runs = [(_one(ours, texts), _one(baseline, texts)) for _ in range(RUNS)]
    measures = [
        Measure(
            name,
            statistics.median(mine[key] for mine, _ in runs),
            statistics.median(theirs[key] for _, theirs in runs),
            unit,
            RUNS,
            "Rasa 3.6.21, default zh pipeline (jieba, count vectors, DIET)",
        )
        for name, key, unit in (
            ("load", "load_s", "s"),
            ("memory", "memory_mb", "MB"),
            ("parse median", "parse_ms", "ms"),
            ("parse 99 %", "parse_99_ms", "ms"),
            ("parse worst", "parse_worst_ms", "ms"),
        )
    ]
    publish("parse", measures)


if __name__ == "__main__":
    main()
