"""`python -m bot db …`: schema, vocabulary tables, conversations at rest, backups."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings import ROOT, settings

if TYPE_CHECKING:
    from bot.backup.manifest import BackupManifest

app = typer.Typer(
    help="The database: schema, vocabulary, conversations, backups.", no_args_is_help=True
)


@app.command()
def upgrade() -> None:
    """Bring the database to the newest schema and load the vocabulary (regions, occupations)."""
    from bot.db import migrate
    from bot.db.session import session
    from bot.vocabulary.sync import load_vocabulary
    from bot.vocabulary.vocabulary import vocabulary

    revision = migrate.upgrade(settings().database_url.reveal())
    with session() as db:
        report = load_vocabulary(db, vocabulary())
    typer.echo(f"schema {revision}; vocabulary: {report}")


@app.command()
def compact(
    days: Annotated[
        float, typer.Option(min=0.1, help="How long a conversation has rested, in days.")
    ] = 1.0,
) -> None:
    """Leave of conversations at rest what is known and the last turn; delete the older events.

    The push worker does so by itself every few hours.
    """
    from bot.runtime.compaction import compact_idle as rest

    done = rest(settings().database_url.reveal(), ROOT / "domain.yml", timedelta(days=days))
    typer.echo(f"{done.conversations} conversations, {done.events} events deleted")


@app.command()
def reseal(
    addresses: Annotated[
        bool,
        typer.Option(
            "--addresses", help="Addresses and digests as well; no `serve` may run meanwhile."
        ),
    ] = False,
) -> None:
    """Encrypt anew with JIUYE_SECRET, JIUYE_PEOPLE_KEY and JIUYE_CIPHER what others encrypted.

    Texts and the office's record while people are answered. Then, with `--addresses`, the addresses
    and digests by which rows are found: with `serve` stopped, each in one transaction. After that
    JIUYE_OLD_SECRET, JIUYE_OLD_CIPHER and the old key of the record are not needed.
    """
    from contextlib import nullcontext

    from bot.casework import resealing
    from bot.data_lock import claimed_data
    from bot.db.sealed_rows import reseal_addresses, reseal_texts

    url = settings().database_url.reveal()
    texts, record = reseal_texts(url), resealing.reseal(url)
    with claimed_data(settings()) if addresses else nullcontext():
        moved = reseal_addresses(url) if addresses else 0
        people = resealing.renew_digests(url) if addresses else 0
    typer.echo(
        f"{texts} rows of texts, {record} of the office's record, {moved} of addresses encrypted"
        f" anew; digests of {people} people"
    )


_File = Annotated[Path, typer.Argument(help="The file of the backup, e.g. 2026-11-29.backup.")]


@app.command()
def backup(file: _File) -> None:
    """Write database and models to one file, while they are used; the settings without secrets."""
    from bot.backup.steps import make

    _show(file, make(settings(), file), "written")


@app.command()
def verify(file: _File) -> None:
    """Check that a backup is whole, and that the database in it is."""
    from bot.backup import steps

    _show(file, steps.verify(file), "is whole")


@app.command()
def restore(
    file: _File,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a database that is not empty, and models.")
    ] = False,
) -> None:
    """Put a backup where the settings say; no `serve` may run on that database."""
    from bot.backup import steps

    done = steps.restore(settings(), file, force)
    _show(file, done.manifest, "restored")
    for note in done.notes:
        typer.echo(f"note: {note}")


def _show(file: Path, manifest: BackupManifest, event: str) -> None:
    rows = manifest.rows
    typer.echo(
        f"{file} {event}: {manifest.kind} of {manifest.made_at}, "
        f"schema {manifest.revision or 'none'}, {sum(rows.values())} rows in {len(rows)} tables, "
        f"{len(manifest.parts) - 1} model files"
    )
