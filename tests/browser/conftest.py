"""A real Chromium on a real server; skipped only where there is no Chromium at all."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_page import FakeEngine, FakeLibrary, Script
from playwright.sync_api import Browser, expect, sync_playwright
from visiting import Site, served

from app.journal import Journal

CORPUS = Path(__file__).parents[2] / "corpus"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Chromium draws pages of its own for the address bar of each window, which nobody sees: two fifths
# of a visit's computing. The last list wins, so what Playwright turns off is said again.
_OFF = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades",
    "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints",
    "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning",
)  # fmt: skip
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(_OFF)}",
]


# On a busy machine a page may take longer than Playwright's five seconds to catch up.
expect.set_options(timeout=30_000)


def find_chromium() -> str | None:
    """The browser to test in: $BROWSER_FOR_TESTS, one on the path, or Playwright's own."""
    named = os.environ.get("BROWSER_FOR_TESTS")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium or Chrome was found: install one to run the browser tests")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield launched
        launched.close()


@pytest.fixture
def site(browser: Browser, tmp_path: Path) -> Iterator[Site]:
    library = FakeLibrary()
    for file in sorted(CORPUS.iterdir()):
        library.put(file.name, file.read_bytes())
    engine = FakeEngine(library, Journal(tmp_path / "journal.sqlite"))
    engine.scripts.update(scripts(library))
    with served(engine, library) as address:
        visited = Site(address, engine, library, browser)
        yield visited
        engine.searched.set()
        engine.halfway.set()
        library.gate.set()
        for context in visited.contexts:
            context.close()
    assert visited.strangers == []
    assert visited.dialogs == []
    assert visited.errors == []


def scripts(library: FakeLibrary) -> dict[str, Script]:
    """A question whose answer quotes prose, a table row and a page of a PDF."""
    return {"What do diffusion models struggle with?": Script(_story(library))}


def _story(library: FakeLibrary) -> list[tuple[str, str, str]]:
    found = []
    for name in ("diffusion-models.md", "types-of-llms.html", "choosing-a-model.pdf"):
        text = library.texts[name].text
        found.append((f"This comes from {name}.", name, _sentence_of(text)))
    row = _table_row(library.texts["diffusion-models.md"].text)
    return [*found, ("This comes from a table.", "diffusion-models.md", row)]


def _sentence_of(text: str) -> str:
    """A sentence from the middle of a document."""
    lines = [line for line in text.split("\n") if len(line) > 120 and line[0].isalpha()]
    line = lines[len(lines) // 2]
    end = line.find(". ")
    return line[: end + 1] if end > 0 else line


def _table_row(text: str) -> str:
    rows = [line for line in text.split("\n") if line.startswith("|")]
    return rows[3]
