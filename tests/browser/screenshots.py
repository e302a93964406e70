"""The six main views of a running page as pictures for the docs.

footnote chat --no-browser &
python tests/browser/screenshots.py http://127.0.0.1:7860 docs/views
"""

import sys
from pathlib import Path

from conftest import QUIET, find_chromium
from PIL import Image
from playwright.sync_api import Page, sync_playwright

LAPTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
COLOURS = 64  # enough for text on a plain page, at a quarter of the bytes
MODEL_S = 300
QUESTIONS = (
    "Why do LLMs hallucinate?",
    "gans vs vaes",
)
TEXT = (
    "Vaswani et al. introduced the transformer in 2017. A transformer is a recurrent network. "
    "The first transformer was trained in Oslo."
)


def take(address: str, folder: Path) -> None:
    """Visit the page at an address, and write a picture of each view into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
        page = browser.new_page(viewport=LAPTOP)
        opened(page, address)
        for number, question in enumerate(QUESTIONS, 1):
            page.fill("#question textarea", question)
            page.press("#question textarea", "Enter")
            last = page.locator(".turn").nth(number - 1)
            last.locator(".foot").wait_for(timeout=MODEL_S * 1000)
        kept(page, folder / "asking.png")
        page.locator(".turn").last.locator("a.note").first.click()
        page.frame_locator('iframe[name="reader"]').locator("mark.quote").first.wait_for()
        kept(page, folder / "reading.png")
        phone = browser.new_page(viewport=PHONE)
        opened(phone, page.url)
        kept(phone, folder / "phone.png")
        page.get_by_role("tab", name="Documents").click()
        kept(page, folder / "documents.png")
        page.locator("[data-models]").first.click()
        kept(page, folder / "model.png")
        page.goto(f"{address}/check")
        page.fill("textarea", TEXT)
        page.get_by_role("button", name="Check").click()
        page.locator(".summary").first.wait_for()
        kept(page, folder / "checking.png")
        browser.close()


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("html[data-listening]")


def kept(page: Page, file: Path) -> None:
    """Keep what is seen once nothing moves any more, in few colours."""
    page.wait_for_timeout(1500)
    page.screenshot(path=file)
    with Image.open(file) as picture:
        picture.convert("RGB").quantize(COLOURS).save(file, optimize=True)


if __name__ == "__main__":
    take(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
