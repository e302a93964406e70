"""What a handler of the page cannot do is told to its visitor in a sentence, whatever it was."""

import inspect
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import gradio as gr

from ingest.errors import FootnoteError

log = logging.getLogger(__name__)

UNKNOWN = "Something went wrong. The log says what; please try again."


def telling(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return a handler that does the same, and whose faults Gradio shows as they are worded."""
    if inspect.isgeneratorfunction(handler):

        @wraps(handler)
        def steps(*arguments: Any) -> Iterator[Any]:
            with _told():
                yield from handler(*arguments)

        return steps

    @wraps(handler)
    def step(*arguments: Any) -> Any:
        with _told():
            return handler(*arguments)

    return step


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except FootnoteError as problem:
        raise _shown(str(problem)) from problem
    except Exception as problem:
        log.exception("A handler of the page failed")
        raise _shown(UNKNOWN) from problem


def _shown(words: str) -> gr.Error:
    return gr.Error(words, duration=None, print_exception=False)
