"""The units of systemd: understood by it, and shut to what the assistant does not need."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.conftest import missing

UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
#: The most exposure that `systemd-analyze security` may find, of 10.
EXPOSURE = 2.5


@pytest.fixture
def analyze() -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        missing("systemd is not installed (Debian: systemd)")
    return found


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units, as if the bundle were installed in a folder that there is."""
    program = tmp_path / "opt" / ".venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.symlink_to("/bin/true")
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/opt/jiuye", str(tmp_path / "opt"))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    return tmp_path


def test_systemd_understands_every_unit(analyze: str, installed: Path) -> None:
    files = [str(installed / unit.name) for unit in UNITS]
    done = subprocess.run([analyze, "verify", *files], capture_output=True, text=True)
    # Units of the machine itself, which ours name, are none of our business.
    ours = [line for line in done.stderr.splitlines() if re.search(r"jiuye[-\w]*\.\w+:", line)]
    assert not ours
    assert done.returncode == 0


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_may_do_little_besides(analyze: str, installed: Path, unit: Path) -> None:
    command = [analyze, "security", "--offline=yes", "--no-pager", str(installed / unit.name)]
    done = subprocess.run(command, capture_output=True, text=True)
    if "unrecognized option" in done.stderr:
        missing("this systemd-analyze judges no files (from 250 on)")
    level = re.search(r"exposure level[^:]*: ([\d.]+)", done.stdout)
    assert level, done.stdout + done.stderr
    assert float(level[1]) <= EXPOSURE
