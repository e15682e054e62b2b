"""Acts whose meaning hangs on what was said before: they lead to a job search or to a policy."""

from __future__ import annotations

from actions.jobs import search_jobs, speaks_of_jobs
from actions.policy import answer_policy, resolve, which_topic
from actions.turn import Turn, TurnAction
from bot.messages import Message
from bot.replies import reply


class ActionJobs(TurnAction):
    """Searches, or changes the search that runs."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_jobs"

    def answer(self, turn: Turn) -> Message:
        """Search; 那大连呢 after a policy's answer asks for the policy in 大连."""
        only_place = turn.of_kind("region") and not turn.of_kind("occupation")
        if turn.act == "refine_job" and only_place and turn.get("subject") == "policy":
            turn.act = "policy"
            return answer_policy(turn)
        return search_jobs(turn)


class ActionInform(TurnAction):
    """A bare answer (沈阳, 四千, 都行, 好): to what was asked last, of a job or of a policy."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_inform"

    def answer(self, turn: Turn) -> Message:
        """Take the answer."""
        told = turn.of_kind("region") + turn.of_kind("duration")
        if turn.get("subject") == "policy" and told:
            turn.act = "calculate" if turn.get("contribution_months") else "policy"
            turn.topics = []
            return answer_policy(turn)
        if turn.act == "deny" or (turn.act == "affirm" and not turn.slots.get("asked")):
            turn.set(asked=None, pending=None)
            return reply("what_else", turn.act)
        if speaks_of_jobs(turn) or turn.slots.get("asked"):
            return search_jobs(turn)
        return reply("unclear", None)


class ActionUnclear(TurnAction):
    """When no act is sure: takes what was read for what it can mean, or asks back."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_unclear"

    def answer(self, turn: Turn) -> Message:
        """Answer or ask."""
        if not turn.text.strip() or not turn.topics:
            return reply("empty", None)
        if speaks_of_jobs(turn):
            return search_jobs(turn)
        if resolve(turn):
            turn.act = "policy"
            return answer_policy(turn)
        return which_topic(turn)
