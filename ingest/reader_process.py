"""The process that reads documents, at the other end of `ingest.reading`'s pipes.

    python -m ingest.reader_process

It is sent documents: an embedder, a name and bytes. It answers each with what it read, or why it
could not. It knows no model, no index and no page, and it may die at any time.
"""

import os
import pickle
import sys
import threading
import time
from typing import IO

from ingest.embedding import Embedder
from ingest.errors import fault
from ingest.facts import Facts, facts_of
from ingest.loaders import MAX_BYTES, LoadedDocument, load
from ingest.passages import Passage, split_passages
from ingest.reading import ANSWER, MEMORY, SECONDS, Answer, Reading, Unreadable, receive, send

# A million rows would keep the embedding model busy for an hour, and their vectors fill 3 GB.
MAX_SPANS = 100_000


def main() -> None:
    """Read what comes in until there is no more."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    incoming, outgoing = _pipes()
    embedder: Embedder | None = None
    known = pickle.dumps(embedder)
    send(outgoing, b"ready")
    while True:
        try:
            sent = receive(incoming, MAX_BYTES)
            name = receive(incoming, MAX_BYTES).decode()
            content = receive(incoming, MAX_BYTES)
        except EOFError:
            return
        if sent != known:  # one that is known has its tokenizer loaded
            embedder, known = pickle.loads(sent), sent
        _limit()
        answer = read(content, name, embedder)
        send(outgoing, ANSWER.dump_json(answer))


def read(content: bytes, name: str, embedder: Embedder | None) -> Answer:
    """Load a document and, where there is an embedder, split it into passages that fit it."""
    try:
        loaded = load(content, name)
        passages = _split(loaded, embedder) if embedder else []
        facts = facts_of(loaded.text) if embedder else Facts()
    except Exception as error:
        told = fault(name, error)
        return Unreadable(told.problem, told.remedy)
    spans = sum(len(passage.spans) for passage in passages)
    if spans > MAX_SPANS:
        return Unreadable(
            f"it has {spans:,} sentences and table rows, the limit is {MAX_SPANS:,}.",
            "Split it into smaller files.",
        )
    return Reading(loaded, passages, facts)


def _split(loaded: LoadedDocument, embedder: Embedder) -> list[Passage]:
    return split_passages(
        loaded.text,
        loaded.title,
        loaded.type,
        loaded.pages,
        embedder.count_tokens,
        # The model adds two tokens that mark the ends of its input.
        embedder.max_tokens - 2,
    )


def _pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return the ways in and out; what a parser prints goes nowhere."""
    outgoing = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return sys.stdin.buffer, outgoing


def _end_with(parent: int) -> None:
    """End this process when the one that watches it was killed."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _limit() -> None:
    """Have the system end this process where it can neither be watched nor watch itself."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {
        resource.RLIMIT_CPU: int(time.process_time()) + SECONDS + 5,
        # Far above what is watched, which knows what to say: this ends Rust and C++ with SIGABRT,
        # and counts what is not touched yet. RLIMIT_AS would count what libraries only map, too.
        resource.RLIMIT_DATA: 4 * MEMORY,
        # What a crash leaves would hold the document.
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(
            what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard)
        )


if __name__ == "__main__":
    main()
