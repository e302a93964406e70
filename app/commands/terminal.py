"""What people see on the terminal: answers, receipts, lists, progress."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from textwrap import shorten
from typing import TYPE_CHECKING, Any

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

from app import receipts
from ingest.advance import Advance
from ingest.catalogue import Catalogue, Document
from ingest.passages import passage_header
from ingest.receipts import Receipt, ReceiptLine

if TYPE_CHECKING:
    from app.answer import Answer
    from app.checking.checked_text import CheckedText
    from app.doctor import Finding
    from app.export.verifying import Verified
    from app.models.at_hand import Provider
    from app.models.choosing import ModelChoice
    from app.writing.profiles import Profile

_CONSOLE = Console()
_PROGRESS = Console(stderr=True)
_CAME_IN = ("added", "changed", "read again")
_SHOWN_WHOLE = 10  # documents that came in; of more, a line each
_LISTED = 100
_SENTENCES = 3
_WIDTH = 100
_NEW_LINES = (*_CAME_IN, "renamed", "deleted", "failed", "skipped", "left out")


def show_answer(answer: "Answer") -> None:
    """Print an answer with its footnotes, what is withheld, and what is missing."""
    from app.export.written import source_of, withheld_words

    for notice in answer.notices:
        _CONSOLE.print(f"[yellow]{escape(notice)}[/]")
    if answer.searched_for not in ("", answer.question):
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


def show_verified(verified: "Verified") -> None:
    """Print for each quote of a saved file whether it is proven, and why one is not."""
    for each in verified.quotes:
        sign = "[green]proven[/]" if not each.problem else "[red]not proven[/]"
        quote = escape(shorten(each.quote, _WIDTH, placeholder="…"))
        _CONSOLE.print(f"\\[{each.number}] {sign}: “{quote}”")
        where = f"{each.document}, characters {each.start}–{each.end}"
        _CONSOLE.print(f"    {escape(where)}", style="dim")
        if each.problem:
            _CONSOLE.print(f"    {escape(each.problem)}")
    if verified.problem:
        _CONSOLE.print(f"[red]The file:[/] {escape(verified.problem)}")
    proven = sum(not each.problem for each in verified.quotes)
    _CONSOLE.print(f"{proven} of {len(verified.quotes)} quotes proven.")


def show_checked(checked: "CheckedText") -> None:
    """Print what a text says that the documents do not, and what they say to it."""
    from app.export.checked import remarks
    from app.export.written import source_of

    colours = {
        "supported": "green",
        "in other words": "cyan",
        "contradicted": "red",
        "not said": "yellow",
    }
    quotes = {each.marker: each for each in checked.citations}
    for sentence in checked.sentences:
        if sentence.finding == "no claim":
            continue
        words = escape(" ".join(sentence.text.split()))
        _CONSOLE.print(f"[{colours[sentence.finding]}]{sentence.finding:>14}[/]  {words}")
        for said in remarks(sentence):
            _CONSOLE.print(f"{'':14}[yellow]{escape(said)}[/]")
        for marker in sentence.footnotes:
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


def show_receipt(receipt: Receipt, catalogue: Catalogue | None = None, brief: bool = False) -> None:
    """Print what was done with each document, first and together what could not be read.

    `catalogue` has the questions to try of what came in; `brief` leaves out what did not change.
    """
    for reason in receipt.rebuilt_because:
        _CONSOLE.print(f"[yellow]The index was built anew: {escape(reason)}[/]")
    lines = sorted(receipt.lines, key=lambda line: line.action != "failed")
    shown = [line for line in lines if not brief or line.action in _NEW_LINES]
    came_in = sum(line.action in _CAME_IN for line in lines)
    for line in shown[:_LISTED]:
        _show_line(line)
        if catalogue is not None and line.action in _CAME_IN and came_in <= _SHOWN_WHOLE:
            _show_more(line, catalogue)
    if len(shown) > _LISTED:
        _CONSOLE.print(f"           … and {len(shown) - _LISTED:,} more")
    if receipt.stopped:
        _CONSOLE.print("[yellow]Stopped. What was finished is kept.[/]")
    counts = Counter(line.action for line in receipt.lines)
    summary = ", ".join(f"{count:,} {action}" for action, count in counts.items())
    _CONSOLE.print(f"{len(receipt.lines):,} documents: {summary}." if summary else "No documents.")
    if counts["failed"] or counts["skipped"]:
        _CONSOLE.print("`footnote documents --skipped` lists what was not read, and why.")


def _show_line(line: ReceiptLine) -> None:
    size = receipts.what_was_read(line)
    colour = "red" if line.action == "failed" else "default"
    name = escape(line.document) + (f", {size}" if size else "")
    _CONSOLE.print(f"[{colour}]{line.action:>10}[/]  {name}", highlight=False)
    for note in receipts.remarks(line):
        _CONSOLE.print(f"           [yellow]{escape(note)}[/]")


def _show_more(line: ReceiptLine, catalogue: Catalogue) -> None:
    """Print what was changed in a document, how it reads, and what it can be asked."""
    if line.changes is not None:
        for sign, sentences in (("+", line.changes.new), ("-", line.changes.gone)):
            for sentence in sentences[:_SENTENCES]:
                words = shorten(sentence, _WIDTH, placeholder=" …")
                _CONSOLE.print(f"           {sign} {escape(words)}", style="dim")
    if line.preview:
        _CONSOLE.print(f"           “{escape(line.preview)}”", style="dim")
    for question in receipts.questions_to_try(line.document, catalogue):
        _CONSOLE.print(f"           Try: {escape(question)}")


def show_skipped(files: Sequence[receipts.Skipped]) -> None:
    """Print which files were not read, and why."""
    for file in files:
        _CONSOLE.print(f"[bold]{escape(file.document)}[/]  {escape(file.why)}")


def document_record(document: Document) -> dict[str, Any]:
    """Return a document as `footnote documents --json` prints it."""
    return {
        "document": document.name,
        "other_names": list(document.other_names),
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
        "address": document.metadata.get("address"),
        "fetched": document.metadata.get("fetched"),
        "read_at": document.read_at,
    }


def show_documents(documents: Sequence[Document]) -> None:
    """Print the documents as a table."""
    table = Table("document", "title", "author", "date", "type", "passages", "status")
    for document in documents:
        table.add_row(
            escape("\n".join(document.names.values())),
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


def show_findings(findings: "Sequence[Finding]") -> None:
    """Print what the doctor found."""
    for finding in findings:
        sign = "[green]well[/]" if finding.well else "[red]mend[/]"
        _CONSOLE.print(f"{sign}  {finding.part}: {escape(finding.found)}")
        if finding.remedy:
            _CONSOLE.print(f"      {escape(finding.remedy)}")


def show_models(
    providers: "Sequence[Provider]",
    profiles: "Mapping[str, tuple[Profile, str]]",
    now: "ModelChoice",
) -> None:
    """Print the models at hand, each with its profile and why, and which answers."""
    table = Table(*("", "--model", "what it is", "profile", "why"), box=None, pad_edge=False)
    for provider in providers:
        for each in provider.models:
            profile, why = profiles.get(each.wish, (None, ""))
            here = "" if each.is_here else f" (`footnote weights --model {each.wish}` fetches it)"
            table.add_row(
                "→" if each.wish == now.wish else "",
                escape(each.wish),
                escape(" · ".join((each.name, *each.facts)) + here),
                profile.name if profile else "",
                escape(why),
            )
    _CONSOLE.print(table)
    for provider in providers:
        if provider.problem:
            _CONSOLE.print(f"{provider.name}: {escape(provider.problem)}", style="dim")
    _CONSOLE.print(f"→ {escape(now.label)} answers. {escape(now.why)}")


@contextmanager
def progress_bar() -> Iterator[Callable[[Advance], None]]:
    """A bar on standard error; yields a function that is told how far a run has come."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[far]}"),
        console=_PROGRESS,
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as progress:
        task = progress.add_task("Reading documents", total=1.0, far="")
        yield lambda far: progress.update(
            task,
            description=escape(far.document) or "Indexing",
            completed=far.share,
            far=receipts.how_far(far),
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
