"""One real file of each format, made by other programs, and strangers' files."""

import importlib.util
import re
from pathlib import Path

import pytest

from ingest.errors import DocumentError
from ingest.loaders import load

DOCUMENTS = Path(__file__).parent / "documents"
SHARED = Path(__file__).parents[2].parent / "shared"
WORKSHOP = sorted(DOCUMENTS.glob("workshop.*"))


@pytest.mark.parametrize("path", WORKSHOP, ids=lambda path: path.suffix)
def test_a_page_says_the_same_in_every_format(path: Path) -> None:
    document = load(path.read_bytes(), path.name)
    words = re.sub(r"[#*\n]+", " ", document.text)
    words = re.sub(r" +", " ", words)
    assert "The workshop opens at 8 am." in words
    assert "On Saturdays at 10 am." in words
    assert "| Machine | Monday | Friday |" in document.text
    for row in (r"\| Lathe +\| 8 – 12 \| +\|", r"\| Drill +\| +\| 9 – 11 \|"):
        assert re.search(row, document.text), row
    assert "1. Sign the list. 2. Wear goggles:" in re.sub(r"(\d\.) +", r"\1 ", words)
    assert document.title in ("Rules of the workshop", "Opening hours")


MARKED = [path for path in WORKSHOP if path.suffix not in (".rst",)]


@pytest.mark.parametrize("path", MARKED, ids=lambda path: path.suffix)
def test_what_is_struck_out_on_that_page_is_marked(path: Path) -> None:
    assert "~~5~~ 6 pm" in load(path.read_bytes(), path.name).text


NOTED = [path for path in WORKSHOP if path.suffix not in (".odp", ".pptx", ".ipynb")]


@pytest.mark.parametrize("path", NOTED, ids=lambda path: path.suffix)
def test_the_note_on_that_page_follows_its_sentence(path: Path) -> None:
    text = " ".join(load(path.read_bytes(), path.name).text.split())
    assert "opens at 8 am. [^1: On Saturdays at 10 am.] It closes" in text
    document = load(path.read_bytes(), path.name)
    assert document.metadata["author"] == "Footnote contributors"
    assert document.date == "2026-11-29"


@pytest.mark.parametrize("name", ["machines.ods", "machines.xlsx"])
def test_a_sheet_says_the_same_in_both_formats(name: str) -> None:
    document = load((DOCUMENTS / name).read_bytes(), name)
    assert document.text == (
        "## Machines\n\n| Machine | Price | Share | Since | Twice |\n"
        "| --- | --- | --- | --- | --- |\n| Lathe | 1,234.50 € | 25% | 12 June 2024 | 2469 |\n"
        "| Drill |  | 50% |  |  |\n"
    )


@pytest.mark.skipif(not (SHARED / "parsers").is_dir(), reason="no strangers' files in ../shared")
def test_strangers_files_are_read_as_their_readers_see_them() -> None:
    path = SHARED / "parsers" / "cases.py"
    specification = importlib.util.spec_from_file_location("cases", path)
    assert specification is not None
    assert specification.loader is not None
    cases = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(cases)
    wrong = []
    for kind, row, folder, name, check in cases.CASES:
        if folder == cases.P:
            continue
        file = next((SHARED / "field").rglob(name))
        try:
            text = load(file.read_bytes(), name).text
        except DocumentError as error:
            text = str(error)
        if not check(cases.C(text)):
            wrong.append(f"{kind} {row} {name}")
    assert wrong == []
