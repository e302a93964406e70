"""What people see on the terminal: answers, receipts, lists, progress."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from app.answer import Answer
from app.checking.checked_text import CheckedText
from app.doctor import Finding
from app.export.checked import remarks
from app.export.written import source_of, withheld_words
from ingest.catalogue import Document
from ingest.passages import passage_header
from ingest.pipeline import Receipt

_CONSOLE = Console()
_PROGRESS = Console(stderr=True)
_NEW_LINES = ("added", "changed", "deleted", "failed", "skipped", "left out")


def show_answer(answer: Answer) -> None:
    """Print an answer with its footnotes, what is withheld, and what is missing."""
    for notice in answer.notices:
        _CONSOLE.print(f"[yellow]{escape(notice)}[/]")
    if answer.searched_for != answer.question:
        _CONSOLE.print(f"Searched for “{escape(answer.searched_for)}”.", style="dim")
    _CONSOLE.print(escape(answer.text))
    if answer.withheld:
        _CONSOLE.print(f"[yellow]{withheld_words(answer)}[/]")
    for citation in answer.citations:
        where = escape(f"{source_of(citation)} ({citation.document})")
        _CONSOLE.print(f"\n[bold]\\[{citation.marker}][/] “{escape(citation.quote)}”")
        _CONSOLE.print(f"    [dim]{where}[/]")
    if answer.refused and answer.passages:
        _CONSOLE.print("\nNearest passages:")
        for passage in answer.passages[:3]:
            header = passage_header(passage.title, passage.section)
            _CONSOLE.print(f"- {escape(header)}", style="dim")
    if answer.suggestions:
        _CONSOLE.print("\nThe documents do answer:")
        for question in answer.suggestions:
            _CONSOLE.print(f"- {escape(question)}")


def show_checked(checked: CheckedText) -> None:
    """Print what a text says that the documents do not, and what they say to it."""
    colours = {"supported": "green", "contradicted": "red", "not said": "yellow"}
    quotes = {each.marker: each for each in checked.citations}
    for sentence in checked.sentences:
        if sentence.finding == "no claim":
            continue
        words = escape(" ".join(sentence.text.split()))
        _CONSOLE.print(f"[{colours[sentence.finding]}]{sentence.finding:>12}[/]  {words}")
        for said in remarks(sentence):
            _CONSOLE.print(f"{'':14}[yellow]{escape(said)}[/]")
        for marker in sentence.markers:
            quote = quotes[marker]
            where = escape(f"{source_of(quote)} ({quote.document})")
            _CONSOLE.print(f"{'':14}[bold]\\[{marker}][/] “{escape(quote.quote)}” [dim]{where}[/]")
    _CONSOLE.print(f"\n{escape(checked.summary)}")


def show_passages(found: dict[str, Any]) -> None:
    """Print what a search found, best first."""
    if found["searched_for"] != found["query"]:
        _CONSOLE.print(f"Searched for “{escape(found['searched_for'])}”.\n", style="dim")
    for rank, passage in enumerate(found["passages"], 1):
        page = f", page {passage['page']}" if passage["page"] else ""
        header = f"{rank}. {passage_header(passage['title'], passage['section'])}{page}"
        _CONSOLE.print(f"[bold]{escape(header)}[/] [dim]{escape(passage['document'])}[/]")
        _CONSOLE.print(escape(passage["text"]) + "\n")


def show_receipt(receipt: Receipt, brief: bool = False) -> None:
    """Print what was done with each document; `brief` leaves out what did not change."""
    for reason in receipt.rebuilt_because:
        _CONSOLE.print(f"[yellow]The index was built anew: {escape(reason)}[/]")
    counts: dict[str, int] = {}
    for line in receipt.lines:
        counts[line.action] = counts.get(line.action, 0) + 1
        if brief and line.action not in _NEW_LINES:
            continue
        size = f", {line.passages} passages" if line.passages else ""
        pages = f", {line.pages} pages" if line.pages else ""
        colour = "red" if line.action == "failed" else "default"
        _CONSOLE.print(f"[{colour}]{line.action:>9}[/]  {escape(line.document)}{size}{pages}")
        for note in filter(None, (line.problem, *line.warnings)):
            _CONSOLE.print(f"           [yellow]{escape(note)}[/]")
    summary = ", ".join(f"{count} {action}" for action, count in counts.items())
    _CONSOLE.print(f"{len(receipt.lines)} documents: {summary}." if summary else "No documents.")


def document_record(document: Document) -> dict[str, Any]:
    """Return a document as `footnote documents --json` prints it."""
    return {
        "document": document.name,
        "title": document.title,
        "type": document.type,
        "author": document.author,
        "date": document.date,
        "sha256": document.sha256,
        "pages": document.pages,
        "passages": document.passages,
        "status": document.status,
        "warnings": document.warnings,
        "path": document.path,
        "read_at": document.read_at,
    }


def show_documents(documents: Sequence[Document]) -> None:
    """Print the documents as a table."""
    table = Table("document", "title", "author", "date", "type", "passages", "status")
    for document in documents:
        table.add_row(
            escape(document.name),
            escape(document.title),
            escape(document.author),
            document.date or "",
            document.type,
            str(document.passages),
            document.status,
        )
    _CONSOLE.print(table)
    for document in documents:
        for warning in document.warnings:
            _CONSOLE.print(f"[yellow]{escape(document.name)}: {escape(warning)}[/]")


def show_findings(findings: Sequence[Finding]) -> None:
    """Print what the doctor found."""
    for finding in findings:
        sign = "[green]well[/]" if finding.well else "[red]mend[/]"
        _CONSOLE.print(f"{sign}  {finding.part}: {escape(finding.found)}")
        if finding.remedy:
            _CONSOLE.print(f"      {escape(finding.remedy)}")


@contextmanager
def progress_bar() -> Iterator[Callable[[str, float], None]]:
    """A bar on standard error; yields a function that takes a document's name and a share."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        console=_PROGRESS,
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as progress:
        task = progress.add_task("Reading documents", total=1.0)
        yield lambda document, share: progress.update(
            task, description=escape(document) or "Indexing", completed=share
        )


def weights_bar() -> Callable[[str, int, int], None]:
    """A bar for downloads, which appears with the first byte and ends with the last."""
    progress = Progress(
        TextColumn("Fetching {task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=_PROGRESS,
    )
    tasks: dict[str, TaskID] = {}

    def report(what: str, done: int, total: int) -> None:
        if what not in tasks:
            progress.start()
            tasks[what] = progress.add_task(escape(what), total=total)
        progress.update(tasks[what], completed=done, total=total)
        if progress.finished:
            progress.stop()

    return report
