"""Answers as text, Markdown and HTML."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from app.answer import Answer, Citation, Sentence
from app.export import written as export
from app.journal import Kept

SHA = "a" * 64
QUOTE = Citation("t.md", "Tea", "Tea › Green", 3, 24, 38, SHA, 1, "It is steamed.")
ANSWER = Answer(
    "a1", "How?", "How?", prose=(Sentence("They steam it.", (1,), 0.9, "supported"),),
    citations=(QUOTE,),
    state="done",
)  # fmt: skip
TODAY = {"t.md": SHA}
HOSTILE = [
    '"><img src=x onerror=alert(1)><script>alert(2)</script>',
    "[here](javascript:alert(1)) ![x](http://evil.example) <http://evil.example>",
    "**bold** _it_ `code` ~~gone~~ &lt; \\ [^1] # no heading",
    "- no item",
    "1. no item",
    "=== --- | a | b |",
]


class Words(HTMLParser):
    """The text of an HTML page, and the names of its tags."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.text, self.tags = "", set[str]()
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def kept(*answers: Answer) -> list[Kept]:
    return [Kept(answer, "2026-11-21T09:00:00+00:00") for answer in answers]


def asked(words: str) -> Answer:
    """An answer in which everything that can be said is said in these words."""
    quote = replace(QUOTE, quote=words, title=words, document=words, section=words)
    sentence = Sentence(f"So {words}", (1,), 0.1, "partly supported", words)
    return replace(ANSWER, question=words, prose=(sentence,), citations=(quote,))


def test_text_carries_its_footnotes() -> None:
    assert export.to_text(ANSWER) == (
        "They steam it. [1]\n\n[1] “It is steamed.” (Tea › Green, page 3; t.md)"
    )


def test_markdown_carries_its_footnotes() -> None:
    assert export.to_markdown(kept(ANSWER), TODAY) == (
        "## How?\n\n2026\\-11-21 09:00 UTC\n\nThey steam it.[^1]\n\n"
        "[^1]: “It is steamed.” — Tea › Green, page 3. "
        "t.md, characters 24–38, SHA-256 aaaaaaaaaaaaaaaa\n"
    )


def test_footnotes_are_counted_on_over_a_conversation() -> None:
    both = kept(ANSWER, replace(ANSWER, id="a2", question="And?"))
    assert re.findall(r"steam it\.\[\^(\d)\]", export.to_markdown(both, TODAY)) == ["1", "2"]
    assert re.findall(r'<li id="note-(\d)"', export.to_html(both, TODAY)) == ["1", "2"]


def test_a_doubtful_sentence_says_so_and_a_lost_marker_is_left_out() -> None:
    sentence = Sentence("It weighs 46 t.", (7,), 0.1, "not supported", "46 is nowhere")
    doubtful = replace(ANSWER, prose=(sentence,))
    assert "It weighs 46 t. *(not supported: 46 is nowhere)*" in export.to_markdown(
        kept(doubtful), TODAY
    )
    assert "(not supported: 46 is nowhere)" in export.to_html(kept(doubtful), TODAY)
    assert "[7]" not in export.to_html(kept(doubtful), TODAY)


def test_items_of_a_list_are_items() -> None:
    items = tuple(Sentence(text, (), 1, "supported") for text in ("Two:", "- one", "- two"))
    listed = replace(ANSWER, prose=items)
    assert "Two:\n\n- one\n\n- two" in export.to_markdown(kept(listed), TODAY)
    assert '<ul><li dir="auto">one</li><li dir="auto">two</li></ul>' in export.to_html(
        kept(listed), TODAY
    )


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_is_said_reads_in_markdown_as_it_was_said(words: str) -> None:
    rendered = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
    page = Words(rendered.render(export.to_markdown(kept(asked(words)), TODAY)))
    assert page.tags <= {"h2", "p", "em", "sup", "a", "hr", "section", "ol", "li"}
    assert page.text.count(words) >= 5


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_is_said_reads_in_html_as_it_was_said(words: str) -> None:
    page = Words(export.to_html(kept(asked(words)), TODAY))
    assert not page.tags & {"script", "img", "iframe", "link", "table"}
    assert page.text.count(words) >= 6


def test_the_html_file_needs_no_other() -> None:
    assert not re.search(r"src=|https?:|url\(|<link", export.to_html(kept(ANSWER), TODAY))


@pytest.mark.parametrize("missing", ["No price is named.", *HOSTILE])
def test_what_is_missing_is_said_everywhere(missing: str) -> None:
    answer = replace(ANSWER, missing=missing)
    assert missing in export.to_text(answer)
    html = Words(export.to_html(kept(answer), TODAY))
    assert missing in html.text
    assert not {"script", "img", "b", "code"} & html.tags
    parser = MarkdownIt("commonmark").use(footnote_plugin)
    shown = Words(parser.render(export.to_markdown(kept(answer), TODAY)))
    assert missing in shown.text
    assert not {"script", "img", "strong", "em", "code", "h1", "table"} & shown.tags


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ({}, "The document is no longer there."),
        ({"t.md": "b" * 64}, "The document has changed since this answer."),
    ],
)
def test_a_source_that_went_or_changed_is_told_in_its_footnote(
    today: dict[str, str], said: str
) -> None:
    assert said in export.to_markdown(kept(ANSWER), today)
    assert said in export.to_html(kept(ANSWER), today)
    assert said not in export.to_markdown(kept(ANSWER), TODAY)
    assert said not in export.to_html(kept(ANSWER), TODAY)


@pytest.mark.parametrize("notice", ["The model was gone.", *HOSTILE])
def test_notices_and_what_wrote_an_answer_are_told(notice: str) -> None:
    answers = kept(replace(ANSWER, notices=(notice,), model=notice))
    page = Words(export.to_html(answers, TODAY))
    assert page.text.count(notice) == 2
    assert f"2026-11-21 09:00 UTC · {notice}" in page.text
    parser = MarkdownIt("commonmark").use(footnote_plugin)
    shown = Words(parser.render(export.to_markdown(answers, TODAY)))
    assert shown.text.count(notice) == 2
    assert not {"script", "img", "strong", "code", "h1", "table"} & (page.tags | shown.tags)


@pytest.mark.parametrize(
    "words", ["Berg (2024) a court held.", "It took 5 - 10 days.", "It is no. 12. It holds."]
)
def test_only_a_mark_that_begins_a_sentence_makes_it_an_item(words: str) -> None:
    answer = replace(ANSWER, prose=(Sentence(words, (1,), 0.9, "supported"),))
    ((kind, (sentence,)),) = export.blocks(answer.sentences)
    assert (kind, sentence.text) == ("paragraph", words)
    assert words in Words(export.to_html(kept(answer), TODAY)).text
    item = replace(sentence, text=f"\n- {words}")
    assert export.blocks([item]) == [("item", [sentence])]
