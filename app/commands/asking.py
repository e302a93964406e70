"""`footnote ask` and `footnote search`: a question, or a file of them."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.commands.files import print_json, read_batch
from app.commands.options import Batch, Home, In, Json, Model, Named
from app.settings import Settings, load_settings


def ask(
    question: Annotated[str | None, typer.Argument(help="What to ask.")] = None,
    batch: Batch = None,
    in_: In = None,
    document: Named = None,
    home: Home = None,
    model: Model = None,
    json_: Json = False,
) -> None:
    """Answer a question, or, with --batch, each `question` or conversation (`turns`) of a file."""
    from app.commands.terminal import show_answer, weights_bar
    from app.opening import open_engine

    settings = load_settings(home=home, model=model)
    records = _asked(question, batch, "question", "turns")
    within = _within(settings, in_, document)
    engine = open_engine(settings, weights_bar())
    try:
        for record in records:
            answer = engine.converse(record.get("turns") or [record["question"]], within)
            print_json({**answer.to_json(), "id": record["id"]}, one_line=True)
        if question is not None:
            answer = engine.answer(question, within=within)
            print_json(answer.to_json()) if json_ else show_answer(answer)
    finally:
        engine.close()


def search(
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    batch: Batch = None,
    top: Annotated[int, typer.Option(min=1, help="How many passages.")] = 5,
    in_: In = None,
    document: Named = None,
    home: Home = None,
    json_: Json = False,
) -> None:
    """Find passages; no language model is loaded."""
    from app.commands.terminal import show_passages, weights_bar
    from app.opening import open_embedder, open_retriever
    from app.search.record import find

    settings = load_settings(home=home)
    records = _asked(query, batch, "query", "question")
    within = _within(settings, in_, document)
    embedder = open_embedder(settings, weights_bar())
    retriever = open_retriever(settings, embedder).within(within)
    for record in records:
        words = record["query"] if isinstance(record.get("query"), str) else record["question"]
        found = find(retriever, words, top).to_json()
        print_json({"id": record["id"], **found}, one_line=True)
    if query is not None:
        found = {"id": None, **find(retriever, query, top).to_json()}
        print_json(found) if json_ else show_passages(found)


def _asked(one: str | None, batch: Path | None, *names: str) -> list[dict[str, Any]]:
    """The objects of a file of questions; none where one is asked."""
    if (one is None) == (batch is None):
        raise typer.BadParameter("Give a question, or a file of them with --batch.")
    return read_batch(batch, *names) if batch else []


def _within(
    settings: Settings, collections: list[str] | None, documents: list[str] | None
) -> frozenset[str] | None:
    from app.collections import asked_in
    from ingest.index import open_catalogue

    if not (collections or documents):
        return None
    catalogue = open_catalogue(settings.home)
    return asked_in(catalogue, settings.home, collections or [], documents or [])
