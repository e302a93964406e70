"""A real Chromium on a real server; skipped only where there is no Chromium at all."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from fake_page import FakeEngine, FakeLibrary, Script
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.page.server import build_app

CORPUS = Path(__file__).parents[2] / "corpus"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """The browser to test in: $FOOTNOTE_TEST_BROWSER, one on the path, or Playwright's own."""
    named = os.environ.get("FOOTNOTE_TEST_BROWSER")
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


@contextmanager
def served(engine: FakeEngine, library: FakeLibrary) -> Iterator[str]:
    """The page on a free port of the loopback interface."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(build_app(engine, library), log_level="warning")  # type: ignore[arg-type]
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        yield address
        server.should_exit = True
        server.force_exit = True
        thread.join(20)


@dataclass
class Site:
    """A running page, what stands behind it, and what no visit may do."""

    address: str
    engine: FakeEngine
    library: FakeLibrary
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def visit(self, path: str = "/", **options: object) -> Page:
        """Open the page as a new visitor; requests beyond loopback are recorded and refused."""
        options = {"viewport": {"width": 1280, "height": 800}, **options}
        context = self.browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: self._note(request.url))
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(self.address + path)
        if path == "/":
            page.locator("#question textarea").wait_for()
            page.locator(".welcome").wait_for()
        return page

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.strangers.append(url)


@pytest.fixture
def site(browser: Browser) -> Iterator[Site]:
    library = FakeLibrary()
    for file in sorted(CORPUS.iterdir()):
        library.put(file.name, file.read_bytes())
    engine = FakeEngine(library)
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
