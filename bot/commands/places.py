"""`python -m bot places …`: import, list, export, undo stations, fairs and courses."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings import settings

if TYPE_CHECKING:
    from bot.places.importer import PlaceImportReport

app = typer.Typer(
    help="Stations, fairs, courses, directories: import, list, export, undo.",
    no_args_is_help=True,
)
KINDS = ("station", "fair", "provider", "course", "directory", "rate")
KindOf = Annotated[str, typer.Argument(help=f"{', '.join(KINDS)}.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of words.")]
By = Annotated[str, typer.Option("--by", help="Who does it; kept with the import.")]


@app.command("import")
def import_(
    kind: KindOf,
    files: Annotated[list[Path], typer.Argument(help="CSV or XLSX, as offices write them.")],
    by: By,
    dry: Annotated[bool, typer.Option("--preview", help="Say what it would do, no more.")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="Mark all rows as invented.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import sheets of one kind. What cannot be read is named with row and field."""
    from bot.bootstrap import prepare_vocabulary
    from bot.places.errors import ListingFileError
    from bot.places.importer import import_file, preview

    _check(kind)
    prepare_vocabulary(settings())
    url = settings().database_url.reveal()
    for file in files:
        try:
            report = (
                preview(url, file, kind, demo=demo)  # type: ignore[arg-type]
                if dry
                else import_file(url, file, kind, by, demo=demo)  # type: ignore[arg-type]
            )
        except ListingFileError as wrong:
            typer.echo(str(wrong), err=True)
            raise typer.Exit(1) from wrong
        if as_json:
            typer.echo(json.dumps(report.to_dict(), ensure_ascii=False))
        else:
            _show(report, dry)


def _show(report: PlaceImportReport, dry: bool) -> None:
    did = "would be" if dry else "are"
    number = f" (import {report.batch})" if report.batch else ""
    typer.echo(
        f"{report.file}{number}: {report.new} {report.kind} rows {did} new, "
        f"{report.changed} {did} changed, {report.same} {did} as before"
    )
    for refusal in report.refused:
        typer.echo(f"  row {refusal.number} refused: {refusal.field}: {refusal.reason}")
    for row, reason in report.notes:
        typer.echo(f"  row {row}: {reason}")
    for name in report.unread:
        typer.echo(f"  column {name!r} means no field")
    for name in report.skipped:
        typer.echo(f"  left out: {name}")


