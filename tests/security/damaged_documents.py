"""Damaged files and bombs, added at the running page while another visitor asks.

    python -m tests.security.damaged_documents                500 files, and bombs of every kind
    python -m tests.security.damaged_documents --files 2000 --seed 3

It ends with 1 where a file is not one line of the receipt, where a fault is ours, where a reader
outlives its file or outgrows its limits, or where an answer takes more than five seconds.
"""

import argparse
import json
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from ingest.reading import MEMORY
from tests.security.attacking import Attacker, Outcome, running
from tests.security.damage import bombs, damaged, heavy_bombs

MOST_SECONDS = 5.0
MOST_MEMORY = 1.5 * MEMORY
"""Bytes of a reader at any moment: it is looked after twenty times a second, and ended above 1."""


@dataclass
class Seen:
    """What became of the files, and of the server meanwhile.

    `lines` are what the receipt says: the action, the document, the words. `seconds` is how long
    each of the other visitor's questions took, `memory` the most that a reader held.
    """

    lines: list[tuple[str, str, str]] = field(default_factory=list)
    listed: str = ""
    seconds: list[float] = field(default_factory=list)
    memory: int = 0
    unanswered: int = 0
    readers_left: int = 0
    said: str = ""


def attack(place: Path, files: Mapping[str, bytes]) -> Seen:
    """Add all the files at once, ask meanwhile, and tell what was seen."""
    seen, added = Seen(), list[Outcome]()
    with (
        running(place) as server,
        Attacker(server, "hostile") as hostile,
        Attacker(server, "other") as other,
    ):
        assert server.process is not None
        page = psutil.Process(server.process.pid)
        thread = threading.Thread(target=lambda: added.append(hostile.add(*files.items())))
        thread.start()
        is_last = False
        while not is_last:
            is_last = not thread.is_alive()
            began = time.monotonic()
            seen.unanswered += not other.is_answered()
            seen.seconds.append(time.monotonic() - began)
            seen.memory = max([seen.memory, *map(_memory, page.children())])
        seen.readers_left = len(page.children())
        seen.listed = other.listed()
        seen.said = server.said
    shown = str(json.loads(added[0].shown)["data"][0])
    for what, linked, words in re.findall(
        r"<strong>(.*?)</strong> <span[^>]*>(.*?)</span>(.*?)</li>", shown, re.DOTALL
    ):
        seen.lines.append((what, _plain(linked), _plain(words)))
    # Of many, those that came in whole are only counted and named.
    for what, names in re.findall(r"<summary>([\w ]+): \d+</summary>\s*<ul>(.*?)</ul>", shown):
        seen.lines += [(what, _plain(name), "") for name in names.split("</li>") if name]
    return seen


def _plain(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", "", html).split())


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def troubles(files: Mapping[str, bytes], seen: Seen) -> list[str]:
    """Say what must not be, but for the time that answers take."""
    found = []
    if sorted(name for _, name, _ in seen.lines) != sorted(files):
        found.append(f"{len(files)} files have {len(seen.lines)} lines")
    for what, name, words in seen.lines:
        if what not in ("Added", "Not added") or (name in seen.listed) != (what == "Added"):
            found.append(f"{name} is said to be {what}")
        if "fault in Footnote" in words or "broke down" in words:
            found.append(f"{name}: {words}")
    if seen.unanswered:
        found.append(f"{seen.unanswered} questions were not answered")
    if seen.readers_left > 1:  # one rests for whoever adds next
        found.append(f"{seen.readers_left} readers are left")
    if seen.memory > MOST_MEMORY:
        found.append(f"a reader held {seen.memory / 1e6:.0f} MB")
    if "Traceback" in seen.said:
        found.append(f"in the log: {seen.said[-2000:]}")
    return found


def main() -> None:
    """Attack a page of its own, and print what became of it."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--files", type=int, default=500)
    options.add_argument("--seed", type=int, default=17)
    given = options.parse_args()
    files = {**dict(damaged(given.files, given.seed)), **bombs(), **heavy_bombs()}
    with tempfile.TemporaryDirectory() as place:
        seen = attack(Path(place), files)
    found = troubles(files, seen)
    if max(seen.seconds) > MOST_SECONDS:
        found.append(f"an answer took {max(seen.seconds):.1f} s")
    actions = Counter(what for what, _, _ in seen.lines)
    print(
        f"{len(files)} files: {dict(actions)}; {len(seen.seconds)} questions meanwhile, the "
        f"slowest answered in {max(seen.seconds):.1f} s; a reader held {seen.memory / 1e6:.0f} MB"
    )
    for trouble in found[:20]:
        print("  ", trouble)
    if found:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
