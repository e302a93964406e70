"""What programs hand over and get back on the terminal: one JSON object a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from ingest.errors import DocumentError


def read_batch(path: Path, *names: str) -> list[dict[str, Any]]:
    """Read a JSONL file whose objects have an `id` and one of `names`, a string."""
    return list(_batch_records(path, names))


def _batch_records(path: Path, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    wanted = " or ".join(f"`{name}`" for name in names)
    try:
        # Not splitlines(), which also divides at the U+2028 that JSON allows in a string.
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(
            str(path), f"cannot be read ({error}).", "Give a JSONL file in UTF-8."
        ) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            good = "id" in record and any(_is_said(record.get(name)) for name in names)
        except (ValueError, TypeError, AttributeError):
            good = False
        if not good:
            raise DocumentError(
                str(path),
                f"line {number} is not a JSON object with `id` and {wanted}.",
                "Mend that line and run it again.",
            )
        yield record


def _is_said(value: Any) -> bool:
    """Say whether a value is a string, or the turns of a conversation."""
    turns = value if isinstance(value, list) else [value]
    return bool(turns) and all(isinstance(turn, str) for turn in turns)


def print_json(value: Any, one_line: bool = False) -> None:
    """Print a value as JSON on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=None if one_line else 2))
