"""Saved files are proven from the documents' own files, and whatever is wrong with one is told."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.answer import Answer, Citation, Sentence
from app.export import verifying
from app.export.carried import carried, taken_from
from app.export.kinds import KINDS, saved
from app.export.verifying import Verified, verify
from app.journal import Kept
from ingest.errors import DocumentError
from ingest.facts import facts_of
from ingest.loaders import load
from ingest.reading import Reader, Reading
from tests.app.small_world import DOCUMENTS, indexed

QUOTE = "Seawater holds 35 grams of salt per litre."


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with documents, and the home that they are in."""
    place = tmp_path_factory.mktemp("verifying")
    indexed(place, DOCUMENTS).catalogue.close()
    return place


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files read in this process: starting another takes a second."""

    class Here(Reader):
        def read(self, content: bytes, name: str) -> Callable[[], Reading]:
            return lambda: Reading(load(content, name), [], facts_of(""))

    monkeypatch.setattr(verifying, "Reader", Here)


def answer() -> Answer:
    from hashlib import sha256

    start = DOCUMENTS["sea.md"].index(QUOTE)
    hashed = sha256(DOCUMENTS["sea.md"].encode()).hexdigest()
    cited = Citation("sea.md", "The sea", "", None, start, start + len(QUOTE), hashed, 1, QUOTE)
    prose = (Sentence("It holds 35 grams.", (1,), 0.9, "supported"),)
    withheld = (Sentence("It holds 46 grams.", (1,), 0.1, "not supported", "46 is nowhere"),)
    return Answer(
        "a1", "How salty?", "How salty?", quotes=(1,), prose=prose, withheld=withheld,
        citations=(cited,), model="small", state="done",
    )  # fmt: skip


def file_of(place: Path, kind: str = "markdown", given: Answer | None = None) -> bytes:
    from ingest.index import open_catalogue

    catalogue = open_catalogue(place / "home")
    kept = [Kept(given or answer(), "2026-11-21T09:00:00+00:00")]
    try:
        return saved(KINDS[kind], kept, catalogue.documents(), catalogue.text_of)
    finally:
        catalogue.close()


def problems(verified: Verified) -> str:
    return " ".join([verified.problem, *(each.problem for each in verified.quotes)]).strip()


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_not_touched_is_proven(place: Path, kind: str) -> None:
    verified = verify(file_of(place, kind), f"a{KINDS[kind].suffix}", place / "documents")
    assert (verified.holds, problems(verified)) == (True, "")
    assert [each.quote for each in verified.quotes] == [QUOTE]


@pytest.mark.usefixtures("read_here")
def test_what_is_wrong_with_a_document_is_told(place: Path, tmp_path: Path) -> None:
    file = file_of(place)
    assert "is not there: no file has the SHA-256" in problems(verify(file, "a.md", tmp_path))
    (tmp_path / "sea.md").write_text(DOCUMENTS["sea.md"] + " ")
    assert "has changed" in problems(verify(file, "a.md", tmp_path))
    (tmp_path / "renamed.txt").write_text(DOCUMENTS["sea.md"])
    assert verify(file, "a.md", tmp_path).holds


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"quote": QUOTE.replace("35", "36")}, "does not have these words"),
        ({"start": 12, "end": 12 + len(QUOTE)}, "stands elsewhere in its document, at 11"),
        ({"end": 60}, "stands elsewhere"),
        ({"start": -40, "end": 99_999_999}, "stands elsewhere"),
    ],
)
def test_a_quote_that_is_not_at_its_place_is_not_proven(
    place: Path, changes: dict[str, object], told: str
) -> None:
    cited = replace(answer().citations[0], **changes)  # type: ignore[arg-type]
    file = file_of(place, given=replace(answer(), citations=(cited,)))
    verified = verify(file, "a.md", place / "documents")
    assert told in problems(verified)
    assert (verified.holds, verified.problem) == (False, "")


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize("kind", ["markdown", "html"])
@pytest.mark.parametrize("words", [QUOTE, "It holds 35 grams.", "It holds 46 grams", "How salty?"])
def test_a_file_that_says_something_else_than_its_data_is_refused(
    place: Path, kind: str, words: str
) -> None:
    text = file_of(place, kind).decode()
    at = text.rindex(words, 0, text.index('{"footnote"'))
    other = words.replace("o", "0", 1).replace("grams", "grains")
    changed = text[:at] + other + text[at + len(words) :]
    verified = verify(changed.encode(), f"a{KINDS[kind].suffix}", place / "documents")
    assert "it says something else than the data that it carries" in verified.problem
    assert not verified.holds


@pytest.mark.usefixtures("read_here")
def test_what_another_version_of_the_loaders_read_is_told_apart(place: Path) -> None:
    cited = replace(answer().citations[0], start=1, end=1 + len(QUOTE))
    text = file_of(place, given=replace(answer(), citations=(cited,))).decode()
    older = re.sub(r'"loaders":\d+', '"loaders":0', text)
    assert "another version of Footnote read" in problems(
        verify(older.encode(), "a.md", place / "documents")
    )
    as_now = re.sub(r'"loaders":\d+', '"loaders":0', file_of(place).decode())
    assert verify(as_now.encode(), "a.md", place / "documents").holds


def broken() -> Iterator[tuple[str, bytes]]:
    yield "a.md", b"# Nothing\n"
    yield "a.md", b"<!-- footnote {} -->"
    yield "a.md", b'<!-- footnote {"answers": [{"answered_at": 3}]} -->'
    yield "a.pdf", b"%PDF-1.7 not really"
    yield "a.docx", b"PK not really"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as parts:
        parts.writestr("customXml/item1.xml", "<a>&undeclared;</a>")
    yield "a.docx", archive.getvalue()


@pytest.mark.parametrize(("name", "content"), list(broken()))
def test_a_file_without_data_or_with_damaged_ones_is_told(
    name: str, content: bytes, tmp_path: Path
) -> None:
    with pytest.raises(DocumentError, match=r"carries no data|are damaged"):
        verify(content, name, tmp_path)


def test_what_is_carried_is_what_is_shown_and_no_more() -> None:
    hostile = replace(
        answer(), question="--> </script> ]]> & --->", signals={"private": 1.0},
        withheld=(Sentence("</w:t>", (), 0, "not supported"),),
    )  # fmt: skip
    data = carried([Kept(hostile, "2026")], {"sea.md": "x", "diary.md": "y"}, lambda *_: None)
    assert not re.search(r"[<>&]|--", data)
    assert "private" not in data
    assert "diary" not in data
    assert json.loads(data)["answers"][0]["question"] == hostile.question
    taken = taken_from(f"<!-- footnote {data} -->".encode(), "a.md")
    assert carried(taken.kept, taken.today, lambda *_: None) == data
