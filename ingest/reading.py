"""Documents are read in a process of their own, with limits: whatever they do to it, they do there.

Reading is loading and splitting. A parser that hangs, grows or crashes costs one document; the
process that reads is ended and replaced, and nobody waits for it who has not asked for it. It is
handed bytes and gives back JSON, which is checked here: nothing it says is run.
"""

import atexit
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO

import psutil
from pydantic import ConfigDict, TypeAdapter, ValidationError

from ingest.advance import Stopped
from ingest.embedding import Embedder
from ingest.errors import DocumentError, FootnoteError
from ingest.facts import Facts
from ingest.loaders import LoadedDocument
from ingest.passages import Passage

# Of computing, not of waiting: a busy machine must not make a document unreadable.
SECONDS = 60
# A process that waits for something for as long as this, without computing, will wait for ever.
SECONDS_WAITED = 180
MEMORY = 1000 * 1000 * 1000
# 20 million characters of the longest kind, and the passages of them.
MAX_ANSWER = 150 * 1000 * 1000

# -P: nothing is imported from the folder that one happens to be in, which may be anybody's.
COMMAND = (sys.executable, "-P", "-m", "ingest.reader_process")

# Starting a process takes longer than reading a page: for so many seconds one waits for the next
# reader, where it holds no more than this.
RESTS = 300
RESTS_WITH = 250 * 1000 * 1000

_LOOK_EVERY = 0.05
_TOO_LONG = f"reading it took more than {SECONDS} seconds."
_TOO_MUCH = f"reading it took more than {MEMORY / 1e9:.0f} GB of memory."
_SPLIT = "Split it into smaller files, or save it in another format."
_MEND = "Open it in the program it comes from, save it anew or in another format, and add that."
_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True)
class Reading:
    """What a document says, its passages, and what a receipt says of it."""

    loaded: LoadedDocument
    passages: list[Passage]
    facts: Facts


@dataclass(frozen=True)
class Unreadable:
    """Why a document could not be read, and what to do: a DocumentError that travels."""

    problem: str
    remedy: str


Answer = Reading | Unreadable
ANSWER: TypeAdapter[Answer] = TypeAdapter(
    Answer, config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
)


@dataclass
class _Asked:
    """A document that was handed over, and what came of it."""

    content: bytes
    name: str
    answer: Answer | None = None
    done: threading.Event = field(default_factory=threading.Event)


class Reader:
    """Reads documents one after another, in one process for as long as that bears them.

    It belongs to one thread. The process is started when it is first needed. After `close` it
    rests for whoever reads next, where it is not in the middle of something; it is ended after a
    while, at the latest with this program.
    """

    def __init__(
        self, embedder: Embedder | None, stopped: Callable[[], bool] = lambda: False
    ) -> None:
        """Passages are measured in the tokens of `embedder`, which is sent over unloaded.

        Without one there are no passages: documents are loaded, and not split.

        Nothing is waited for any more once `stopped()`.
        """
        self._embedder = pickle.dumps(embedder)
        self._stopped = stopped
        self._asked: deque[_Asked] = deque()
        self._process: subprocess.Popen[bytes] | None = None
        self._abandoned: weakref.finalize[..., Reader] | None = None
        self._waiting_since: float | None = None
        self._overrun = ""

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the process rest, or end it where it is at something."""
        is_idle = not self._asked
        for asked in self._asked:
            asked.done.set()
        self._asked.clear()
        if self._process is not None and is_idle and not self._overrun:
            _RESTING.keep(self._let_go())
        elif self._process is not None:
            self._end()

    def read(self, content: bytes, name: str) -> Callable[[], Reading]:
        """Have a document read after those before it; return what waits for its reading.

        The next document is read while the caller does something with this one. What is returned
        raises DocumentError, whatever is the matter with the document.
        """
        asked = _Asked(content, name)
        self._asked.append(asked)
        if len(self._asked) == 1:
            self._hand_over(asked)

        def reading() -> Reading:
            while asked.answer is None:
                self._take_answer()
            if isinstance(asked.answer, Unreadable):
                raise DocumentError(name, asked.answer.problem, asked.answer.remedy)
            return asked.answer

        return reading

    def _hand_over(self, asked: _Asked) -> None:
        process = self._running()
        try:
            for message in (self._embedder, asked.name.encode(), asked.content):
                send(process.stdin, message)
        except OSError:
            return  # It has died; taking the answer will say so.
        finally:
            asked.content = b""
        threading.Thread(target=self._watch, args=(process, asked), daemon=True).start()

    def _take_answer(self) -> None:
        """Wait for what is being read, and hand over what is next."""
        asked, process = self._asked[0], self._process
        assert process is not None
        self._waiting_since = time.monotonic()
        try:
            self._wait(process)
            asked.answer = ANSWER.validate_json(receive(process.stdout, MAX_ANSWER))
        except EOFError:
            asked.answer = self._why_it_ended()
        except (ValidationError, OverflowError):
            self._end()
            asked.answer = Unreadable("there is more in it than can be taken in.", _SPLIT)
        else:
            # What one document needed is not always given back, and the next has its own limit.
            with suppress(psutil.Error):
                if _held(psutil.Process(process.pid)) > MEMORY / 2:
                    self._end()
        finally:
            self._waiting_since = None
            asked.done.set()
        self._asked.popleft()
        if self._asked:
            self._hand_over(self._asked[0])

    def _wait(self, process: "subprocess.Popen[bytes]") -> None:
        """Wait until there is something to take. Raises Stopped."""
        answered = threading.Event()

        def look() -> None:
            with suppress(ValueError, OSError):  # it was closed meanwhile
                assert process.stdout is not None
                process.stdout.peek(1)  # type: ignore[attr-defined]
            answered.set()

        threading.Thread(target=look, daemon=True).start()
        while not answered.wait(_LOOK_EVERY):
            if self._stopped():
                raise Stopped

    def _running(self) -> subprocess.Popen[bytes]:
        """Return the process, started if there is none."""
        if self._process is not None and self._process.poll() is not None:
            self._end()  # Not a document's doing: the system was out of memory, say.
        if self._process is None:
            self._process = _RESTING.take() or _start()
            self._overrun = ""
            self._abandoned = weakref.finalize(self, _kill, self._process)
        return self._process

    def _let_go(self) -> subprocess.Popen[bytes]:
        """Return the process, which is nothing of this reader's any more."""
        assert self._process is not None
        assert self._abandoned is not None
        process, self._process = self._process, None
        self._abandoned.detach()
        return process

    def _end(self) -> int:
        """End the process, leave nothing of it behind, and return how it ended."""
        return _end(self._let_go())

    def _ended(self) -> int:
        """Return how the process ended by itself, which it is about to have done."""
        assert self._process is not None
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        return self._end()

    def _why_it_ended(self) -> Unreadable:
        code = self._ended()
        if self._overrun:
            return Unreadable(self._overrun, _SPLIT)
        if code == -getattr(signal, "SIGXCPU", 0):
            return Unreadable(_TOO_LONG, _SPLIT)
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return Unreadable(f"the program that reads its format broke down over it ({how}).", _MEND)

    def _watch(self, process: "subprocess.Popen[bytes]", asked: _Asked) -> None:
        """Kill the process where the document asks too much of it."""
        with suppress(psutil.Error):  # It has ended by itself.
            watched = psutil.Process(process.pid)
            computed, held = _computed(watched), _held(watched)
            while not asked.done.wait(_LOOK_EVERY):
                waited = time.monotonic() - (self._waiting_since or time.monotonic())
                overrun = ""
                if _computed(watched) - computed > SECONDS or waited > SECONDS_WAITED:
                    overrun = _TOO_LONG
                elif _held(watched) - held > MEMORY:
                    overrun = _TOO_MUCH
                if overrun and not asked.done.is_set():
                    self._overrun = overrun
                    _kill(process)
                    break


