"""A page served on loopback, and visits to it that record what no visit may do."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import uvicorn
from fake_page import FakeEngine, FakeLibrary
from playwright.sync_api import Browser, BrowserContext, Page

from app.page.server import build_app
from app.page.uploads import Uploads


@contextmanager
def served(
    engine: FakeEngine, library: FakeLibrary, port: int = 0, **options: object
) -> Iterator[str]:
    """The page on a port of the loopback interface, a free one; `options` are those of the app."""
    # It listens already: a visit waits until the server takes its request.
    with TemporaryDirectory() as home, socket.create_server(("127.0.0.1", port)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        page = build_app(engine, library, Uploads(Path(home)), **options)  # type: ignore[arg-type]
        config = uvicorn.Config(page, log_level="warning")
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
        if path.startswith(("/?", "/c/")) or path == "/":
            page.locator("#question textarea").wait_for()
            page.locator(".turns, .welcome").wait_for()
            page.locator("html[data-listening]").wait_for()
        return page

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.strangers.append(url)
