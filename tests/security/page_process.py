"""The real `footnote` command, with vectors that count words: no weights are needed to attack it.

python -m tests.security.page_process chat --model none …

With `COMMIT_FAULTS` in the environment, documents commit the faults that they name; with
`SHORT_WAITS`, a database that another process holds is hardly waited for, and with
`SHORT_DRAWING` hardly anything is computed for a page's image. With `LOOPBACK_IS_PUBLIC` what
listens there counts as a site of the web.
"""

import os
from typing import Any

from app.journal import Journal
from app.page import pdf
from ingest import reading, web
from ingest.database import Database
from tests.app.small_world import WordEmbedder
from tests.ingest.faulty_reader import FAULTY

if __name__ == "__main__":
    import app.opening
    from app import cli

    words: Any = WordEmbedder()  # one: each counts the words that it has met
    app.opening.open_embedder = lambda *_: words
    if "COMMIT_FAULTS" in os.environ:
        reading.COMMAND = FAULTY
    if "SHORT_WAITS" in os.environ:
        Database.WAIT_S = Journal.WAIT_S = 0.1
    if "SHORT_DRAWING" in os.environ:
        pdf.SECONDS = 2
    if "LOOPBACK_IS_PUBLIC" in os.environ:
        web.is_public = lambda address: address.is_loopback
    cli.main()
