"""Many visitors at once: does anything fail, cross, or pile up?

    python -m tests.load.visitors                        50 visitors for two minutes
    python -m tests.load.visitors --visitors 10 --rounds 20 --seconds 600      1,000 answers

It ends with 1 where anything failed, crossed or piled up.

Each visitor asks a few questions, leaves, and another takes the place. The chat that these
questions make when nobody else asks is what they must make in the crowd. Everything stays on the
loopback interface.
"""

import argparse
import asyncio
import itertools
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.load.running import Held, running, settled
from tests.load.visit import Turn, Visit

QUESTIONS_A_VISIT = 5
MORE_DESCRIPTORS = 10
MORE_MEMORY = 1.1
"""What may be held more after the crowd than after the first quarter of it; times its memory."""


@dataclass
class Crowd:
    """What became of a crowd's questions; `seconds` is how long each answer took."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    crossed: list[str] = field(default_factory=list)


Visited = dict[tuple[str, ...], list[Turn]]
"""Questions that are asked one after another, and the chat that they make."""


async def visits_alone(
    address: str, questions: Sequence[str], each: int = QUESTIONS_A_VISIT
) -> Visited:
    """Return the chats that the questions make, a few `each`, when nobody else asks."""
    alone = {}
    async with _client(address) as client:
        for start in range(0, len(questions), each):
            asked = tuple(questions[start : start + each])
            async with Visit(client) as visit:
                for question in asked:
                    alone[asked] = await visit.ask(question)
    return alone


async def crowd(
    address: str, alone: Visited, visitors: int, seconds: float, rounds: int = 1_000_000
) -> Crowd:
    """Let `visitors` ask at once until `seconds` are over, or each has come `rounds` times."""
    seen = Crowd()
    until = time.monotonic() + seconds
    await asyncio.gather(
        *(_come_again(address, alone, place, until, rounds, seen) for place in range(visitors))
    )
    return seen


async def _come_again(
    address: str, alone: Visited, place: int, until: float, rounds: int, seen: Crowd
) -> None:
    """One visitor after another in one place of the crowd, each with other questions."""
    visits = itertools.islice(itertools.cycle(alone.items()), place, place + rounds)
    for questions, chat in visits:
        try:
            async with _client(address) as client, Visit(client) as visit:
                for number, question in enumerate(questions, 1):
                    if time.monotonic() >= until:
                        return
                    began = time.monotonic()
                    turns = await visit.ask(question)
                    seen.seconds.append(time.monotonic() - began)
                    if turns != chat[:number]:
                        seen.crossed.append(f"{question}: {turns[-1]}")
        except (httpx.HTTPError, OSError) as error:
            seen.failed.append(f"{type(error).__name__}: {error}")


def _client(address: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=address, trust_env=False)


def questions_of(home: Path, many: int = 50) -> list[str]:
    """Return questions on the documents of a home: one for each of their sections."""
    from ingest.index import open_catalogue

    catalogue = open_catalogue(home)
    sections = [
        [_about(document.title, section) for section in catalogue.sections(document.name)]
        for document in catalogue.documents()
    ]
    in_turn = itertools.chain.from_iterable(itertools.zip_longest(*sections))
    return list(itertools.islice(dict.fromkeys(filter(None, in_turn)), many))


def _about(title: str, section: str) -> str:
    heading = section.rpartition(" › ")[-1]
    return f"What does “{title}” say about “{heading}”?" if heading else ""


def troubles(before: Held, after: Held, seen: Crowd, log: str) -> list[str]:
    """Say what must not be: failures, answers that crossed, what piles up, faults in the log."""
    found = [f"failed: {each}" for each in seen.failed]
    found += [f"crossed: {each}" for each in seen.crossed]
    if after.descriptors > before.descriptors + MORE_DESCRIPTORS:
        found.append(f"descriptors: {before.descriptors} → {after.descriptors}")
    if after.memory > before.memory * MORE_MEMORY:
        found.append(f"memory: {before.memory} → {after.memory} MB")
    if "Traceback" in log:
        found.append(f"in the log: {log[-2000:]}")
    return found


def main() -> None:
    """Make a home of the corpus, serve it, and let the crowd in."""
    from ingest.embedding import Embedder
    from ingest.known_weights import MINILM
    from ingest.pipeline import sync
    from ingest.weights import fetch

    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--visitors", type=int, default=50)
    options.add_argument("--seconds", type=float, default=120)
    options.add_argument("--rounds", type=int, default=1_000_000, help="Visits in each place.")
    options.add_argument("--home", type=Path, help="A home to serve; else one of corpus/.")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        home = given.home or place / "home"
        if given.home is None:
            sync([Path("corpus")], home, Embedder(fetch(MINILM)))
        with running(home.resolve(), place) as page:
            alone = asyncio.run(visits_alone(page.address, questions_of(home)))
            asyncio.run(crowd(page.address, alone, given.visitors, given.seconds / 4))
            before = settled(page.process.pid)
            print("before:", before, flush=True)
            seen = asyncio.run(
                crowd(page.address, alone, given.visitors, given.seconds, given.rounds)
            )
            after = settled(page.process.pid)
            print("after: ", after)
            found = troubles(before, after, seen, page.log.read_text())
    seconds = sorted(seen.seconds) or [0.0]
    print(
        f"{len(seen.seconds)} answers to {given.visitors} visitors in {given.seconds:.0f} s; "
        f"{len(seen.failed)} failed, {len(seen.crossed)} crossed; median "
        f"{seconds[len(seconds) // 2]:.1f} s, slowest {seconds[-1]:.1f} s"
    )
    for trouble in found[:10]:
        print("  ", trouble)
    if found or not seen.seconds:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
