"""A document's way, top to bottom: find what changed → read → embed → commit → index → receipt."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.advance import Course, Progress, Stopped
from ingest.catalogue import Catalogue, Document
from ingest.embedded import EmbeddedText
from ingest.embedding import Embedder
from ingest.errors import DocumentError
from ingest.folders import CHANGED, GONE, File, State, find_files, unique_name
from ingest.home import (
    added_folder,
    current_folder,
    index_folders,
    is_current_damaged,
    make_current,
    writing,
)
from ingest.index import MAY_WAIT, Fingerprint, Index, read_fingerprint
from ingest.known_files import KnownFiles
from ingest.loaders import SUFFIXES
from ingest.origins import Origin, keep_origins, read_origins
from ingest.passages import span_text
from ingest.reading import Reader, Reading
from ingest.receipts import Action, Changes, Receipt, ReceiptLine, receipt_for

_LOST = "the one there was is gone, with the names of the folders that were in it"
_EMBED_AT_ONCE = 256  # spans; between them it can be stopped


def sync(
    paths: Sequence[Path],
    home: Path,
    embedder: Embedder,
    progress: Progress = lambda advance: None,
    given: Mapping[Path, Path] | None = None,
    stopped: Callable[[], bool] = lambda: False,
    origins: Mapping[Path, Origin] | None = None,
    again: bool = False,
) -> Receipt:
    """Bring the index in `home` in line with folders and files, and return the receipt.

    New, changed and deleted documents are noticed by content. A document that cannot be read is a
    line of the receipt and stops no other. `progress` is told how far it has come. Documents are
    read and embedded while others may change the index too. But one that was built with another
    fingerprint is built anew, alone, from everything it knew and `paths`, beside the old one.

    Once `stopped()` it ends within a second or two: what was finished is kept, and nothing half.

    `given` says where the bytes of some of `paths` are: they take their place once they have been
    read. Where they cannot be, the document that has this place stays as it is. `origins` says
    which of them were fetched from where. Small files come first, for they need not wait for large
    ones; `again` reads those too that have not changed.
    """
    given = given or {}
    origins = {**read_origins(home), **(origins or {})}
    with ExitStack() as alone, Reader(embedder, stopped) as reader:
        alone.enter_context(writing(home))
        index, wanted, names, receipt = _open_for_changes(paths, home, embedder)
        files = list(find_files(wanted, index.catalogue, names))
        missing = _missing([path for path in wanted if path not in given], files, index)
        if not receipt.rebuilt_because:
            alone.close()
        gone = {file.path for file in missing}
        files = [
            replace(each, source=given.get(each.path), origin=origins.get(each.path))
            for each in files
            if each.path not in gone
        ]
        files = _asked_again(files, index.catalogue) if again else files
        found_at = sorted(range(len(files)), key=lambda number: files[number].size)
        files = [files[number] for number in found_at]
        known = KnownFiles(index.catalogue)
        looked_at = _one_ahead(_look(file, known, index, reader) for file in files)
        course = Course(progress, stopped, [(file.name, file.size) for file in files])
        try:
            for found in looked_at:
                course.advance(0.0)
                if isinstance(found, ReceiptLine):
                    line = found
                else:
                    line = _bring_in(found, index, course.advance)
                receipt.lines.append(line)
                course.finish(line.pages)
        except Stopped:
            receipt.stopped = True
            if receipt.rebuilt_because:
                return receipt  # the old one goes on serving, and the next run goes on from here
        as_found = sorted(zip(found_at, receipt.lines, strict=False), key=lambda each: each[0])
        receipt.lines = [line for _, line in as_found]
        with index.changing():
            if not receipt.stopped:
                receipt.lines[:0] = _forget_deleted(missing, index)
                index.catalogue.note_skipped(wanted, known.skipped)
            known.keep(index.catalogue)
            if receipt.rebuilt_because:
                _keep_refused(home, index)
                index.catalogue.note_missing()
            index.settle()
            make_current(home, index.folder)
        course.end()
    return receipt


def remove(name: str, home: Path, index: Index) -> Document:
    """Take a document out of the catalogue and the index, and return what it was.

    All its files are meant. Those that were dropped on the page are deleted; any other stays on
    disk, and stays out of the catalogue until it is ingested by name. Nothing of the text is left
    in the home. Raises DocumentError where there is no such document.
    """
    with index.changing():
        document = index.catalogue.document(name)
        if document is None:
            raise DocumentError(name, "is not in the catalogue.", "`footnote documents` lists all.")
        paths = [Path(path) for path in document.names]
        dropped = [path for path in paths if path.is_relative_to(added_folder(home))]
        for path in dropped:
            path.unlink(missing_ok=True)
        if origins := read_origins(home):
            keep_origins(home, origins)  # of files that are there
        for catalogue in (*_half_built(home, index), index.catalogue):
            catalogue.remove(paths)
            for path in dropped:
                catalogue.restore(path)
            catalogue.scrub(whole=True)
        index.settle()
    return document


def refuse(name: str, home: Path, index: Index, why: DocumentError) -> None:
    """Note a file that was given and is not read, until it is removed, or comes in after all.

    `name` is a plain one; nothing is kept of its bytes.
    """
    path = added_folder(home) / name
    with index.changing():
        file = File(path, index.catalogue.names_by_path().get(path, name), named=True, source=path)
        file = replace(file, name=_free_name(file, index.catalogue))
        _note_failure(file, "", why, index.catalogue)


def _open_for_changes(
    paths: Sequence[Path], home: Path, embedder: Embedder
) -> tuple[Index, list[Path], dict[Path, str], Receipt]:
    """Open the index to change, and say what it must look at: `paths`, or all when built anew.

    What is built anew keeps the names that its documents had.
    """
    # Not `absolute`: the same file must not come in twice, as a.md and as ../docs/a.md.
    wanted = [Path(os.path.abspath(path)) for path in paths]
    fingerprint = Fingerprint.of(embedder)
    old = current_folder(home)
    is_lost = old is None and is_current_damaged(home)
    index = Index(home.resolve() / f"index-{fingerprint.digest}", embedder, create=True)
    if old is None or old.name == index.folder.name:
        return index, wanted, {}, Receipt(rebuilt_because=(_LOST,) if is_lost else ())
    before = Index(old, embedder)
    if before.catalogue.unindexed_count():
        before.catch_up()  # it serves meanwhile, and nobody else could bring in what it lacks
    names = before.catalogue.names_by_path()
    roots = before.catalogue.roots()
    loose = [
        path
        for path in names
        if path.exists() and not any(path.is_relative_to(root) for root in roots)
    ]
    index.catalogue.take_over(before.catalogue.history())
    index.catalogue.remove(before.catalogue.removed())
    # What an earlier, interrupted building anew took in may be gone from the old one since.
    taken_in = list(index.catalogue.names_by_path())
    differences = fingerprint.differences(read_fingerprint(old))
    return (
        index,
        [*wanted, *roots, *loose, *taken_in],
        names,
        Receipt(rebuilt_because=tuple(differences)),
    )


def _missing(paths: Sequence[Path], files: Sequence[File], index: Index) -> list[File]:
    """Return the files of documents below `paths` that are not there any more."""
    found = {file.path for file in files if not (file.named and file.is_gone)}
    known = [
        File(path, name, named=False)
        for path, name in index.catalogue.names_by_path().items()
        if path not in found and any(path.is_relative_to(above) for above in paths)
    ]
    # A folder in its place, or a link that leads elsewhere now, is not found either.
    return [file for file in known if file.is_gone or file.is_in_reach]


def _forget_deleted(missing: Sequence[File], index: Index) -> list[ReceiptLine]:
    """Delete what was in the `missing` files and has not been found under another name since."""
    lines = []
    for file in missing:
        if index.catalogue.document_at(file.path) is not None:
            index.catalogue.delete(file.path)
            lines.append(ReceiptLine(file.name, "deleted"))
    return lines


def _half_built(home: Path, index: Index) -> Iterator[Catalogue]:
    """Yield the catalogues that are being built anew beside the one that answers."""
    for folder in index_folders(home):
        if folder.name != index.folder.name:
            yield Catalogue(folder / "catalogue.sqlite")


def _keep_refused(home: Path, index: Index) -> None:
    """Take over what was given and could not be read: there is no file that would be found."""
    old = current_folder(home)
    if old is None:
        return
    for one in Catalogue(old / "catalogue.sqlite").documents():
        path = Path(one.path)
        is_given = path.is_relative_to(added_folder(home)) and not path.exists()
        if one.status == "failed" and is_given and not index.catalogue.is_taken(one.name):
            index.catalogue.fail(one.name, path, one.sha256, " ".join(one.warnings), "")


@dataclass(frozen=True)
class _Change:
    """A file whose content is not what the catalogue knows, and which is being read."""

    file: File
    state: State | None
    sha256: str
    before: Document | None
    reading: Callable[[], Reading]


def _asked_again(files: Sequence[File], catalogue: Catalogue) -> list[File]:
    """Have each document of `files` read again, once: by its first name where that is there."""
    first = [
        document.path if (document := catalogue.document_at(file.path)) else "" for file in files
    ]
    paths = {str(file.path) for file in files}
    return [
        replace(file, again=path == str(file.path) or path not in paths)
        for file, path in zip(files, first, strict=True)
    ]


def _one_ahead(items: Iterable[ReceiptLine | _Change]) -> Iterator[ReceiptLine | _Change]:
    """Yield the items, each after the next was made: one is read while another is embedded."""
    made: list[ReceiptLine | _Change] = []
    for item in items:
        made.append(item)
        if len(made) > 1:
            yield made.pop(0)
    yield from made


def _look(file: File, known: KnownFiles, index: Index, reader: Reader) -> ReceiptLine | _Change:
    """Say what is to be said of a file at once, or have it read."""
    catalogue = index.catalogue
    if not file.is_nameable:
        problem = "Its name is not valid text. Rename the file and ingest it again."
        return ReceiptLine(file.name, "failed", problem=problem)
    if file.path in known.removed:
        if not file.named:
            return _left_out(file)
        with index.changing():
            catalogue.restore(file.path)
    if file.suffix not in SUFFIXES and not file.is_gone:
        action: Action = "failed" if file.named else "skipped"
        if action == "skipped":
            known.skipped[str(file.path)] = file.name
        read = ", ".join(sorted(SUFFIXES))
        return ReceiptLine(file.name, action, problem=f"This format is not read; {read} are.")
    state = file.state
    if not file.again and (same := known.unchanged(file, state)) is not None:
        return _unchanged(same, file)
    try:
        content = file.read()
    except DocumentError as error:
        return _failed(file, error.problem, error.remedy)
    sha256 = hashlib.sha256(content).hexdigest()
    known.note(file, state, sha256)
    before = catalogue.document_at(file.path)
    is_tried_again = before and before.status == "failed" and file.source
    if before and before.sha256 == sha256 and not (file.again or is_tried_again):
        return _unchanged(before, file)
    if line := _call_as_well(file, sha256, index):
        return line
    if file.again and before and before.sha256 == sha256:
        first = replace(file, path=Path(before.path), name=before.name)
        file = file if first.is_gone else first
    return _Change(file, state, sha256, before, reader.read(content, file.name))


def _call_as_well(file: File, sha256: str, index: Index) -> ReceiptLine | None:
    """Give a document that has these bytes the name of this file too, or instead of another's.

    None where no document has them, or has them in another format: they are to be read.
    """
    catalogue = index.catalogue
    if catalogue.document_with(sha256) is None:
        return None
    with index.changing():
        document = catalogue.document_with(sha256)
        is_kept_out = file.path in catalogue.removed() or file.is_gone
        if document is None or is_kept_out or file.suffix != Path(document.path).suffix.lower():
            return None
        if str(file.path) in document.names:
            return None if file.again else _unchanged(document, file)
        others = [File(Path(path), name, False) for path, name in document.names.items()]
        old = next((other for other in others if other.is_gone), None)
        name = _free_name(file, catalogue, old.name if old else "")
        file.take_place()
        if old is None:
            catalogue.also_call(document.path, name, file.path)
        else:
            catalogue.rename(str(old.path), name, file.path)
    pages = document.pages or 0
    if old is None:
        names = ", ".join(document.names.values())
        told = f"Its content is that of {names}: it is kept once, under all its names."
        return ReceiptLine(name, "added", document.passages, pages, (told,))
    told = f"It was {old.name} before." if old.name != name else "It was moved."
    return ReceiptLine(name, "renamed", document.passages, pages, (told,))


def _free_name(file: File, catalogue: Catalogue, freed: str = "") -> str:
    """Name a file that comes in: as it was found, or otherwise where that is taken meanwhile.

    In the place of a file that was called `freed` it may have the name that was not free before.
    """
    if catalogue.document_at(file.path) is not None:
        return file.name  # that of what is forgotten for it
    if not freed and not catalogue.is_taken(file.name):
        return file.name

    def is_taken(name: str) -> bool:
        return name != freed and catalogue.is_taken(name)

    return unique_name(file.path, file.path, catalogue.roots(), is_taken)


def _bring_in(change: _Change, index: Index, report: Callable[[float], None]) -> ReceiptLine:
    """Bring one file in line with the catalogue: read → embed → commit."""
    if line := _call_as_well(change.file, change.sha256, index):
        return line  # the same came in just before
    try:
        reading = change.reading()
    except DocumentError as error:
        return _commit(change, index, error)
    known = index.catalogue.embedded(change.before.name) if change.before else {}
    texts = [
        span_text(reading.loaded.text, passage, span)
        for passage in reading.passages
        for span in passage.spans
    ]
    spans = _embed(texts, known, index.embedder, report)
    return _commit(change, index, reading, spans)


def _commit(
    change: _Change, index: Index, read: Reading | DocumentError, spans: Sequence[EmbeddedText] = ()
) -> ReceiptLine:
    """Put what was read into the catalogue, unless it has been overtaken meanwhile."""
    catalogue, file = index.catalogue, change.file
    with index.changing():
        if file.path in catalogue.removed():
            return _left_out(file)
        if file.is_gone:
            return _failed(file, *GONE)
        if catalogue.document_at(file.path) != change.before and file.state != change.state:
            return _failed(file, *CHANGED)  # What another brought in may be newer.
        file = replace(file, name=_free_name(file, catalogue))
        if isinstance(read, DocumentError):
            _note_failure(file, change.sha256, read, catalogue)
            return _failed(file, read.problem, read.remedy)
        changes = None
        if change.before is not None and change.before.status != "failed":
            now = [read.loaded.text[slice(*span)] for each in read.passages for span in each.spans]
            changes = Changes.between(catalogue.sentences(change.before.name), now)
        if file.source is not None:
            file.take_place()
            catalogue.delete(file.path.with_name(_new_version(file.path.name)))
        loaded = read.loaded
        if file.origin:
            whence = {"address": file.origin.address, "fetched": file.origin.day}
            loaded = replace(loaded, metadata={**loaded.metadata, **whence})
        catalogue.put(
            file.name, file.path, change.sha256, loaded, read.passages, spans, read.facts.sketch
        )
        if catalogue.unindexed_count() > MAY_WAIT:
            index.catch_up()
        document = catalogue.document(file.name)
        assert document is not None
        action: Action = "changed" if change.before else "added"
        if file.again and change.before and change.before.sha256 == change.sha256:
            action = "read again"
        line = receipt_for(document, catalogue, action, loaded.text, read.facts)
    return replace(line, changes=changes)


def _note_failure(file: File, sha256: str, why: DocumentError, catalogue: Catalogue) -> None:
    """Note that a file cannot be read. A version that was given replaces none that could be."""
    before = catalogue.document_at(file.path)
    name, path = file.name, file.path
    if file.source is not None and before is not None and before.status != "failed":
        name, path = _new_version(name), path.with_name(_new_version(path.name))
    catalogue.fail(name, path, sha256, why.problem, why.remedy)


def _new_version(name: str) -> str:
    """What a version that cannot be read is called, beside the one that can."""
    return f"{name} (new version)"


def _failed(file: File, problem: str, remedy: str) -> ReceiptLine:
    return ReceiptLine(file.name, "failed", problem=f"{problem} {remedy}")


def _left_out(file: File) -> ReceiptLine:
    how = f"You removed it; `footnote ingest {file.path}` brings it back."
    return ReceiptLine(file.name, "left out", problem=how)


def _unchanged(document: Document, file: File) -> ReceiptLine:
    if document.status == "failed":
        return ReceiptLine(document.name, "failed", problem=" ".join(document.warnings))
    name, pages = document.names[str(file.path)], document.pages or 0
    return ReceiptLine(name, "unchanged", document.passages, pages, document.warnings)


def _embed(
    texts: Sequence[str],
    known: Mapping[str, EmbeddedText],
    embedder: Embedder,
    report: Callable[[float], None],
) -> list[EmbeddedText]:
    """Embed texts, in order, but for those that are `known`."""
    new = [text for text in texts if text not in known]
    embedded: list[EmbeddedText] = []
    for start in range(0, len(new), _EMBED_AT_ONCE):
        embedded += embedder.embed_spans(new[start : start + _EMBED_AT_ONCE])
        report(min(1.0, (start + _EMBED_AT_ONCE) / len(new)))
    made = iter(embedded)
    return [known[text] if text in known else next(made) for text in texts]
