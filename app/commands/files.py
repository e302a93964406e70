"""What commands read and write: files, and JSON for programs, one object a line."""

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
    remedy = "Give a JSONL file in UTF-8."
    try:
        text = content_of(path, remedy).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(str(path), f"cannot be read ({error}).", remedy) from error
    # Not splitlines(), which also divides at the U+2028 that JSON allows in a string.
    for number, line in enumerate(text.split("\n"), 1):
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


def content_of(path: Path, remedy: str) -> bytes:
    """Return the bytes of a file that the user named. Raises DocumentError with the remedy."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(str(path), f"cannot be read ({error.strerror}).", remedy) from error


def write(path: Path, content: bytes) -> None:
    """Write a file where the user said. Raises DocumentError where that cannot be."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise DocumentError(
            str(path), f"cannot be written ({error.strerror}).", "Name another place."
        ) from error


def print_json(value: Any, one_line: bool = False) -> None:
    """Print a value as JSON on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=None if one_line else 2))
