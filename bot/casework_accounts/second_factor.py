"""Second factors of accounts: codes by time (TOTP, RFC 6238) and recovery codes.

A code holds for its step of 30 seconds and the step on either side, and once: the newest step used
stands in the table, so that two console processes refuse the same code. Wrong codes lock the second
step of the login, longer each time.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import CursorResult, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.audit.chain import Action, append
from bot.casework.errors import NotPermitted, SamePerson, WrongState
from bot.casework.identity import key_ring
from bot.casework.roles import ACCOUNTS, ROLES, Staff, members
from bot.db.tables import (
    RecoveryCode,
    SecondFactor,
    SecondFactorRole,
    StaffRole,
)
from bot.keys import derived
from bot.wording import wording

_SAY = wording("casework")

ISSUER = "就业服务工作台"
#: RFC 6238: seconds of a step, digits of a code, steps of drift on either side.
STEP_SECONDS, DIGITS, DRIFT = 30, 6, 1
#: Bytes of a key: RFC 4226 asks for 128 bits and recommends 160.
_KEY_BYTES = 20
#: Wrong codes in a row before the first lock; its length, doubled by each further one, up to a day.
TRIES, LOCK, LONGEST_LOCK = 5, timedelta(minutes=15), timedelta(days=1)
RECOVERY_CODES = 10
#: Letters and digits that are not mistaken for one another; ten of 31 are 49 bits.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_COLUMN = "second_factors.secret"
Verdict = Literal["ok", "recovery", "wrong", "locked"]


@dataclass(frozen=True)
class Enrolment:
    """A key that was shown and waits for its first code."""

    key: str
    """Base32 in groups of four, to be typed."""
    address: str
    """otpauth: a telephone's authenticator opens it."""


@dataclass(frozen=True)
class FactorState:
    """The second factor of an account as its owner sees it."""

    is_enrolled: bool
    is_demanded: bool
    """Whether a role that the owner has now demands it."""
    recovery_codes_left: int


def state(db: Session, counsellor_id: int) -> FactorState:
    """Return the state of an account."""
    left = select(func.count()).where(
        RecoveryCode.counsellor_id == counsellor_id, RecoveryCode.used_at.is_(None)
    )
    return FactorState(
        _confirmed(db, counsellor_id) is not None, is_demanded(db, counsellor_id),
        db.scalar(left) or 0,
    )  # fmt: skip


def is_demanded(db: Session, counsellor_id: int) -> bool:
    """Tell whether a role that an account has now demands a second factor."""
    query = (
        select(StaffRole.id)
        .join(SecondFactorRole, SecondFactorRole.role == StaffRole.role)
        .where(StaffRole.counsellor_id == counsellor_id, StaffRole.ended_at.is_(None))
    )
    return db.scalar(query.limit(1)) is not None


def begin(db: Session, counsellor_id: int, name: str) -> Enrolment:
    """Make a key that waits for its first code, or show the one that waits.

    Raises WrongState when the account is enrolled.
    """
    row = db.get(SecondFactor, counsellor_id, with_for_update=True, populate_existing=True)
    if row is None:
        key = base64.b32encode(secrets.token_bytes(_KEY_BYTES)).decode()
        db.add(SecondFactor(
            counsellor_id=counsellor_id, secret_sealed=key_ring().seal(key, _COLUMN),
            created_at=clock.now(), confirmed_at=None, last_step=0, failures=0, locked_until=None,
        ))  # fmt: skip
        db.flush()
    elif row.confirmed_at is not None:
        raise WrongState(_SAY("factor_enrolled"))
    else:
        key = key_ring().open(row.secret_sealed, _COLUMN)
    groups = " ".join(key[at : at + 4] for at in range(0, len(key), 4))
    label, issuer = quote(f"{ISSUER}:{name}"), quote(ISSUER)
    return Enrolment(groups, f"otpauth://totp/{label}?secret={key}&issuer={issuer}")


def confirm(db: Session, counsellor_id: int, code: str) -> tuple[Verdict, list[str]]:
    """Enrol by the first code; return the verdict and, this once, the recovery codes.

    All sessions of before end, since their account's stamp changes.
    """
    if db.get(SecondFactor, counsellor_id) is None:
        return "wrong", []
    verdict = _checked(db, counsellor_id, code, with_recovery=False)
    if verdict != "ok":
        return verdict, []
    db.get_one(SecondFactor, counsellor_id, populate_existing=True).confirmed_at = clock.now()
    codes = _renew_recovery_codes(db, counsellor_id)
    _log(db, counsellor_id, "factor_enrolled", "设第二重验证", counsellor_id)
    return "ok", codes


def check(db: Session, counsellor_id: int, code: str) -> Verdict:
    """Check a code of the authenticator or a recovery code; what is right is used up.

    The caller's transaction must be committed whatever the verdict: it counts the wrong ones.
    """
    if _confirmed(db, counsellor_id) is None:
        return "wrong"
    verdict = _checked(db, counsellor_id, code, with_recovery=True)
    if verdict == "recovery":
        _log(db, counsellor_id, "recovery_code_used", "用恢复码登录", counsellor_id)
    return verdict


def renew_recovery_codes(db: Session, counsellor_id: int, code: str) -> tuple[Verdict, list[str]]:
    """Replace the recovery codes; a code of the authenticator is asked for."""
    verdict = _checked(db, counsellor_id, code, with_recovery=False)
    if verdict != "ok":
        return verdict, []
    _log(db, counsellor_id, "recovery_codes_renewed", "换恢复码", counsellor_id)
    return "ok", _renew_recovery_codes(db, counsellor_id)


