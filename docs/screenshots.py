"""Make the pictures of the page in docs/ anew: `make screenshots`. They show corpus/, no model."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from socket import create_server
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

DOCS = Path(__file__).parent
LARGEST = 150_000
"""Bytes of a picture."""
QUESTION = "What do diffusion models struggle with?"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@contextmanager
def running(home: str) -> Iterator[str]:
    """A page on this machine over the documents of corpus/, in a home that is thrown away."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        Path(sys.executable).with_name("footnote"), "chat", "--model", "none",
        "--port", str(port), "--no-browser",
    ]  # fmt: skip
    with subprocess.Popen(
        command,
        cwd=DOCS.parent,
        env={**os.environ, "FOOTNOTE_HOME": home},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            if not any("Footnote is at" in line for line in server.stdout):
                raise SystemExit("The page did not start.")
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()


def ask(page: Page, question: str) -> None:
    """Ask, and wait for the whole answer."""
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    page.locator(".turn .foot").last.wait_for()
    page.wait_for_timeout(500)


def picture(page: Page, name: str) -> None:
    """Keep what is shown as a WebP."""
    page.wait_for_timeout(800)
    shot = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot", {"format": "webp", "quality": 80}
    )
    content = base64.b64decode(shot["data"])
    if len(content) > LARGEST:
        raise SystemExit(f"{name} has {len(content):,} bytes.")
    (DOCS / f"page-{name}.webp").write_bytes(content)


def visit(page: Page, address: str) -> None:
    """Open the page, and wait until it listens."""
    page.goto(address)
    page.locator("html[data-listening]").wait_for()


def main() -> None:
    """Take the pictures, on a laptop's screen and on a phone's."""
    browser = next(filter(None, map(which, BROWSERS)), None)
    with TemporaryDirectory() as home, running(home) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        laptop = chromium.new_page(viewport={"width": 1280, "height": 800})
        visit(laptop, address)
        picture(laptop, "start")
        ask(laptop, QUESTION)
        picture(laptop, "answer")
        laptop.locator("#turns .note").first.click()
        laptop.mouse.move(0, 0)
        picture(laptop, "reader")
        laptop.locator("#tab-documents").click()
        picture(laptop, "documents")
        phone = chromium.new_context(
            viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
        ).new_page()
        visit(phone, address)
        ask(phone, QUESTION)
        picture(phone, "phone")
        phone.locator("#turns .note").first.click()
        picture(phone, "phone-reader")
        chromium.close()


if __name__ == "__main__":
    main()
