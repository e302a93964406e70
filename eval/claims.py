"""Claims that need their context, held against what search finds for their question.

    python -m eval.claims FOLDER

FOLDER has `claims.jsonl` (`id`, `folder`, `question`, `claim`, `true`) and `documents/`, of which
each folder is a collection of its own.
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from app.checking.support import Support, SupportChecker, evidence_of
from app.search.retriever import PassageRetriever
from ingest.embedding import Embedder
from ingest.index import open_current
from ingest.pipeline import sync

_GIVEN = 8  # passages, as a question's are


@dataclass(frozen=True)
class Checked:
    """A claim, whether it is true, and what the checker made of it."""

    claim: str
    is_true: bool
    support: Support

    @property
    def is_accepted(self) -> bool:
        return self.support.verdict == "supported"


def measure(folder: Path, embedder: Embedder, home: Path) -> Iterator[Checked]:
    """Check the claims of a folder; the index of each collection is made in `home`."""
    lines = (folder / "claims.jsonl").read_text("utf-8").splitlines()
    by_folder: dict[str, list[dict[str, Any]]] = {}
    for claim in map(json.loads, lines):
        by_folder.setdefault(claim["folder"], []).append(claim)
    checker = SupportChecker(embedder.embed)
    for name, claims in by_folder.items():
        sync([folder / "documents" / name], home / name, embedder)
        retriever = PassageRetriever(open_current(home / name, embedder))
        for claim in claims:
            found = retriever.search(claim["question"], _GIVEN)
            evidence = [evidence_of(hit.passage) for hit in found]
            support = checker.check(claim["claim"], evidence, question=claim["question"])
            yield Checked(claim["claim"], claim["true"], support)


def main(folder: Annotated[Path, typer.Argument(help="Has claims.jsonl and documents/.")]) -> None:
    """Print how many true claims pass, how many false ones, and which go wrong."""
    from app.opening import open_embedder
    from app.settings import load_settings

    with tempfile.TemporaryDirectory() as home:
        checked = list(measure(folder, open_embedder(load_settings()), Path(home)))
    for is_true in (True, False):
        those = [each for each in checked if each.is_true == is_true]
        accepted = sum(each.is_accepted for each in those)
        kind = "true" if is_true else "false"
        typer.echo(f"{accepted} of {len(those)} {kind} claims accepted")
    for each in checked:
        if each.is_accepted != each.is_true:
            typer.echo(f"  {each.claim}  ({each.support.reason or 'accepted'})")


if __name__ == "__main__":
    typer.run(main)
