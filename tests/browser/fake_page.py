"""An engine that follows a script and a library that holds real files, both without a model."""

import hashlib
import re
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from app.answer import Answer, Citation, GivenPassage, Sentence
from app.checking.checked_text import CheckedSentence, CheckedText
from app.journal import Journal
from app.library import Given
from app.models.generation import StopSignal
from app.receipts import Skipped
from app.understanding.follow_up import Turn
from ingest.advance import Advance, Progress
from ingest.errors import DocumentError
from ingest.loaders import load
from ingest.places import PagePlaces
from ingest.receipts import Receipt, ReceiptLine

load_once = cache(load)


@dataclass(frozen=True)
class FakeDocument:
    name: str
    title: str
    type: str
    date: str | None
    sha256: str
    path: str
    pages: int | None
    passages: int
    status: str = "indexed"
    warnings: tuple[str, ...] = ()
    read_at: str = "2026-11-21T09:00:00+00:00"

    @property
    def names(self) -> dict[str, str]:
        return {self.path: self.name}


@dataclass(frozen=True)
class FakeText:
    text: str
    document: FakeDocument
    page_starts: tuple[int, ...]
    hidden: tuple[str, ...] = ()
    times: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class FakePassage:
    start: int
    end: int
    text: str


class FakeLibrary:
    """Documents in memory, read by the real loaders. `gate` holds adding until it is set."""

    def __init__(self) -> None:
        self.texts: dict[str, FakeText] = {}
        self.files: dict[str, bytes] = {}
        self.places: dict[str, tuple[PagePlaces, ...]] = {}
        self.gathered: dict[str, set[str]] = {}
        self.described: dict[str, str] = {}
        self.gate = threading.Event()
        self.gate.set()

    def put(self, name: str, content: bytes) -> FakeText:
        loaded = load_once(content, name)
        document = FakeDocument(
            name=name,
            title=loaded.title,
            type=loaded.type,
            date=loaded.date,
            sha256=hashlib.sha256(content).hexdigest(),
            path=f"/documents/{name}",
            pages=len(loaded.pages) or None,
            passages=loaded.text.count("\n\n") + 1,
            warnings=loaded.warnings,
        )
        self.files[name] = content
        self.texts[name] = FakeText(loaded.text, document, loaded.pages, loaded.hidden)
        self.places[name] = loaded.places
        return self.texts[name]

    def stamp(self) -> str:
        return " ".join(text.document.sha256 for text in self.texts.values())

    def documents(self) -> list[FakeDocument]:
        return [text.document for _, text in sorted(self.texts.items())]

    def document(self, name: str, sha256: str = "") -> FakeDocument | None:
        return self.texts[name].document if name in self.texts else None

    def text(self, name: str, sha256: str = "") -> FakeText | None:
        return self.texts.get(name)

    def text_of(self, name: str, sha256: str) -> str | None:
        text = self.texts.get(name)
        return text.text if text and text.document.sha256 == sha256 else None

    def content(self, name: str, sha256: str) -> bytes | None:
        content = self.files.get(name, b"")
        return content if hashlib.sha256(content).hexdigest() == sha256 else None

    def page(self, name: str, number: int) -> PagePlaces | None:
        places = self.places.get(name, ())
        return places[number - 1] if 1 <= number <= len(places) else None

    def add(
        self, files: Sequence[Given], progress: Progress, stopped: Callable[[], bool]
    ) -> Receipt:
        receipt = Receipt()
        for number, file in enumerate(files):
            progress(Advance(file.name, number / len(files), number, len(files)))
            while not self.gate.wait(0.05) and not stopped():
                pass
            if stopped():
                receipt.stopped = True
                break
            known = file.name in self.texts
            try:
                document = self.put(file.name, file.path.read_bytes()).document
            except DocumentError as problem:
                receipt.lines.append(ReceiptLine(file.name, "failed", problem=str(problem)))
                continue
            receipt.lines.append(
                ReceiptLine(
                    file.name,
                    "changed" if known else "added",
                    document.passages,
                    warnings=document.warnings,
                    preview=self.texts[file.name].text[:80],
                )
            )
        return receipt

    def fetch(self, address: str, progress: Progress, stopped: Callable[[], bool]) -> Receipt:
        name = f"{address.rpartition('/')[2]}.html"
        text = self.put(name, f"<h1>{address}</h1><p>Moss grows slowly here.</p>".encode())
        return Receipt([ReceiptLine(name, "added", 1, preview=text.text)])

    def refuse(self, name: str, why: DocumentError) -> None:
        pass

    def read_again(
        self, names: Sequence[str], progress: Progress, stopped: Callable[[], bool]
    ) -> Receipt:
        lines = []
        for name in names:
            document = self.put(name, self.files[name]).document
            lines.append(ReceiptLine(name, "read again", document.passages))
        return Receipt(lines)

    def noticed(self) -> list[Any]:
        return []

    def questions_to_try(self, name: str) -> list[str]:
        return [f"What is {name} about?"]

    def abouts(self, documents: Sequence[FakeDocument] | None = None) -> dict[str, str]:
        return {name: f"{name} tells of <something>." for name in self.texts}

    def receipt(self, name: str) -> ReceiptLine | None:
        text = self.texts.get(name)
        return text and ReceiptLine(name, "unchanged", text.document.passages)

    def passages(self, name: str) -> list[FakePassage]:
        found = re.finditer(r"\S.*?(?=\n\n|\Z)", self.texts[name].text, re.DOTALL)
        return [FakePassage(one.start(), one.end(), one.group()) for one in found]

    def removed(self) -> set[str]:
        return set()

    def left_out(self) -> list[Skipped]:
        return []

    def remove(self, name: str) -> None:
        if name not in self.texts:
            raise DocumentError(name, "is not in the catalogue.", "")
        del self.texts[name]

    def holding(self, words: str) -> list[str]:
        return [name for name, text in self.texts.items() if words.lower() in text.text.lower()]

    def collections(self, documents: Sequence[FakeDocument] | None = None) -> dict[str, set[str]]:
        return {name: members & self.texts.keys() for name, members in self.gathered.items()}

    def contexts(self) -> dict[str, str]:
        return self.described

    def describe(self, collection: str, context: str) -> None:
        self.described[collection] = context

    def gather(self, collection: str, names: Sequence[str], *, out: bool = False) -> None:
        members = self.gathered.setdefault(collection, set())
        self.gathered[collection] = members - set(names) if out else members | set(names)

    def example_questions(self, within: frozenset[str] | None) -> list[str]:
        return ["What do diffusion models struggle with?", "What is a token?"]


