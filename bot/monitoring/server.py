"""The status server: GET /health and GET /metrics, on a port of its own.

A process next to the workers: `python -m bot.monitoring.server`, started by `serve` when
JIUYE_STATUS_PORT is set. It reads what the workers write of their turns, and looks at the rest.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot import clock
from bot.failures import reported
from bot.logging_setup import configure, prepare_environment
from bot.monitoring.cache_report import CacheRecord
from bot.monitoring.health import Examiner, Health
from bot.monitoring.metrics import CONTENT_TYPE, CacheMetrics, TurnMetrics, gauge
from bot.monitoring.turns import TurnRecord
from bot.settings import SettingErrors, Settings, settings
from bot.supervisor import TURNS_PIPE

#: Seconds for which checks hold: whoever asks more often loads the database no more.
HEALTH_CACHE_S = 2.0


class InstallationStatus:
    """Health and metrics of this installation."""

    def __init__(self, using: Settings) -> None:
        self.turns, self.caches = TurnMetrics(), CacheMetrics()
        self._examiner = Examiner(using)
        self._lock = threading.Lock()
        self._last: tuple[float, Health] | None = None

    def follow(self, pipe: int) -> None:
        """Take the records that come through a pipe, until it is closed."""
        remainder = b""
        while piece := os.read(pipe, 65536):
            *lines, remainder = (remainder + piece).split(b"\n")
            for line in lines:
                self._add(line.decode("ascii", "replace"))

    def _add(self, line: str) -> None:
        if (use := CacheRecord.read(line)) is not None:
            self.caches.add(use)
        elif (turn := TurnRecord.read(line)) is not None:
            self.turns.add(turn)

    def health(self) -> Health:
        """Return the health as it was at most FRESH seconds ago."""
        with self._lock:
            now = time.monotonic()
            if self._last is None or now - self._last[0] > HEALTH_CACHE_S:
                self._last = (now, self._examiner.examine())
            return self._last[1]

    def metrics(self) -> str:
        """Return the metrics in the text format."""
        lines = [*self.turns.lines(), *self.caches.lines(), *_gauges(self.health())]
        return "\n".join(lines) + "\n"


def _gauges(health: Health) -> Iterator[str]:
    """Yield what the checks measured; a check that failed has measured nothing."""
    checks = health.checks
    yield from gauge(
        "jiuye_check_ok", "1 for a part that works, else 0.",
        {name: float(check.level != "failing") for name, check in checks.items()}, "check",
    )  # fmt: skip
    outbox = checks["outbox"].values
    for name in ("oldest_queued_seconds", "overdue_seconds"):
        if name in outbox:
            help_ = "Seconds that the oldest delivery is queued, or is due and might go."
            yield from gauge(f"jiuye_outbox_{name}", help_, {"": outbox[name]})
    states = outbox.get("deliveries", {})
    yield from gauge("jiuye_deliveries", "Deliveries by state.", states, "state")
    free = checks["disk"].values.get("free_bytes", {})
    yield from gauge("jiuye_disk_free_bytes", "Bytes left where files change.", free, "folder")
    ages = {
        name: (clock.now() - datetime.fromisoformat(check["last_run"])).total_seconds()
        for name, check in checks["feeds"].values.get("sources", {}).items()
        if check["last_run"]
    }
    yield from gauge("jiuye_feed_age_seconds", "Seconds since a feed ran last.", ages, "source")
    calendar = checks["calendar"]
    years = {} if "error" in calendar.values else calendar.values
    yield from gauge("jiuye_calendar_known", "1 for a year with known days off.", years, "year")


class _Handler(BaseHTTPRequestHandler):
    """Answers one request; `status` is set by StatusServer."""

    status: InstallationStatus
    timeout = 10.0
    server_version, sys_version = "jiuye", ""

    def do_GET(self) -> None:
        """Answer /health and /metrics."""
        path = self.path.partition("?")[0]
        if path == "/health":
            health = self.status.health()
            code = 503 if health.level == "failing" else 200
            body = json.dumps(health.to_dict(), ensure_ascii=False)
            self._respond(code, "application/json; charset=utf-8", body)
        elif path == "/metrics":
            self._respond(200, CONTENT_TYPE, self.status.metrics())
        else:
            self._respond(404, "text/plain; charset=utf-8", "there are /health and /metrics\n")

    def _respond(self, code: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: who asks, asks every few seconds."""


class StatusServer(ThreadingHTTPServer):
    """Serves a status at an address; a thread a request."""

    daemon_threads = True

    def __init__(self, status: InstallationStatus, host: str, port: int) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), type("Handler", (_Handler,), {"status": status}))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let those go who hang up before they are answered."""


def main() -> None:
    """Serve until stopped."""
    prepare_environment()
    with reported():
        using = settings()
        port = using.status_port
        if port is None:
            raise SettingErrors(["JIUYE_STATUS_PORT is missing: /health and /metrics need a port"])
        configure(using.log_level)
        status = InstallationStatus(using)
        pipe = os.environ.pop(TURNS_PIPE, None)
        if pipe:
            threading.Thread(target=status.follow, args=(int(pipe),), daemon=True).start()
        StatusServer(status, using.status_host, port).serve_forever()


if __name__ == "__main__":
    main()
