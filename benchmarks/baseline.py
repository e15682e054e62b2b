"""The environment of plain Rasa, which the benchmarks compare with: `make .venv-baseline/mark`.

It holds Rasa 3.6.21 with all that its own metadata asks for (TensorFlow among it), on Python 3.10,
from requirements-baseline.lock; none of it is installed for ours.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.settings import ROOT

PYTHON = ROOT / ".venv-baseline" / "bin" / "python"


def baseline_python() -> str:
    """Return the interpreter of plain Rasa; SystemExit says how to make it."""
    if not PYTHON.exists():
        raise SystemExit("plain Rasa is not installed: make .venv-baseline/mark (Python 3.10)")
    return str(PYTHON)


def train_baseline(project: Path, model: str) -> Path:
    """Train the Rasa project in a folder as plain Rasa does; return `models/MODEL.tar.gz` in it."""
    command = (baseline_python(), "-m", "rasa", "train", "--fixed-model-name", model)
    subprocess.run(command, cwd=project, check=True, stdout=sys.stderr)
    return project / "models" / f"{model}.tar.gz"
