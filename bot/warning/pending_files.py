"""Deliveries that were read and shown, and wait to be applied: for a day, for their reader alone.

What waits has no identity number: only its code, as the table will have it.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bot.private_files import make_file, make_own_folder
from bot.warning.delivered import Delivered, Refusal

#: Seconds after which a delivery that nobody applied is deleted.
LIFETIME_S = 24 * 3600.0
_DAYS = ("month", "effective_on", "filed_on")
_TOKEN = re.compile(r"[a-z]{1,40}-[0-9a-f]{64}")


def store(folder: Path, reader: int, delivered: Delivered) -> str:
    """Store a delivery for the member of staff who sent it; return its token."""
    own = folder / str(reader)
    make_own_folder(folder)
    make_own_folder(own)
    for old in folder.glob("*/*.json"):
        if time.time() - old.stat().st_mtime > LIFETIME_S:
            old.unlink(missing_ok=True)
    token = f"{delivered.kind}-{delivered.sha256}"
    file = own / f"{token}.json"
    make_file(file)
    file.write_text(json.dumps(_plain(delivered), ensure_ascii=False), encoding="utf-8")
    return token


def load(folder: Path, reader: int, token: str) -> Delivered | None:
    """Return a delivery that waits for a member of staff; None when it is gone."""
    file = folder / str(reader) / f"{token}.json"
    if not _TOKEN.fullmatch(token) or not file.is_file():
        return None
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    for row in content["rows"]:
        row.update({name: date.fromisoformat(row[name]) for name in _DAYS if name in row})
    content["refused"] = [Refusal(**item) for item in content["refused"]]
    content["unread"] = set(content["unread"])
    content["covered"] = {(place, date.fromisoformat(day)) for place, day in content["covered"]}
    return Delivered(**content)


def drop(folder: Path, reader: int, token: str) -> None:
    """Delete a delivery that was applied."""
    if _TOKEN.fullmatch(token):
        (folder / str(reader) / f"{token}.json").unlink(missing_ok=True)


def _plain(delivered: Delivered) -> dict[str, Any]:
    def text(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    return {
        **vars(delivered),
        "rows": [{name: text(value) for name, value in row.items()} for row in delivered.rows],
        "refused": [asdict(item) for item in delivered.refused],
        "unread": sorted(delivered.unread),
        "covered": [(place, day.isoformat()) for place, day in sorted(delivered.covered)],
    }
