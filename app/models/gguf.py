"""What the header of a GGUF file says of the model in it; nothing else of the file is read.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

_NUMBERS = dict(zip((*range(8), 10, 11, 12), "BbHhIif?Qqd", strict=True))
_STRING, _ARRAY = 8, 9
_MOST_KEYS, _LONGEST = 1000, 1_000_000
# general.file_type, as llama.cpp numbers it
_QUANTISATIONS = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 25: "IQ4_NL",
    30: "IQ4_XS", 32: "BF16", 38: "MXFP4",
}  # fmt: skip


@dataclass(frozen=True)
class Header:
    """What a model file says of itself, empty where it says nothing; `window` in tokens."""

    parameters: str = ""
    quantisation: str = ""
    licence: str = ""
    window: int = 0


def read_header(file: Path) -> Header:
    """Return what the header says; an empty one for what is no GGUF file, or is damaged."""
    said: dict[str, Any] = {}
    try:
        with file.open("rb") as source:
            _read_into(said, source)
    except (OSError, ValueError, struct.error):
        pass  # what came before the damage stands; llama.cpp refuses the file in its own words
    return Header(
        parameters=str(said.get("general.size_label", "")),
        quantisation=_QUANTISATIONS.get(said.get("general.file_type", -1), ""),
        licence=str(said.get("general.license", "")),
        window=int(said.get(f"{said.get('general.architecture', '')}.context_length", 0)),
    )


def _read_into(said: dict[str, Any], source: BinaryIO) -> None:
    magic, version, _, keys = struct.unpack("<4sIQQ", source.read(24))
    if magic != b"GGUF" or version not in (2, 3):
        raise ValueError("not a GGUF file")
    for _ in range(min(keys, _MOST_KEYS)):
        key = _string(source)
        if key.startswith("tokenizer."):
            return  # the vocabulary; what is wanted comes before it
        said[key] = _value(source, *struct.unpack("<I", source.read(4)))


def _value(source: BinaryIO, kind: int) -> Any:
    if kind == _STRING:
        return _string(source)
    if kind == _ARRAY:
        of, length = struct.unpack("<IQ", source.read(12))
        if length > _LONGEST:
            raise ValueError("an array too long for a header")
        return [_value(source, of) for _ in range(length)]
    if kind not in _NUMBERS:
        raise ValueError("a type that the format does not have")
    form = f"<{_NUMBERS[kind]}"
    return struct.unpack(form, source.read(struct.calcsize(form)))[0]


def _string(source: BinaryIO) -> str:
    (length,) = struct.unpack("<Q", source.read(8))
    if length > _LONGEST:
        raise ValueError("a text too long for a header")
    return source.read(length).decode("utf-8", "replace")
