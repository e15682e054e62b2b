"""Intents, topics and entities: ours beside Rasa's default Chinese pipeline and the n-gram floor.

Five-fold cross-validation on data/nlu, the same folds for all, each pipeline in a process of its
own; and the public SMP2017-ECDT task 1 (31 intents, trained on its training part, reported on its
development part) where ../shared holds it. DIET takes most of an hour on two cores;
`JIUYE_BENCH_PIPELINES=ours,floor` leaves it out. A run that was cut short goes on where it was:
what was trained on the same data with the same configuration is not trained again.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.baseline import baseline_python
from benchmarks.default_zh import DEFAULT_CONFIG
from benchmarks.report import Measure, publish
from bot.logging_setup import prepare_environment
from bot.rasa_stubs import LEARNING, install_stubs, restore_modules
from bot.settings import ROOT, settings

FOLDS = 5
WORK = ROOT / "var" / "bench" / "nlu"
ENTITIES = ROOT / "benchmarks" / "data" / "entities.yml"
SMP = ROOT.parent / "shared" / "nlu-benchmarks"
#: The entities that data/nlu annotates.
KINDS = {
    "region", "occupation", "salary", "age", "duration", "work_time", "education", "ordinal",
}  # fmt: skip
#: DIET's default is 100; in the folds its training accuracy stands at 0.999 after 30.
EPOCHS = 100
FOLD_EPOCHS = int(os.environ.get("JIUYE_BENCH_EPOCHS", "30"))
BASELINE = "Rasa 3.6.21, default zh pipeline (jieba, count vectors, DIET {} epochs)"
Case = dict[str, Any]


def _ours(variants: int) -> str:
    """Return our pipeline without Rasa's policies; variants are of our field's words only."""
    return (
        "recipe: default.v1\nassistant_id: ours\nlanguage: zh\npipeline:\n"
        "- name: bot.nlu.entities.EntityReader\n"
        f"- name: bot.nlu.classifier.ActTopicClassifier\n  variants: {variants}\n"
    )


def _pipelines(variants: int, epochs: int) -> dict[str, str]:
    wanted = os.environ.get("JIUYE_BENCH_PIPELINES", "ours,floor,default").split(",")
    made = {"floor": "floor"}
    for name, text in (
        ("ours", _ours(variants)),
        ("default", DEFAULT_CONFIG.format(epochs=epochs)),
    ):
        file = WORK / f"{name}-{variants}.yml"
        file.write_text(text, encoding="utf-8")
        made[name] = str(file)
    return {name: made[name] for name in wanted}


def _run(config: str, train: Path, tests: Sequence[Path], out: Path) -> list[list[Case]]:
    """Train and test in a process of its own, unless the same was done before."""
    files = [train, *tests, *([Path(config)] if config != "floor" else [])]
    key = hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
    done = out.with_suffix(".key")
    if done.exists() and done.read_text() == key:
        kept: list[list[Case]] = json.loads(out.read_text(encoding="utf-8"))["tests"]
        return kept
    plain = config != "floor" and "DIET" in Path(config).read_text(encoding="utf-8")
    python = baseline_python() if plain else sys.executable
    command = [python, "-m", "benchmarks.nlu_one", config, str(train), str(out)]
    log = out.with_suffix(".log")
    with log.open("w") as written:
        subprocess.run(
            [*command, *map(str, tests)], cwd=ROOT, check=True, stdout=written, stderr=written
        )
    answered: list[list[Case]] = json.loads(out.read_text(encoding="utf-8"))["tests"]
    done.write_text(key)
    return answered


def _folds() -> list[tuple[Path, Path]]:
    """Write the folds of data/nlu and return the files to train on and to test on."""
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.shared.nlu.training_data.training_data import TrainingData
    from sklearn.model_selection import StratifiedKFold

    examples = load_data(str(settings().data / "nlu")).intent_examples
    labels = [f"{m.get('intent')} {m.get('metadata')}" for m in examples]
    rare = {label for label, count in Counter(labels).items() if count < FOLDS}
    labels = ["rare" if label in rare else label for label in labels]
    files = []
    for number, parts in enumerate(
        StratifiedKFold(FOLDS, shuffle=True, random_state=7).split(examples, labels)
    ):
        pair = []
        for kind, part in zip(("train", "test"), parts, strict=True):
            file = WORK / f"{kind}-{number}.yml"
            TrainingData([examples[at] for at in part]).persist_nlu(str(file))
            pair.append(file)
        files.append((pair[0], pair[1]))
    return files


def _smp() -> tuple[Path, Path]:
    """Write the public benchmark as Rasa's training data."""
    files = []
    for part in ("train", "develop"):
        lines = (SMP / f"smp2017-ecdt-task1.{part}.jsonl").read_text(encoding="utf-8").splitlines()
        by_intent: dict[str, list[str]] = {}
        for row in map(json.loads, lines):
            by_intent.setdefault(row["intent"], []).append(row["text"])
        blocks = [
            f"- intent: {intent}\n  examples: |\n"
            + "".join(f"    - {' '.join(text.split())}\n" for text in texts)
            for intent, texts in by_intent.items()
        ]
        file = WORK / f"smp-{part}.yml"
        file.write_text('version: "3.1"\nnlu:\n' + "".join(blocks), encoding="utf-8")
        files.append(file)
    return files[0], files[1]


