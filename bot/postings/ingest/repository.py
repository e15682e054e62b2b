"""Storage of drafts as postings: in batches, each job once, however many sources it has.

The keys of rows come from bot.postings.ingest.row_keys. A row that is new to its source may offer
a job that is known: then the posting gets one more origin.

On PostgreSQL all of an import is one transaction. On SQLite, where one transaction would keep all
others from writing, drafts wait in `posting_batches` until the last row was read, and are then
written a batch a transaction; new postings are shown once all are written. An import that is cut
off before its last row leaves nothing; one that is cut off later is written to its end by the next
import, start or round of the push worker (bot.postings.ingest.interrupted).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.one_import import WriterTurns
from bot.db.tables import Employer, Posting, PostingOccupation, PostingOrigin
from bot.postings.ingest import deduplication, staged_rows
from bot.postings.ingest.origins import reassign_source
from bot.postings.ingest.parser import Draft, RawPosting
from bot.postings.ingest.report import PostingImportReport
from bot.postings.ingest.row_keys import RowKeys
from bot.postings.screening import rules
from bot.postings.screening.pay import LowPay, mark_odd_pay, odd_pay, screen_pay
from bot.vocabulary.vocabulary import vocabulary

#: Rows that are written at once: in one transaction for all, and where each is its own.
BATCH, SHORT_BATCH = 2000, 200
#: What a posting takes from another source's row of the same job where its own says nothing.
_FILLABLE_FIELDS = ("contact", "address", "apply_text", "link")
#: Values in one IN list: SQLite and PostgreSQL both take many more.
_PIECE_SIZE = 500


def pieces(values: Iterable[Any], size: int = _PIECE_SIZE) -> Iterator[list[Any]]:
    """Yield values in lists of at most `size`."""
    every = list(values)
    for start in range(0, len(every), size):
        yield every[start : start + size]


@dataclass(slots=True)
class _StoredRow:
    """State of one row of a source in the database."""

    posting_id: int
    """0 until the batch is written in which it came."""
    content_hash: str
    has_left: bool
    over: bool = False
    """True when its last day is past."""


@dataclass(frozen=True)
class _StoredPosting:
    """The values of a stored posting that decide how it changes."""

    status: str
    cleared: str
    source: str
    source_key: str
    job_key: str
    offer: deduplication.PostingIdentity


class Store:
    """Writes drafts in batches, knowing what the database has of each source."""

    def __init__(self, db: Session, report: PostingImportReport, register: bool = False) -> None:
        """`register`: the sources' numbers are unique in them and keep their meaning.

        To be made within `bot.db.one_import.importing`. What an import before left is seen to.
        """
        self._db = self.db = db
        self._turns = WriterTurns(db)
        self._size = SHORT_BATCH if self._turns.single_writer else BATCH
        self._report = report
        self._known: dict[str, dict[str, _StoredRow]] = {}
        self.seen: dict[str, set[str]] = {}
        """Keys of the rows taken, by source: what else a source had has left it."""
        self._row_keys = RowKeys(register)
        self._next_id = (db.scalar(select(func.max(Posting.id))) or 0) + 1
        self._next_employer = (db.scalar(select(func.max(Employer.id))) or 0) + 1
        self._employers = dict(db.execute(select(Employer.name, Employer.id)).tuples().all())
        self._batch: dict[tuple[str, str], Draft] = {}
        self._new_employers: list[dict[str, Any]] = []
        self._now = clock.now()
        self._today = clock.today()
        self._words = vocabulary()
        self._since = self._now
        if self._turns.single_writer:
            self._resume_before()

    def has(self, raw: RawPosting, key: str) -> bool:
        """Tell whether a row stands as it was stored: then nothing in it need be read."""
        stored_row = self._stored_rows(raw.source).get(key)
        if stored_row is None or stored_row.content_hash != raw.content_hash:
            return False
        if stored_row.has_left and not stored_row.over:
            return False
        self.seen[raw.source].add(key)
        self._report.unchanged += 1
        return True

    def add(self, draft: Draft, key: str) -> None:
        """Sort a draft into new, changed and unchanged (it had left, and its day is over)."""
        of_source = self._stored_rows(draft.source)
        self.seen[draft.source].add(key)
        stored_row = of_source.get(key)
        if stored_row is None:
            of_source[key] = _StoredRow(0, draft.content_hash, False)
            self._report.new += 1
        elif stored_row.content_hash == draft.content_hash and self._past(draft):
            self._report.unchanged += 1
            return
        else:
            stored_row.content_hash = draft.content_hash
            self._report.changed += 1
        self._batch[draft.source, key] = draft
        if len(self._batch) >= self._size:
            self._flush()

    def complete(self) -> None:
        """Write all that was taken, its pay screened before it is shown."""
        self._flush()
        if self._turns.single_writer:
            if staged_rows.begin_writing(self._db, self._next_id - 1, clock.now()):
                self._db.commit()
                self._write_waiting()
        else:
            self._report.held += screen_pay(self._db, self._since)

    def give_up(self) -> None:
        """Drop what waits to be written; what is being written goes on at the next import."""
        self._db.rollback()
        if self._turns.single_writer:
            staged_rows.drop_unread(self._db)
            self._db.commit()

    def rest(self) -> None:
        """Let others write, where there is one writer."""
        self._turns.give_up()

    def _flush(self) -> None:
        if not self._batch:
            return
        if self._turns.single_writer:
            staged_rows.add(self._db, self._batch)
            self._db.commit()
        else:
            _Batch(self, self._batch).write()
        self._batch = {}

    def _resume_before(self) -> None:
        """Write what an import that was cut off had read to its end; drop what it had not."""
        staged_rows.drop_unread(self._db)
        self._db.commit()
        if staged_rows.is_writing(self._db):
            report, self._report = self._report, PostingImportReport()
            self._write_waiting()
            self._report = report
            self._known.clear()
            self.seen.clear()

    def _write_waiting(self) -> None:
        self._turns.begin()
        low_pay = LowPay(self._db)
        while batch := staged_rows.take_batch(self._db):
            for (source, key), draft in batch.items():
                self._stored_rows(source).setdefault(key, _StoredRow(0, draft.content_hash, False))
            ids = _Batch(self, batch).write()
            self._report.held += low_pay.hold(Posting.id.in_(ids))
            self._turns.give_up()
        since = staged_rows.writing_since(self._db)
        for ids in odd_pay(self._db, since) if since else ():
            mark_odd_pay(self._db, ids)
            self._turns.give_up()
        staged_rows.end(self._db)
        self._db.commit()

    def _past(self, draft: Draft) -> bool:
        return self._over(draft.valid_until)

    def _over(self, last: date | None) -> bool:
        return last is not None and last < self._today

    def _stored_rows(self, source: str) -> dict[str, _StoredRow]:
        if source not in self._known:
            origin = PostingOrigin
            rows = self._db.execute(
                select(
                    origin.source_key,
                    origin.posting_id,
                    origin.content_hash,
                    origin.gone_at,
                    origin.expires_on,
                ).where(origin.source == source)
            )
            self._known[source] = {
                key: _StoredRow(posting_id, digest, gone_at is not None, self._over(until))
                for key, posting_id, digest, gone_at, until in rows
            }
            self.seen[source] = set()
        return self._known[source]

    def key(self, row: RawPosting) -> str:
        """Return the key that identifies a row. To be asked once a row, in their order."""
        if row.given_id and not self._row_keys.has_source(row.source):
            query = (
                select(PostingOrigin.source_key, Employer.name, Posting.title)
                .join(Posting, Posting.id == PostingOrigin.posting_id)
                .join(Employer, Employer.id == Posting.employer_id)
                .where(PostingOrigin.source == row.source, PostingOrigin.source_key.like("id:%"))
            )
            self._row_keys.stored(row.source, self._db.execute(query).tuples())
        return self._row_keys.key(row)

    def _employer(self, draft: Draft) -> int:
        if draft.employer not in self._employers:
            self._employers[draft.employer] = self._next_employer
            self._new_employers.append(
                {
                    "id": self._next_employer,
                    "name": draft.employer,
                    "industry": draft.industry,
                    "kind": draft.kind,
                    "size": draft.size,
                }
            )
            self._next_employer += 1
        return self._employers[draft.employer]


class _Batch:
    """One batch on its way into the database."""

    def __init__(self, store: Store, drafts: dict[tuple[str, str], Draft]) -> None:
        self._store = store
        self._db = store._db
        self._drafts = drafts
        self._keys = {row_key: deduplication.job_key(draft) for row_key, draft in drafts.items()}
        self._offers = self._stored_offers()
        posting_ids = (store._known[source][key].posting_id for source, key in drafts)
        self._stored = self._stored_postings(
            {posting_id for posting_id in posting_ids if posting_id}
        )
        self._new: list[dict[str, Any]] = []
        self._changed: dict[int, dict[str, Any]] = {}
        self._origins: list[dict[str, Any]] = []
        self._origin_updates: list[dict[str, Any]] = []
        self._trades: dict[int, tuple[str, ...]] = {}
        self._dates: list[dict[str, Any]] = []
        self._filled: dict[str, list[dict[str, Any]]] = {name: [] for name in _FILLABLE_FIELDS}

    def write(self) -> list[int]:
        """Decide on each draft, then write everything; return the ids of postings written."""
        for (source, key), draft in self._drafts.items():
            stored_row = self._store._known[source][key]
            posting_id = stored_row.posting_id
            if posting_id and self._stays(posting_id, source, key, draft):
                self._change(posting_id, source, key, draft)
            else:
                self._place(stored_row, source, key, draft)
            stored_row.has_left = self._store._past(draft)
        self._insert()
        return list(self._trades)

    def _stays(self, posting_id: int, source: str, key: str, draft: Draft) -> bool:
        """Tell whether a changed row still is its posting's job, or has no company in it."""
        stored = self._stored[posting_id]
        if stored.job_key == self._keys[source, key] and deduplication.is_same_job(
            stored.offer, draft, self._store._words
        ):
            return True
        return not reassign_source(self._db, posting_id, leaving=(source, key))

    def _change(self, posting_id: int, source: str, key: str, draft: Draft) -> None:
        stored = self._stored[posting_id]
        self._origin_updates.append(self._origin(posting_id, source, key, draft))
        leads = (stored.source, stored.source_key) == (source, key)
        if leads or stored.status == "expired":
            values = self._values(draft, source, key, posting_id, stored)
            values.update(source=stored.source, source_key=stored.source_key)
            self._changed[posting_id] = values
            self._trades[posting_id] = draft.occupations

    def _place(self, stored_row: _StoredRow, source: str, key: str, draft: Draft) -> None:
        """Give a row its posting: the one of the same job, or a new one."""
        store, had = self._store, stored_row.posting_id
        job_key = self._keys[source, key]
        offers = self._offers.setdefault(job_key, [])
        same = next((o for o in offers if deduplication.is_same_job(o, draft, store._words)), None)
        if same:
            stored_row.posting_id = same.posting_id
            if draft.published_on:
                self._dates.append({"at": same.posting_id, "day": draft.published_on})
            for name, rows in self._filled.items():
                if value := getattr(draft, name):
                    rows.append({"at": same.posting_id, "value": value})
            store._report.duplicates += 1
        else:
            stored_row.posting_id, store._next_id = store._next_id, store._next_id + 1
            pay = draft.pay
            ends = (pay.min, pay.max) if pay else (None, None)
            if not store._past(draft):
                offers.append(
                    deduplication.PostingIdentity(stored_row.posting_id, draft.region_code, *ends)
                )
            self._new.append(self._values(draft, source, key, stored_row.posting_id, None))
            self._trades[stored_row.posting_id] = draft.occupations
        origin = self._origin(stored_row.posting_id, source, key, draft)
        if had:
            self._origin_updates.append(origin)
        else:
            self._origins.append({**origin, "first_seen_at": store._now})

    def _stored_offers(self) -> dict[str, list[deduplication.PostingIdentity]]:
        """Return the postings that may be the same job as one of the batch, by job key."""
        offers_by_job: dict[str, list[deduplication.PostingIdentity]] = {}
        for keys in pieces(set(self._keys.values())):
            rows = self._db.execute(
                select(
                    Posting.job_key,
                    Posting.id,
                    Posting.region_code,
                    Posting.salary_min,
                    Posting.salary_max,
                ).where(Posting.job_key.in_(keys), Posting.status != "expired")
            )
            for key, *offer in rows:
                offers_by_job.setdefault(key, []).append(deduplication.PostingIdentity(*offer))
        return offers_by_job

    def _stored_postings(self, ids: set[int]) -> dict[int, _StoredPosting]:
        postings_by_id: dict[int, _StoredPosting] = {}
        p = Posting
        columns = (p.id, p.status, p.cleared, p.source, p.source_key, p.job_key)
        for batch_ids in pieces(ids):
            rows = self._db.execute(
                select(*columns, p.region_code, p.salary_min, p.salary_max).where(
                    p.id.in_(batch_ids)
                )
            )
            for posting_id, status, cleared, source, key, job_key, *offer in rows:
                postings_by_id[posting_id] = _StoredPosting(
                    status,
                    cleared,
                    source,
                    key,
                    job_key,
                    deduplication.PostingIdentity(posting_id, *offer),
                )
        return postings_by_id

    def _origin(self, posting_id: int, source: str, key: str, draft: Draft) -> dict[str, Any]:
        return {
            "source": source,
            "source_key": key,
            "posting_id": posting_id,
            "content_hash": draft.content_hash,
            "expires_on": draft.valid_until,
            "gone_at": self._store._now if self._store._past(draft) else None,
        }

    def _values(
        self, draft: Draft, source: str, key: str, posting_id: int, stored: _StoredPosting | None
    ) -> dict[str, Any]:
        pay = draft.pay
        return {
            "id": posting_id,
            "source": source,
            "source_key": key,
            "content_hash": draft.content_hash,
            "title": draft.title,
            "employer_id": self._store._employer(draft),
            "description": draft.description,
            "tags": draft.tags,
            "place_text": draft.place_text,
            "region_code": draft.region_code,
            "city_code": draft.city_code,
            "salary_text": draft.salary_text,
            "salary_min": pay.min if pay else None,
            "salary_max": pay.max if pay else None,
            "education": draft.education,
            "experience_years": draft.experience_years,
            "work_time": draft.work_time,
            "family_code": draft.family_code,
            "shifts": ",".join(draft.shifts),
            "welfare": ",".join(draft.welfare),
            "headcount": draft.headcount,
            "sex_text": draft.sex_text,
            "age_text": draft.age_text,
            "contact": draft.contact,
            "address": draft.address,
            "apply_text": draft.apply_text,
            "link": draft.link,
            "valid_until": draft.stated_until,
            "job_key": self._keys[source, key],
            "published_on": draft.published_on,
            "imported_at": self._store._now,
            "status": self._status(draft, stored),
            "warnings": ",".join(draft.faults),
        }

    def _status(self, draft: Draft, stored: _StoredPosting | None) -> str:
        """A posting that a person took out does not come back because its words changed."""
        if self._store._past(draft):
            return "expired"
        if stored and stored.status in ("held", "refused"):
            return "held"
        if not draft.faults:
            return "open"
        cleared = stored.cleared.split(",") if stored else []
        is_held = any(rules.holds(fault) and fault not in cleared for fault in draft.faults)
        self._store._report.held += is_held
        return "held" if is_held else "open"

    def _insert(self) -> None:
        db, store = self._db, self._store
        # On the tables, not the classes: the ORM would write rows with other empty columns apart.
        for table, values in (
            (Employer, store._new_employers),
            (Posting, self._new),
            (PostingOrigin, self._origins),
        ):
            if values:
                db.execute(insert(cast(Table, table.__table__)), values)
        store._new_employers = []
        if self._changed:
            db.execute(update(Posting), list(self._changed.values()))
            for ids in pieces(self._changed):
                db.execute(delete(PostingOccupation).where(PostingOccupation.posting_id.in_(ids)))
        if self._dates:
            # A job that another source offers later is as fresh as there.
            older = or_(Posting.published_on.is_(None), Posting.published_on < bindparam("day"))
            fresher = update(Posting).where(Posting.id == bindparam("at"), older)
            db.connection().execute(fresher.values(published_on=bindparam("day")), self._dates)
        for name, rows in self._filled.items():
            if rows:
                silent = update(Posting).where(
                    Posting.id == bindparam("at"), getattr(Posting, name) == ""
                )
                db.connection().execute(silent.values({name: bindparam("value")}), rows)
        if self._origin_updates:
            db.execute(update(PostingOrigin), self._origin_updates)
        trades = [
            {"posting_id": posting_id, "occupation_name": name, "rank": rank}
            for posting_id, names in self._trades.items()
            for rank, name in enumerate(names)
        ]
        if trades:
            db.execute(insert(cast(Table, PostingOccupation.__table__)), trades)
