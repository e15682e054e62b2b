"""`python -m bot policies …`: check, load, compare, review and search the policy base."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings import settings

if TYPE_CHECKING:
    from rich.progress import Progress

    from bot.dialogue.policy_talks import PolicyTalk
    from bot.embeddings.sentence_model import SentenceModel
    from bot.evaluation.units import SaidStandings
    from bot.policies.ranking.index import AnswerIndex

app = typer.Typer(
    help="The policy base: check, load, diff, export, import, search.", no_args_is_help=True
)


#: How `check` ends: in order, with faults, or in order with warnings under --strict.
FAULTY, WARNED = 1, 3


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Default: data/policies.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail as well.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Count the warnings only.")] = False,
) -> None:
    """Check policy files; every fault and warning is named with file, line and field.

    Ends with 0 when the files are in order (with warnings or without), 1 when there are faults,
    3 when there are warnings and --strict is given, 2 when the command itself is wrong.
    """
    from bot import clock
    from bot.policies.errors import PolicyErrors
    from bot.policies.policy_file import TOPICS
    from bot.policies.validate import read_folder, report_on, topics
    from bot.policy_authoring.lint import review
    from bot.workdays import missing_data

    place = folder or settings().data / "policies"
    try:
        policies = read_folder(place)
    except PolicyErrors as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(FAULTY) from wrong
    report = report_on(policies)
    warnings = [str(w) for w in review(policies, topics(place), clock.today(), place / TOPICS)]
    warnings += [f"calendar: warning: {w}" for w in (missing_data(clock.today()),) if w]
    typer.echo(str(report))
    for line in warnings if not quiet else ():
        typer.echo(line)
    count = len(report.warnings) + len(warnings)
    typer.echo(f"{count} warnings" if count else "no warnings")
    if strict and count:
        raise typer.Exit(WARNED)


@app.command()
def load(
    folder: Annotated[Path | None, typer.Argument(help="Default: data/policies.")] = None,
) -> None:
    """Load policy files into the database: all or, when anything is wrong, nothing."""
    from bot.bootstrap import prepare_vocabulary
    from bot.db.session import session
    from bot.policies.errors import PolicyErrors
    from bot.policies.load import load as load_folder

    prepare_vocabulary(settings())
    try:
        with session() as db:
            report = load_folder(db, folder or settings().data / "policies")
    except PolicyErrors as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(1) from wrong
    typer.echo(str(report))


@app.command()
def diff(
    old: Annotated[Path | None, typer.Argument(help="Default: what is loaded.")] = None,
    new: Annotated[Path | None, typer.Argument(help="Default: data/policies.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show what changed: from what is loaded to a folder, or from one folder to another.

    With one folder, what is loaded is compared with it.
    """
    from bot.db.session import session
    from bot.policies.errors import PolicyErrors
    from bot.policies.validate import read_folder
    from bot.policy_authoring.diff import diff as compare
    from bot.policy_authoring.diff import readable
    from bot.policy_authoring.snapshot import snapshots_of_database, snapshots_of_files

    old_folder, new_folder = (old, new) if new else (None, old or settings().data / "policies")
    try:
        new_snapshot = snapshots_of_files(read_folder(new_folder))
        old_snapshot = snapshots_of_files(read_folder(old_folder)) if old_folder else None
    except PolicyErrors as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(FAULTY) from wrong
    if old_snapshot is None:
        with session() as db:
            old_snapshot = snapshots_of_database(db)
    changes = compare(old_snapshot, new_snapshot)
    if as_json:
        rows = [asdict(change) for change in changes]
        typer.echo(json.dumps({"changes": rows}, ensure_ascii=False))
        return
    for line in readable(changes):
        typer.echo(line)
    typer.echo(f"{len(changes)} changes" if changes else "no changes")


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The .xlsx file to write.")],
    folder: Annotated[Path | None, typer.Option(help="Default: data/policies.")] = None,
) -> None:
    """Write all answers, figures and sources to a spreadsheet for review by colleagues."""
    from bot.policies.errors import PolicyErrors
    from bot.policies.validate import read_folder
    from bot.policy_authoring.xlsx.export import export as write

    try:
        answers = write(read_folder(folder or settings().data / "policies"), file)
    except (PolicyErrors, ValueError) as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(FAULTY) from wrong
    typer.echo(f"{answers} answers: {file}")


