"""Text with a structure of its own: source code, reStructuredText, transcripts."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from itertools import zip_longest
from pathlib import PurePath

from ingest.errors import DocumentError
from ingest.loaders import html
from ingest.loaders.document import LoadedDocument, choose_title
from ingest.loaders.encoding import decode
from ingest.loaders.writing import fence, joined, paragraph

LANGUAGES = {
    ".c": "c", ".cc": "cpp", ".cpp": "cpp", ".cs": "csharp", ".css": "css", ".go": "go",
    ".h": "c", ".hpp": "cpp", ".ini": "ini", ".java": "java", ".js": "javascript",
    ".jsx": "javascript", ".kt": "kotlin", ".lua": "lua", ".php": "php", ".pl": "perl",
    ".ps1": "powershell", ".py": "python", ".r": "r", ".rb": "ruby", ".rs": "rust",
    ".scala": "scala", ".sh": "sh", ".sql": "sql", ".swift": "swift", ".tex": "latex",
    ".toml": "toml", ".ts": "typescript", ".tsx": "typescript", ".xml": "xml", ".yaml": "yaml",
    ".yml": "yaml",
}  # fmt: skip
_TIME = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_CUE = re.compile(rf"^[ \t]*{_TIME}[ \t]*-+>[ \t]*{_TIME}.*$", re.MULTILINE)
_SPOKEN = re.compile(r"^[ \t]*\[\d{1,2}:\d{2}:\d{2}\][ \t]+(?=[A-Z][\w.’' -]{0,40}:)", re.MULTILINE)
_SPEAKER = re.compile(r"<v(?:\.[\w.]+)?[ \t]+([^>]+)>")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"”’»)\]]*$")
_LABEL = re.compile(r"^(?:>>|[-–][ \t]|[A-Z][\w.’' -]{0,40}:[ \t])")


def read_code(content: bytes, name: str) -> LoadedDocument:
    """Load source code or a configuration, character for character."""
    text, warnings = decode(content, name)
    path = PurePath(name)
    block = fence(text, LANGUAGES[path.suffix.lower()])
    return LoadedDocument(f"{block}\n" if block else "", path.name, "code", warnings=warnings)


def read_rst(content: bytes, name: str) -> LoadedDocument:
    """Load reStructuredText; nothing that it includes is opened."""
    from docutils.core import publish_string
    from docutils.utils import SystemMessage

    text, warnings = decode(content, name)
    settings = {
        "file_insertion_enabled": False, "raw_enabled": False, "report_level": 5, "halt_level": 5,
        "_disable_config": True, "output_encoding": "unicode", "embed_stylesheet": False,
        "stylesheet_path": "", "math_output": "LaTeX", "doctitle_xform": True,
    }  # fmt: skip
    try:
        source = str(publish_string(text, writer="html5", settings_overrides=settings))
    except (SystemMessage, RecursionError, ValueError) as error:
        raise DocumentError(name, "its markup cannot be read.", "Save it as text.") from error
    return html.from_source(source, name, "rst", warnings)


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
    cues = list((_CUE if _CUE.search(text) else _SPOKEN).finditer(text))
    paragraphs: list[str] = []
    for cue, following in zip_longest(cues, cues[1:]):
        said = text[cue.end() : following.start() if following else len(text)]
        for words in _turns(said):
            last = paragraphs[-1] if paragraphs else ""
            if not last or _LABEL.match(words) or (_SENTENCE_END.search(last) and len(last) > 200):
                paragraphs.append(words)
            else:
                paragraphs[-1] = f"{last} {words}"
    written = joined(map(paragraph, paragraphs))
    return LoadedDocument(written, choose_title("", name, stated=_title(text)), "transcript")


def _turns(said: str) -> Iterator[str]:
    """What one cue says: its lines as one, but for those that each begin with their speaker."""
    said = re.sub(r"\n[ \t]*\n.*", "", said, flags=re.DOTALL)  # the next one's number, notes
    said = re.sub(r"<[^>]*>|\{\\[^}]*\}", "", _SPEAKER.sub(r"\1: ", said))
    lines = [" ".join(unescape(line).split()) for line in said.split("\n")]
    lines = list(filter(None, lines))
    if len(lines) > 1 and all(map(_LABEL.match, lines)):
        yield from lines
    elif lines:
        yield " ".join(lines)


def _title(text: str) -> str:
    """What WebVTT says after its own name on the first line."""
    first = text.lstrip("\ufeff").partition("\n")[0]
    return first.removeprefix("WEBVTT").strip(" \t-–") if first.startswith("WEBVTT") else ""
