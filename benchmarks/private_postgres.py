"""A private PostgreSQL for benchmarks: its cluster is kept in var/bench between runs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
#: Nothing here must survive a crash; the buffers are those of a small server.
OPTIONS = (
    "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    " -c shared_buffers=512MB -c max_wal_size=4GB -c synchronous_commit=off"
)


@contextmanager
def private_postgres(folder: Path) -> Iterator[str | None]:
    """Run a cluster kept in `folder`; give its URL up to the database, None when not installed."""
    if not BINARIES:
        yield None
        return
    binaries = BINARIES[-1].parent
    user = "postgres" if os.geteuid() == 0 else None
    folder.mkdir(parents=True, exist_ok=True)
    if user:
        shutil.chown(folder, user, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])

    def run(*words: str) -> None:
        quiet = subprocess.DEVNULL
        subprocess.run(words, check=True, user=user, cwd=folder, stdout=quiet, timeout=300)

    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        initdb = str(binaries / "initdb")
        run(initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8")  # fmt: skip
    control = str(binaries / "pg_ctl")
    options = f"{OPTIONS} -c port={port}"
    run(control, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg2://postgres@127.0.0.1:{port}/"
    finally:
        run(control, "-D", str(data), "-m", "fast", "-w", "stop")