@app.command("import")
def take_back(
    file: Annotated[Path, typer.Argument(help="The .xlsx file that came back.")],
    folder: Annotated[Path | None, typer.Option(help="Default: data/policies.")] = None,
) -> None:
    """Take a reviewed spreadsheet back into the policy files: all of its changes or none.

    A change that is refused is named with sheet, row and column. `policies load` comes after.
    """
    from bot.policies.errors import PolicyErrors, SheetErrors
    from bot.policy_authoring.xlsx.apply import apply_workbook as apply

    try:
        report = apply(file, folder or settings().data / "policies")
    except (SheetErrors, PolicyErrors) as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(FAULTY) from wrong
    typer.echo(str(report))


#: Of the utterances of data/nlu, one in so many teaches what no claim answers.
SAMPLE_EVERY = 4
#: Talks, or messages, that one core reads at a time while learning.
READ_TOGETHER = 8


@app.command()
def fit(
    folder: Annotated[Path | None, typer.Option(help="Default: data.")] = None,
    examples: Annotated[
        bool, typer.Option("--examples", help="Write models/turn_examples.npz alone (seconds).")
    ] = False,
) -> None:
    """Learn which claim or aspect answers a message in its place of a talk.

    From the talks and phrasings of data/policy_talks and the claims' own asks; writes
    models/turn_examples.npz, models/unit_classifier.npz and data/answer_ranking.json. Needs the
    trained model and the packages of `make train`; run it after claims, talks, encoder or model
    changed much.
    """
    from rich.progress import Progress

    from bot.bootstrap import renew_vectors
    from bot.commands.documents import topics_of
    from bot.db.session import session
    from bot.dialogue.policy_talks import load_phrasings, load_talks
    from bot.policies.questions import messages_of_other_acts, questions
    from bot.policies.ranking.examples import FILE as EXAMPLES
    from bot.policies.ranking.index import answer_index
    from bot.policies.ranking.ranker import FILE, write
    from bot.policy_learning import learning
    from bot.policy_learning.parallel import on_all_cores

    data = folder or settings().data
    talks = load_talks(data / "policy_talks")
    fresh = [talk for talk in talks if talk.fresh]
    annotated = [*talks, *load_phrasings(data / "policy_talks")]
    _write_examples(annotated, settings().models / EXAMPLES)
    if examples:
        return
    topics = lru_cache(maxsize=100_000)(topics_of())
    of_topics = [(text, topic) for topic, texts in questions(data).items() for text in texts]
    with session() as db:
        renew_vectors(db)  # an encoder may have come since the policies were loaded
        db.commit()
        index = answer_index(db)
    with Progress(transient=True) as progress:
        _learn_unit_classifiers(index, annotated, [talk.id for talk in fresh], progress)
        training_rows = []
        for name, make, items in (
            ("talks", learning.questions_of_talks, fresh),
            ("asks", learning.questions_of_asks, list(learning.fresh_asks(index))),
            ("topics", learning.questions_of_topics, of_topics[::SAMPLE_EVERY]),
            (
                "other acts",
                learning.questions_of_other_acts,
                messages_of_other_acts(data)[::SAMPLE_EVERY],
            ),
        ):
            made = on_all_cores(partial(make, index, topics), items, READ_TOGETHER)
            training_rows += list(progress.track(made, len(items), description=name))
        progress.add_task("fitting", total=None)
        played = on_all_cores(
            partial(
                learning.questions_of_played_talks,
                index,
                topics,
                ranker_of=learning.held_out_rankers(training_rows),
            ),
            fresh,
            READ_TOGETHER,
        )
        training_rows += list(progress.track(played, len(fresh), description="talks played"))
        fitted, reports = learning.fit(training_rows)
    write(fitted, data / FILE)
    typer.echo("\n".join([*map(str, reports), str(data / FILE)]))


