"""`python -m bot documents …` as those who call it see it; its JSON is a contract."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.commands import run_command
from tests.documents.conftest import LAW, Write

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run `python -m bot documents …` on a database of its own that holds the made-up law."""
    folder = tmp_path_factory.mktemp("documents")
    environment = {"DATABASE_URL": f"sqlite:///{folder / 'own.db'}"}
    command = partial(run_command, "documents", environment=environment)
    (folder / "工资法.md").write_text(LAW, encoding="utf-8")
    done = command("import", "--json", str(folder / "工资法.md"))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "documents": [{"name": "试验工资法", "articles": 5, "state": "new"}]
    }
    return command


def test_search_prints_one_json_object_of_ranked_articles(run: Run) -> None:
    done = run("search", "--json", "工资能拿实物抵吗")
    answer = json.loads(done.stdout)
    assert answer["text"] == "工资能拿实物抵吗"
    assert set(answer["results"][0]) == {"document", "article", "text", "score"}
    first = answer["results"][0]
    assert (first["document"], first["article"]) == ("试验工资法", "第二条")
    scores = [one["score"] for one in answer["results"]]
    assert scores == sorted(scores, reverse=True)
    assert len(done.stdout.splitlines()) == 1


def test_a_batch_answers_each_line_with_its_id_in_order(run: Run, write: Write) -> None:
    batch = write(
        "q.jsonl", '{"id": "a", "text": "节假日怎么发"}\n{"question": "拿实物抵"}\n直接问\n'
    )
    done = run("search", "--json", "--limit", "2", "--batch", str(batch))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in answers] == ["a", "2", "3"]
    assert answers[0]["results"][0]["article"] == "第三条之一"
    assert answers[1]["results"][0]["article"] == "第二条"
    assert all(len(one["results"]) == 2 for one in answers)


def test_explain_tells_the_parts_of_the_score(run: Run) -> None:
    answer = json.loads(run("search", "--json", "--explain", "拿实物抵工资").stdout)
    why = answer["results"][0]["why"]
    assert {"words", "meaning", "asked", "cited", "tokens"} == set(why)
    assert answer["results"][0]["chapter"] == "第一章 总则"


@pytest.mark.parametrize("words", [[], ["问题", "--batch", "q.jsonl"]])
def test_a_question_or_a_batch_is_asked_for_never_both(run: Run, words: list[str]) -> None:
    done = run("search", "--json", *words)
    assert done.returncode == 2
    assert "--batch" in done.stderr


def test_a_batch_line_without_a_text_is_named(run: Run, write: Write) -> None:
    done = run("search", "--json", "--batch", str(write("b.jsonl", '{"id": 1}\n')))
    assert done.returncode == 2
    assert "b.jsonl:1" in done.stderr.replace("\n", "").replace("│", "").replace(" ", "")


def test_a_refused_file_is_named_with_its_reason_and_nothing_is_kept(
    run: Run, write: Write
) -> None:
    good = write("好.md", LAW.replace("试验工资法", "另一部法"))
    done = run("import", str(good), str(write("坏.md", "没有条文")))
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("坏.md: has no articles")
    assert "另一部法" not in run("list").stdout


def test_the_list_shows_versions_with_their_days(run: Run, law: Path) -> None:
    again = run("import", str(law))
    assert again.stdout.split() == ["unchanged", "5", "articles", "试验工资法"]
    assert run("list").stdout.split()[0] == "2024-06-30"
