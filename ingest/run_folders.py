"""A folder of the home for what is on its way, as long as the one that brings it runs.

ABOVE/<run>/          what it brings
ABOVE/<run>.lock      held as long as it runs: what has no holder is left of one that was killed
"""

import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout


class RunFolder:
    """A new folder in `above`; `removed` counts the files that were left of those killed."""

    def __init__(self, above: Path) -> None:
        above.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.removed = _tidy(above)
        self.path = above / secrets.token_hex(8)
        self._alive = FileLock(f"{self.path}.lock")
        self._alive.acquire()
        self.path.mkdir(mode=0o700)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove it, with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        _let_go(self._alive)


def _tidy(above: Path) -> int:
    files = 0
    for folder in [path for path in above.iterdir() if path.is_dir()]:
        alive = FileLock(f"{folder}.lock")
        with suppress(Timeout):
            alive.acquire(timeout=0)
            if folder.is_dir():  # else its run has just ended by itself
                files += sum(1 for _ in folder.iterdir())
                shutil.rmtree(folder, ignore_errors=True)
            _let_go(alive)
    return files


def _let_go(lock: FileLock) -> None:
    lock.release()
    Path(lock.lock_file).unlink(missing_ok=True)
