"""Faults of a disk, done to a home: each is a context manager, and lifted when it ends."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

Fault = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def small_disk(place: Path, megabytes: int = 24) -> Iterator[Path]:
    """A disk of its own at `place`, in memory; the test is skipped where none may be mounted."""
    place.mkdir(exist_ok=True)
    size = f"size={megabytes}m"
    mounting = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place)]
    try:
        done = subprocess.run(mounting, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no `mount`: faults of the whole disk cannot be made")
    if done.returncode:
        pytest.skip("only root may mount a disk: faults of the whole disk cannot be made")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@contextmanager
def full(home: Path) -> Iterator[None]:
    """No byte is left on the disk of the home."""
    filler = home.parent / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def read_only(home: Path) -> Iterator[None]:
    """Nothing on the disk of the home may be written."""
    disk = str(home.parent)
    subprocess.run(["mount", "--bind", disk, disk], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", disk], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def holding(pattern: str, content: bytes | None) -> Fault:
    """The file of the home that the pattern names has these bytes; None: there is a folder."""

    @contextmanager
    def fault(home: Path) -> Iterator[None]:
        [path] = home.glob(pattern)
        before = path.read_bytes()
        path.unlink()
        if content is None:
            path.mkdir()
        else:
            path.write_bytes(content)
        yield
        if path.is_dir():
            shutil.rmtree(path)
        if not path.parent.exists():
            return  # its folder is being made anew
        if not path.exists() or path.read_bytes() == content:  # else it has been made anew
            path.write_bytes(before)

    return fault


def half(pattern: str) -> Fault:
    """The file ends in the middle."""

    @contextmanager
    def fault(home: Path) -> Iterator[None]:
        [path] = home.glob(pattern)
        before = path.read_bytes()
        os.truncate(path, len(before) // 2)
        yield
        if path.exists() and path.stat().st_size == len(before) // 2:
            path.write_bytes(before)

    return fault


def gone(pattern: str) -> Fault:
    """The file or folder is not there."""

    @contextmanager
    def fault(home: Path) -> Iterator[None]:
        [path] = home.glob(pattern)
        away = home.parent / f"away-{path.name}"
        path.rename(away)
        yield
        if not path.exists():  # else it has been made anew, as it should be
            away.rename(path)

    return fault


def held(pattern: str) -> Fault:
    """Another process writes to the database, and does not come to an end."""

    @contextmanager
    def fault(home: Path) -> Iterator[None]:
        [path] = home.glob(pattern)
        with closing(sqlite3.connect(path, isolation_level=None)) as holder:
            holder.execute("BEGIN EXCLUSIVE")
            yield

    return fault


RANDOM = os.urandom(20_000)
CATALOGUE, VECTORS = "index-*/catalogue.sqlite", "index-*/vectors/chroma.sqlite3"
FAULTS: dict[str, Fault] = {
    "disk full": full,
    "disk read-only": read_only,
    "current is random": holding("current", RANDOM),
    "current is empty": holding("current", b""),
    "current leads elsewhere": holding("current", b"../../etc"),
    "current is a folder": holding("current", None),
    "vectors are random": holding(VECTORS, RANDOM),
    "vectors are cut": half(VECTORS),
    "vectors are gone": gone("index-*/vectors"),
    "seal is random": holding("index-*/vectors.seal", RANDOM),
    "fingerprint is random": holding("index-*/fingerprint.json", RANDOM),
    "catalogue is random": holding(CATALOGUE, RANDOM),
    "catalogue is cut": half(CATALOGUE),
    "catalogue is empty": holding(CATALOGUE, b""),
    "catalogue is gone": gone(CATALOGUE),
    "catalogue is held": held(CATALOGUE),
    "journal is random": holding("journal.sqlite", RANDOM),
    "journal is cut": half("journal.sqlite"),
    "journal is a folder": holding("journal.sqlite", None),
    "journal is held": held("journal.sqlite"),
}
NOTHING_LEFT = {"catalogue is empty", "catalogue is gone"}
WHOLE_DISK = {"disk full", "disk read-only"}
