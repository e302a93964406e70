"""What is peculiar to a model, by its size: how loud it speaks and what it is believed about.

No other file knows which model speaks.
"""

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Profile:
    """How a model is asked, and what its word is worth; tokens.

    `prose_first` puts its prose above the quotes. `doubts` says that it is asked whether the
    quotes answer, and believed; `doubt_below` is the probability of its yes below which it doubts.
    """

    name: str
    prose_first: bool
    doubts: bool
    doubt_below: float
    passage_tokens: int
    answer_tokens: int

    def within(self, passage_tokens: int | None, answer_tokens: int | None) -> "Profile":
        """Return the same with other limits, where they are given."""
        return replace(
            self,
            passage_tokens=passage_tokens or self.passage_tokens,
            answer_tokens=answer_tokens or self.answer_tokens,
        )


# The 1.5B, asked whether the quotes answer, refuses 20 of 20 questions without an answer where the
# score alone refuses 12, and 9 of 13 of a public benchmark where the score alone refuses 3.
SMALL = Profile("small", False, True, 0.3, 320, 300)
CAPABLE = Profile("capable", True, True, 0.5, 1600, 600)

CAPABLE_FROM = 7.0
"""Billions of parameters; below, prose from the right quotes lost one answer in four."""

_BILLIONS = re.compile(r"(\d+(?:\.\d+)?)\s*b\b", re.IGNORECASE)


def profile_of(name: str, kind: str) -> Profile:
    """Return the profile of a model by what its name says of its size; unknown ones are small.

    Hosted models that do not name their size are taken for capable.
    """
    sizes = [float(size) for size in _BILLIONS.findall(name)]
    if sizes:
        return CAPABLE if max(sizes) >= CAPABLE_FROM else SMALL
    return CAPABLE if kind == "openai" else SMALL