def turn_off(db: Session, counsellor_id: int, code: str) -> Verdict:
    """Remove one's own second factor, for another telephone; a code is asked for."""
    verdict = check(db, counsellor_id, code)
    if verdict in ("ok", "recovery"):
        remove(db, counsellor_id)
        _log(db, counsellor_id, "factor_removed", "停用第二重验证", counsellor_id)
    return verdict


def reset(db: Session, me: Staff, counsellor_id: int) -> None:
    """Remove a colleague's second factor, who lost telephone and recovery codes.

    Raises SamePerson for one's own, NotPermitted for who is not among one's staff.
    """
    if me.id == counsellor_id:
        raise SamePerson
    if all(member.id != counsellor_id for member in members(db, me)):
        raise NotPermitted
    remove(db, counsellor_id)
    _log(db, me.id, "factor_reset", "重设第二重验证", counsellor_id)


def remove(db: Session, counsellor_id: int) -> None:
    """Delete the second factor and the recovery codes of an account."""
    for model in (RecoveryCode, SecondFactor):
        db.execute(delete(model).where(model.counsellor_id == counsellor_id))
    db.expire_all()


def demanded_roles(db: Session) -> set[str]:
    """Return the roles whose holders must have a second factor."""
    return set(db.scalars(select(SecondFactorRole.role)))


def demand(db: Session, me: Staff, role: str, is_on: bool) -> None:
    """Demand a second factor of all who hold a role, or no longer. Raises NotPermitted."""
    me.need(ACCOUNTS)
    if role not in ROLES:
        raise WrongState(_SAY("role_unknown", role=role))
    db.execute(delete(SecondFactorRole).where(SecondFactorRole.role == role))
    if is_on:
        db.add(SecondFactorRole(role=role, demanded_by=me.id, demanded_at=clock.now()))
    db.flush()
    purpose = f"{'要求' if is_on else '不再要求'}第二重验证：{ROLES[role].label}"
    append(db, Action(f"counsellor:{me.id}", "factor_demanded", "role", purpose, role))


def enrolled(db: Session) -> set[int]:
    """Return the accounts that have a second factor."""
    query = select(SecondFactor.counsellor_id).where(SecondFactor.confirmed_at.is_not(None))
    return set(db.scalars(query))


def _confirmed(db: Session, counsellor_id: int) -> SecondFactor | None:
    query = select(SecondFactor).where(
        SecondFactor.counsellor_id == counsellor_id, SecondFactor.confirmed_at.is_not(None)
    )
    return db.scalar(query)


def _checked(db: Session, counsellor_id: int, code: str, with_recovery: bool) -> Verdict:
    """Check a code, counting the try first: of two processes one waits for the row."""
    own = SecondFactor.counsellor_id == counsellor_id
    free = or_(SecondFactor.locked_until.is_(None), SecondFactor.locked_until <= clock.now())
    counted = update(SecondFactor).where(own, free).values(failures=SecondFactor.failures + 1)
    if not _rows(db, counted):
        return "locked"
    row = db.get_one(SecondFactor, counsellor_id, populate_existing=True)
    plain = "".join(code.split()).lower()
    step = _step_of(row, plain)
    verdict: Verdict = "wrong"
    if step is not None:
        row.last_step, verdict = step, "ok"
    elif with_recovery and _use_recovery_code(db, counsellor_id, plain.replace("-", "")):
        verdict = "recovery"
    if verdict == "wrong":
        row.locked_until = _lock(row.failures)
    else:
        row.failures, row.locked_until = 0, None
    db.flush()
    return verdict


def _step_of(row: SecondFactor, code: str) -> int | None:
    """Return the step whose code this is, of those that were not used; None for a wrong code."""
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    key = base64.b32decode(key_ring().open(row.secret_sealed, _COLUMN))
    totp = TOTP(key, DIGITS, SHA1(), STEP_SECONDS)  # the algorithm that every authenticator reads
    now = int(clock.now().timestamp()) // STEP_SECONDS
    matching = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        fits = hmac.compare_digest(totp.generate(step * STEP_SECONDS), code.encode())
        if fits and step > row.last_step and matching is None:
            matching = step
    return matching


def _lock(failures: int) -> datetime | None:
    if failures < TRIES:
        return None
    length: timedelta = LOCK * (1 << min(failures - TRIES, 10))
    return clock.now() + min(length, LONGEST_LOCK)


def _renew_recovery_codes(db: Session, counsellor_id: int) -> list[str]:
    db.execute(delete(RecoveryCode).where(RecoveryCode.counsellor_id == counsellor_id))
    codes = list(_new_codes())
    db.execute(
        insert(RecoveryCode),
        [
            {
                "counsellor_id": counsellor_id,
                "digest": _digest(counsellor_id, one),
                "used_at": None,
            }
            for one in codes
        ],
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _new_codes() -> Iterator[str]:
    for _ in range(RECOVERY_CODES):
        yield "".join(secrets.choice(_ALPHABET) for _ in range(10))


def _use_recovery_code(db: Session, counsellor_id: int, code: str) -> bool:
    used = (
        update(RecoveryCode)
        .where(RecoveryCode.counsellor_id == counsellor_id, RecoveryCode.used_at.is_(None))
        .where(RecoveryCode.digest == _digest(counsellor_id, code))
    )
    return _rows(db, used.values(used_at=clock.now())) == 1


def _digest(counsellor_id: int, code: str) -> str:
    key = derived("recovery codes of accounts")
    return hmac.new(key, f"{counsellor_id}\0{code}".encode(), hashlib.sha256).hexdigest()


def _rows(db: Session, statement: object) -> int:
    done = db.execute(statement)  # type: ignore[call-overload]
    return cast("CursorResult[object]", done).rowcount


def _log(db: Session, actor: int, action: str, purpose: str, counsellor_id: int) -> None:
    append(db, Action(f"counsellor:{actor}", action, "counsellor", purpose, str(counsellor_id)))
