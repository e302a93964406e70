"""Documents are removed one after another; of none are twelve words left in any byte of the home.

    python -m tests.ingest.removals [HOW MANY]

They come in, are changed, renamed and copied, and answers quote them, while another connection
keeps the write-ahead log alive. After each removal every file of the home is searched, by another
way than `footnote remove --verify` does, and the document is searched for. Prints the tally.
"""

import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from app.answer import Answer, Citation
from app.journal import Journal
from app.removing import remains_of, remove
from ingest.index import open_catalogue, open_current
from ingest.pipeline import sync
from tests.fakes import FakeEmbedder
from tests.ingest.building import found, write

_AT_ONCE = 20
_ANIMALS = ("cat", "dog", "fish", "bird")


def tally(removals: int, folder: Path, seed: int = 1) -> Counter[str]:
    """Remove so many documents, and count what was left of them: all counts should be 0 but one."""
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    home, docs = folder / "home", folder / "docs"
    while counts["removed"] < removals:
        texts = _come_in(docs, home, chance, counts["removed"])
        reader = open_catalogue(home)
        reader.documents()
        names = list(texts)
        chance.shuffle(names)
        for name in names[: removals - counts["removed"]]:
            _remove(name, texts[name], home, counts)
        reader.close()
    return counts


def _come_in(docs: Path, home: Path, chance: random.Random, number: int) -> dict[str, list[str]]:
    """Bring in documents; give the texts that each has had, by its present name."""
    had = {f"n{number + each}": [_text(chance)] for each in range(_AT_ONCE)}
    write(docs, **{name: texts[0] for name, texts in had.items()})
    sync([docs], home, FakeEmbedder())
    _quote(had, home)
    for name in list(had):
        what = chance.choice(("nothing", "change", "rename", "copy"))
        if what == "change":
            had[name].append(_text(chance))
            write(docs, **{name: had[name][-1]})
        elif what == "rename":
            (docs / f"{name}.md").rename(docs / f"r{name}.md")
            had[f"r{name}"] = had.pop(name)
        elif what == "copy":
            shutil.copy(docs / f"{name}.md", docs / f"z{name}.md")
    sync([docs], home, FakeEmbedder())
    return {f"{name}.md": texts for name, texts in had.items()}


def _text(chance: random.Random) -> str:
    """Sentences of words that no other document has in this order."""
    sentences = []
    for _ in range(chance.randint(2, 30)):
        words = ["".join(chance.choices("aeioukmnrstö", k=6)) for _ in range(14)]
        sentences.append(" ".join([*words, chance.choice(_ANIMALS)]).capitalize() + ".")
    return "# Title\n\n" + " ".join(sentences) + "\n"


def _quote(texts: dict[str, list[str]], home: Path) -> None:
    """Keep an answer that quotes each document."""
    journal, catalogue = Journal(home / "journal.sqlite"), open_catalogue(home)
    for name, [text] in texts.items():
        document = catalogue.document(f"{name}.md")
        assert document
        citation = Citation(
            marker=1, quote=text[9:200], start=9, end=200, document=document.name,
            document_sha256=document.sha256, title="Title", section="", page=None,
        )  # fmt: skip
        journal.keep(Answer(name, "What?", "What?", citations=(citation,), state="done"))
    catalogue.close()


def _remove(name: str, texts: list[str], home: Path, counts: Counter[str]) -> None:
    index = open_current(home, FakeEmbedder())
    remains = remains_of(name, index)
    remove(name, home, index)
    counts["removed"] += 1
    counts["left in bytes"] += any(_is_in_bytes(text, home) for text in texts)
    counts["left, says --verify"] += bool(remains.search(home).left)
    fresh = open_current(home, FakeEmbedder())
    counts["still found"] += any(
        name == one for animal in _ANIMALS for one, _ in found(fresh, animal)
    )
    counts["still listed"] += fresh.catalogue.document(name) is not None
    counts["vectors too many"] += fresh.vectors.count() != fresh.catalogue.vector_count()
    index.catalogue.close()
    fresh.catalogue.close()


def _is_in_bytes(text: str, home: Path) -> bool:
    """Whether any twelve words in a row are in any file, as they are or in small letters."""
    words = text.split()
    runs = [" ".join(words[start : start + 12]).encode() for start in range(len(words) - 11)]
    for path in home.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        if any(run in content or run.lower() in content for run in runs):
            return True
    return False


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as temporary:
        for what, count in tally(many, Path(temporary)).items():
            print(f"{count:>5} {what}")
