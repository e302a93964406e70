"""The embedded model: llama.cpp in a child process of ours, answering on loopback only.

xllamacpp could run in our own process. A child is better, measured on 2 cores:

- llama.cpp's threads spin at barriers. With another busy program beside it (or our own embedding
  model), the 0.5B fell from 42 to 0.9 tokens a second; told to sleep instead (OMP_WAIT_POLICY) it
  kept 41. OpenMP reads that variable once, when it is first loaded, and in our process torch has
  loaded it long before.
- Its server speaks the OpenAI protocol, so streaming, stopping and errors are the code that every
  other server uses, and a question can be stopped while it is still being read.
- A crash or a lack of memory in C++ ends the child, not the page, and closing gives all memory
  back at once. What llama.cpp prints cannot reach our standard output.
"""

import importlib.util
import json
import os
import secrets
import signal
import subprocess
import sys
from contextlib import suppress
from ctypes import CDLL, RTLD_GLOBAL
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

from ingest.errors import ModelError

# Two questions at once, each with a whole context window: the second visitor is not kept waiting,
# and the prompt that rewrites a follow-up does not push the answer's system prompt out of the cache
PARALLEL = 2

# Prompt tokens between two looks at whether the question was stopped. With llama.cpp's own 2,048 a
# stopped question of 3,000 tokens was read to its end, 25 s; with 128 it took half a second, and
# reading costs 3 % more processor time.
BATCH = 128

# Prompts that were read before and may come back; llama.cpp would let them grow to 8 GB. A full
# window of the 1.5B is 115 MB.
REMEMBERED_MIB = 256


@dataclass(frozen=True)
class Launch:
    """What the child is told: through its standard input, so that the key is in no process list."""

    weights: str
    context_window: int
    threads: int
    key: str = field(repr=False)


class EmbeddedServer:
    """A running llama.cpp with one model, reachable by whoever has `key`.

    `url` is the base of its OpenAI-compatible API (ends in /v1), `root` that of its own one.
    Raises ModelError when the weights cannot be loaded.
    """

    def __init__(self, weights: Path, context_window: int, threads: int | None = None) -> None:
        launch = Launch(
            weights=str(weights),
            context_window=context_window,
            threads=threads or physical_cores(),
            key=secrets.token_urlsafe(24),
        )
        self.key = launch.key
        self._process = subprocess.Popen(
            # -P: a folder called app where the user happens to be must not be run in our place
            [sys.executable, "-P", "-m", "app.models.embedded"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OMP_WAIT_POLICY": "passive"},
            text=True,
        )
        self.root = self._handshake(launch)
        self.url = f"{self.root}/v1"

    def _handshake(self, launch: Launch) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(asdict(launch)) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError:
            line = ""
        reply = json.loads(line) if line else {"error": f"It {self.ending()}"}
        if "error" in reply:
            self.close()
            raise ModelError(
                f"The embedded model could not be started from {launch.weights}. {reply['error']}"
            )
        return str(reply["url"])

    @property
    def memory(self) -> int:
        """Bytes that the child takes now; 0 when it has ended."""
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.NoSuchProcess:
            return 0

    def ending(self) -> str | None:
        """How the child ended, as the end of a sentence; None while it runs."""
        try:
            code = self._process.wait(timeout=0.2)  # the connection breaks just before
        except subprocess.TimeoutExpired:
            return None
        if os.name == "posix" and code == -signal.SIGKILL:
            return "was ended by the system, most likely because memory ran out."
        return f"ended unexpectedly (exit code {code})."

    def close(self) -> None:
        """End the child and free its memory; closing twice does nothing."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not yet written to a child that is dead
                    pipe.close()
        self._process.kill()
        self._process.wait()


def physical_cores() -> int:
    """Cores this process may compute on; two threads on one core only get in each other's way."""
    cores = psutil.cpu_count(logical=False) or 1
    if hasattr(os, "sched_getaffinity"):  # a container or taskset may allow fewer
        cores = min(cores, len(os.sched_getaffinity(0)))
    return cores


def main() -> None:
    """The child: load, say where, serve until whoever started us goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to understand
    handshake = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    launch = Launch(**json.loads(sys.stdin.readline()))
    try:
        server = _serve(launch)
    except Exception as error:
        print(json.dumps({"error": _in_words(error)}), file=handshake, flush=True)
        return
    print(json.dumps({"url": server.listening_address}), file=handshake, flush=True)
    sys.stdin.read()  # returns when the parent closes the pipe, or dies
    os._exit(0)  # without the seconds that an orderly release of everything can take


def _serve(launch: Launch) -> Any:
    xllamacpp = _import_xllamacpp()
    params = xllamacpp.CommonParams()
    params.model.path = launch.weights
    params.verbosity = -1
    params.api_keys = [launch.key]
    params.ui = False
    params.endpoint_slots = False  # would show one visitor's prompt to another
    params.sse_ping_interval = -1
    params.n_parallel = PARALLEL
    params.n_ctx = launch.context_window * PARALLEL
    params.n_batch = params.n_ubatch = BATCH
    params.cpuparams.n_threads = launch.threads
    params.cpuparams_batch.n_threads = launch.threads
    params.cache_prompt = True
    # Else a long prompt takes an empty slot, and reads again what they all begin with
    params.slot_prompt_similarity = 0.01
    params.cache_ram_mib = REMEMBERED_MIB
    # Left as they are, for they gained nothing: flash attention ("auto" turns it on; off costs the
    # same), q8_0 keys and values (reading 1.3 times as dear), drafting the answer from the prompt's
    # own n-grams (writing with the 1.5B 1.35 times as dear, 1.0 with the 0.5B).
    return xllamacpp.Server(params)


def _import_xllamacpp() -> Any:
    """Import xllamacpp, lending it torch's OpenMP where the system has none (a bare Debian)."""
    try:
        import xllamacpp
    except ImportError as error:
        torch = importlib.util.find_spec("torch")
        if "libgomp" not in str(error) or torch is None or torch.origin is None:
            raise
        CDLL(str(Path(torch.origin).parent / "lib" / "libgomp.so.1"), mode=RTLD_GLOBAL)
        import xllamacpp
    return xllamacpp


def _in_words(error: Exception) -> str:
    if isinstance(error, ImportError | OSError):
        return (
            f"xllamacpp cannot be imported ({error}). Install it again with "
            "`pip install --force-reinstall xllamacpp`; if it is libgomp that is missing, with "
            "`apt-get install libgomp1`."
        )
    return f"llama.cpp does not accept the file as a model ({error}). Is it a complete GGUF file?"


if __name__ == "__main__":
    main()
