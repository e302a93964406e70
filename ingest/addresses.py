"""Addresses of the web → documents: fetched into the home, then brought in as any file is."""

from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from datetime import date
from pathlib import Path

from ingest.advance import Progress
from ingest.embedding import Embedder
from ingest.errors import DocumentError
from ingest.home import added_folder, make_private, writing
from ingest.origins import Origin, keep_origins, read_origins
from ingest.pipeline import sync
from ingest.receipts import Receipt, ReceiptLine
from ingest.run_folders import RunFolder
from ingest.web import Fetched, fetch


def ingest_addresses(
    addresses: Sequence[str],
    home: Path,
    embedder: Embedder,
    progress: Progress = lambda advance: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Receipt:
    """Fetch pages or files and bring them in; those that are known are only asked for changes.

    An address that cannot be fetched is a line of the receipt, and what was there stays.
    """
    make_private(home)
    folder, before = added_folder(home), read_origins(home)
    folder.mkdir(parents=True, exist_ok=True)
    places = {origin.address: path for path, origin in before.items() if path.exists()}
    lines: list[ReceiptLine] = []
    given: dict[Path, Path] = {}
    origins: dict[Path, Origin] = {}
    with RunFolder(home.resolve() / "fetching") as fetching:
        for number, address in enumerate(dict.fromkeys(addresses)):
            if stopped():
                break
            place = places.get(address)
            try:
                fetched = _ask(address, before[place] if place else None)
            except DocumentError as error:
                told = f"{error.problem} {error.remedy}"
                lines.append(ReceiptLine(address, "failed", problem=told))
                continue
            if fetched is None:
                assert place is not None
                lines.append(ReceiptLine(place.name, "unchanged"))
                continue
            place = place or _free_place(folder, fetched.name, {*before, *origins})
            given[place] = fetching / str(number)
            given[place].write_bytes(fetched.content)
            origins[place] = Origin(
                address, date.today().isoformat(), fetched.etag, fetched.modified
            )
        receipt = sync(list(given), home, embedder, progress, given, stopped, origins)
    failed = {line.document for line in receipt.failed}
    new = {path: origin for path, origin in origins.items() if path.name not in failed}
    with writing(home):  # another may have fetched meanwhile
        keep_origins(home, {**read_origins(home), **new})
    return replace(receipt, lines=[*lines, *receipt.lines])


def _ask(address: str, known: Origin | None) -> Fetched | None:
    return fetch(address, known.etag, known.modified) if known else fetch(address)


def _free_place(folder: Path, name: str, taken: Set[Path]) -> Path:
    """Return where to put what is called so; what is of another address is not replaced."""
    plain, number = Path(name), 1
    while (folder / name).exists() or folder / name in taken:
        number += 1
        name = f"{plain.stem} ({number}){plain.suffix}"
    return folder / name
