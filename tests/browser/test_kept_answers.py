"""Answers that stay: their own page, links to it, and files to take away, in a real browser."""

import html
import zipfile
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page, expect
from visiting import Site

QUESTION = "What do diffusion models struggle with?"


def asked(site: Site) -> Page:
    page = site.visit()
    page.get_by_role("button", name=QUESTION).click()
    expect(page.locator(".foot")).to_be_visible()
    return page


def test_the_link_of_an_answer_opens_it_with_its_quotes(site: Site) -> None:
    href = asked(site).get_by_role("link", name="Link").get_attribute("href")
    assert href is not None
    alone = site.visit(href)
    expect(alone.get_by_role("heading", level=1)).to_have_text(QUESTION)
    expect(alone.locator(".notes > li")).to_have_count(4)
    alone.locator("sup a").nth(3).click()
    expect(alone.locator("#note-4 mark.quote").first).to_be_in_viewport()
    alone.locator("#note-3 .place a").click()
    expect(alone.locator("rect#quote")).to_be_in_viewport()


def test_a_document_that_changes_under_an_answer_is_told_with_the_quote_it_had(site: Site) -> None:
    href = asked(site).get_by_role("link", name="Link").get_attribute("href")
    assert href is not None
    site.library.put("diffusion-models.md", b"# Diffusion models\n\nAll new.\n")
    site.library.remove("types-of-llms.html")
    alone = site.visit(href)
    expect(alone.locator("#note-1 .changed")).to_contain_text("has changed since this answer")
    expect(alone.locator("#note-2 .changed")).to_contain_text("no longer there")
    expect(alone.locator("#note-3 .changed")).to_have_count(0)
    quote = site.engine.scripts[QUESTION].sentences[1][2]
    expect(alone.locator("#note-2 mark.quote")).to_have_text(quote)


def test_footnotes_of_documents_that_changed_or_went_can_be_stepped_through(site: Site) -> None:
    href = asked(site).get_by_role("link", name="Link").get_attribute("href")
    assert href is not None
    site.library.put("diffusion-models.md", b"# Diffusion models\n\nAll new.\n")
    site.library.remove("types-of-llms.html")
    quotes = [quote for _, _, quote in site.engine.scripts[QUESTION].sentences]
    page = site.visit(href)
    page.locator("#note-1 .place a").click()
    expect(page.locator(".banner")).to_contain_text("The source has changed since this answer")
    expect(page.locator("blockquote#quote")).to_have_text(quotes[0])
    page.get_by_label("Next footnote").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No such document")
    expect(page.locator("blockquote#quote")).to_have_text(quotes[1])
    page.get_by_label("Next footnote").click()
    expect(page.locator("rect#quote")).to_be_in_viewport()
    page.get_by_label("Next footnote").click()
    expect(page.locator("blockquote#quote table")).to_contain_text(quotes[3].split("|")[1].strip())
    page.get_by_label("Previous footnote").click()
    expect(page.locator("rect#quote")).to_be_in_viewport()


def test_a_conversation_is_saved_as_markdown_and_as_one_html_file(
    site: Site, tmp_path: Path
) -> None:
    page = asked(site)
    page.locator("#question textarea").fill("And <b>then</b>?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".foot")).to_have_count(2)
    saved = {}
    for kind in ("Markdown", "HTML"):
        with page.expect_download() as download:
            page.locator(".save").get_by_role("link", name=kind).click()
        target = tmp_path / download.value.suggested_filename
        download.value.save_as(target)
        saved[kind] = target.read_text("utf-8")
    assert "## And \\<b\\>then\\</b\\>?" in saved["Markdown"]
    assert saved["Markdown"].count("\n\n[^") == 4
    opened = site.visit()
    opened.set_content(saved["HTML"])
    expect(opened.locator("h2")).to_have_text([QUESTION, "And <b>then</b>?"])
    expect(opened.locator("blockquote")).to_have_count(4)


def test_a_conversation_and_an_answer_are_saved_as_pdf(site: Site, tmp_path: Path) -> None:
    page = asked(site)
    page.locator("#question textarea").fill('And <b>then</b>?"\r\nX-Evil: yes')
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".foot")).to_have_count(2)
    alone = site.visit(page.get_by_role("link", name="Link").last.get_attribute("href") or "")
    questions = []
    for visited in (page, alone):
        with visited.expect_download() as download:
            visited.locator(".save").get_by_role("link", name="PDF").click()
        assert download.value.suggested_filename == "footnote.pdf"
        target = tmp_path / "saved.pdf"
        download.value.save_as(target)
        with pypdfium2.PdfDocument(target) as pdf:
            questions.append([mark.get_title() for mark in pdf.get_toc()])
    second = 'And <b>then</b>?" X-Evil: yes'
    assert questions == [[QUESTION, second], [second]]
    saved = page.request.get(f"{site.address}/export?answer=a2&as=pdf")
    assert saved.headers["content-type"] == "application/pdf"
    assert saved.headers["content-disposition"] == 'attachment; filename="footnote.pdf"'
    assert "x-evil" not in saved.headers


def test_a_conversation_is_saved_as_word_with_real_footnotes(site: Site, tmp_path: Path) -> None:
    page = asked(site)
    links = page.locator(".save").get_by_role("link")
    expect(links).to_have_text(["Markdown", "HTML", "PDF", "Word"])
    with page.expect_download() as download:
        links.filter(has_text="Word").click()
    assert download.value.suggested_filename == "footnote.docx"
    target = tmp_path / "saved.docx"
    download.value.save_as(target)
    with zipfile.ZipFile(target) as parts:
        notes = parts.read("word/footnotes.xml").decode()
    for _, _, quote in site.engine.scripts[QUESTION].sentences:
        assert html.escape(" ".join(quote.split()), quote=False) in notes


def test_an_answer_is_copied_with_its_footnotes_as_rich_text(site: Site) -> None:
    page = asked(site)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator('.foot [data-act="copy"]').click()
    expect(page.locator('.foot [data-act="copy"]')).to_have_text("Copied")
    read = """async () => {
        for (let tries = 0; tries < 100; tries++) {
            const [item] = await navigator.clipboard.read();
            if (item.types.includes("text/html")) {
                const as = async (type) => (await item.getType(type)).text();
                return [await as("text/html"), await as("text/plain")];
            }
            await new Promise((done) => setTimeout(done, 100));
        }
    }"""
    rich, plain = page.evaluate(read)
    pasted = site.visit()
    pasted.set_content(rich)
    expect(pasted.locator("sup")).to_have_text(["[1]", "[2]", "[3]", "[4]"])
    expect(pasted.locator("ol > li")).to_have_count(4)
    expect(pasted.locator("a")).to_have_count(0)
    quote = site.engine.scripts[QUESTION].sentences[0][2]
    expect(pasted.locator("ol > li").first).to_contain_text(quote)
    assert f"[1] “{quote}”" in plain


def test_only_answers_of_the_journal_are_saved(site: Site) -> None:
    page = asked(site)
    for query in ("answer=nobody&as=html", "answer=a1&as=exe", "as=html"):
        assert page.request.get(f"{site.address}/export?{query}").status == 404
    assert page.request.get(f"{site.address}/answer/..%2f..%2fetc%2fpasswd").status == 404
