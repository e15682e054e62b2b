"""`python -m bot explain`: why the bot answers a talk as it does, turn by turn."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.steps import prepared_model
from bot.settings import settings

if TYPE_CHECKING:
    from bot.dialogue.message import ParsedMessage
    from bot.policies.ranking.index import AnswerHit
    from bot.turns.slots import Slots


def explain(
    texts: Annotated[list[str], typer.Argument(help="What the person says, turn by turn.")],
) -> None:
    """Say the texts as one dialogue; print how each is understood, read and answered."""
    from bot.logging_setup import configure

    configure(settings().log_level)
    asyncio.run(_explain(prepared_model(), texts))


async def _explain(model: Path, texts: list[str]) -> None:
    from bot.runtime.in_process import Conversations

    talk = await Conversations.open(model)
    person = uuid.uuid4().hex
    for text in texts:
        slots = await slots_of(talk, person)
        answer = await talk.send(text, person)
        parsed = await talk.agent.parse_message(text)
        for line in _lines(text, parsed, slots, answer):
            typer.echo(line)


async def slots_of(talk: Any, person: str) -> Slots:
    """Return the slots of a person's talk as they stand."""
    from bot.turns.slots import Slots

    tracker = await talk.agent.tracker_store.retrieve(person)
    return Slots(dict(tracker.current_slot_values()) if tracker else {})


async def ranked_units(talk: Any, person: str, text: str, limit: int) -> list[AnswerHit]:
    """Return the units of the policy base that may answer what a person says next."""
    from bot.dialogue.message import ParsedMessage

    parsed = await talk.agent.parse_message(text)
    slots = await slots_of(talk, person)
    return _ranked(text, ParsedMessage.from_parse(text, parsed), slots, limit)


def _ranked(text: str, message: ParsedMessage, slots: Slots, limit: int) -> list[AnswerHit]:
    from bot.policies.ranking.index import AnswerQuery, current_answers

    state, topics = slots.dialogue, dict(message.topics)
    last_unit = state.unit or None
    query = AnswerQuery(text, topics, slots.topic, state.messages, last_unit)
    return current_answers().search(query, limit)


def _lines(text: str, parsed: dict[str, Any], slots: Slots, answer: dict[str, Any]) -> list[str]:
    from bot.dialogue.arbiter import arbiter
    from bot.dialogue.message import ParsedMessage

    state, message = slots.dialogue, ParsedMessage.from_parse(text, parsed)
    acts = ", ".join(f"{name} {share:.2f}" for name, share in message.acts)
    topics = ", ".join(f"{name} {share:.2f}" for name, share in message.topics)
    lines = [
        f"> {text}",
        f"  state:   {state.field or 'beginning'}, topic {state.topic}, asks {state.asks or '-'},"
        f" shows {state.shows or '-'}",
        f"  model:   {acts} | {topics}",
    ]
    reads = arbiter()
    if reads:
        reading = reads.read(message, state)
        move = f"{reading.move} {reading.move_share:.2f}"
        lines += [
            f"  reading: {reading.field} {reading.share:.2f}, {move}",
            f"  why:     {'; '.join(reads.explain_field(message, state))}",
        ]
    units = (f"{hit.unit.id} {hit.probability:.2f}" for hit in _ranked(text, message, slots, 3))
    lines.append(f"  units:   {', '.join(units)}")
    first = answer["rendered"][0].splitlines()[0] if answer["rendered"] else ""
    return [*lines, f"  answer:  {answer['act']}, {answer['topics'][:1]}: {first}"]
