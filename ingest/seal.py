"""The seal on Chroma's files: what they held when they were last written whole.

Chroma 1.5.9 reads damaged files of its graph without noticing: half of `data_level0.bin` gives
other neighbours, random bytes in it end the process (a segmentation fault), and without the folder
all but the latest vectors are not found. So its files are read only if their seal is intact. It is
away while they are being written: a killed process leaves none.
"""

import json
import struct
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from ingest.faults import told
from ingest.home import write_whole

# Until Chroma has this file it writes the others anew, with whatever is in its memory, whenever it
# is opened, and reads none of them.
_WRITTEN = "index_metadata.pickle"


# The header of hnswlib's graph: its version, where level 0 begins, the places that there are, how
# many of them are taken, and the bytes of one.
_HEADER = struct.Struct("<iQQQQ")


def seal(folder: Path) -> None:
    """Note what the files in Chroma's `folder` hold, once nothing is in them that is not theirs."""
    blank_what_is_free(folder)
    write_whole(_seal_of(folder), json.dumps(_contents(folder), indent=1))


def unseal(folder: Path) -> None:
    """Take the seal away, before the files are changed."""
    path = _seal_of(folder)
    with told("The file", path, "Look after the disk and try again."):
        path.unlink(missing_ok=True)


def is_intact(folder: Path) -> bool:
    """Whether the files in Chroma's `folder` hold what they held when it was sealed.

    An intact folder may still have a damaged database, which Chroma notices.
    """
    try:
        sealed = json.loads(_seal_of(folder).read_text("utf-8"))
        return bool(sealed == _contents(folder))
    except (OSError, ValueError):
        return False


def blank_what_is_free(folder: Path) -> None:
    """Blank the places of Chroma's graphs that nothing has taken.

    Until a graph has been written whole they hold what was in memory there before: of 90 times that
    things were forgotten, words of a removed document were left so once. Only who holds the lock
    for writing may: another may have written places and not yet how many are taken.
    """
    for header, taken, size in _graphs(folder):
        with suppress(FileNotFoundError):  # Chroma will notice
            _blank(header.with_name("data_level0.bin"), taken * size)
            _blank(header.with_name("length.bin"), taken * 4)


def is_unwritten(folder: Path) -> bool:
    """Whether there is a graph of which nothing is taken, as Chroma makes it when it is opened."""
    return any(not taken for _, taken, _ in _graphs(folder))


def _graphs(folder: Path) -> Iterator[tuple[Path, int, int]]:
    """Yield the header of each graph, how many of its places are taken, and the bytes of one."""
    for header in folder.glob("*/header.bin"):
        with suppress(FileNotFoundError, struct.error):
            _, _, _, taken, size = _HEADER.unpack_from(header.read_bytes())
            yield header, taken, size


def _blank(file: Path, start: int) -> None:
    free = file.stat().st_size - start
    if free > 0:
        with file.open("r+b") as content:
            content.seek(start)
            content.write(bytes(free))


def _seal_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.seal")


def _contents(folder: Path) -> dict[str, str]:
    """The digest of each file of a graph that Chroma reads (0.7 s for a gigabyte)."""
    return {
        file.relative_to(folder).as_posix(): _digest(file)
        for written in sorted(folder.glob(f"*/{_WRITTEN}"))
        for file in sorted(written.parent.iterdir())
    }


def _digest(file: Path) -> str:
    digest = blake2b(digest_size=16)
    with file.open("rb") as content:
        while piece := content.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