@app.command("list")
def list_(
    kind: KindOf,
    region: Annotated[str, typer.Option(help="Only in this region (code or name).")] = "",
    limit: Annotated[int, typer.Option(help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List what there is, with its state and since when it is not confirmed."""
    from bot import clock
    from bot.db.session import session
    from bot.places.find import listed
    from bot.places.status import status_of

    _check(kind)
    with session() as db:
        for row in listed(db, kind, _code(region), limit):
            status = status_of(row, kind, clock.today())
            if as_json:
                columns = {"id": row.id, "title": row.title, "region": row.region_code}
                columns |= {"state": status.state, "verified_on": str(row.verified_on or "")}
                typer.echo(json.dumps({**columns, "demo": row.demo}, ensure_ascii=False))
                continue
            mark = " [示范数据]" if row.demo else ""
            typer.echo(f"{row.id}  {row.title}{mark} · {row.region_code} · {status.state}")


def _code(region: str) -> str | None:
    from bot.understanding.entity_extractor import message_reader

    if not region or region.isdigit():
        return region or None
    codes = [e["value"] for e in message_reader().read(region) if e["entity"] == "region"]
    if not codes or not codes[0]:
        raise typer.BadParameter(f"{region} is no certain region")
    return str(codes[0])


@app.command()
def export(
    kind: KindOf, file: Annotated[Path, typer.Argument(help="Where to: .csv or .xlsx.")]
) -> None:
    """Write all rows of a kind to a sheet that `import` reads again."""
    from bot.db.session import session
    from bot.places.errors import ListingFileError
    from bot.places.export import export as write

    _check(kind)
    try:
        with session() as db:
            typer.echo(f"{write(db, kind, file)} {kind} rows written to {file}")  # type: ignore[arg-type]
    except ListingFileError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong


@app.command()
def imports(as_json: AsJson = False) -> None:
    """List the latest imports, newest first."""
    from bot.db.session import session
    from bot.places.changes import batches

    with session() as db:
        for batch in batches(db):
            columns = {
                "import": batch.id, "kind": batch.kind, "file": batch.file, "by": batch.imported_by,
                "at": batch.imported_at.isoformat(timespec="minutes"),
                "undone_by": batch.undone_by,
            }  # fmt: skip
            if as_json:
                typer.echo(json.dumps(columns, ensure_ascii=False))
            else:
                undone = f", undone by {batch.undone_by}" if batch.undone_at else ""
                typer.echo(
                    f"{batch.id}  {batch.kind}  {batch.file}  by {batch.imported_by}{undone}"
                )


@app.command()
def undo(number: Annotated[int, typer.Argument(help="The import's number.")], by: By) -> None:
    """Take an import back, unless a later one has changed its rows."""
    from bot.places.errors import ListingBatchError
    from bot.places.importer import undo as take_back

    try:
        rows = take_back(settings().database_url.reveal(), number, by)
    except ListingBatchError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong
    typer.echo(f"import {number}: {rows} rows taken back")


@app.command()
def supply(
    region: Annotated[str, typer.Option(help="Only this region (code or name).")] = "",
    limit: Annotated[int, typer.Option(help="How many at most.")] = 30,
    month: Annotated[str, typer.Option(help="As it was frozen for a month: 2026-12.")] = "",
    as_json: AsJson = False,
) -> None:
    """List open postings by family of trades and place: employers, pay, days open, wishes."""
    from bot import clock
    from bot.db.session import session
    from bot.places.supply import supply as supplied
    from bot.places.supply_months import supply_of_month
    from bot.vocabulary.vocabulary import vocabulary

    with session() as db:
        if month:
            home = _code(region) or settings().home_region
            frozen_on, lines = supply_of_month(db, _month(month), home)
            if frozen_on is None:
                raise typer.BadParameter(f"nothing is frozen for {month}")
        else:
            lines = supplied(db, _code(region), clock.today())
    lines = lines[:limit]
    for line in lines:
        if as_json:
            typer.echo(json.dumps(line.to_dict(), ensure_ascii=False))
            continue
        pay = f"median {line.pay} of {line.paid}" if line.pay else f"too few with pay ({line.paid})"
        wishes = f"{line.wishes} wishes" if line.wishes else "wishes: fewer than 20"
        place = vocabulary().full_name(line.region_code)
        typer.echo(
            f"{line.family} · {place}: {line.postings} postings of {line.employers} employers, "
            f"{pay}, open {line.days_open} days, {wishes}"
        )


@app.command()
def coverage(as_json: AsJson = False) -> None:
    """List the districts by how they are covered by stations, those without one first."""
    from bot.db.session import session
    from bot.places.supply import coverage as covered
    from bot.vocabulary.vocabulary import vocabulary

    with session() as db:
        districts = covered(db)
    for district in districts:
        columns = {
            "region": district.region_code,
            "stations": district.stations,
            "nearest": district.nearest,
        }
        if as_json:
            typer.echo(json.dumps({**columns, "blind": district.is_blind}))
            continue
        nearest = (
            f"nearest {district.nearest} m from the middle"
            if district.nearest is not None
            else "none near"
        )
        blind = "  BLIND" if district.is_blind else ""
        typer.echo(
            f"{vocabulary().full_name(district.region_code)}: {district.stations}, {nearest}{blind}"
        )


def _month(text: str) -> date:
    """Return the first day of a month written 2026-12."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise typer.BadParameter(f"{text} is no month like 2026-12") from None


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise typer.BadParameter(f"{kind} is none of {', '.join(KINDS)}")
