"""A reader whose parser does what a document tells it to, so that every way to fail can be tried.

    python -m tests.ingest.faulty_reader

A document that names no fault is read as it is.
"""

import os
import signal
import subprocess
import sys
import time

from ingest import reader_process
from ingest.loaders import LoadedDocument, load

FAULTY = (sys.executable, "-P", "-m", "tests.ingest.faulty_reader")


class Liar:
    """Answers what is no reading."""

    def dump_json(self, answer: object) -> bytes:
        return b'{"loaded": {"text": 5}}'


def obey(content: bytes, name: str) -> LoadedDocument:
    """Commit the fault that the document names."""
    match content.decode().split():
        case ["raise"]:
            raise RecursionError("too deep")
        case ["crash"]:
            os.kill(os.getpid(), signal.SIGSEGV)
        case ["exit"]:
            os._exit(3)
        case ["compute"]:
            while True:
                pass
        case ["sleep"]:
            time.sleep(3_600)
        case ["grow"]:
            kept = []
            while True:
                kept.append(b"x" * 10_000_000)
        case ["print"]:
            print("words " * 100_000, flush=True)
            os.system("echo more words")
        case ["lie"]:
            reader_process.ANSWER = Liar()
        case ["swell"]:
            reader_process.MAX_SPANS = 10
            return LoadedDocument("A word.\n\n" * 11, "t", "text")
        case ["beget", path]:
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
            with open(path, "w") as file:
                file.write(str(child.pid))
            time.sleep(3_600)
    return load(content, name)


if __name__ == "__main__":
    reader_process.load = obey
    reader_process.main()
