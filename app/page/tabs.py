"""Where a tab is: a conversation's address, or that of a new one."""

import re
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlsplit

PATH = re.compile(r"/c/([0-9a-f]{1,40})")


@dataclass(frozen=True)
class Tab:
    """`conversation` is an id, or empty where none has begun; `asked_in` is the address's query."""

    conversation: str = ""
    asked_in: str = ""

    @classmethod
    def parse(cls, at: str) -> Self:
        """Read a path with its query; what is none is where a conversation begins."""
        try:
            parts = urlsplit(at)
        except ValueError:
            return cls()
        found = PATH.fullmatch(parts.path)
        return cls(found[1] if found else "", parts.query)

    def at(self, conversation: str) -> Self:
        """The same, in a conversation that has begun."""
        return replace(self, conversation=conversation)
