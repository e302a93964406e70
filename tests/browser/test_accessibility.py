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
    page.locator(".about[open]").get_by_text("How it was cut").click()
    expect(page.locator(".cut a").first).to_be_visible()


def choosing_documents(page: Page) -> None:
    page.locator("#tab-documents").click()
    page.get_by_label("Choose all").check()
    page.get_by_text("Collections: ").click()
    expect(page.get_by_role("button", name="Read again")).to_be_visible()


def with_sources(page: Page) -> None:
    answered(page)
    page.locator("#tab-sources").click()
    expect(page.locator(".source").first).to_be_visible()


def checking(page: Page) -> None:
    page.get_by_role("link", name="Check a text").click()
    page.get_by_label("Paste a text").fill("Nobody says this.")
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".checked")).to_be_visible()


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
        (choosing_documents, PHONE, "light"),
        (with_sources, LAPTOP, "dark"),
        (checking, LAPTOP, "light"),
        (reading, PHONE, "light"),
        (drawn, PHONE, "light"),
    ],
)
def test_axe_finds_nothing(
    site: Site, view: Callable[[Page], None], size: dict[str, int], scheme: str
) -> None:
    site.library.gather("Minutes", ["faq.md"])
    page = site.visit(viewport=size, color_scheme=scheme)
    view(page)
    response = Axe().run(page, options=RULES).response
    assert len(response["passes"]) > 15  # else it has not looked
    violations = response["violations"]
    found = [
        (each["id"], [node["html"][:200] for node in each["nodes"]][:5]) for each in violations
    ]
    assert found == [], json.dumps(found, indent=1)


CLIPPED = """() => {
    const seen = each => each.checkVisibility({visibilityProperty: true, opacityProperty: true});
    const name = each => each.ariaLabel || each.textContent.trim().slice(0, 30) || each.id;
    return [...document.querySelectorAll("button, a[href], input, select, textarea, label")]
        .filter(seen)
        .map(each => [name(each), each.getBoundingClientRect(), each])
        .filter(([, box, each]) => box.right > innerWidth + 1 || box.left < -1
            || (each.matches("button, summary") && each.scrollWidth > each.clientWidth + 1))
        .map(([name]) => name);
}"""


def test_at_twice_the_size_everything_is_reached_and_nothing_is_clipped(site: Site) -> None:
    site.library.gather("Minutes of the board of the society", ["faq.md"])
    page = site.visit(viewport={"width": 720, "height": 450}, device_scale_factor=2)
    for view in (first, reading, choosing_documents):
        view(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 720
        assert page.evaluate(CLIPPED) == []
    frame = page.frames[-1]
    assert frame.evaluate("document.documentElement.scrollWidth") <= 720
    assert frame.evaluate(CLIPPED) == []
    page.locator("#tab-reader").click()
    words = frame.locator("#quote").bounding_box()
    bar = frame.locator(".bar").bounding_box()
    assert words is not None
    assert bar is not None
    assert bar["y"] + bar["height"] <= words["y"]
    assert words["y"] + words["height"] <= 450
    page.locator("#tab-chat").click()
    expect(page.locator("#question textarea")).to_be_in_viewport()


def test_by_keyboard_alone_a_footnote_is_opened_walked_from_and_left(site: Site) -> None:
    page = site.visit()
    press = page.keyboard.press
    press("/")
    page.keyboard.type(QUESTION)
    press("Enter")
    expect(page.locator(".foot")).to_be_visible()
    stops = 0
    while not page.evaluate("document.activeElement.matches('.source .open, #turns .note')"):
        press("Tab")
        assert page.evaluate(HAS_VISIBLE_FOCUS), page.evaluate("document.activeElement.outerHTML")
        stops += 1
        assert stops < 10
    press("Enter")
    reader = page.frame_locator('iframe[name="reader"]')
    current = reader.locator("nav [aria-current]")
    expect(current).to_be_focused()
    for name, marker in (("Next footnote", 2), ("Next footnote", 3), ("Previous footnote", 2)):
        expect(reader.locator("#quote")).to_be_in_viewport()
        step = reader.get_by_role("link", name=name)
        for _ in range(9):
            if step.evaluate("each => each === document.activeElement"):
                break
            press("Shift+Tab" if name == "Previous footnote" else "Tab")
        expect(step).to_be_focused()
        press("Enter")
        expect(current).to_have_text(str(marker))
        expect(step).to_be_focused()
    expect(page.locator("#turns .note.current")).to_have_text("[2]")
    expect(reader.locator("#quote")).to_be_in_viewport()
    press("Escape")
    expect(page.locator("#sources")).to_be_visible()
    expect(page.locator("#turns .note").nth(1)).to_be_focused()
    press("Shift+Tab")
    expect(page.locator("#turns .note").first).to_be_focused()


HAS_VISIBLE_FOCUS = """() => {
    let each = document.activeElement;
    for (let up = 0; up < 3 && each; up++, each = each.parentElement) {
        const {outlineStyle, outlineWidth} = getComputedStyle(each);
        if (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) return true;
    }
    return false;
}"""
SMALL = """() => [...document.querySelectorAll(
        "button, .tools a, summary, [data-tab], .new, select, .choose, .total label, .bar a," +
        "input:not([type=checkbox], [type=file]), textarea, #drop label")]
    .filter(each => each.checkVisibility({visibilityProperty: true}))
    .map(each => [each.textContent.trim() || each.ariaLabel, each.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.height < 44 || box.width < 44))
    .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


def test_what_is_touched_is_large_enough_on_a_phone(site: Site) -> None:
    site.library.gather("Minutes", ["faq.md"])
    page = site.visit(viewport=PHONE, has_touch=True)
    for view in (answered, reading, choosing_documents, listing):
        view(page)
        assert page.evaluate(SMALL) == [], view
    frame = page.frames[-1]
    page.locator("#tab-reader").click()
    frame.locator(".more").click()
    assert frame.evaluate(SMALL) == []
