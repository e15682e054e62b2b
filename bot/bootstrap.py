"""Preparation before the assistant answers: schema, vocabulary, policies, postings, model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.progress import progress
from bot.settings import Settings

#: Invented firms of early warning, beside those of planted events.
DEMO_FIRMS = 60


def check_parts(using: Settings) -> None:
    """Raise what keeps a part of the assistant from working, before anything is started.

    ValueError of a channel's settings, RedisError and SQLAlchemyError of servers that do not
    answer.
    """
    from bot.channels.sms.gateway import Gateway
    from bot.channels.wechat.account import WeChatAccount
    from bot.db.session import engine

    WeChatAccount.from_settings(using)
    Gateway.from_settings(using)
    if using.redis_url:
        import redis

        redis.Redis.from_url(
            using.redis_url.reveal(), socket_connect_timeout=5, socket_timeout=5
        ).ping()
    with engine(using.database_url.reveal()).connect():
        pass


def ready_model(using: Settings) -> Path:
    """Prepare everything without a word; return the model's path."""
    from bot.nlu.manifest import MODEL

    for _ in prepare(using, demo=False):
        pass
    return using.models / MODEL


def prepare(using: Settings, demo: bool) -> Iterator[str]:
    """Bring everything up to date, yielding a line about each step."""
    yield from prepare_data(using, demo)
    from bot import clock
    from bot.nlu import training
    from bot.workdays import missing_data

    unknown = missing_data(clock.today())
    if unknown:
        yield f"warning: {unknown}"

    if training.current_model(using) is None:
        progress("model: training (once, a few minutes)")
        training.train(using)
        yield "model trained"
    else:
        yield "model is up to date"


def prepare_data(using: Settings, demo: bool) -> Iterator[str]:
    """Bring the database up to date: schema, vocabulary, policies and perhaps demo postings."""
    from bot.casework.resealing import check_keys
    from bot.db import migrate
    from bot.db.sealed_rows import check_secret
    from bot.db.session import connection, session
    from bot.policies.load import load
    from bot.postings.ingest.interrupted import finish_import
    from bot.vocabulary.sync import load_vocabulary
    from bot.vocabulary.vocabulary import vocabulary

    yield f"database schema {migrate.upgrade(using.database_url.reveal())}"
    with connection(using.database_url.reveal()) as plain:
        check_secret(plain)
    with session(using.database_url.reveal()) as db:
        check_keys(db)
        load_vocabulary(db, vocabulary())
        yield f"policies: {load(db, using.data / 'policies')}"
        changed = load_duties(using, db)
        if changed:
            yield f"duties: {changed} changed"
        if renew_vectors(db):
            yield "sentence vectors made anew"
    if finish_import(using.database_url.reveal()):
        yield "an import that was cut off is written to its end"
    if demo:
        yield from _demo_postings(using)
        yield from _demo_listings(using)


def load_duties(using: Settings, db: Session) -> int:
    """Bring duties and streets to what their files say; return the number of changes.

    The demo's own figures stay for as long as its people do. Raises DutyErrors.
    """
    from bot.casework.areas import load_localities
    from bot.casework.duties import duty_folders, read_duties
    from bot.casework.duty_store import known_regions, load
    from bot.db.tables import Person

    demo = db.scalar(select(Person.id).where(Person.source == "demo").limit(1)) is not None
    folders = duty_folders(using, demo)
    return load(db, read_duties(folders, known_regions(db))) + load_localities(db)


def renew_vectors(db: Session) -> bool:
    """Rebuild the vectors of policies and laws where another model made them; tell whether.

    Unchanged policies and laws are not loaded again when the project gets a new encoder.
    """
    from bot.documents.store import embed
    from bot.embeddings.sentence_model import sentence_model
    from bot.policies.search import base_texts, refresh_vectors
    from bot.search.vector_store import delete_other_models

    model = sentence_model()
    if model is None or not delete_other_models(db, model):
        return False
    refresh_vectors(db, base_texts(db))
    embed(db)
    return True


def _demo_postings(using: Settings) -> Iterator[str]:
    from bot.db.session import session
    from bot.db.tables import Posting

    with session(using.database_url.reveal()) as db:
        if db.scalar(select(Posting.id).limit(1)) is not None:
            return
    # Only now: it brings spaCy and all that reads postings, half a second at every start.
    from bot.postings.ingest.importer import import_files

    report = import_files(using.database_url.reveal(), [using.data / "demo" / "postings.jsonl"])
    yield f"demo postings: {report.new}"


def _demo_listings(using: Settings) -> Iterator[str]:
    from bot import clock
    from bot.places.demo import load_demo

    new = load_demo(using.database_url.reveal(), using.data / "demo" / "places", clock.today())
    if new:
        yield f"demo stations, fairs and courses: {new}"


def prepare_demo(using: Settings) -> Iterator[str]:
    """Bring invented people and staff for the console, once; yield their passwords."""
    from bot.casework_demo import add_demo
    from bot.db.session import session

    with session(using.database_url.reveal()) as db:
        made = add_demo(db)
        if made is None:
            return
        load_duties(using, db)
        firms = _demo_warning(db)
    if firms:
        yield f"demo of early warning: {firms} firms, two years until last month"
    yield f"demo people for the console: {made.people}"
    yield from (f"console login: {name}  {password}" for name, password in made.passwords)


def _demo_warning(db: Session) -> int:
    """Bring invented filings and counts unless there are any; return how many firms."""
    from bot import clock
    from bot.db.tables import WarningBatch
    from bot.warning.demo import make
    from bot.warning.months import months_before

    if db.scalar(select(WarningBatch.id).limit(1)):
        return 0
    make(months_before(clock.today().replace(day=1), 1), firms=DEMO_FIRMS).apply(db)
    return DEMO_FIRMS


def prepare_vocabulary(using: Settings) -> None:
    """Bring the schema and the vocabulary tables up to date."""
    from bot.db import migrate
    from bot.db.session import session
    from bot.vocabulary.sync import load_vocabulary
    from bot.vocabulary.vocabulary import vocabulary

    migrate.upgrade(using.database_url.reveal())
    with session(using.database_url.reveal()) as db:
        load_vocabulary(db, vocabulary())
