"""The page by WCAG 2.2 AA, as far as axe can tell, in its main views; and at 200 % zoom."""

import json
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from visiting import Site

QUESTION = "What do diffusion models struggle with?"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


def answered(page: Page) -> None:
    page.locator("#question textarea").fill(QUESTION)
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".foot")).to_be_visible()


def reading(page: Page) -> None:
    answered(page)
    page.locator(".note").first.click()
    expect(page.frame_locator('iframe[name="reader"]').locator("#quote")).to_be_in_viewport()


def choosing(page: Page) -> None:
    page.locator("#asking summary").click()
    expect(page.get_by_role("button", name="Ask these")).to_be_visible()


def listing(page: Page) -> None:
    page.locator("#tab-documents").click()
    page.locator(".about > summary").first.click()
    page.locator(".about[open]").get_by_text("As it was cut").click()
    expect(page.locator(".cut a").first).to_be_visible()


def drawn(page: Page) -> None:
    answered(page)
    page.get_by_role("button", name="Conversations").click()
    expect(page.locator("#listed .title")).to_be_visible()


def first(page: Page) -> None:
    expect(page.locator(".welcome")).to_be_visible()


@pytest.mark.parametrize(
    ("view", "size", "scheme"),
    [
        (first, LAPTOP, "light"),
        (reading, LAPTOP, "light"),
        (reading, LAPTOP, "dark"),
        (choosing, LAPTOP, "light"),
        (listing, LAPTOP, "dark"),
        (drawn, PHONE, "light"),
    ],
)
def test_axe_finds_nothing(
    site: Site, view: Callable[[Page], None], size: dict[str, int], scheme: str
) -> None:
    page = site.visit(viewport=size, color_scheme=scheme)
    view(page)
    response = Axe().run(page, options=RULES).response
    assert len(response["passes"]) > 15  # else it has not looked
    violations = response["violations"]
    found = [
        (each["id"], [node["html"][:200] for node in each["nodes"]][:5]) for each in violations
    ]
    assert found == [], json.dumps(found, indent=1)


def test_at_twice_the_size_everything_is_reached_without_scrolling_sideways(site: Site) -> None:
    page = site.visit(viewport={"width": 683, "height": 384})
    answered(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 683
    expect(page.locator("#question textarea")).to_be_in_viewport()
    page.locator(".note").first.click()
    expect(page.frame_locator('iframe[name="reader"]').locator("#quote")).to_be_in_viewport()


def test_what_is_touched_is_large_enough_on_a_phone(site: Site) -> None:
    page = site.visit(viewport=PHONE, has_touch=True)
    answered(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .tools a, summary, [data-tab], .new")]
            .filter(each => each.checkVisibility({visibilityProperty: true}))
            .map(each => [each.textContent.trim() || each.ariaLabel, each.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.height < 44 || box.width < 44))
            .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
    )
    assert small == []
