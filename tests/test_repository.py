"""The README and the repository say the same."""

import re
import tomllib
from collections import Counter
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from app.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def section(heading: str) -> str:
    match = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert match, f"The README has no section “{heading}”."
    return match[1]


def tree(block: str) -> list[tuple[str, str]]:
    """Return the paths of an annotated tree with their phrases.

    A line is `path  phrase`; what is indented below a `folder/` is in it.
    """
    entries: list[tuple[str, str]] = []
    above: list[tuple[int, str]] = []
    for line in filter(str.strip, block.splitlines()):
        path, _, phrase = line.strip().partition("  ")
        depth = len(line) - len(line.lstrip())
        above = [(indent, folder) for indent, folder in above if indent < depth]
        full = path if not above or path.startswith(above[-1][1]) else above[-1][1] + path
        entries.append((full, phrase.strip()))
        if path.endswith("/"):
            above.append((depth, full))
    return entries


def house() -> list[tuple[str, str]]:
    fence = re.search(r"^```[a-z]*\n(.*?)^```", section("The house"), re.MULTILINE | re.DOTALL)
    assert fence, "The section “The house” has no fenced tree."
    return tree(fence[1])


def test_a_tree_is_read_nested_or_with_whole_paths() -> None:
    nested = "ingest/   a document's way\n    pipeline.py  its steps\n    loaders/  formats\n"
    nested += "        pdf.py    pages\napp/  a question's way\n    app/cli.py  the command\n"
    assert tree(nested) == [
        ("ingest/", "a document's way"),
        ("ingest/pipeline.py", "its steps"),
        ("ingest/loaders/", "formats"),
        ("ingest/loaders/pdf.py", "pages"),
        ("app/", "a question's way"),
        ("app/cli.py", "the command"),
    ]


def test_everything_in_the_readme_s_tree_is_there_and_has_a_phrase() -> None:
    for path, phrase in house():
        assert (ROOT / path).is_dir() if path.endswith("/") else (ROOT / path).is_file(), path
        assert phrase, f"{path} has no phrase."


def test_every_folder_of_the_code_is_in_the_readme_s_tree_once() -> None:
    listed = Counter(path for path, _ in house())
    folders = {
        f"{file.parent.relative_to(ROOT).as_posix()}/"
        for part in ("ingest", "app", "eval")
        for file in (ROOT / part).rglob("*.py")
    }
    assert sorted(folders - listed.keys()) == []
    assert [path for path, times in listed.items() if times > 1] == []


def test_every_setting_is_in_the_docs_as_it_is_in_the_code() -> None:
    settings = (ROOT / "docs" / "settings.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", settings, re.MULTILINE))
    assert list(rows) == list(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        default = "(none)" if field.default in ("", None, ()) else f"`{field.default}`"
        assert rows[name] == f"{default} | {field.description}", name


@pytest.mark.parametrize("part", ["ingest", "app", "eval"])
def test_imports_point_one_way(part: str) -> None:
    """eval → app → ingest; the command alone may name them all, for it is how each is reached."""
    beyond = {"ingest": "app|eval|tests", "app": "eval|tests", "eval": "tests"}[part]
    pattern = re.compile(rf"^\s*(?:from|import) (?:{beyond})\b", re.MULTILINE)
    wrong = [
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / part).rglob("*.py")
        if file != ROOT / "app" / "cli.py" and pattern.search(file.read_text("utf-8"))
    ]
    assert wrong == []


def test_the_rooms_of_a_question_s_way_import_only_from_those_before_them() -> None:
    rooms = ["understanding", "search", "quoting", "writing"]
    wrong = [
        file.relative_to(ROOT).as_posix()
        for number, room in enumerate(rooms)
        for file in (ROOT / "app" / room).rglob("*.py")
        for later in rooms[number + 1 :]
        if f"from app.{later}" in file.read_text("utf-8")
    ]
    assert wrong == []


def test_every_link_of_the_readme_to_a_file_leads_to_one() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if "://" not in target:
            assert (ROOT / target).exists(), target


def test_every_pinned_package_can_be_had_for_the_oldest_python_that_is_promised() -> None:
    """Debian 12 has 3.11.2: a pin that asks for a later one breaks the first command there."""
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest = promised["requires-python"].removeprefix(">=") + ".0"
    asking = {
        each.metadata["Name"]: each.metadata["Requires-Python"]
        for each in distributions()
        if each.metadata["Requires-Python"]
    }
    assert {n: r for n, r in asking.items() if not SpecifierSet(r).contains(oldest)} == {}
