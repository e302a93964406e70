"""What only names a source: an entry of a bibliography, a bare link. It answers nothing itself."""

import re

from app.language import lexicon
from app.quoting.asked import Asked
from app.quoting.units import Unit
from ingest.terms import stem

_LINK = re.compile(r"(?:https?://|www\.)\S+|\b(?:arxiv|doi|isbn)\b[:\s]*\S+", re.IGNORECASE)
_YEAR = re.compile(r"[,(]\s*(?:1[89]|20)\d\d[a-z]?\s*[).,:]")
_WORD = re.compile(r"[^\W\d_]+")
_FEW = 3  # words beside a link


def names_a_source(unit: Unit) -> bool:
    """Say whether a unit is a link with hardly a word, or gives author, year and title."""
    links = _LINK.search(unit.text) is not None
    if links and len(_WORD.findall(_LINK.sub("", unit.text))) <= _FEW:
        return True
    return _YEAR.search(unit.text) is not None and (links or _among_sources(unit))


def asks_for_sources(asked: Asked) -> bool:
    """Say whether a question asks where something is from."""
    wanted = {stem(word) for word in lexicon.words("sources")}
    return not wanted.isdisjoint(asked.weights)


def _among_sources(unit: Unit) -> bool:
    heading = unit.hit.passage.section.rpartition("›")[2]
    words = {word.lower() for word in _WORD.findall(heading)}
    return not words.isdisjoint(lexicon.words("reference_headings"))
