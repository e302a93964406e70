"""Giving documents to the page in a real browser: dropped, chosen, too large, of one name."""

from pathlib import Path

from playwright.sync_api import JSHandle, Page, expect
from visiting import Site

from ingest.loaders import MAX_BYTES

# What a browser hands over when files are dropped; a folder is a file that cannot be read.
DROPPED = """files => {
    const data = new DataTransfer();
    for (const [name, text] of files) data.items.add(new File([text], name));
    return data;
}"""


def documents(site: Site) -> Page:
    page = site.visit()
    page.locator("#tab-documents").click()
    return page


def drop(page: Page, *files: tuple[str, str]) -> None:
    zone = page.locator("#drop label")
    data: JSHandle = page.evaluate_handle(DROPPED, list(files))
    for kind in ("dragenter", "dragover"):
        zone.dispatch_event(kind, {"dataTransfer": data})
    expect(zone).to_have_class("over")
    zone.dispatch_event("drop", {"dataTransfer": data})
    expect(zone).not_to_have_class("over")


def test_what_is_dropped_is_added_in_the_order_it_has(site: Site) -> None:
    page = documents(site)
    drop(page, ("b.md", "# Bees\n\nThey hum.\n"), ("a.md", "# Ants\n\nThey march.\n"))
    receipt = page.locator('#documents .receipt[role="status"]')
    expect(receipt.locator("li")).to_contain_text(["b.md", "a.md"])
    expect(page.locator("#drop .sending")).to_be_hidden()
    assert {"a.md", "b.md"} <= set(site.library.texts)


def test_a_file_that_misses_the_zone_does_not_take_the_place_of_the_page(site: Site) -> None:
    page = documents(site)
    data = page.evaluate_handle(DROPPED, [("a.md", "# A")])
    for kind in ("dragover", "drop"):
        event = page.evaluate_handle(
            """([kind, dataTransfer]) => {
                const all = { dataTransfer, bubbles: true, cancelable: true };
                const event = new DragEvent(kind, all);
                document.getElementById("turns").dispatchEvent(event);
                return event;
            }""",
            [kind, data],
        )
        assert event.evaluate("event => event.defaultPrevented")
    expect(page.locator('#documents .receipt[role="status"]')).to_contain_text("a.md")


def test_what_was_added_can_be_chosen_again_and_again(site: Site, tmp_path: Path) -> None:
    page = documents(site)
    file = tmp_path / "tea.md"
    for words, done in (("a drink", "Added"), ("a leaf", "Replaced")):
        file.write_text(f"# Tea\n\nTea is {words}.\n")
        page.locator("#drop input").set_input_files(file)
        expect(page.locator('#documents .receipt[role="status"]')).to_contain_text(done)


def test_what_cannot_be_taken_is_told_and_the_rest_goes_on(site: Site) -> None:
    page = documents(site)
    drop(page, ("<b>x<b>.exe", "MZ"), ("good.md", "# Good\n\nYes.\n"), ("a\\b.md", "no"))
    expect(page.locator('#documents .receipt[role="status"]')).to_contain_text("good.md")
    refused = page.locator("#drop .refused li")
    expect(refused).to_contain_text(["a\\b.md: no file", "<b>x<b>.exe: this format is not read."])
    assert refused.locator("b").count() == 0


def test_a_file_over_the_limit_is_told_so_and_not_even_sent(site: Site, tmp_path: Path) -> None:
    page = documents(site)
    sent: list[bytes | None] = []
    page.on(
        "request",
        lambda each: sent.append(each.post_data_buffer) if "/documents?" in each.url else None,
    )
    huge = tmp_path / "huge.md"
    with huge.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    page.locator("#drop input").set_input_files(huge)
    refused = page.locator("#drop .refused li")
    expect(refused).to_contain_text("huge.md: it is larger than the limit of")
    assert [body or b"" for body in sent] == [b""]


def test_a_file_that_the_server_refuses_in_the_middle_is_told_too(
    site: Site, tmp_path: Path
) -> None:
    page = documents(site)
    page.locator("#drop label").evaluate("zone => { zone.dataset.limit = 1e12; }")
    huge = tmp_path / "huge.md"
    with huge.open("wb") as file:
        file.truncate(2 * MAX_BYTES)
    page.locator("#drop input").set_input_files(huge)
    expect(page.locator("#drop .refused li")).to_contain_text("huge.md")
    expect(page.locator("#drop .sending")).to_be_hidden()
    assert "huge.md" not in site.library.texts


def test_documents_are_chosen_with_the_keyboard(site: Site) -> None:
    page = documents(site)
    with page.expect_file_chooser() as chosen:
        page.locator("#drop input").press("Enter")
    assert chosen.value.is_multiple()
