"""A model card and a data sheet of the collection: what is known, from the catalogue and the bench.

After Mitchell et al., Model Cards for Model Reporting (2019), and Gebru et al., Datasheets for
Datasets (2018). What is not known is said to be so, and nothing is made up.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.language.languages import language_of
from app.models import gguf, ollama
from app.models.benched import Measured, measured
from app.models.choosing import ModelChoice, installed_weights, known_weights
from app.opening import profile_for
from app.quoting.lines import counted
from app.settings import Settings
from ingest.catalogue import Catalogue, Document
from ingest.errors import ModelError
from ingest.loaders import FORMATS

UNKNOWN = "not told"
_SAMPLED = 20_000  # characters of a document, to tell its language by
_LIMITS = (
    "It words what the quotes say; it is believed about nothing that they do not bear out.",
    "Sentences that the check does not bear out are withheld and counted. The check reads English.",
    "What it was trained on is not known here; what it writes by itself may be false.",
)

Fact = tuple[str, str]


@dataclass(frozen=True)
class Section:
    """A part of a card: facts as (what, words), a table with its head first, and sentences."""

    title: str
    facts: Sequence[Fact] = ()
    table: Sequence[Sequence[str]] = ()
    words: Sequence[str] = ()


@dataclass(frozen=True)
class Card:
    title: str
    about: str
    sections: Sequence[Section]


def model_card(choice: ModelChoice, settings: Settings) -> Card:
    """Return the card of the model that answers."""
    profile, why = profile_for(choice, settings)
    facts = _of_model(choice, settings)
    use = (
        "Intended for putting the documents’ own words, which stand beside it, into prose.",
        f"Its profile is {profile.name}: its prose stands "
        f"{'above' if profile.prose_first else 'below'} the quotes. {why}",
    )
    return Card(
        f"Model card: {choice.label}",
        choice.why,
        (
            Section("The model", facts),
            Section("What it is used for", words=use),
            _measured(choice, settings.home),
            Section("Limits", words=_LIMITS),
        ),
    )


def data_sheet(catalogue: Catalogue) -> Card:
    """Return the data sheet of all documents in a catalogue."""
    documents = list(catalogue.documents())
    read = [each for each in documents if each.status != "failed"]
    failed = [each for each in documents if each.status == "failed"]
    dated = sorted(each.date for each in read if each.date)
    begins = catalogue.beginnings(_SAMPLED)
    languages = Counter(language_of(begins.get(each.name, "")) or UNKNOWN for each in read)
    kinds = Counter(FORMATS.get(each.type, each.type) for each in read)
    licences = Counter(_licence(each) or UNKNOWN for each in read)
    pages = sum(each.pages or 0 for each in read)
    facts = (
        ("Documents", str(len(read))),
        ("Passages", f"{sum(each.passages for each in read):,}"),
        ("Pages", f"{pages:,}" if pages else "none of the kinds that have pages"),
        ("Dated", f"{dated[0]} to {dated[-1]}" if dated else UNKNOWN),
        ("Last read", max((each.read_at for each in read), default=UNKNOWN)[:16]),
    )
    head = ("document", "title", "kind", "date", "author", "licence", "passages", "SHA-256")
    rows = [
        (
            each.name,
            each.title,
            FORMATS.get(each.type, each.type),
            each.date or UNKNOWN,
            each.author or UNKNOWN,
            _licence(each) or UNKNOWN,
            str(each.passages),
            each.sha256[:16],
        )
        for each in read
    ]
    return Card(
        "Data sheet of the collection",
        "The documents that answers come from, as they were added. Nothing in them was labelled, "
        "and nobody was asked.",
        (
            Section("What is in it", facts),
            Section("Kinds", _tally(kinds)),
            Section(
                "Languages",
                _tally(languages),
                words=("Judged by their small words.",),
            ),
            Section("Licences", _tally(licences), words=("As the documents themselves say.",)),
            Section("Gaps", words=list(_gaps(read, failed))),
            Section("The documents", table=[head, *rows]),
        ),
    )


def to_markdown(card: Card) -> str:
    """The card as a file to keep."""
    parts = [f"# {_plain(card.title)}", _plain(card.about)]
    for section in card.sections:
        parts.append(f"## {section.title}")
        if section.facts:
            parts.append("\n".join(f"- {_plain(a)}: {_plain(b)}" for a, b in section.facts))
        if section.table:
            head, *rows = section.table
            lines = [head, ["---"] * len(head), *rows]
            parts.append("\n".join(f"| {' | '.join(map(_plain, line))} |" for line in lines))
        parts += map(_plain, section.words)
    return "\n\n".join(parts) + "\n"


def _of_model(choice: ModelChoice, settings: Settings) -> list[Fact]:
    file = installed_weights(choice) if choice.kind == "embedded" else None
    licence = digest = ""
    trained = size = 0
    if file is not None:
        said = gguf.read_header(file)
        known = known_weights().get(choice.name)
        licence = known.licence if known else said.licence
        state = file.stat()
        digest = (
            next(iter(known.files.values()))[1]
            if known
            else _hash(file, state.st_size, state.st_mtime_ns)
        )
        trained, size = said.window, state.st_size
    if choice.kind == "ollama":
        try:
            model = ollama.model_named(ollama.address_of(settings.ollama_url), choice.name)
        except ModelError:
            pass  # the card says "not told" for what its server would have
        else:
            licence = model.licence.partition("\n")[0].strip()
            digest, trained, size = model.digest, model.window, model.bytes
    billions = choice.billions
    return [
        ("Name", choice.spoken_of),
        ("Runs", f"{_RUNS.get(choice.kind, '')} {choice.where}".strip()),
        ("Parameters", choice.parameters or (f"{billions:g} billion" if billions else UNKNOWN)),
        ("Quantisation", choice.quantisation or UNKNOWN),
        ("Size", f"{size / 1e9:.2f} GB" if size else UNKNOWN),
        ("SHA-256", digest or UNKNOWN),
        ("Licence", licence or UNKNOWN),
        ("Made to read", f"{trained:,} tokens" if trained else UNKNOWN),
        ("Reads and writes here", f"{choice.context_window:,} tokens at most"),
    ]


_RUNS = {"embedded": "in Footnote,", "ollama": "in Ollama,", "openai": "behind a server,"}


def _measured(choice: ModelChoice, home: Path) -> Section:
    """What `footnote bench models` last found."""
    title, command = "Measured", "footnote bench models"
    found = measured(home, choice.wish)
    if found is None:
        return Section(title, words=(f"Not yet on this machine; {command} measures it.",))
    facts = [
        ("Right, of the key facts of questions with an answer", _figure(found, "right")),
        ("Held back, of questions without an answer", _figure(found, "held_back")),
        ("Withheld, of the sentences that it wrote", _figure(found, "withheld")),
        ("Seconds to its first word, median", _figure(found, "first_word_s")),
        ("Words a second", _figure(found, "words_per_s")),
        ("Memory, GB", _figure(found, "memory_gb")),
    ]
    return Section(title, facts, words=(f"On this machine, by {command}: {found.where}.",))


def _figure(found: Measured, name: str) -> str:
    value = found.figure(name)
    return "not measured" if value is None else f"{value:.2f}"


def _gaps(read: Sequence[Document], failed: Sequence[Document]) -> list[str]:
    """What the collection lacks, as far as it can be told."""
    lacking: list[tuple[str, Callable[[Document], Any]]] = [
        ("a date", lambda each: each.date),
        ("an author", lambda each: each.author),
        ("a licence", _licence),
    ]
    gaps = [
        f"{counted(missing, 'document')} of {len(read)} without {name}."
        for name, of in lacking
        if (missing := sum(not of(each) for each in read))
    ]
    gaps += [f"Not read: {each.name}. {' '.join(each.warnings)}".strip() for each in failed]
    gaps += [f"{each.name}: {words}" for each in read for words in each.warnings]
    return gaps or ["None that can be seen from here."]


def _licence(document: Document) -> str:
    said = document.metadata
    return said.get("licence") or said.get("license") or said.get("rights") or ""


def _tally(counts: Counter[str]) -> list[Fact]:
    return [(name, counted(many, "document")) for name, many in counts.most_common()]


@lru_cache(maxsize=4)
def _hash(file: Path, size: int, changed: int) -> str:
    """Hash a file of gigabytes once, while it is the one that had this size and time."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _plain(words: str) -> str:
    """On one line, and without what Markdown or HTML would make something of."""
    return re.sub(r"([\\*_\[\]<>|])", r"\\\1", " ".join(words.split()))
