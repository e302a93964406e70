"""What is peculiar to a model, by its size: how loud it speaks and what it is believed about.

No other file knows which model speaks.
"""

from dataclasses import dataclass, replace

from app.models.benched import Measured


@dataclass(frozen=True)
class Profile:
    """How a model is asked, and what its word is worth; tokens.

    `prose_first` puts its prose above the quotes. `doubts` says that it is asked whether the
    quotes answer, and believed: below a probability of its yes of `doubt_below` the answer is
    uncertain, from `sure_from` on it is not.
    `rewords` says that it may put in words of its own what the quotes say, without a doubt shown.
    `passage_tokens` is the room for passages; with none it is given the quotes alone.
    """

    name: str
    prose_first: bool
    doubts: bool
    doubt_below: float
    sure_from: float
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
# score alone refuses 12, and 9 of 13 of a public benchmark where the score alone refuses 3. Of
# uncertain answers it says yes, with 0.6 or more, to 14 of 33 that answer and to none of 14 others.
SMALL = Profile("small", False, True, 0.3, 0.6, False, 0, 300)
CAPABLE = Profile("capable", True, True, 0.5, 0.8, True, 1600, 600)

CAPABLE_FROM = 7.0
"""Billions of parameters; below, prose from the right quotes lost one answer in four."""


ENOUGH = 20
"""Questions; from so many on a model's profile follows from what was measured of it."""

_WITHHELD_AT_MOST = 0.1  # of the sentences that a capable one writes


def profile_of(
    billions: float | None,
    kind: str,
    set_to: str = "auto",
    measured: Measured | None = None,
) -> tuple[Profile, str]:
    """Return the profile of a model, and why, in a sentence.

    What is set wins over what was measured, this over its billions of parameters. One of which
    nothing is known is small, but for those of servers that tell no size: these are taken for
    capable.
    """
    if set_to != "auto":
        chosen = CAPABLE if set_to == "capable" else SMALL
        return chosen, f"The setting profile = {set_to} says so."
    if measured is not None and (found := _by_measure(measured)) is not None:
        return found
    limit = f"{CAPABLE_FROM:g} billion or more are taken for capable"
    if billions is not None:
        by_size = CAPABLE if billions >= CAPABLE_FROM else SMALL
        return by_size, f"It has {billions:g} billion parameters; models with {limit}."
    if kind == "openai":
        return CAPABLE, "Its server does not tell its size, and is taken for a capable one's."
    return SMALL, f"Its size is not known; models with {limit}."


def _by_measure(measured: Measured) -> tuple[Profile, str] | None:
    """Capable is whose own words hold what the quotes do, and are mostly borne out."""
    right, quotes = measured.figure("right"), measured.of_quotes("right")
    withheld, questions = measured.figure("withheld"), measured.figure("questions")
    if right is None or quotes is None or withheld is None or (questions or 0) < ENOUGH:
        return None
    is_capable = right >= quotes and withheld <= _WITHHELD_AT_MOST
    found = CAPABLE if is_capable else SMALL
    return found, (
        f"Measured on {measured.where}: its words held {right:.2f} of the key facts, the quotes "
        f"alone {quotes:.2f}, and {withheld:.2f} of its sentences were withheld. So it counts as "
        f"{found.name}: capable is what holds as much as the quotes, with {_WITHHELD_AT_MOST:.2f} "
        "withheld at most."
    )
