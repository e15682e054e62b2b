import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import clock
from bot.commands.warning import app
from bot.failures import explain
from bot.settings import settings
from bot.warning.errors import BatchError, CaseStateError, DisclosureError, WarningFileErrors
from tests.databases import sqlite_copy
from tests.warning.lines import LINE, written
from tests.warning.office_files import FILINGS, filing, firm, write_csv

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """`python -m bot warning …` on a database of its own, on 5 November 2026."""
    monkeypatch.setenv("DATABASE_URL", sqlite_copy("empty", tmp_path / "own.db"))
    settings.cache_clear()

    def command(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(app, list(words), catch_exceptions=False)
        assert done.exit_code == status, done.output
        return done.output

    with clock.frozen(date(2026, 11, 5)):
        yield command
    settings.cache_clear()


def test_a_file_is_shown_applied_and_taken_back(run: Run, tmp_path: Path) -> None:
    rows = [
        filing("A1", firm(1), 1, "解除", date(2026, 11, 3), reason="辞职"),
        filing("A2", firm(1), 2, "跳槽", date(2026, 11, 3)),
    ]
    file = str(write_csv(tmp_path / "备案.csv", FILINGS, rows))
    shown = run("import", file, "--kind", "filings")
    assert "新1行，更正0行，拒收1行" in shown
    assert "第3行：备案类型“跳槽”不认得" in shown
    assert "只是预览" in shown
    assert "到0/100" in run("complete", "2026-11")
    assert "第1批" in run(
        "import",
        file,
        "--kind",
        "filings",
        "--apply",
        "--staff",
        "王",
        "--covers",
        "沈阳市大东区:2026-11",
    )
    assert "filings: 到2/100" in run("complete", "2026-11")
    run("undo", "1", "--staff", "李")
    assert "filings: 到0/100" in run("complete", "2026-11")
    with pytest.raises(BatchError, match="已经撤回"):
        run("undo", "1", "--staff", "李")
    run("import", file, "--kind", "filings", "--apply", status=2)
    run("import", file, "--kind", "什么", status=2)


def test_lines_are_checked_compared_and_loaded(run: Run, tmp_path: Path) -> None:
    assert "未设线：登记失业人数" in run("check")
    folder = str(written(tmp_path))
    assert "lines of 1" in run("check", folder)
    assert run("diff", folder) == "registered-unemployed：新设1版\n"
    run("load", folder, "--staff", "王")
    assert run("diff", folder) == "no changes\n"
    written(tmp_path, LINE.replace("red:", "rot:"))
    with pytest.raises(
        WarningFileErrors, match=r"registered-unemployed\.yml:8: versions\.rot: is not known here"
    ):
        run("load", folder, "--staff", "王")


def test_from_the_demo_to_a_published_report(run: Run, tmp_path: Path) -> None:
    planted = run("demo", "2026-10", "--firms", "24")
    (transfer,) = re.findall(r"(\S+) transfer (\S+) strong", planted)
    run("demo", "2026-10", status=2)
    run("load", str(written(tmp_path)), "--staff", "王")
    region = ("--region", "210300")
    assert "新待核企业" in run("run", "2026-02", *region)
    shown = run("list", "2026-02", *region)
    assert f"{transfer[0]} 强信号" in shown
    assert "疑似整体转移" in shown
    assert "缺数（没有报备案）：鞍山市铁东区" in shown
    run("case", "1", "verified", "--staff", "王")
    with pytest.raises(CaseStateError, match="同一个"):
        run("case", "1", "listed", "--staff", "王")
    assert "列入名单" in run("case", "1", "listed", "--staff", "李")
    (first, *_) = run("measures", *region).splitlines()
    assert "未设" in first
    run("done", first.split()[0], "--result", "已走访")
    run("freeze", "2026-02", "--staff", "王", *region)
    assert "和定的时候一样" in run("recompute", "2026-02", *region)
    folder = ("--folder", str(tmp_path / "reports"))
    made = run("report", "2026-02", "--staff", "王", *folder, *region, "--audience", "outside")
    (number,) = re.findall(r"月报(\d+)", made)
    assert len(list((tmp_path / "reports").iterdir())) == 3
    with pytest.raises(CaseStateError):
        run("approve", number, "--staff", "王", *folder)
    assert "已发布" in run("approve", number, "--staff", "李", *folder)


def test_failures_are_explained_in_a_sentence_with_what_to_do() -> None:
    for error in (
        BatchError("甲.csv 已经导入过"),
        DisclosureError("可以推算"),
        CaseStateError("不能是同一个"),
    ):
        failure = explain(error)
        assert failure
        assert failure.sentence == str(error)
