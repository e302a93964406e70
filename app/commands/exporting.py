"""`footnote export` and `footnote verify`: answers as files, and proving what these quote."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.files import content_of, print_json, write
from app.commands.options import Home, Json
from app.conversations import Conversations
from app.journal import Journal, Kept, unknown
from app.settings import Settings, load_settings
from ingest.errors import CatalogueError
from ingest.home import keep_private

if TYPE_CHECKING:
    from app.export.kinds import Kind


def export(
    answer: Annotated[str, typer.Argument(help="The id of an answer, or of a conversation.")],
    to: Annotated[Path, typer.Option(help="Write this file: .md, .html, .pdf or .docx.")],
    home: Home = None,
) -> None:
    """Save an answer or a conversation, with what proves its quotes to others."""
    from app.export.kinds import saved
    from ingest.index import open_catalogue

    kind = kind_of(to)
    settings = load_settings(home=home)
    keep_private(settings.home)
    kept = _kept(settings, answer)
    try:
        catalogue = open_catalogue(settings.home)
    except CatalogueError:  # of documents that are all gone the answers are left
        file = saved(kind, kept, (), lambda *_: None)
    else:
        file = saved(kind, kept, catalogue.documents(), catalogue.text_of)
    write(to, file)


def kind_of(to: Path) -> "Kind":
    """The kind of file that a name asks for. Raises BadParameter where there is none."""
    from app.export.kinds import BY_SUFFIX

    if (kind := BY_SUFFIX.get(to.suffix.lower())) is None:
        raise typer.BadParameter(f"--to writes {', '.join(BY_SUFFIX)}.")
    return kind


def verify(
    file: Annotated[Path, typer.Argument(help="A file that Footnote saved.")],
    documents: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="The folder of the documents.")
    ],
    json_: Json = False,
) -> None:
    """Prove each quote of a saved file from the documents; exit code 0 only if all are proven."""
    from app.commands.terminal import show_verified
    from app.export.verifying import verify as prove

    content = content_of(file, "Name a file that Footnote saved.")
    verified = prove(content, file.name, documents)
    if json_:
        quotes = [vars(each) for each in verified.quotes]
        print_json({"holds": verified.holds, "problem": verified.problem, "quotes": quotes})
    else:
        show_verified(verified)
    if not verified.holds:
        raise typer.Exit(1)


def _kept(settings: Settings, id: str) -> list[Kept]:
    """The answer of that id, or those of the conversation, on the branch that is shown."""
    journal = Journal.of(settings.home)
    turns = Conversations(journal).turns(None, id)
    ids = [turn.answer.id for turn in turns if turn.answer is not None] if turns else [id]
    kept = [each for each in map(journal.recall, ids) if each is not None]
    if not kept:
        raise unknown(id)
    return kept
