"""What an answer stands on: its footnotes first, then what was read and not cited."""

from typing import Any

from app.answer import Answer, Citation, GivenPassage, source_name
from app.models.at_hand import in_words
from app.page import markdown, marks
from app.page.links import citation_link, passage_link
from app.page.render import Exchange
from app.templating import template

AROUND_QUOTE = 200
"""Characters of the passage shown on either side of a quote."""


def sources(exchange: Exchange | None, window: int) -> str:
    """The sources of one answer, from the moment its passages are known.

    `window` is the context window of the model that answers, in tokens.
    """
    answer = exchange.answer if exchange else None
    if exchange is None or (answer is None and not exchange.running):
        return (
            '<p class="empty">Sources appear here as soon as a question is asked: the quotes an '
            "answer stands on, and what else was read for it.</p>"
        )
    if answer is None:
        return '<div class="skeletons" aria-hidden="true"><i></i><i></i><i></i></div>'
    if answer.citations:
        other = "Also read, not cited"
    elif answer.refused:
        other = "What comes nearest"
    else:
        other = "Found" if exchange.running else "Read, not cited"
    read = [passage for passage in answer.passages if not _cited(answer, passage)]
    prompt = answer.tokens.get("prompt", 0)
    return template("app.page", "sources.html").render(
        question=exchange.question,
        answer=answer,
        groups=[
            ("Quoted in the answer", [_citation(answer, each) for each in answer.citations]),
            (other, [_passage(answer, each) for each in read]),
        ],
        prompt=prompt,
        used=prompt + answer.tokens.get("answer", 0),
        window=window,
        in_words=in_words,
        left_out=left_out(answer),
    )


def left_out(answer: Answer) -> list[tuple[str, str, str]]:
    """What was found and not given to the model: where it opens, its place, and the reason."""
    return [
        (passage_link(answer, each).href, source_name(each), each.reason)
        for each in answer.left_out
    ]


def _citation(answer: Answer, citation: Citation) -> dict[str, Any]:
    home = next((each for each in answer.passages if _holds(each, citation)), None)
    text, offset = (home.text, home.start) if home else (citation.quote, citation.start)
    around = excerpt(text, (citation.start - offset, citation.end - offset), citation.document)
    return _card(citation, citation_link(answer, citation).href, around, str(citation.marker))


def _passage(answer: Answer, passage: GivenPassage) -> dict[str, Any]:
    around = excerpt(passage.text, (0, 0), passage.document)
    return _card(passage, passage_link(answer, passage).href, around, "")


def _card(place: Citation | GivenPassage, href: str, around: str, number: str) -> dict[str, Any]:
    """A source as the template shows it."""
    from markupsafe import Markup

    section = place.section.removeprefix(f"{place.title} › ")
    where = [section] if section and section != place.title else []
    where += [f"page {place.page}"] if place.page else []
    label = f"Footnote {number}: " if number else ""
    return {
        "number": number,
        "href": href,
        "label": f"Open {label}{source_name(place)}",
        "name": place.title or place.document,
        "where": " · ".join(where),
        "excerpt": Markup(around),
    }


def excerpt(text: str, quote: tuple[int, int], document: str) -> str:
    """The quote in its surroundings, cut at lines or words, as safe HTML."""
    low, high = _window(text, *quote)
    shown, span = text[low:high], (quote[0] - low, quote[1] - low)
    before = "… " if low > 0 and text[low - 1] != "\n" else ""
    after = " …" if high < len(text) and text[high] != "\n" else ""
    spans = marks.flattened((span[0] + len(before), span[1] + len(before)), [])
    shown = before + shown + after
    if document.lower().endswith(".txt"):
        shown = marks.without_noncharacters(shown)
        words = marks.to_html(marks.plain(shown, 0, spans), anchor=False)
        return f'<div class="text">{words}</div>'
    return markdown.render_fragment(shown, spans)


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """`[low, high)` around the quote: whole lines of a table, else whole words and emphases."""
    low, high = max(start - AROUND_QUOTE, 0), min(end + AROUND_QUOTE, len(text))
    if end == 0:
        high = min(2 * AROUND_QUOTE, len(text))
    first, last = text.rfind("\n", 0, low + 1) + 1, text.find("\n", high)
    last = len(text) if last < 0 else last
    if text.startswith("|", first):
        low = first
    elif low > 0:
        word = text.find(" ", low, max(start, low))
        low = low if word < 0 else word + 1
    if text.startswith("|", text.rfind("\n", 0, high) + 1):
        high = last
    elif high < len(text):
        word = text.rfind(" ", min(end, high), high)
        high = high if word < 0 else word
        bold = text.rfind(" **", end, high)
        if bold >= 0 and text.count("**", text.rfind("\n", 0, high) + 1, high) % 2:
            high = bold  # what the cut leaves open would show its asterisks
    return low, high


def _holds(passage: GivenPassage, citation: Citation) -> bool:
    return (
        passage.document == citation.document
        and passage.document_sha256 == citation.document_sha256
        and passage.start <= citation.start
        and citation.end <= passage.end
    )


def _cited(answer: Answer, passage: GivenPassage) -> bool:
    return any(_holds(passage, citation) for citation in answer.citations)
