"""Planted errors in whole texts: what `check_text` makes of each of their sentences.

A text is made for each document from what is planted on it: of each record one sentence, as it was
or made false. The documents are those of an index; nothing says which passage a sentence is from.
Its sentences are either in other words than the documents', or the documents' own.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.checking.checked_text import FINDINGS, CheckedSentence
from app.checking.support import SupportChecker
from app.checking.text import check_text
from eval.lies import Planted, Written, plant
from ingest.index import Index
from ingest.sentences import sentence_spans

EXACT = ("number", "date", "name", "negation")
_LONGEST = 40  # sentences a text has


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text; `kind` is "true", or how it was made false."""

    kind: str
    text: str
    document: str


@dataclass(frozen=True)
class Verdict:
    """What the check of a whole text found of a sentence."""

    sentence: Sentence
    found: CheckedSentence


def texts(records: Sequence[Planted], seed: int, kinds: Sequence[str]) -> Iterator[list[Sentence]]:
    """Yield texts of up to 40 sentences on one document each, one in two true.

    The others are one of `kinds`, as far as there is one of a record.
    """
    rng = random.Random(seed)
    by_document: dict[str, list[Sentence]] = {}
    for record in records:
        lies = [lie for lie in record.lies if lie.kind in kinds]
        said = by_document.setdefault(record.document, [])
        if lies and (record.task == "addition" or rng.random() < 0.5):
            lie = rng.choice(lies)
            said.append(Sentence(lie.kind, lie.sentence, record.document))
        elif record.task != "addition":
            said.append(Sentence("true", record.sentence, record.document))
    for said in by_document.values():
        rng.shuffle(said)
        yield from (said[at : at + _LONGEST] for at in range(0, len(said), _LONGEST))


def own_words(records: Sequence[Planted], folders: Sequence[Path], seed: int) -> list[Planted]:
    """Return records on the same passages, each with a sentence of the passage itself."""
    rng = random.Random(seed)
    written = []
    for number, record in enumerate(records):
        passage = record.passages[0]
        sentences = [passage[a:b] for a, b in sentence_spans(passage)]
        good = [each for each in sentences if each[0].isupper() and 8 <= len(each.split()) <= 40]
        text = (next(folder for folder in folders if (folder / record.document).is_file())
                / record.document).read_text("utf-8")  # fmt: skip
        start = text.find(passage)
        if good and start >= 0:
            written.append(
                Written(id=f"own{number}", task="paraphrase", document=record.document,
                        passage=(start, start + len(passage)), sentence=rng.choice(good))
            )  # fmt: skip
    once = {each.sentence: each for each in written}
    return list(plant(list(once.values()), folders, seed))


def measure(
    index: Index, checker: SupportChecker, essays: Sequence[Sequence[Sentence]]
) -> tuple[list[Verdict], float]:
    """Check each text; return the verdicts, and the sentences checked in a second."""
    verdicts, milliseconds = [], 0.0
    for essay in essays:
        text = "\n\n".join(each.text for each in essay)
        checked = check_text(text, index, checker)
        milliseconds += checked.milliseconds
        starts, at = {}, 0
        for each in essay:
            starts[at] = each
            at += len(each.text) + 2
        verdicts += [
            Verdict(starts[found.start], found)
            for found in checked.sentences
            if found.start in starts
        ]
    return verdicts, 1000 * len(verdicts) / milliseconds


def counts(verdicts: Sequence[Verdict]) -> Mapping[str, Mapping[str, int]]:
    """For each kind of sentence, how many there are of each finding."""
    kinds = dict.fromkeys(each.sentence.kind for each in verdicts)
    return {
        kind: {
            finding: sum(
                each.sentence.kind == kind and each.found.finding == finding for each in verdicts
            )
            for finding in FINDINGS
        }
        for kind in kinds
    }
