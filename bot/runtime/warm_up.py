"""Answers a few messages before the first person writes, and leaves no trace of them.

Vocabularies, policies, postings and the sentence model are loaded when they are first needed:
seconds, which the first person would wait for.
"""

from __future__ import annotations

import logging
import uuid

from rasa.core.agent import Agent

from bot.db.session import dry_run
from bot.failures import explain, unexpected
from bot.logging_setup import logged_errors
from bot.runtime.agent import send_text

logger = logging.getLogger(__name__)
#: A policy, a search with its wish, a sum, an article of a law, what n-grams alone do not tell,
#: and which policies fit, for which all of them are read.
MESSAGES = (
    "创业贷款最高能贷多少",
    "沈阳有没有招保安的",
    "失业金一个月能领多少钱",
    "劳动合同法第三十八条",
    "我能享受啥政策",
    "让老板给撵出来了心里堵得慌往后咋整",
    "你好",
)


async def warm_up(agent: Agent) -> None:
    """Let an agent answer `MESSAGES`, each of a person of their own, in a dry run.

    Raises what made an answer fail, where that is something an operator can mend (a broken data
    file, a full disk); other failures are logged, and the bot serves what works.
    """
    with dry_run(), logged_errors() as errors:
        for text in MESSAGES:
            await send_text(agent, text, f"warm-up-{uuid.uuid4().hex}", "rest")
    for error in errors:
        if explain(error):
            raise error
        logger.error("warm-up: %s", unexpected(error))