class _Resting:
    """Keeps the process of one reader that is closed for the next, who need not start another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[Sequence[str], subprocess.Popen[bytes]] | None = None
        self._timer: threading.Timer | None = None

    def keep(self, process: "subprocess.Popen[bytes]") -> None:
        """Keep a process that waits for documents; what has grown or ended is no use to anybody."""
        is_fit = False
        with suppress(psutil.Error):
            is_fit = _held(psutil.Process(process.pid)) <= RESTS_WITH
        timer = threading.Timer(RESTS, self.end)
        timer.daemon = True
        with self._lock:
            if is_fit and self._kept is None:
                self._kept, self._timer = (COMMAND, process), timer
                timer.start()
                return
        _end(process)

    def take(self) -> "subprocess.Popen[bytes] | None":
        """Return the process that is kept, where it is still there."""
        with self._lock:
            kept, self._kept = self._kept, None
            if self._timer is not None:
                self._timer.cancel()
        if kept is None:
            return None
        command, process = kept
        if command == COMMAND and process.poll() is None:
            return process
        _end(process)
        return None

    def end(self) -> None:
        """End what is kept."""
        if (process := self.take()) is not None:
            _end(process)


_RESTING = _Resting()
atexit.register(_RESTING.end)


def _start() -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ,
        # It finds what this program finds, also what was put on the path while it ran.
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "TOKENIZERS_PARALLELISM": "false",
    }
    process = subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        # Ctrl-C is for us, who then end it; and what it starts itself is ended with it.
        start_new_session=True,
    )
    try:
        receive(process.stdout, MAX_ANSWER)
    except EOFError as error:
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        raise FootnoteError(
            "The process that reads documents does not start (it ended with "
            f"{_end(process)}). `{' '.join(COMMAND)}` says why."
        ) from error
    except BaseException:
        _end(process)
        raise
    return process


def _end(process: "subprocess.Popen[bytes]") -> int:
    """End a process, leave nothing of it behind, and return how it ended."""
    _kill(process)
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # what it was not there to take any more
            pipe.close()  # type: ignore[union-attr]
    return process.wait()


def _kill(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        if process.poll() is not None:
            return
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:  # Windows
            process.kill()


def _computed(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _held(process: psutil.Process) -> int:
    return int(process.memory_info().rss)


def send(pipe: IO[bytes] | None, message: bytes) -> None:
    """Write one message, its length before it."""
    assert pipe is not None
    pipe.write(_LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def receive(pipe: IO[bytes] | None, longest: int) -> bytes:
    """Read one message. Raises EOFError at the end, OverflowError for one that is too long."""
    assert pipe is not None
    length = pipe.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        raise EOFError
    (size,) = _LENGTH.unpack(length)
    if size > longest:
        raise OverflowError
    message = pipe.read(size)
    if len(message) < size:
        raise EOFError
    return message
