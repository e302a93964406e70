"""Is everything in place? Each finding says what is well or what to do."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.journal import Journal
from app.models.choosing import installed_weights
from app.models.chosen import settled
from app.opening import open_embedder, profile_for
from app.settings import Settings
from ingest.catalogue import Catalogue
from ingest.errors import FootnoteError
from ingest.home import current_folder, is_current_damaged, open_to_others
from ingest.index import MAY_WAIT, Fingerprint, read_fingerprint
from ingest.known_weights import MINILM
from ingest.vector_places import ChromaServer, place_of
from ingest.vectors import DamagedVectors
from ingest.weights import cache_folder, installed

_HARDLY_ROOM_MB = 50
_BUILD_ANEW = "Move it away and run `footnote ingest`."


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `remedy` is empty when it is well."""

    part: str
    well: bool
    found: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at models, catalogue and index. Loads no language model and changes nothing."""
    findings = [_embedding_model(settings), _language_model(settings), _calibration(settings)]
    findings += [*_home(settings.home), _journal(settings.home)]
    try:
        for finding in _index(settings):
            findings.append(finding)
    except FootnoteError as error:
        findings.append(Finding("index", False, "It cannot be opened.", str(error)))
    return findings


def _embedding_model(settings: Settings) -> Finding:
    part = "embedding model"
    if settings.embedding_model != MINILM.name:
        try:
            return Finding(part, True, f"{open_embedder(settings).folder}, as set.")
        except FootnoteError as error:
            return Finding(part, False, f"{settings.embedding_model} cannot be used.", str(error))
    folder = installed(MINILM)
    if folder is None:
        where = cache_folder()
        return Finding(part, False, f"It is not in {where}.", "Run `footnote weights` to fetch it.")
    return Finding(part, True, f"{MINILM.name}, verified, in {folder}.")


def _language_model(settings: Settings) -> Finding:
    part = "language model"
    try:
        settings, choice = settled(settings)
    except FootnoteError as error:
        return Finding(part, False, f"model = {settings.model} cannot be used.", str(error))
    profile, why = profile_for(choice, settings)
    found = (
        f"{choice.name} ({choice.kind}), window {choice.context_window} tokens. {choice.why} "
        f"Its profile is {profile.name}. {why}"
    )
    if choice.kind == "embedded" and not installed_weights(choice):
        return Finding(part, False, found, "Its weights are missing: run `footnote weights`.")
    return Finding(part, True, found)


def _calibration(settings: Settings) -> Finding:
    from app.quoting.judging import load_calibration, own_calibration

    part = "calibration"
    try:
        fitted = load_calibration(settings.calibration or own_calibration(settings.home))
    except FootnoteError as error:
        return Finding(part, False, "It says when to refuse, and cannot be read.", str(error))
    where = "shipped" if fitted == load_calibration() else "of this home"
    return Finding(
        part,
        True,
        f"When to refuse ({where}) was fitted on {fitted.fitted_on}: {'; '.join(fitted.data)}.",
    )


def _home(home: Path) -> Iterator[Finding]:
    others = len(open_to_others(home)) if home.exists() else 0
    if others:
        found = f"Other users of this machine can look into {others} of its files and folders."
        yield Finding("home", False, found, "`footnote ingest` makes them yours alone.")
    if home.exists() and not os.access(home, os.W_OK | os.X_OK):
        remedy = "Footnote writes there even when it only reads: give it permission."
        yield Finding("home", False, f"Nothing can be written in {home}.", remedy)
    free = shutil.disk_usage(home).free / 1e6 if home.exists() else _HARDLY_ROOM_MB
    if free < _HARDLY_ROOM_MB:
        yield Finding("home", False, f"{free:.0f} MB are left on its disk.", "Make room.")


def _journal(home: Path) -> Finding:
    try:
        kept = len(Journal.of(home).entries())
    except FootnoteError as error:
        return Finding("journal", False, "It cannot be used.", str(error))
    return Finding("journal", True, f"{kept} answers are kept.")


def _index(settings: Settings) -> Iterator[Finding]:
    folder = current_folder(settings.home)
    if folder is None:
        remedy = "Run `footnote ingest FOLDER`."
        yield Finding("catalogue", False, f"There is none in {settings.home} yet.", remedy)
        return
    if is_current_damaged(settings.home):
        found = f"{settings.home / 'current'} is damaged; {folder.name} is the only one and serves."
        yield Finding("current", False, found, "Run `footnote ingest`: it is written again.")
    catalogue = Catalogue(folder / "catalogue.sqlite")
    documents = catalogue.documents()
    failed = [document.name for document in documents if document.status == "failed"]
    yield Finding(
        "catalogue",
        not failed,
        f"{len(documents)} documents, {catalogue.passage_count()} passages, in {folder}.",
        f"Could not be read: {', '.join(failed)}. `footnote documents` says why." if failed else "",
    )
    if damage := catalogue.damage():
        yield Finding("catalogue file", False, damage, _BUILD_ANEW)
    if installed(MINILM) is None and settings.embedding_model == MINILM.name:
        return
    embedder = open_embedder(settings)
    differences = Fingerprint.of(embedder).differences(read_fingerprint(folder))
    yield Finding(
        "fingerprint",
        not differences,
        "; ".join(differences) or "The index is what would be built today.",
        "Run `footnote ingest` to build it anew; the old one serves meanwhile."
        if differences
        else "",
    )
    vectors, spans = _vectors(folder, embedder.server), catalogue.span_count()
    new, gone = catalogue.unindexed(MAY_WAIT + 1)
    is_settled = len(new) <= MAY_WAIT and not gone and catalogue.is_scrubbed()
    is_whole = is_settled and vectors == catalogue.vector_count()
    told = f" New ones, for the next question to take in: {len(new)}." if new else ""
    told += "" if is_settled else " Adding or removing was interrupted."
    yield Finding(
        "vector index",
        is_whole,
        f"{vectors} vectors for {spans} sentences and table rows; equal ones have one." + told,
        _remedy(is_whole, is_settled),
    )


def _remedy(is_whole: bool, is_settled: bool) -> str:
    if is_whole:
        return ""
    if not is_settled:
        return "Run `footnote ingest`: it ends what was begun."
    return "The next question makes it anew, or `footnote ingest --rebuild-index` now."


def _vectors(folder: Path, server: ChromaServer | None) -> int:
    """Count the vectors as they lie there: opening the index as a question does would mend it."""
    place = place_of(folder, server)
    if not (server or (folder / "vectors").is_dir()) or not place.is_intact():
        return 0
    try:
        return place.open().count()
    except DamagedVectors:
        return 0
