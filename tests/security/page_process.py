"""The real `footnote` command, with vectors that count words: no weights are needed to attack it.

python -m tests.security.page_process chat --model none …

With `COMMIT_FAULTS` in the environment, documents commit the faults that they name.
"""

import os
from typing import Any

from ingest import reading
from tests.app.small_world import WordEmbedder
from tests.ingest.faulty_reader import FAULTY

if __name__ == "__main__":
    import app.opening
    from app import cli

    words: Any = WordEmbedder()  # one: each counts the words that it has met
    app.opening.open_embedder = lambda *_: words
    if "COMMIT_FAULTS" in os.environ:
        reading.COMMAND = FAULTY
    cli.main()
