"""Where documents of the web are from: kept in the home, by the names of their files there."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.home import added_folder, write_whole

_FILE = "origins.json"


@dataclass(frozen=True)
class Origin:
    """The address of a document, the day it was fetched (ISO), and what to ask it again with."""

    address: str
    day: str
    etag: str = ""
    modified: str = ""


def read_origins(home: Path) -> dict[Path, Origin]:
    """Return where the documents of the web are from, by the paths of their files."""
    try:
        kept = json.loads((home / _FILE).read_text("utf-8"))
        return {added_folder(home) / name: Origin(**origin) for name, origin in kept.items()}
    except (OSError, ValueError, TypeError):
        return {}  # they stay, as if they had been dropped


def keep_origins(home: Path, origins: Mapping[Path, Origin]) -> None:
    """Write down where documents are from, those whose files are there."""
    kept = {path.name: asdict(origin) for path, origin in origins.items() if path.exists()}
    write_whole(home / _FILE, json.dumps(kept, indent=1))


def addresses_of(home: Path) -> list[str]:
    """Return the addresses of the documents that were fetched."""
    return [origin.address for path, origin in read_origins(home).items() if path.exists()]


def is_address(given: str) -> bool:
    """Whether somebody gave an address of the web, and no path."""
    return given.lower().startswith(("http://", "https://"))