def _learn_unit_classifiers(
    index: AnswerIndex, annotated: Sequence[PolicyTalk], fresh: Sequence[str], progress: Progress
) -> None:
    """Write the classifier of units, and set it and those of groups held out in an index.

    `fresh` are the ids of talks that the ranker learns from.
    """
    from bot.policies.ranking.talk_context import talk_vectors
    from bot.policies.ranking.unit_classifier import FILE, UnitScores, unit_classifier
    from bot.policy_learning import unit_learning
    from bot.policy_learning.learning import fresh_asks
    from bot.policy_learning.parallel import on_all_cores

    model = _sentence_model()
    units = index.digests
    asks = list(fresh_asks(index))
    examples = [
        *unit_learning.examples_of_base(index, asks),
        *unit_learning.examples_of_talks(annotated),
    ]
    made = unit_learning.UnitExamples(
        model.name,
        examples,
        model.messages([example.text for example in examples]),
        talk_vectors(
            model, [example.text for example in examples], [example.earlier for example in examples]
        ),
    )
    groups = {*fresh, *(index.units[int(index.owner[ask])].id for ask in asks)}
    left_out = unit_learning.held_out_groups(groups)
    learn = partial(unit_learning.learn_without, made, units)
    folds = on_all_cores(learn, [*left_out, frozenset[str]()])
    *without, learned = progress.track(folds, len(left_out) + 1, description="classifiers")
    held_out = {
        group: UnitScores(classifier, units)
        for groups_out, classifier in zip(left_out, without, strict=True)
        for group in groups_out
    }
    learned.save(settings().models / FILE)
    unit_classifier.cache_clear()
    index.set_classifiers(UnitScores(learned, units), held_out)


#: Places of the right unit that are counted.
AMONG = (1, 3, 10)


@app.command()
def rank(
    folder: Annotated[
        Path | None, typer.Argument(help="Annotated talks. Default: data/evaluation/strangers.")
    ] = None,
    played: Annotated[
        bool, typer.Option("--played", help="Play the talks: how often is the unit also said?")
    ] = False,
) -> None:
    """Say how often a unit that answers a turn of annotated talks is ranked first, among 3, 10.

    Each turn is read after what was ranked first before it, right or not; with --played after what
    the assistant, whole, said.
    """
    from bot.bootstrap import renew_vectors
    from bot.commands.documents import topics_of
    from bot.db.session import session
    from bot.dialogue.policy_talks import load_talks
    from bot.policies.ranking.index import answer_index
    from bot.policies.ranking.ranker import ranker
    from bot.policy_learning.learning import ranked_in_play

    talks = load_talks(folder or settings().data / "evaluation" / "strangers")
    if played:
        typer.echo(str(asyncio.run(_played(talks))))
        return
    with session() as db:
        renew_vectors(db)
        db.commit()
        index = answer_index(db)
    turns = [
        (turn.units, ids)
        for turn, ids in ranked_in_play(index, topics_of(), talks, ranker())
        if turn.units
    ]
    for limit in AMONG:
        hits = sum(any(unit_id in units for unit_id in ids[:limit]) for units, ids in turns)
        typer.echo(f"among {limit}: {hits} of {len(turns)} ({hits / (len(turns) or 1):.1%})")


