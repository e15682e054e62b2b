"""The access token: one for all workers, renewed early, never in a loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot import clock
from bot.channels.wechat.account import WeChatAccount
from bot.channels.wechat.errors import outcome_of
from bot.db.session import session
from bot.db.threads import in_database
from bot.delivery.outcome import Outcome, Retry
from bot.messaging.access_tokens import KeptToken, keep_token, kept_token

#: A new token by force at most so often: the platform counts 20 a day, 30 s apart.
FORCE_EVERY = timedelta(minutes=5)
#: Seconds between two tries to get a token at all.
PAUSE = 10.0

Post = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]


class TokenRefused(Exception):
    """The platform gives no token; says how that ended."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


class TokenKeeper:
    """Gives the account's token. `post` calls the API without one."""

    def __init__(self, account: WeChatAccount, post: Post) -> None:
        self._account, self._post = account, post
        self._one_at_a_time: asyncio.Lock | None = None
        self._failed: tuple[float, TokenRefused] | None = None

    async def token(self, refused: str | None = None) -> str:
        """Return a token; `refused` is the one that the platform has just refused.

        stable_token gives all workers the same one, so that two that ask at once do no harm.
        Raises TokenRefused; after a failure the platform is left alone for ten seconds.
        """
        if self._one_at_a_time is None:
            self._one_at_a_time = asyncio.Lock()
        async with self._one_at_a_time:
            cached = await in_database(self._load)
            if cached and cached.fresh and cached.token != refused:
                return cached.token
            self._raise_if_just_failed()
            token = await self._renew(force=False)
            if token == refused and _may_force(cached):
                token = await self._renew(force=True)
            return token

    async def _renew(self, force: bool) -> str:
        answer = await self._post(
            "/cgi-bin/stable_token",
            {
                "grant_type": "client_credential",
                "appid": self._account.app_id,
                "secret": self._account.secret.reveal() if self._account.secret else "",
                "force_refresh": force,
            },
        )
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not isinstance(seconds, int):
            code = answer.get("errcode")
            failed = TokenRefused(outcome_of(code) if isinstance(code, int) else Retry("no token"))
            self._failed = (asyncio.get_running_loop().time(), failed)
            raise failed
        await in_database(self._save, token, seconds, force)
        return token

    def _raise_if_just_failed(self) -> None:
        if self._failed and asyncio.get_running_loop().time() - self._failed[0] < PAUSE:
            raise self._failed[1]

    def _load(self) -> KeptToken | None:
        with session() as db:
            return kept_token(db, self._account.app_id)

    def _save(self, token: str, seconds: int, forced: bool) -> None:
        with session() as db:
            keep_token(db, self._account.app_id, token, seconds, forced)


def _may_force(cached: KeptToken | None) -> bool:
    forced = cached.forced_at if cached else None
    return forced is None or clock.now() - forced > FORCE_EVERY
