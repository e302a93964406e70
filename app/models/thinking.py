"""What a model thought aloud, told from what it then says."""

_OPEN, _CLOSE = "<think>", "</think>"


def parted(written: str) -> tuple[str, str]:
    """Return the thoughts in what a model has written so far, and what it says.

    The templates of some models open the thoughts themselves, so that only their end is written:
    until then they look like the answer.
    """
    text = written.lstrip()
    is_open = text.startswith(_OPEN)
    thought, end, said = text.removeprefix(_OPEN).partition(_CLOSE)
    if end:
        return thought.strip(), said.lstrip()
    if is_open:
        return thought.strip(), ""
    return "", "" if text and _OPEN.startswith(text) else written
