from dataclasses import fields
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.settings import ROOT, Settings


def test_what_is_set_in_the_environment_wins_over_the_default() -> None:
    read = Settings.from_environment({"JIUYE_PORT": "8080", "DATABASE_URL": ""})
    assert read.port == "8080"
    assert read.database_url == Settings().database_url


def test_a_secret_may_stand_in_a_file_and_nothing_else_may(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("geheim\n")
    read = Settings.from_environment(
        {"JIUYE_WECHAT_TOKEN_FILE": str(file), "JIUYE_PORT_FILE": str(file)}
    )
    assert read.wechat_token == "geheim"
    assert read.port == Settings().port


def test_every_setting_stands_in_the_docs() -> None:
    documented = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    for about in fields(Settings):
        assert about.metadata["variable"] in documented


def test_the_password_of_the_database_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.__main__ import app
    from bot.settings import settings

    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg2://u:geheim@db/jiuye")
    settings.cache_clear()
    try:
        shown = CliRunner().invoke(app, ["settings"], env={"COLUMNS": "200"}).output
    finally:
        settings.cache_clear()
    assert "geheim" not in shown
    assert "postgresql+psycopg2://u:***@db/jiuye" in shown