@dataclass(frozen=True)
class FakeChoice:
    kind: str = "embedded"
    name: str = "qwen2.5-coder-1.5b"
    why: str = "no model server was found, and memory allows it"
    context_window: int = 4096
    label: str = "Qwen2.5 Coder 1.5B"
    where: str = "on this machine"


@dataclass
class Script:
    """Sentences and the quotes they stand on: (sentence, document, exact words) each."""

    sentences: list[tuple[str, str, str]]
    extra: list[tuple[str, str]] = field(default_factory=list)
    refused: bool = False
    uncertain: bool = False
    notices: tuple[str, ...] = ()
    missing: str = ""
    suggestions: tuple[str, ...] = ()
    verdicts: dict[int, tuple[str, str]] = field(default_factory=dict)


class FakeEngine:
    """Answers as its script for the question says, waiting at `searched` and `halfway`."""

    def __init__(self, library: FakeLibrary, journal: Journal | None = None) -> None:
        self.library = library
        self.journal = journal
        self.scripts: dict[str, Script] = {}
        self.searched, self.halfway = threading.Event(), threading.Event()
        self.searched.set()
        self.halfway.set()
        self.closed = threading.Event()
        self.asked: list[tuple[str, list[Turn]]] = []
        self.within: list[frozenset[str] | None] = []
        self.model_choice = FakeChoice()

    def stream(
        self,
        question: str,
        conversation: Sequence[Turn],
        stop: StopSignal,
        within: frozenset[str] | None = None,
        asker: str = "",
    ) -> Iterator[Answer]:
        self.asked.append((question, list(conversation)))
        self.within.append(within)
        script = self.scripts.get(question, Script([(f"You asked: {question}", "", "")]))
        passages = [
            self.passage(document, words)
            for document, words in [(d, w) for _, d, w in script.sentences if d] + script.extra
        ]
        answer = Answer(
            f"a{len(self.asked)}", question, question, passages=tuple(passages),
            notices=script.notices, outcome="refused" if script.refused else "answered",
        )  # fmt: skip
        if script.uncertain:
            answer = replace(
                answer, outcome="uncertain", quotes=tuple(range(1, len(script.sentences) + 1))
            )
        try:
            yield answer
            while not self.searched.wait(0.05):
                if stop.stopped:
                    return
            sentences: list[Sentence] = []
            withheld: list[Sentence] = []
            citations: list[Citation] = []
            for number, (words, document, quote) in enumerate(script.sentences):
                half = words[: len(words) // 2]
                yield replace(
                    answer, state="answering", pending=half,
                    prose=tuple(sentences), citations=tuple(citations),
                )  # fmt: skip
                while not self.halfway.wait(0.05):
                    yield replace(
                        answer, state="answering", pending=half,
                        prose=tuple(sentences), citations=tuple(citations),
                    )  # fmt: skip
                markers: tuple[int, ...] = ()
                if document:
                    citations.append(self.citation(len(citations) + 1, document, quote))
                    markers = (len(citations),)
                verdict, reason = script.verdicts.get(number, ("supported", ""))
                said = Sentence(words, markers, 0.9, verdict, reason)  # type: ignore[arg-type]
                (sentences if verdict == "supported" else withheld).append(said)
            finished = replace(
                answer, missing=script.missing, suggestions=script.suggestions, state="done",
                model="qwen2.5-coder-1.5b", prose=tuple(sentences),
                citations=tuple(citations), withheld=tuple(withheld),
                timings={"total_ms": 4321.0}, tokens={"prompt": 612, "answer": 88},
            )  # fmt: skip
            if self.journal is not None:
                self.journal.keep(finished)
            yield finished
        finally:
            self.closed.set()

    def checking(
        self, text: str | bytes, name: str = "", longest: int = 0
    ) -> Generator[CheckedText, None, None]:
        """A line that a document has, word for word, is borne out by it."""
        assert isinstance(text, str)
        sentences: list[CheckedSentence] = []
        citations: list[Citation] = []
        for line in filter(None, text.splitlines()):
            start = text.index(line)
            place = (line, start, start + len(line), "paragraph")
            having = [name for name, each in self.library.texts.items() if line in each.text]
            if having:
                citations.append(self.citation(len(citations) + 1, having[0], line))
                sentences.append(CheckedSentence(*place, "supported", (len(citations),)))
            else:
                sentences.append(CheckedSentence(*place, "not said"))
            yield CheckedText(text, tuple(sentences), tuple(citations))

    def citation(self, marker: int, document: str, quote: str) -> Citation:
        text = self.library.texts[document]
        start = text.text.index(quote)
        return Citation(
            document, text.document.title, self.section(text, start), self.page(text, start),
            start, start + len(quote), text.document.sha256, marker, quote,
        )  # fmt: skip

    def passage(self, document: str, words: str) -> GivenPassage:
        """The paragraphs around some words, as a splitter would cut them."""
        text = self.library.texts[document]
        at = text.text.index(words)
        start = text.text.rfind("\n\n", 0, at) + 2 if "\n\n" in text.text[:at] else 0
        end = text.text.find("\n\n", at + len(words))
        end = len(text.text) if end < 0 else end
        return GivenPassage(
            document, text.document.title, self.section(text, at), self.page(text, at),
            start, end, text.document.sha256, text.text[start:end], 0.8,
        )  # fmt: skip

    def section(self, text: FakeText, at: int) -> str:
        above = text.text.rfind("\n## ", 0, at)
        heading = text.text[above + 4 : text.text.find("\n", above + 4)] if above >= 0 else ""
        return f"{text.document.title} › {heading}" if heading else text.document.title

    def page(self, text: FakeText, at: int) -> int | None:
        return sum(start <= at for start in text.page_starts) or None
