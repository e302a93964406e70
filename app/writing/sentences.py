"""What a model writes → its sentences, without the markers and frames it puts around them."""

import re

from ingest.sentences import sentence_spans

# [2], [1, 2], [^3], 【4】, [passage 2]: whatever models write for a footnote.
_MARKERS = re.compile(
    r"\s*(?:\[(?:(?:passage|source|document)s? )?\^?\d+(?:\s*[,–-]\s*\^?\d+)*\]|【[^】\n]{0,20}】)",
    re.IGNORECASE,
)
_BEGUN_MARKER = re.compile(r"\s*(?:\[(?:[a-z]* ?)\^?[\d,–\s^-]*|【[^】\n]{0,20})$", re.IGNORECASE)
_LIST_NUMBER = re.compile(r"\d{1,2}[.)]")
_BULLET = rf"[-*•]|{_LIST_NUMBER.pattern}"
_ITEM = re.compile(rf"^\s*(?:{_BULLET})\s+")
_LIST_MARKER = re.compile(rf"^\s*(?:{_BULLET}|#{{1,6}})\s+")
# "According to the passage from “Tea”, …", "The passage states that …": readers see no passages,
# and the footnote says where.
_THE_PASSAGE = (
    r"(?:the )?(?:given |provided )?passages?"
    r"(?: from (?:[\"“][^\"”]*[\"”]|[^,]{1,60}?))?(?: provided| given| above)?"
)
_FRAME = re.compile(
    rf"^(?:(?:According to|Based on|As (?:stated|mentioned) in) {_THE_PASSAGE}, "
    rf"|{_THE_PASSAGE} (?:states?|says?|mentions?|explains?|notes?|indicates?)(?: that|:|,) )"
    r"(?=\S)",
    re.IGNORECASE,
)
# "The passage from “Which tea?”" ends like a sentence where the title does.
_BEGUN_FRAME = re.compile(r"(?:\w+ ){0,3}passages? from [\"“][^\"”]*[\"”]?", re.IGNORECASE)
_IN_QUOTES = re.compile(r"^[\"“]([^\"“”]+)[\"”]\.?$")
_EMPHASIS = re.compile(r"(\*\*|__|`)(.+?)\1")


def finished_sentences(written: str, ended: bool) -> tuple[list[str], str]:
    """Split what a model has written so far into finished sentences and the one being written.

    A sentence is finished when a word of the next one is whole, or when the model has `ended`.
    What has no words (a marker after the full stop, the number of a list item) is no sentence. An
    item of a list begins with "\\n- ", a new paragraph with "\\n". The one being written comes
    without markers, for nothing has checked them.
    """
    spans = _sentence_spans(written)
    done = spans if ended else spans[:-1]
    if not ended and done and not re.search(r"\S\s", written[spans[-1][0] :]):
        done = done[:-1]
    rest = written[done[-1][1] :] if done else written
    sentences: list[str] = []
    numbered, read_to = False, 0
    for number, (start, end) in enumerate(done, 1):
        text = written[start:end]
        if _LIST_NUMBER.fullmatch(text) and number < len(spans):
            numbered = True
        elif plain_sentence(text):
            new_line = sentences and "\n" in written[read_to:start]
            begin = "\n- " if numbered or _ITEM.match(text) else "\n" if new_line else ""
            sentences.append(begin + _ITEM.sub("", text))
            numbered, read_to = False, end
    return sentences, _BEGUN_MARKER.sub("", plain_sentence(rest))


def _sentence_spans(written: str) -> list[tuple[int, int]]:
    """Return `[start, end)` of each sentence; one that a passage's title seems to end goes on."""
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(written):
        if spans and _BEGUN_FRAME.fullmatch(_without_signs(written[slice(*spans[-1])])):
            start, _ = spans.pop()
        spans.append((start, end))
    return spans


def plain_sentence(text: str) -> str:
    """Return a model's sentence without markers, list signs and emphasis: code adds its own.

    What leads up to it with "according to the passage" goes, too.
    """
    text = _without_signs(text)
    said = _FRAME.sub("", text)
    if said == text:
        return text
    said = _IN_QUOTES.sub(r"\1", said)
    return said[0].upper() + said[1:]


def _without_signs(text: str) -> str:
    text = _LIST_MARKER.sub("", _MARKERS.sub("", text))
    return " ".join(_EMPHASIS.sub(r"\2", text).split())
