"""Everything that is English."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def data(name: str) -> Mapping[str, Any]:
    """Return the words in the file of data of that name."""
    return tomllib.loads(files("app.language").joinpath(f"{name}.toml").read_text("utf-8"))
