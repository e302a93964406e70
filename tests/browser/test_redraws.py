"""What somebody is at stays as it is while the documents change behind it."""

from playwright.sync_api import expect
from visiting import Site

from ingest.errors import DocumentError


def test_what_is_being_chosen_to_be_asked_stays_open_until_it_is_closed(site: Site) -> None:
    page = site.visit()
    asked = page.locator("#asking details")
    asked.locator("summary").click()
    asked.get_by_role("checkbox").nth(2).check()
    site.library.put("aa.md", b"# Ant\n\nIt walks.\n")
    expect(page.locator('.document[data-name="aa.md"]')).to_be_attached()
    page.wait_for_timeout(1500)
    expect(asked).to_have_attribute("open", "")
    expect(asked.locator("input:checked")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(asked.get_by_label("Ant", exact=False).first).to_be_attached()
    assert not site.errors


def test_the_list_keeps_focus_folds_and_half_typed_lines_when_documents_come(site: Site) -> None:
    site.library.gather("Minutes", ["faq.md"])
    site.library.put("zz.md", b"# Zebra\n\nIt grazes.\n")
    page = site.visit()
    page.locator("#tab-documents").click()
    page.get_by_text("Collections: 1").click()
    line = page.get_by_label("About the collection Minutes")
    line.fill("Half a li")
    remove = page.get_by_role("button", name="Remove Zebra")
    remove.focus()
    site.library.gather("Another", ["faq.md"])
    site.library.put("aa.md", b"# Ant\n\nIt walks.\n")
    expect(page.locator('.document[data-name="aa.md"]')).to_be_visible()
    expect(remove).to_be_focused()
    expect(line).to_have_value("Half a li")
    expect(page.get_by_label("About the collection Another")).to_have_value("")
    line.focus()
    site.library.put("ab.md", b"# Bee\n\nIt flies.\n")
    expect(page.locator('.document[data-name="ab.md"]')).to_be_visible()
    expect(line).to_be_focused()


def test_what_was_unfolded_in_a_turn_stays_so_while_the_turns_are_written_anew(site: Site) -> None:
    question = "What do diffusion models struggle with?"
    site.engine.scripts[question].uncertain = True
    page = site.visit()
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")
    expect(page.locator(".foot")).to_be_visible()
    folds = page.locator("#turns details.further")
    folds.locator("summary").click()
    page.get_by_role("button", name="A good answer").click()
    expect(page.locator(".said")).to_have_text("Thank you.")
    expect(folds).to_have_attribute("open", "")
    site.engine.halfway.clear()
    box.fill(question)
    box.press("Enter")
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".pending")).to_be_visible()
    expect(folds).to_have_attribute("open", "")
    site.engine.halfway.set()
    expect(page.locator(".foot")).to_have_count(2)
    expect(folds.first).to_have_attribute("open", "")
    expect(folds.last).not_to_have_attribute("open", "")
    folds.first.locator("summary").click()
    page.get_by_role("button", name="A good answer").last.click()
    expect(page.locator(".said")).to_have_count(1)
    expect(folds.first).not_to_have_attribute("open", "")


def test_escape_in_the_reader_goes_back_to_the_row_that_opened_it(site: Site) -> None:
    page = site.visit()
    page.locator("#tab-documents").click()
    row = page.locator('.document[data-name="faq.md"] a.open')
    row.click()
    page.frame_locator('iframe[name="reader"]').locator("main").click()
    page.keyboard.press("Escape")
    expect(row).to_be_visible()
    expect(row).to_be_focused()


def test_documents_are_removed_although_another_tab_removed_one_of_them(site: Site) -> None:
    for name in ("aa", "ab", "ac"):
        site.library.put(f"{name}.md", f"# {name}\n\nIt is {name}.\n".encode())
    page = site.visit()
    page.locator("#tab-documents").click()
    for name in ("aa", "ab", "ac"):
        page.get_by_label(f"Choose {name}", exact=True).check()
    page.locator('[data-act="remove-chosen"]').click()
    site.library.remove("aa.md")
    page.get_by_role("button", name="Remove them").click()
    expect(page.locator("#receipt")).to_contain_text("3 documents are removed.")
    assert not {"aa.md", "ab.md", "ac.md"} & site.library.texts.keys()


def test_a_receipt_of_failure_can_be_closed(site: Site) -> None:
    def fails(collection: str, names: object, *, out: bool = False) -> None:
        raise DocumentError("faq.md", "cannot be put anywhere.", "Try again.")

    site.library.gather = fails  # type: ignore[method-assign]
    page = site.visit()
    page.locator("#tab-documents").click()
    page.get_by_label("Choose", exact=False).nth(1).check()
    page.locator("#chosen input").fill("Papers")
    page.locator("#chosen button:not([type=button])").first.click()
    expect(page.locator("#receipt [role=alert]")).to_contain_text("cannot be put anywhere")
    page.get_by_label("Close this receipt").click()
    expect(page.locator("#receipt .receipt")).to_have_count(0)
