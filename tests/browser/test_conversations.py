"""A conversation outlasts reload, restart, Back and Forward, in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from visiting import Site, served

from app.page import chat
from app.page.visitors import Visitors

QUESTION = "What do diffusion models struggle with?"


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")


def answered(page: Page, *questions: str) -> None:
    expect(page.locator(".turn .asked")).to_have_text(list(questions))
    expect(page.locator(".turn .foot")).to_have_count(len(questions))


def titles(page: Page, *expected: str) -> None:
    expect(page.locator("#listed .title")).to_have_text(list(expected))


def test_a_conversation_has_an_address_and_a_name_and_outlasts_a_reload(site: Site) -> None:
    page = site.visit()
    ask(page, QUESTION)
    answered(page, QUESTION)
    expect(page).to_have_url(re.compile(r"/c/[0-9a-f]{32}$"))
    expect(page).to_have_title(f"{QUESTION} – Footnote")
    ask(page, "And then?")
    answered(page, QUESTION, "And then?")
    page.reload()
    answered(page, QUESTION, "And then?")
    expect(page.locator("a.note")).to_have_count(4)
    titles(page, QUESTION)
    assert [turn.question for turn in site.engine.asked[1][1]] == [QUESTION]
    again = site.visit(page.url.removeprefix(site.address))
    answered(again, QUESTION, "And then?")


def test_back_and_forward_lead_through_conversations(site: Site) -> None:
    page = site.visit()
    ask(page, "First?")
    answered(page, "First?")
    page.get_by_role("link", name="New chat").first.click()
    expect(page.locator(".welcome")).to_be_visible()
    ask(page, "Second?")
    answered(page, "Second?")
    titles(page, "Second?", "First?")
    page.locator("#listed a", has_text="First?").click()
    answered(page, "First?")
    page.go_back()
    answered(page, "Second?")
    page.go_back()
    expect(page.locator(".welcome")).to_be_visible()
    page.go_forward()
    answered(page, "Second?")
    assert site.dialogs == []


def test_a_restart_of_the_server_shows_the_conversation_as_it_was(site: Site) -> None:
    page = site.visit()
    ask(page, "First?")
    answered(page, "First?")
    path = page.url.removeprefix(site.address)
    with served(site.engine, site.library) as address:
        page.goto(address + path)
        answered(page, "First?")
        ask(page, "Second?")
        answered(page, "First?", "Second?")
    page.goto(site.address + path)
    answered(page, "First?", "Second?")
    page.goto("about:blank")


def test_an_answer_goes_on_over_a_reload_and_is_seen_in_two_tabs(site: Site) -> None:
    site.engine.halfway.clear()
    page = site.visit()
    ask(page, QUESTION)
    expect(page.locator(".pending")).to_be_visible()
    expect(page).to_have_url(re.compile("/c/"))
    page.reload()
    expect(page.locator(".pending")).to_be_visible()
    other = site.visit(page.url.removeprefix(site.address))
    expect(other.locator(".pending")).to_be_visible()
    site.engine.halfway.set()
    answered(page, QUESTION)
    answered(other, QUESTION)


def test_two_windows_ask_in_one_conversation_and_none_loses_a_turn(site: Site) -> None:
    one = site.visit()
    ask(one, "First?")
    answered(one, "First?")
    two = one.context.new_page()
    two.goto(one.url)
    answered(two, "First?")
    site.engine.halfway.clear()
    ask(one, "From one?")
    expect(two.locator(".asked")).to_have_text(["First?", "From one?"])
    two.locator("#question textarea").fill("From two?")
    site.engine.halfway.set()
    answered(two, "First?", "From one?")
    two.locator("#question textarea").press("Enter")
    for page in (one, two):
        answered(page, "First?", "From one?", "From two?")


def test_an_edited_turn_keeps_the_later_ones_as_a_branch(site: Site) -> None:
    page = site.visit()
    for number, question in enumerate(("First?", "Second?", "Third?"), 1):
        ask(page, question)
        expect(page.locator(".foot")).to_have_count(number)
    page.locator('[data-act="edit"]').nth(1).click()
    page.get_by_label("The question", exact=True).fill("Second, but better?")
    page.locator("form.editing").get_by_role("button", name="Ask again").click()
    answered(page, "First?", "Second, but better?")
    expect(page.locator(".branches")).to_contain_text("2 of 2")
    page.get_by_role("button", name="What was asked here before").click()
    answered(page, "First?", "Second?", "Third?")
    page.reload()
    answered(page, "First?", "Second?", "Third?")
    page.get_by_role("button", name="What was asked here after").click()
    answered(page, "First?", "Second, but better?")


def test_conversations_are_found_by_what_was_asked_and_answered(site: Site) -> None:
    page = site.visit()
    for question in ("About moss?", "About peat?"):
        ask(page, question)
        answered(page, question)
        page.get_by_role("link", name="New chat").first.click()
    page.get_by_label("Search the conversations").fill("you asked peat")
    titles(page, "About peat?")
    expect(page.locator("#listed .found")).to_contain_text("About peat?")
    page.get_by_label("Search the conversations").fill("nowhere")
    expect(page.locator("#listed")).to_contain_text("No conversation has these words.")
    page.get_by_label("Search the conversations").fill("")
    titles(page, "About peat?", "About moss?")


def test_a_conversation_is_renamed_pinned_and_deleted_in_its_place(
    site: Site, tmp_path: Path
) -> None:
    page = site.visit()
    for question in ("About moss?", "About zephyrine peat?"):
        ask(page, question)
        answered(page, question)
        page.get_by_role("link", name="New chat").first.click()
    page.get_by_label("More: About moss?").click()
    page.get_by_role("button", name="Rename: About moss?").click()
    page.get_by_label("Title", exact=True).fill("Mosses <b>here</b>")
    page.get_by_label("Title", exact=True).press("Enter")
    titles(page, "About zephyrine peat?", "Mosses <b>here</b>")
    page.get_by_label("More: Mosses").click()
    page.get_by_role("button", name="Pin: Mosses").click()
    titles(page, "Mosses <b>here</b>", "About zephyrine peat?")
    expect(page.locator("#listed .when")).to_have_text(["Pinned", "Today"])
    page.locator("#listed a", has_text="zephyrine").click()
    answered(page, "About zephyrine peat?")
    page.get_by_label("More: About zephyrine").click()
    page.get_by_role("button", name="Delete: About zephyrine").click()
    page.get_by_role("button", name="Delete it").click()
    titles(page, "Mosses <b>here</b>")
    expect(page.locator(".welcome")).to_be_visible()
    for file in tmp_path.iterdir():
        assert b"zephyrine" not in file.read_bytes()
    page.get_by_role("button", name="Delete all").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete all").click()
    expect(page.locator("#listed")).to_contain_text("What you ask is kept here.")


def test_the_page_says_how_long_it_keeps_and_keeps_nothing_longer(site: Site) -> None:
    page = site.visit()
    expect(page.locator("#aside")).to_contain_text("Kept on this machine until you delete it.")
    for question in ("About zephyrine peat?", "About moss?", "About slate?"):
        ask(page, question)
        answered(page, question)
        page.get_by_role("link", name="New chat").first.click()
    journal = site.engine.journal
    assert journal is not None
    with journal.open() as sql:
        sql.execute(
            "UPDATE conversations SET asked_at = '2020-01-01' WHERE id IN (SELECT"
            " conversation FROM turns WHERE question NOT LIKE '%slate%')"
        )
        sql.execute(
            "UPDATE conversations SET pinned = 1 WHERE id IN (SELECT conversation"
            " FROM turns WHERE question LIKE '%moss%')"
        )
    with served(site.engine, site.library, keep_days=30) as address:
        page.goto(address)
        titles(page, "About moss?", "About slate?")
        expect(page.locator("#aside")).to_contain_text("for 30 days; what is pinned, longer.")
        assert b"zephyrine" not in journal.path.read_bytes()
        page.goto("about:blank")


def test_what_is_typed_outlasts_a_reload(site: Site) -> None:
    page = site.visit()
    page.locator("#question textarea").fill("Half a ques")
    page.reload()
    expect(page.locator("#question textarea")).to_have_value("Half a ques")
    ask(page, "A whole question?")
    answered(page, "A whole question?")
    page.reload()
    answered(page, "A whole question?")
    expect(page.locator("#question textarea")).to_have_value("")


def test_a_footnote_that_is_opened_is_a_step_that_back_undoes(site: Site) -> None:
    page = site.visit()
    ask(page, QUESTION)
    answered(page, QUESTION)
    page.locator(".note").nth(1).click()
    frame = page.frame_locator('iframe[name="reader"]')
    expect(frame.locator("#quote")).to_be_in_viewport()
    expect(page.locator(".note.current")).to_have_text("[2]")
    frame.get_by_label("Next footnote").click()
    expect(page.locator(".note.current")).to_have_text("[3]")
    page.go_back()
    expect(page.locator("#sources")).to_be_visible()
    answered(page, QUESTION)
    page.go_forward()
    expect(page.locator("#reader")).to_be_visible()
    expect(frame.locator("#quote")).to_be_in_viewport()
    page.reload()
    expect(frame.locator("#quote")).to_be_in_viewport()
    answered(page, QUESTION)


def test_leaving_for_good_stops_the_model_and_keeps_what_there_was(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "LINGER_S", 0.1)
    site.engine.halfway.clear()
    page = site.visit()
    ask(page, QUESTION)
    expect(page.locator(".pending")).to_be_visible()
    expect(page).to_have_url(re.compile("/c/"))
    path = page.url.removeprefix(site.address)
    page.close()
    assert site.engine.closed.wait(30)
    again = site.visit(path)
    expect(again.locator(".stopped")).to_be_visible()
    expect(again.locator(".source")).to_have_count(4)


def test_visitors_of_an_open_page_see_only_their_own(site: Site) -> None:
    with served(site.engine, site.library, visitors=Visitors(shared=True)) as address:
        mine, yours = site.browser.new_context(), site.browser.new_context()
        site.contexts += [mine, yours]
        page, other = mine.new_page(), yours.new_page()
        page.goto(address)
        page.locator("html[data-listening]").wait_for()
        ask(page, "Mine?")
        answered(page, "Mine?")
        other.goto(page.url)
        expect(other.locator(".welcome")).to_contain_text("There is no such conversation")
        expect(other.locator("#listed")).to_contain_text("What you ask is kept here.")
        ask(other, "Yours?")
        answered(other, "Yours?")
        again = mine.new_page()
        again.goto(page.url)
        answered(again, "Mine?")
        titles(again, "Mine?")
        (cookie,) = mine.cookies()
        assert cookie["httpOnly"]
        for each in (page, other, again):
            each.close()


def test_a_server_that_ends_while_answering_is_told_and_come_back_to(site: Site) -> None:
    page = site.browser.new_page()
    site.engine.halfway.clear()
    with served(site.engine, site.library) as address:
        page.goto(address)
        page.locator("html[data-listening]").wait_for()
        ask(page, QUESTION)
        expect(page.locator(".pending")).to_be_visible()
        expect(page.locator(".source")).to_have_count(4)
        page.locator("#question textarea").fill("Half a ques")
    expect(page.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
    expect(page.locator(".asked")).to_have_text(QUESTION)
    with served(site.engine, site.library, port=int(address.rpartition(":")[2])):
        expect(page.locator(".problem")).to_contain_text("Footnote was ended before")
        expect(page.locator(".source")).to_have_count(4)
        expect(page.locator("#question textarea")).to_have_value("Half a ques")
        site.engine.halfway.set()
        page.locator('.foot [data-act="retry"]').click()
        answered(page, QUESTION)
        expect(page.locator("a.note")).to_have_count(4)
        page.close()
