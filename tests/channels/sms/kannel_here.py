"""A real Kannel for a test: bearerbox and smsbox from the shipped configuration, on free ports."""

from __future__ import annotations

import contextlib
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bot.settings import ROOT
from tests.channels.sms.carrier import Carrier
from tests.conftest import _free_port, missing

BEARERBOX, SMSBOX = Path("/usr/sbin/bearerbox"), Path("/usr/sbin/smsbox")
KEY = "key-of-kannel"
NUMBER = "10690000"
_FAKE = """group = smsc
smsc = fake
smsc-id = carrier
our-host = "127.0.0.1"
port = {port}
connect-allow-ip = "127.0.0.1"
throughput = 1000
"""


class Kannel:
    """Both boxes; smsbox can be killed and started again."""

    def __init__(self, folder: Path, our_port: int, smpp_port: int | None = None) -> None:
        """Speak to the fake carrier, or by the shipped SMPP group to one on `smpp_port`."""
        if not BEARERBOX.exists() or not SMSBOX.exists():
            missing("Kannel is not installed (Debian: kannel)")
        self.folder = folder
        self.admin, self.boxes, self.sendsms, self.carrier_port = (_free_port() for _ in range(4))
        for name in ("store", "dlr", "log"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.conf = folder / "kannel.conf"
        self.conf.write_text(self._configured(our_port, smpp_port), encoding="utf-8")
        self._bearerbox = self._run(BEARERBOX)
        self.wait("Status")
        self.smsbox = self._run(SMSBOX)
        self.wait_for_smsbox()

    @property
    def sendsms_url(self) -> str:
        return f"http://127.0.0.1:{self.sendsms}/cgi-bin/sendsms"

    def status_url(self, kind: str = "xml") -> str:
        return f"http://127.0.0.1:{self.admin}/status.{kind}"

    def wait_for_smsbox(self) -> None:
        self.wait("smsbox:.*on-line")

    def kill_smsbox(self) -> None:
        self.smsbox.kill()
        self.smsbox.wait()

    def start_smsbox(self) -> None:
        self.smsbox = self._run(SMSBOX)
        self.wait_for_smsbox()

    def stop(self) -> None:
        for box in (self.smsbox, self._bearerbox):
            box.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                box.wait(3)
            box.kill()
            box.wait()

    def _configured(self, our_port: int, smpp_port: int | None) -> str:
        """Return deploy/kannel.conf with our ports and folders, and the fake carrier for SMPP's."""
        text = (ROOT / "deploy" / "kannel.conf").read_text(encoding="utf-8")
        if smpp_port is None:
            text = re.sub(r"group = smsc\n(?:.+\n)+", _FAKE.format(port=self.carrier_port), text)
        for old, new in (
            ("/var/log/kannel", str(self.folder / "log")),
            ("/var/spool/kannel", str(self.folder)),
            ("13000", str(self.admin)), ("13001", str(self.boxes)), ("13013", str(self.sendsms)),
            (":5005/", f":{our_port}/"), ("CHANGE_KEY", KEY), ("CHANGE_OUR_NUMBER", NUMBER),
            ("http-queue-delay = 5", "http-queue-delay = 1"),
            ("CHANGE_CARRIER_HOST", "127.0.0.1"), ("port = 2775", f"port = {smpp_port}"),
            ("reconnect-delay = 10", "reconnect-delay = 1"),
            ("sms-resend-freq = 60", "sms-resend-freq = 1"),
        ):  # fmt: skip
            text = text.replace(old, new)
        return text

    def _run(self, box: Path) -> subprocess.Popen[bytes]:
        out = (self.folder / "out").open("ab")
        return subprocess.Popen([str(box), "-v", "4", str(self.conf)], stdout=out, stderr=out)

    def wait(self, pattern: str) -> None:
        url = f"{self.status_url('txt')}?password=CHANGE_STATUS"
        for _ in range(500):
            with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as page:
                if re.search(pattern, page.read().decode()):
                    return
            time.sleep(0.05)
        raise AssertionError(f"Kannel: no {pattern}: {(self.folder / 'out').read_text()}")


@contextlib.contextmanager
def kannel(folder: Path, our_port: int) -> Iterator[tuple[Kannel, Carrier]]:
    """Run Kannel for our server on a port, with a carrier at its other end."""
    running = Kannel(folder, our_port)
    carrier = Carrier(running.carrier_port)
    try:
        running.wait("carrier.*online")
        yield running, carrier
    finally:
        carrier.close()
        running.stop()


def settings_for(running: Kannel) -> dict[str, str]:
    """Return the settings that go with it."""
    return {
        "JIUYE_SMS_SENDSMS": running.sendsms_url, "JIUYE_SMS_USER": "bot",
        "JIUYE_SMS_PASSWORD": "CHANGE_PASSWORD_OF_SENDSMS", "JIUYE_SMS_KEY": KEY,
        "JIUYE_SMS_STATUS": running.status_url(), "JIUYE_SMS_STATUS_PASSWORD": "CHANGE_STATUS",
    }  # fmt: skip
