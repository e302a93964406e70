"""Text with a structure of its own: source code, transcripts."""

import re
from dataclasses import replace
from html import unescape
from itertools import zip_longest
from pathlib import PurePath

from ingest.loaders.document import LoadedDocument, choose_title, ends_sentence
from ingest.loaders.encoding import clean, decode
from ingest.loaders.writing import as_paragraph, fence

LANGUAGES = {
    ".c": "c", ".cc": "cpp", ".cpp": "cpp", ".cs": "csharp", ".css": "css", ".go": "go",
    ".h": "c", ".hpp": "cpp", ".ini": "ini", ".java": "java", ".js": "javascript",
    ".jsx": "javascript", ".kt": "kotlin", ".lua": "lua", ".php": "php", ".pl": "perl",
    ".ps1": "powershell", ".py": "python", ".r": "r", ".rb": "ruby", ".rs": "rust",
    ".scala": "scala", ".sh": "sh", ".sql": "sql", ".swift": "swift", ".tex": "latex",
    ".toml": "toml", ".ts": "typescript", ".tsx": "typescript", ".xml": "xml", ".yaml": "yaml",
    ".yml": "yaml",
}  # fmt: skip
_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_CUE = re.compile(rf"^[ \t]*({_TIME})[ \t]*-+>[ \t]*({_TIME}).*$", re.MULTILINE)
_SPOKEN = re.compile(
    r"^[ \t]*\[(\d{1,2}:\d{2}:\d{2})\][ \t]+(?=[A-Z][\w.’' -]{0,40}:)", re.MULTILINE
)
_BLANK = re.compile(r"(?:^|\n)(?:[ \t]*\n)+")
_NOTES = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_SPEAKER = re.compile(r"<v(?:\.[\w.]+)?[ \t]+([^>]+)>")
_NAMED = re.compile(r"([^:\n]{1,60}): ")
# Characters of a paragraph: after a sentence, and where there are no sentences.
_LONG, _TOO_LONG = 200, 800
_PASSING = 0.1  # seconds
_LABEL = re.compile(r"^(?:>>|[-–][ \t]|[A-Z][\w.’' -]{0,40}:[ \t])")


def read_code(content: bytes, name: str) -> LoadedDocument:
    """Load source code or a configuration, character for character."""
    text, warnings = decode(content, name)
    path = PurePath(name)
    block = fence(text, LANGUAGES[path.suffix.lower()])
    return LoadedDocument(f"{block}\n" if block else "", path.name, "code", warnings=warnings)


def read_transcript(content: bytes, name: str) -> LoadedDocument:
    """Load subtitles or a transcript: what is said, without the times at which it is."""
    text, warnings = decode(content, name)
    return replace(transcript(text, name), warnings=warnings)


def is_transcript(text: str) -> bool:
    """Whether a plain text is one: with the times of subtitles, or of one speaker after another.

    Other times are not touched: an agenda's mean something.
    """
    spoken = len(_SPOKEN.findall(text))
    lines = sum(1 for line in text.split("\n") if line.strip())
    return len(_CUE.findall(text)) > 1 or (spoken > 2 and 2 * spoken >= lines)


def transcript(text: str, name: str) -> LoadedDocument:
    """The text of a transcript, in paragraphs by speaker or of some sentences."""
    shown: list[str] = []
    cues = list((_CUE if _CUE.search(text) else _SPOKEN).finditer(text))
    paragraphs: list[list[tuple[str, int]]] = []
    speaker = ""
    for cue, following in zip_longest(cues, cues[1:]):
        said = text[cue.end() : following.start() if following else len(text)]
        before, shown = shown, _lines(_spoken(said, not following) if cue.re is _CUE else said)
        # Captions that roll up say a line again until it has gone.
        again = next((n for n in (2, 1) if len(shown) >= n and shown[:n] == before[-n:]), 0)
        for words in _turns(shown[again:] if again < len(shown) or _is_passing(cue) else shown):
            named = _NAMED.match(words) if _SPEAKER.search(said) else None
            if named and named[1] == speaker:
                words = words[named.end() :]  # one speaker goes on in the next cue
            speaker = named[1] if named else ""
            length = sum(len(each) for each, _ in paragraphs[-1]) if paragraphs else 0
            is_over = bool(length) and ends_sentence(paragraphs[-1][-1][0])
            if not length or _LABEL.match(words) or length > (_LONG if is_over else _TOO_LONG):
                paragraphs.append([])
            paragraphs[-1].append((words, int(_seconds(cue[1]))))
    written, times = "", list[tuple[int, int]]()
    for spoken in paragraphs:
        written += "\n\n" * bool(written)
        for at, (words, seconds) in enumerate(spoken):
            written += " " if at else ""
            times.append((len(written), seconds))
            written += words if at else as_paragraph(words)
    title = choose_title("", name, stated=_title(text))
    return LoadedDocument(f"{written}\n", title, "transcript", times=tuple(times))


def _seconds(time: str) -> float:
    parts = [float(part) for part in time.replace(",", ".").split(":")]
    return sum(part * 60.0**power for power, part in enumerate(reversed(parts)))


def _is_passing(cue: re.Match[str]) -> bool:
    """Whether nobody could read a caption, so short is it there."""
    return cue.re is _CUE and _seconds(cue[2]) - _seconds(cue[1]) < _PASSING


def _spoken(said: str, is_last: bool) -> str:
    """What is said in a cue: all up to the next but its number or name, and notes."""
    first, *others = _BLANK.split(said.removeprefix("\n"))
    name = others[-1].strip() if others else ""
    # What stands right above the next cue's times is its name.
    is_name = not is_last and "\n" not in name and (first.strip() or others[1:])
    if name.isdigit() or is_name:
        others = others[:-1]
    return "\n".join([first, *(each for each in others if not _NOTES.match(each))])


def _lines(said: str) -> list[str]:
    """The lines of one cue, without what only says how they look."""
    said = re.sub(r"<[^>]*>|\{\\[^}]*\}", "", _SPEAKER.sub(r"\1: ", said))
    lines = (" ".join(clean(unescape(line))[0].split()) for line in said.split("\n"))
    return [line for line in lines if line]


def _turns(lines: list[str]) -> list[str]:
    """Lines as one, but for those that each begin with their speaker."""
    is_spoken = len(lines) > 1 and all(map(_LABEL.match, lines))
    return lines if is_spoken else [" ".join(lines)] if lines else []


def _title(text: str) -> str:
    """What WebVTT says after its own name on the first line."""
    first = text.lstrip("\ufeff").partition("\n")[0]
    return first.removeprefix("WEBVTT").strip(" \t-–") if first.startswith("WEBVTT") else ""
