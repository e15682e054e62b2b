"""`python -m bot warning …`: early warning's files, imports and lines."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import warning_work
from bot.commands.warning_work import Region, Staff, read_month
from bot.settings import settings

if TYPE_CHECKING:
    from bot.warning.batches import Preview

app = typer.Typer(
    help="Early warning: lines, imports, levels, the list of firms, reports.",
    no_args_is_help=True,
)
warning_work.add_to(app)


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Default: data/warning/thresholds.")] = None,
) -> None:
    """Check early warning's files; every fault is named with file, line and field."""
    from bot import clock
    from bot.disclosure.rule import AUDIENCES, disclosure_rule
    from bot.warning.indicators import indicators
    from bot.warning.rule_figures import read_reasons, read_rule
    from bot.warning.sheet_rows import headers
    from bot.warning.thresholds import read_thresholds

    rules, reasons = read_rule(), read_reasons()
    headers()
    for audience in AUDIENCES:
        disclosure_rule(audience, settings().home_region, clock.today())
    lines = read_thresholds(folder)
    typer.echo(
        f"{len(rules)} versions of the rule, {sum(len(item.reasons) for item in reasons)} reasons, "
        f"{len(indicators().by_id)} indicators, lines of {len(lines)}"
    )
    unset = [
        item.name for item in indicators().by_id.values() if item.has_lines and item.id not in lines
    ]
    typer.echo(f"未设线：{'、'.join(unset)}")


@app.command()
def diff(
    folder: Annotated[Path | None, typer.Argument(help="Default: data/warning/thresholds.")] = None,
) -> None:
    """Show what loading the lines of a folder would change."""
    from bot.db.session import session
    from bot.warning.thresholds import diff as compare
    from bot.warning.thresholds import read_thresholds

    lines = read_thresholds(folder)
    with session() as db:
        changes = compare(db, lines)
    typer.echo("\n".join(changes) or "no changes")


@app.command()
def load(
    staff: Staff,
    folder: Annotated[Path | None, typer.Argument(help="Default: data/warning/thresholds.")] = None,
) -> None:
    """Load the lines of a folder: all or, when anything is wrong, nothing."""
    from bot.db.session import session
    from bot.warning.thresholds import load as load_lines
    from bot.warning.thresholds import read_thresholds

    lines = read_thresholds(folder)
    with session() as db:
        changes = load_lines(db, lines, staff)
    typer.echo("\n".join(changes) or "no changes")


@app.command("import")
def take(
    file: Annotated[Path, typer.Argument(help="An .xlsx or .csv of an office.")],
    kind: Annotated[str, typer.Option("--kind", help="employers, filings, headcounts or counts.")],
    staff: Staff = "",
    apply: Annotated[
        bool, typer.Option("--apply", help="Apply it; else it is shown only.")
    ] = False,
    covers: Annotated[
        list[str] | None,
        typer.Option("--covers", help="DISTRICT:MONTH delivered whole though without a row."),
    ] = None,
) -> None:
    """Preview a file, or apply it: new and corrected rows, refused ones with the reason."""
    from bot.db.one_import import importing
    from bot.warning import batches
    from bot.warning.delivered import read_delivery
    from bot.warning.sheet_rows import KINDS

    if kind not in KINDS:
        raise typer.BadParameter(f"{kind}: one of {', '.join(KINDS)}")
    if apply and not staff:
        raise typer.BadParameter("--staff says who applies it")
    delivered = read_delivery(file, next(item for item in KINDS if item == kind))
    coverage = [_cover(item) for item in covers or ()]
    with importing(settings().database_url.reveal()) as db:
        _show(batches.preview(db, delivered))
        if apply:
            batch = batches.apply(db, delivered, staff, coverage)
            typer.echo(f"已导入，第{batch.id}批")
        else:
            typer.echo("只是预览；加 --apply 导入")


@app.command()
def undo(
    batch: Annotated[int, typer.Argument(help="The batch's number.")],
    staff: Staff,
) -> None:
    """Take a batch back from now on; what was known before stays known as it was."""
    from bot.db.one_import import importing
    from bot.warning import batches

    with importing(settings().database_url.reveal()) as db:
        inverse = batches.undo(db, batch, staff)
        typer.echo(f"第{batch}批已撤回（第{inverse.id}批）")


@app.command()
def complete(
    month: Annotated[str, typer.Argument(help="2026-11")],
    region: Region = "",
) -> None:
    """Show for each district which deliveries of a month have come."""
    from bot.db.session import session
    from bot.vocabulary.vocabulary import vocabulary
    from bot.warning.batches import completeness
    from bot.warning.series import districts
    from bot.warning.sheet_rows import KINDS

    within = districts(region or settings().home_region)
    kinds = [item for item in KINDS if item != "employers"]
    with session() as db:
        by_kind = {kind: completeness(db, kind, read_month(month), within) for kind in kinds}
    for kind in kinds:
        missing = [vocabulary().full_name(item) for item in within if not by_kind[kind][item]]
        typer.echo(f"{kind}: 到{len(within) - len(missing)}/{len(within)}")
        if missing:
            typer.echo(f"  缺数：{'、'.join(missing)}")


@app.command()
def demo(
    month: Annotated[str, typer.Argument(help="The last month of the two years: 2026-10.")],
    seed: Annotated[int, typer.Option("--seed")] = 1,
    firms: Annotated[int, typer.Option("--firms", help="Firms beside those of events.")] = 240,
) -> None:
    """Fill an empty base with two years of made-up data, with planted events, and name them."""
    from sqlalchemy import select

    from bot.db.one_import import importing
    from bot.db.tables import WarningBatch
    from bot.warning.demo import make

    made = make(read_month(month), seed, firms)
    with importing(settings().database_url.reveal()) as db:
        if db.scalar(select(WarningBatch.id).limit(1)):
            raise typer.BadParameter("there is data already; demo data goes into an empty base")
        made.apply(db)
    for item in made.planted:
        typer.echo(f"{item.day} {item.kind} {item.uscc}{' strong' if item.strong else ''}")


def _cover(text: str) -> tuple[str, date]:
    from bot.warning.sheet_rows import district

    place, _, month_text = text.partition(":")
    try:
        return district(place), read_month(month_text)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from wrong


def _show(preview: Preview) -> None:
    """Print a preview."""
    delivery = preview.delivered
    typer.echo(
        f"{delivery.file}: 新{preview.new}行，更正{preview.corrected}行，"
        f"拒收{len(delivery.refused)}行"
    )
    for refusal in delivery.refused[:20]:
        typer.echo(f"  {refusal}")
    if len(delivery.refused) > 20:
        typer.echo(f"  … 另有{len(delivery.refused) - 20}行")
    if delivery.unread:
        typer.echo(f"  没有用到的列：{'、'.join(sorted(delivery.unread))}")
    for skipped in delivery.skipped:
        typer.echo(f"  没有读：{skipped}")
    if preview.unmatched:
        typer.echo(f"  撤销的备案号查无：{'、'.join(preview.unmatched[:10])}")
