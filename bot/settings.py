"""Settings, read once from the environment; `python -m bot settings` prints them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path

#: The project's folder: data/, models/ and the Rasa files stand beside the package.
ROOT = Path(__file__).resolve().parent.parent


def _setting(variable: str, default: str, meaning: str, secret: bool = False) -> str:
    return field(
        default=default,
        metadata={"variable": variable, "meaning": meaning, "secret": secret},
    )


@dataclass(frozen=True)
class Settings:
    """Everything an installer may set. Each field names its environment variable."""

    database_url: str = _setting(
        "DATABASE_URL",
        f"sqlite:///{ROOT / 'var' / 'jiuye.db'}",
        "the database: SQLite by default, or postgresql+psycopg2://user:password@host/name",
        secret=True,
    )
    host: str = _setting("JIUYE_HOST", "127.0.0.1", "the address the bot listens on")
    port: str = _setting("JIUYE_PORT", "5005", "the port of the bot and its web page")
    action_port: str = _setting("JIUYE_ACTION_PORT", "5055", "the port of the action server")
    data_dir: str = _setting("JIUYE_DATA", str(ROOT / "data"), "policies, vocabulary, demo data")
    model_dir: str = _setting("JIUYE_MODELS", str(ROOT / "models"), "trained models")
    home_region: str = _setting(
        "JIUYE_REGION", "210000", "GB/T 2260 code of the place this installation serves"
    )
    secret: str = _setting(
        "JIUYE_SECRET",
        "",
        "signs web sessions; default: a random one kept in var/secret",
        secret=True,
    )
    sources_file: str = _setting(
        "JIUYE_SOURCES",
        str(ROOT / "data" / "sources.yml"),
        "the list of sources of postings",
    )
    log_level: str = _setting("JIUYE_LOG_LEVEL", "WARNING", "how much is logged")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings from the variables that are set, the defaults for the rest."""
        given = {
            f.name: environment[f.metadata["variable"]]
            for f in fields(cls)
            if environment.get(f.metadata["variable"])
        }
        return cls(**given)

    @property
    def data(self) -> Path:
        """The data folder as a path."""
        return Path(self.data_dir)

    @property
    def models(self) -> Path:
        """The folder of trained models as a path."""
        return Path(self.model_dir)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings.from_environment()
