"""Import the shared real postings into a fresh database: rows a second, and what could be read.

Beside it, as a baseline of the same run, reading the same files without understanding anything.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from benchmarks.report import Measure, publish
from bot.db import migrate
from bot.db.session import session
from bot.postings.ingest.files import rows
from bot.postings.ingest.importer import import_files
from bot.settings import ROOT
from bot.vocabulary.sync import load_vocabulary
from bot.vocabulary.vocabulary import vocabulary

SHARED = Path(os.environ.get("JIUYE_SHARED", ROOT.parent / "shared"))


def main() -> None:
    """Measure and publish."""
    files = sorted((SHARED / "jobs").glob("*")) if SHARED.is_dir() else []
    files = files or [ROOT / "data" / "demo" / "postings.jsonl"]
    began = time.perf_counter()
    read = sum(1 for file in files for _ in rows(file))
    bare = read / (time.perf_counter() - began)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        migrate.upgrade(url)
        with session(url) as db:
            load_vocabulary(db, vocabulary())
        report = import_files(url, files)
    speed = Measure(
        "import", round(report.read / report.seconds), round(bare), "rows/s", 1, "reading the files"
    )
    shares = [
        Measure(f"{what} read", report.share(what) or 0.0, None, "share of rows that state it", 1)
        for what in ("pay", "region", "occupation")
    ]
    publish("postings", [speed, *shares])


if __name__ == "__main__":
    main()
