"""Whether a quote in a PDF is boxed at its own characters, as another library sees the page.

    python -m tests.ingest.boxes FOLDER_OR_FILE … [--spans 300] [--seed 1]

Sentences, items and rows are drawn from all of the documents. Their boxes are those that the page
shows; which letters lie in them is asked of pdfplumber, which knows nothing of us.
"""

import argparse
import io
import random
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber

from app.page import pdf
from ingest.loaders import LoadedDocument, load
from ingest.passages import split_passages
from ingest.places import Box
from tests.fakes import FakeEmbedder

LONGEST = 254  # tokens of a passage


@dataclass(frozen=True)
class Boxed:
    """A quote's letters that lie in no box of it, and letters in its boxes that are not its own."""

    document: str
    quote: str
    letters: int
    missing: Counter[str]
    foreign: Counter[str]

    @property
    def is_exact(self) -> bool:
        return not self.missing and not self.foreign


def tally(files: Sequence[Path], count: int, seed: int) -> list[Boxed]:
    """Draw `count` quotes from the text of PDFs, and look at what lies in their boxes."""
    documents = {file: load(file.read_bytes(), file.name) for file in files}
    spans = [(file, *span) for file, loaded in documents.items() for span in _spans(loaded)]
    drawn = random.Random(seed).sample(spans, min(count, len(spans)))
    return [
        _boxed(file.name, documents[file], start, end, pages)
        for file in files
        for pages in [_characters(file)]
        for source, start, end in drawn
        if source == file
    ]


def _spans(loaded: LoadedDocument) -> Iterator[tuple[int, int]]:
    passages = split_passages(
        loaded.text, loaded.title, loaded.type, loaded.pages, FakeEmbedder().count_tokens, LONGEST
    )
    read = [places.is_ocr for places in loaded.places]
    for passage in passages:
        if not read[(passage.page or 1) - 1]:  # an image has no characters to be asked for
            yield from passage.spans


def _characters(file: Path) -> list[list[dict[str, Any]]]:
    with pdfplumber.open(io.BytesIO(file.read_bytes())) as opened:
        return [page.chars for page in opened.pages]


def _boxed(
    name: str, loaded: LoadedDocument, start: int, end: int, pages: list[list[dict[str, Any]]]
) -> Boxed:
    wanted = _letters(loaded.text[start:end])
    found: Counter[str] = Counter()
    for places, characters in zip(loaded.places, pages, strict=True):
        boxes = pdf.lines(places.between(start, end), loaded.text)
        found += _letters("".join(each["text"] for each in characters if _lies_in(each, boxes)))
    quote = loaded.text[start:end]
    return Boxed(name, quote, wanted.total(), wanted - found, found - wanted)


def _letters(text: str) -> Counter[str]:
    return Counter(each for each in unicodedata.normalize("NFKD", text) if each.isalnum())


def _lies_in(character: dict[str, Any], boxes: Sequence[Box]) -> bool:
    across = (character["x0"] + character["x1"]) / 2
    down = (character["top"] + character["bottom"]) / 2
    return any(box.left <= across <= box.right and box.top <= down <= box.bottom for box in boxes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--spans", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    files = [
        file
        for path in given.paths
        for file in (sorted(path.rglob("*.pdf")) if path.is_dir() else [path])
    ]
    seen = tally(files, given.spans, given.seed)
    for each in seen:
        if not each.is_exact:
            print(f"{each.document}: missing {dict(each.missing)}, foreign {dict(each.foreign)}")
            print(f"    {each.quote!r}")
    letters = sum(each.letters for each in seen)
    missing, foreign = (
        sum(getattr(each, what).total() for each in seen) for what in ("missing", "foreign")
    )
    exact = sum(each.is_exact for each in seen)
    print(f"{len(seen)} quotes of {len(files)} documents, {exact} boxed at their own characters")
    print(f"{letters} letters: {missing} in no box of theirs, {foreign} of others in one")


if __name__ == "__main__":
    main()
