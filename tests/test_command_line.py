"""The command line as those who call it see it; its JSON is a contract."""

from __future__ import annotations

import gzip
import json
from functools import partial
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.settings import ROOT
from tests.commands import run_command
from tests.databases import sqlite_copy

ROW = {"职位": "会计", "公司": "某公司", "地点": "大连·中山区", "薪资": "5-7千"}


@pytest.fixture
def run(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Run `python -m bot …` on a database of its own."""
    database = f"sqlite:///{tmp_path / 'own.db'}"
    # Wide: a message with a long path in it would break within the words that are looked for.
    return partial(run_command, environment={"DATABASE_URL": database, "COLUMNS": "300"})


@pytest.fixture
def prepared(tmp_path: Path) -> None:
    """The database of `run` has its policies already: to load them takes each call seconds."""
    sqlite_copy("based", tmp_path / "own.db")


def _jsonl(folder: Path, *rows: object) -> str:
    file = folder / "rows.jsonl"
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_help_names_every_command(run) -> None:  # type: ignore[no-untyped-def]
    shown = run("--help").stdout
    for name in (
        "serve",
        "ask",
        "train",
        "augment",
        "evaluate",
        "bench",
        "settings",
        "db",
        "policies",
        "postings",
    ):
        assert f"│ {name}" in shown


def test_an_import_prints_one_object_with_the_contracts_fields(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = _jsonl(tmp_path, ROW, {"公司": "无题"})
    done = run("postings", "import", "--json", file)
    report = json.loads(done.stdout)
    assert [report[k] for k in ("read", "new", "changed", "unchanged", "refused")] == [
        2,
        1,
        0,
        0,
        1,
    ]
    assert [report[k] for k in ("pay_read", "region_read", "occupation_read")] == [1.0, 1.0, 1.0]
    assert json.loads(run("postings", "import", "--json", file).stdout)["unchanged"] == 1


def test_a_truncated_file_ends_with_a_clear_error_and_no_trace(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "cut.jsonl.gz"
    file.write_bytes(gzip.compress((json.dumps(ROW) * 3000).encode())[:300])
    done = run("postings", "import", str(file))
    assert done.returncode == 1
    assert "cut.jsonl.gz" in done.stderr
    assert "nothing of this file was imported" in done.stderr
    assert "Traceback" not in done.stderr


def test_policies_check_names_file_line_and_field(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "topics.yml").write_bytes((ROOT / "data/policies/topics.yml").read_bytes())
    loan = (ROOT / "data/policies/startup-loan.yml").read_text(encoding="utf-8")
    (tmp_path / "loan.yml").write_text(loan.replace("'210000'", "'210999'"), encoding="utf-8")
    done = run("policies", "check", str(tmp_path))
    assert done.returncode == 1
    assert "loan.yml:5: regions: '210999' is no region" in done.stderr
    assert run("policies", "check").returncode == 0


def test_warnings_fail_a_check_only_when_asked_to(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "topics.yml").write_text("paid-leave: 年假\n", encoding="utf-8")
    leave = (ROOT / "data/policies/paid-leave.yml").read_text(encoding="utf-8")
    (tmp_path / "leave.yml").write_text(
        leave.replace("how:\n        text: ", "how:\n        text: 予以"), encoding="utf-8"
    )
    usual = run("policies", "check", str(tmp_path))
    assert usual.returncode == 0
    (line,) = [line for line in usual.stdout.splitlines() if "予以" in line]
    assert line.startswith("leave.yml:")
    assert "answers.how.text: warning (wording): “予以”" in line
    assert run("policies", "check", "--strict", str(tmp_path)).returncode == 3
    quiet = run("policies", "check", "--quiet", str(tmp_path))
    assert "予以" not in quiet.stdout
    assert " warnings" in quiet.stdout


@pytest.mark.usefixtures("prepared")
def test_policies_search_prints_ranked_topics(run) -> None:  # type: ignore[no-untyped-def]
    found = json.loads(run("policies", "search", "--json", "创业贷款要啥材料").stdout)
    assert set(found["results"][0]) == {"topic", "aspect", "score"}
    assert found["results"][0]["topic"] == "startup-loan"
    told = json.loads(run("policies", "search", "--json", "--explain", "失业金要啥材料").stdout)
    assert (told["results"][0]["topic"], told["results"][0]["aspect"]) == (
        "unemployment-benefit", "materials",
    )  # fmt: skip
    assert {"answers", "whole", "asked", "named", "classified"} <= set(told["results"][0]["why"])
    scores = [one["score"] for one in told["results"]]
    assert scores == sorted(scores, reverse=True)


def test_policies_go_out_for_review_and_come_back_and_the_change_is_shown(
    run, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    folder, file = tmp_path / "policies", tmp_path / "review.xlsx"
    folder.mkdir()
    (folder / "topics.yml").write_text("paid-leave: 年假\n", encoding="utf-8")
    leave = (ROOT / "data/policies/paid-leave.yml").read_text(encoding="utf-8")
    (folder / "leave.yml").write_text(leave, encoding="utf-8")
    assert run("policies", "load", str(folder)).returncode == 0
    assert run("policies", "export", str(file), "--folder", str(folder)).returncode == 0
    book = load_workbook(file)
    page = book["答案"]
    (cell,) = [c for c in next(page.iter_rows(2, 2)) if "{" in str(c.value)]
    cell.value += "请打12333问。"
    book.save(file)
    assert (
        "1 fields changed" in run("policies", "import", str(file), "--folder", str(folder)).stdout
    )
    told = json.loads(run("policies", "diff", str(folder), "--json").stdout)["changes"]
    assert [(one["policy"], one["kind"]) for one in told] == [("paid-leave", "changed")]
    cell.value = ""
    book.save(file)
    refused = run("policies", "import", str(file), "--folder", str(folder))
    assert refused.returncode == 1
    assert "答案, row 2, 原文（改这里）" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.model
@pytest.mark.usefixtures("prepared")
def test_ask_prints_one_object_a_text_with_the_contracts_fields(run, model: Path) -> None:  # type: ignore[no-untyped-def]
    done = run("ask", "--json", "创业贷款最高能贷多少，几年", "要带啥材料")
    first, second = map(json.loads, done.stdout.splitlines())
    assert set(first) == {
        "text", "act", "status", "topics", "slots", "intent", "entities", "replies", "rendered",
        "citations", "postings", "latency_ms",
    }  # fmt: skip
    assert (first["act"], first["topics"][0]) == ("policy", "startup-loan")
    assert "30万" in first["rendered"][0]
    assert "辽人社建〔2025〕21号" in [one["number"] for one in first["citations"]]
    assert second["topics"] == ["startup-loan"]


@pytest.mark.model
@pytest.mark.usefixtures("prepared")
def test_a_named_sender_goes_on_in_another_call(run, model: Path) -> None:  # type: ignore[no-untyped-def]
    run("ask", "--sender", "anna", "失业登记咋办")
    done = run("ask", "--json", "--sender", "anna", "要带啥材料")
    assert json.loads(done.stdout)["topics"] == ["unemployment-registration"]


@pytest.mark.model
@pytest.mark.usefixtures("prepared")
def test_a_batch_answers_each_dialogue_apart(run, model: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    dialogues = [
        {"id": "a", "turns": [{"text": "失业登记咋办"}, {"text": "上哪办"}]},
        {"id": "b", "turns": [{"text": ""}, {"text": "😀" * 50}, {"text": "说" * 20_000}]},
    ]
    done = run("ask", "--json", "--batch", _jsonl(tmp_path, *dialogues))
    turns = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(t["id"], t["turn"]) for t in turns] == [
        ("a", 0),
        ("a", 1),
        ("b", 0),
        ("b", 1),
        ("b", 2),
    ]
    assert all(t["rendered"] and t["status"] != "error" for t in turns)


@pytest.mark.usefixtures("prepared")
def test_a_broken_batch_names_its_line(run, model: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "bad.jsonl"
    file.write_text('{"id": "a"}\n', encoding="utf-8")
    done = run("ask", "--json", "--batch", str(file))
    assert done.returncode != 0
    assert "line 1" in done.stderr