async def _played(talks: Sequence[PolicyTalk]) -> SaidStandings:
    """Play annotated talks, each with a new person, and count what was ranked and what was said."""
    from bot.commands.explain import ranked_units, slots_of
    from bot.commands.steps import prepared_model
    from bot.dialogue.state import LONGEST_MESSAGE
    from bot.evaluation.units import SaidStandings
    from bot.logging_setup import configure
    from bot.runtime.in_process import Conversations

    configure("ERROR")
    bot, standings = await Conversations.open(prepared_model()), SaidStandings()
    for talk in talks:
        person = uuid.uuid4().hex
        for turn in talk.turns:
            hits = await ranked_units(bot, person, turn.text, 1)
            await bot.send(turn.text, person)
            state = (await slots_of(bot, person)).dialogue
            said = state.unit if state.messages[-1:] == (turn.text[-LONGEST_MESSAGE:],) else ""
            standings.add(turn.units, hits[0].unit.id if hits else "", said)
    return standings


def _write_examples(talks: Sequence[PolicyTalk], file: Path) -> None:
    """Write the turns of annotated talks as examples that messages are compared with."""
    from bot.policies.ranking.examples import TurnExamples, turn_examples
    from bot.policies.ranking.talk_context import talk_vectors
    from bot.policy_learning.learning import examples_of

    model = _sentence_model()
    examples, texts, earlier = examples_of(talks)
    made = TurnExamples.from_vectors(
        model.name, examples, model.messages(texts), talk_vectors(model, texts, earlier)
    )
    made.save(file)
    turn_examples.cache_clear()


def _sentence_model() -> SentenceModel:
    """Return the sentence encoder. Raises BadParameter without one."""
    from bot.embeddings.sentence_model import sentence_model

    model = sentence_model()
    if model is None:
        raise typer.BadParameter("there is no sentence encoder: models/encoder")
    return model


@app.command()
def vectors(
    folder: Annotated[Path | None, typer.Option(help="Default: data/policies.")] = None,
) -> None:
    """Write the vectors of the policies' longest texts to models/policy_vectors.npz.

    A first start embeds what is not in it. Run it after many policies changed or the encoder did,
    and commit the file.
    """
    from bot.policies.errors import PolicyErrors
    from bot.policies.load import policy_rows
    from bot.policies.search import embedded_texts
    from bot.policies.validate import read_folder
    from bot.search.shipped_vectors import FILE, ShippedVectors

    model = _sentence_model()
    try:
        policies = read_folder(folder or settings().data / "policies", lines=False)
    except PolicyErrors as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(FAULTY) from wrong
    texts = embedded_texts(map(policy_rows, policies))
    made = ShippedVectors.from_texts(model, texts)
    made.save(settings().models / FILE)
    typer.echo(f"{len(made.places)} of {len(texts)} texts: {settings().models / FILE}")


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="A question.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    explain: Annotated[bool, typer.Option(help="Say how each score came about.")] = False,
    limit: Annotated[int, typer.Option(help="How many.")] = 5,
) -> None:
    """Rank the policies of the base by a question: words, meaning, names, and the classifier."""
    from bot.commands.documents import topics_of
    from bot.db.session import session
    from bot.policies.ranking.index import AnswerQuery, answer_index
    from bot.policies.search import policy_index

    topics = topics_of()(text)
    with session() as db:
        results = policy_index(db).search(text, limit, topics)
        units = answer_index(db).search(AnswerQuery(text, topics), limit)
    if as_json:
        ranked = [
            {"topic": f.topic, "aspect": f.aspect, "score": f.score}
            | ({"why": f.why} if explain else {})
            for f in results
        ]
        answers = [
            {"unit": hit.unit.id, "probability": hit.probability}
            | ({"why": hit.why} if explain else {})
            for hit in units
        ]
        found_all = {"text": text, "results": ranked, "answers": answers}
        typer.echo(json.dumps(found_all, ensure_ascii=False))
        return
    for hit in units:
        why = f"  {dict(hit.why)}" if explain else ""
        typer.echo(f"{hit.probability:.3f}  {hit.unit.id}  {hit.unit.asks[0]}{why}")
    for result in results:
        why = f"  {result.why}" if explain else ""
        typer.echo(
            f"{result.score:.3f}  {result.topic}  {result.title}  {result.aspect or ''}{why}"
        )
