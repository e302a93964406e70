"""Many documents at once: found by what they say, sorted, chosen, gathered, removed."""

from playwright.sync_api import expect
from visiting import Site


def test_documents_are_found_by_content_sorted_chosen_and_gathered(site: Site) -> None:
    site.library.put("zz.md", b"---\ndate: 2031-01-02\n---\n# Aardvark\n\nThe zephyrine digs.\n")
    page = site.visit()
    page.locator("#tab-documents").click()
    page.get_by_label("Filter the documents").fill("zephyrine")
    expect(page.locator(".document:visible .path")).to_have_text(["zz.md"])
    page.get_by_label("Filter the documents").fill("")
    page.get_by_label("Sort by").select_option("title")
    expect(page.locator(".document .path").first).to_have_text("zz.md")
    page.get_by_label("Choose Aardvark").check()
    page.get_by_label("Choose Choosing a model").check()
    expect(page.locator("#chosen")).to_contain_text("2 chosen")
    page.get_by_label("Collection", exact=True).fill("Mine & <b>yours</b>")
    page.get_by_role("button", name="Put in").click()
    expect(page.locator("#documents .receipt")).to_contain_text("Mine & <b>yours</b>")
    assert site.library.gathered == {"Mine & <b>yours</b>": {"zz.md", "choosing-a-model.pdf"}}
    expect(page.locator(".document", has_text="zz.md")).to_contain_text("in Mine & <b>yours</b>")
    page.get_by_label("Choose Aardvark").check()
    page.get_by_label("Choose Choosing a model").check()
    page.locator("#chosen").get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Remove them").click()
    expect(page.locator("#documents .receipt")).to_contain_text("2 documents are removed")
    assert not {"zz.md", "choosing-a-model.pdf"} & site.library.texts.keys()


def test_a_file_dropped_on_the_chat_is_added(site: Site) -> None:
    page = site.visit()
    dropped = page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["# Tea\\n\\nTea is a drink.\\n"], "tea.md"));
            return data;
        }"""
    )
    page.locator("#chat").dispatch_event("drop", {"dataTransfer": dropped})
    expect(page.locator('#documents .receipt[role="status"]')).to_contain_text("tea.md")
    assert "tea.md" in site.library.texts
