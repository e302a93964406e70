"""Messages, as chat programs send them, → the turns of a conversation."""

from collections.abc import Iterable

from app.understanding.follow_up import Turn


def turns_of(messages: Iterable[tuple[str, str]]) -> list[Turn]:
    """Return the questions of a conversation with their answers, from (role, words) in order."""
    turns: list[Turn] = []
    for role, words in messages:
        if role == "user":
            turns.append(Turn(words, ""))
        elif role == "assistant" and turns:
            turns[-1] = Turn(turns[-1].question, f"{turns[-1].answer}\n{words}".strip())
    return turns
