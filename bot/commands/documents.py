"""`python -m bot documents …`: import laws and notices, list and search them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.settings import settings

app = typer.Typer(
    help="Laws and official notices as published: import, list, search.", no_args_is_help=True
)


@app.command("import")
def import_documents(
    files: Annotated[list[Path], typer.Argument(help="Markdown, text, DOCX or PDF.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Import documents, split by article: all files or, when one is refused, none.

    An older version of the same document stays, with the day on which it ended.
    """
    from rich.progress import Progress

    from bot.db import migrate
    from bot.db.session import session
    from bot.documents.errors import DocumentError
    from bot.documents.store import import_files

    migrate.upgrade(settings().database_url.reveal())
    try:
        with Progress(transient=True) as progress, session() as db:
            task = progress.add_task("sentence vectors", total=None)
            done = import_files(
                db, files, lambda at, of: progress.update(task, completed=at, total=of)
            )
    except DocumentError as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from refused
    if as_json:
        documents = [
            {key: value for key, value in asdict(imported).items() if key != "warnings" or value}
            for imported in done
        ]
        typer.echo(json.dumps({"documents": documents}, ensure_ascii=False))
        return
    for imported in done:
        typer.echo(f"{imported.state:9} {imported.articles:4} articles  {imported.name}")
        for warning in imported.warnings:
            typer.echo(f"          WARNING: {warning}")


@app.command("list")
def list_documents() -> None:
    """List the documents with their versions."""
    from sqlalchemy import select

    from bot.db.session import session
    from bot.db.tables import Article, Document
    from bot.documents.numbering import missing

    with session() as db:
        articles: dict[int, list[str]] = {}
        placed = select(Article.document_id, Article.number).order_by(Article.position)
        for document, number in db.execute(placed).tuples():
            articles.setdefault(document, []).append(number)
        for version in db.scalars(
            select(Document).order_by(Document.name, Document.effective_from)
        ):
            since, until = version.effective_from or "?", version.effective_to or ""
            numbers = articles.get(version.id, [])
            gaps = missing(numbers)
            lacks = f"  (incomplete: {gaps} missing)" if gaps else ""
            typer.echo(f"{since} – {until!s:10}  {len(numbers):4}  {version.name}{lacks}")


@app.command()
def search(
    text: Annotated[str | None, typer.Argument(help="A question.")] = None,
    batch: Annotated[
        Path | None,
        typer.Option(help='Questions, one a line: {"id", "text"} or {"id", "question"}, or plain.'),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a question.")] = False,
    explain: Annotated[bool, typer.Option(help="Say how each score came about.")] = False,
    limit: Annotated[int, typer.Option(help="How many articles.")] = 10,
) -> None:
    """Rank the articles in force by a question, best first."""
    from bot import clock
    from bot.db.session import session
    from bot.documents.search import article_index
    from bot.policies.cited_articles import cited_articles

    if (text is None) == (batch is None):
        raise typer.BadParameter("give a question, or --batch FILE")
    topics = topics_of()
    with session() as db:
        index = article_index(db, clock.today())
        hits_by_question = [
            (
                question,
                index.search(question["text"], limit, cited_articles(db, topics(question["text"]))),
            )
            for question in _questions(text, batch)
        ]
    for question, hits in hits_by_question:
        results = [
            {"document": h.document, "article": h.article, "text": h.text, "score": h.score}
            | ({"chapter": h.chapter, "why": h.why} if explain else {})
            for h in hits
        ]
        if as_json:
            typer.echo(json.dumps({**question, "results": results}, ensure_ascii=False))
            continue
        for result in results:
            why = f"  {result['why']}" if explain else ""
            first = str(result["text"]).splitlines()[0]
            typer.echo(
                f"{result['score']:7.2f}  {result['document']} {result['article']}  {first}{why}"
            )


def topics_of() -> Callable[[str], dict[str, float]]:
    """Return what tells a question's topics; without a trained model nothing does."""
    from bot.logging_setup import configure
    from bot.nlu.interpreter import Parser
    from bot.nlu.training import current_model

    # Rasa would print each parse, with its text, to standard output.
    configure(settings().log_level)
    model = current_model(settings())
    if model is None:
        return lambda text: {}
    configure(settings().log_level)  # or Rasa's own lines stand among the results
    return Parser(model).topics


def _questions(text: str | None, batch: Path | None) -> Iterator[dict[str, Any]]:
    if text is not None:
        yield {"text": text}
        return
    assert batch is not None  # checked by the caller
    for number, line in enumerate(batch.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            content = json.loads(line) if line.lstrip().startswith(("{", '"')) else line
        except ValueError as wrong:
            raise typer.BadParameter(f"{batch}:{number}: {wrong}") from None
        if isinstance(content, str):
            content = {"text": content}
        question = content.get("text") or content.get("question") or content.get("query")
        if not isinstance(question, str):
            raise typer.BadParameter(f"{batch}:{number}: has no text")
        yield {"id": content.get("id", str(number)), "text": question}
