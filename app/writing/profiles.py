"""What is peculiar to a model, by its size: how loud it speaks and what it is believed about.

No other file knows which model speaks.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Profile:
    """How a model is asked, and what its word is worth; tokens.

    `prose_first` puts its prose above the quotes. `doubts` says that it is asked whether the
    quotes answer, and believed; `doubt_below` is the probability of its yes below which it doubts.
    `rewords` says that it may put in words of its own what the quotes say, without a doubt shown.
    """

    name: str
    prose_first: bool
    doubts: bool
    doubt_below: float
    rewords: bool
    passage_tokens: int
    answer_tokens: int
    thinking_tokens: int = 0

    def within(
        self, passage_tokens: int | None, answer_tokens: int | None, thinking_tokens: int = 0
    ) -> "Profile":
        """Return the same with other limits, where they are given."""
        return replace(
            self,
            passage_tokens=passage_tokens or self.passage_tokens,
            answer_tokens=answer_tokens or self.answer_tokens,
            thinking_tokens=thinking_tokens,
        )


# The 1.5B, asked whether the quotes answer, refuses 20 of 20 questions without an answer where the
# score alone refuses 12, and 9 of 13 of a public benchmark where the score alone refuses 3.
SMALL = Profile("small", False, True, 0.3, False, 320, 300)
CAPABLE = Profile("capable", True, True, 0.5, True, 1600, 600)

CAPABLE_FROM = 7.0
"""Billions of parameters; below, prose from the right quotes lost one answer in four."""


def profile_of(billions: float | None, kind: str, set_to: str = "auto") -> tuple[Profile, str]:
    """Return the profile of a model of so many billions of parameters, and why, in a sentence.

    One whose size is not known is small, but for those of servers that do not tell any: these are
    taken for capable.
    """
    if set_to != "auto":
        chosen = CAPABLE if set_to == "capable" else SMALL
        return chosen, f"The setting profile = {set_to} says so."
    limit = f"{CAPABLE_FROM:g} billion or more are taken for capable"
    if billions is not None:
        found = CAPABLE if billions >= CAPABLE_FROM else SMALL
        return found, f"It has {billions:g} billion parameters; models with {limit}."
    if kind == "openai":
        return CAPABLE, "Its server does not tell its size, and is taken for a capable one's."
    return SMALL, f"Its size is not known; models with {limit}."