def _accuracy(cases: Iterable[Case], what: str) -> float:
    judged = [c for c in cases if c["expected"][what]]
    return sum(c["found"][what] == c["expected"][what] for c in judged) / max(1, len(judged))


def _macro_f1(cases: Sequence[Case]) -> float:
    from sklearn.metrics import f1_score

    expected = [c["expected"]["intent"] for c in cases]
    found = [c["found"]["intent"] or "none" for c in cases]
    return float(f1_score(expected, found, average="macro", labels=sorted(set(expected))))


def _entity_f1(cases: Iterable[Case]) -> float:
    hit = found_all = expected_all = 0
    for case in cases:
        found = {tuple(e) for e in case["found"]["entities"] if e[2] in KINDS}
        expected = {tuple(e) for e in case["expected"]["entities"] if e[2] in KINDS}
        hit += len(found & expected)
        found_all += len(found)
        expected_all += len(expected)
    return 2 * hit / max(1, found_all + expected_all)


def cross_validate() -> dict[str, dict[str, float]]:
    """Return, for each pipeline, its measures over all folds."""
    cases: dict[str, list[Case]] = {}
    unseen: dict[str, list[Case]] = {}
    for number, (train, test) in enumerate(_folds()):
        for name, config in _pipelines(variants=1, epochs=FOLD_EPOCHS).items():
            tested, by_hand = _run(config, train, [test, ENTITIES], WORK / f"{name}-{number}.json")
            cases.setdefault(name, []).extend(tested)
            unseen.setdefault(name, []).extend(by_hand)
            print(f"fold {number} {name}: {_accuracy(tested, 'intent'):.4f}", file=sys.stderr)
    return {
        name: {
            "intent accuracy": _accuracy(of, "intent"),
            "intent macro F1": _macro_f1(of),
            "topic accuracy": _accuracy(of, "topic"),
            "entity F1": _entity_f1(of),
            "entity F1, messages annotated by hand": _entity_f1(unseen[name]),
        }
        for name, of in cases.items()
    }


def public() -> dict[str, dict[str, float]]:
    """Return, for each pipeline, its measures on the development part of the public benchmark."""
    train, test = _smp()
    measured = {}
    for name, config in _pipelines(variants=0, epochs=EPOCHS).items():
        (cases,) = _run(config, train, [test], WORK / f"smp-{name}.json")
        measured[name] = {
            "SMP2017-ECDT accuracy": _accuracy(cases, "intent"),
            "SMP2017-ECDT macro F1": _macro_f1(cases),
        }
        print(f"SMP {name}: {measured[name]}", file=sys.stderr)
    return measured


def _measures(of: dict[str, dict[str, float]], runs: int, epochs: int) -> Iterable[Measure]:
    diet = BASELINE.format(epochs)
    for baseline, called in (("default", diet), ("floor", "character 1–4-grams, linear SVM")):
        for name, value in of["ours"].items():
            theirs = of.get(baseline, {}).get(name)
            if theirs:
                label = f"{name} / {baseline}"
                yield Measure(label, round(value, 4), round(theirs, 4), "share", runs, called)


def main() -> None:
    """Measure all and publish."""
    prepare_environment()
    install_stubs()
    restore_modules(*LEARNING)
    WORK.mkdir(parents=True, exist_ok=True)
    measures: list[Measure] = []
    if SMP.is_dir():
        measures += _measures(public(), 1, EPOCHS)
    measures += _measures(cross_validate(), FOLDS, FOLD_EPOCHS)
    publish("nlu", measures)


if __name__ == "__main__":
    main()
