"""Lines of indicators as tests set them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot.clock import CHINA
from bot.warning import batches
from bot.warning.delivered import Delivered

LINE = """\
id: registered-unemployed
versions:
  - effective_from: 2025-01-01
    regions: ['210000']
    sources: {order: {document: 测试用文件, number: 测发〔2025〕1号, dated: 2024-12-01}}
    compare: same_month_last_year
    yellow: {at_least: 10, source: order}
    red: {at_least: 25, source: order}
    complete: 0.95
    hold: 2
    minimum: 200
    responses: {yellow: [[分析原因, 市, 5]], red: [[分析原因, 市, 2], [专题会商, 省]]}
"""


def written(folder: Path, text: str = LINE, name: str = "registered-unemployed.yml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def deliver(
    db: Session, values: Mapping[tuple[str, date], float], measure: str = "registered_unemployed"
) -> None:
    """Apply counts of a measure by district and month."""
    rows = [
        {"row": n, "month": month, "district": place, "measure": measure, "value": value}
        for n, ((place, month), value) in enumerate(values.items(), 1)
    ]
    name = f"{measure}{sorted(values)}"
    delivered = Delivered("counts", "counts", str(hash(name)), rows, covered=set(values))
    batches.apply(db, delivered, "王", as_of=datetime(2026, 1, 1, tzinfo=CHINA))
