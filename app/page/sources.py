"""What an answer stands on: its footnotes first, then what was read and not cited."""

import html
from collections.abc import Sequence

from app.answer import Answer, Citation, GivenPassage, source_name
from app.models.at_hand import in_words
from app.page import markdown, marks
from app.page.links import citation_link, passage_link
from app.page.render import Exchange

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
    read = [passage for passage in answer.passages if not _cited(answer, passage)]
    if answer.citations:
        rest = "Also read, not cited"
    elif answer.refused:
        rest = "What comes nearest"
    else:
        rest = "Found" if exchange.running else "Read, not cited"
    cited = [_citation(answer, citation) for citation in answer.citations]
    return (
        f'<p class="asked-for" dir="auto">{html.escape(exchange.question)}</p>'
        + _group("Quoted in the answer", cited)
        + _group(rest, [_passage(answer, passage) for passage in read])
        + _budget(answer, window)
    )


def _budget(answer: Answer, window: int) -> str:
    """What was given to a model, what was not and why, and how full its window was."""
    prompt, written = answer.tokens.get("prompt"), answer.tokens.get("answer", 0)
    rest = likelihood(answer) + left_out(answer)
    if not prompt:
        told = f"<details><summary>How sure this is</summary>{rest}</details>" if rest else ""
        return f'<div class="budget">{told}</div>' if told and answer.state == "done" else ""
    used = prompt + written
    return (
        '<details class="budget"><summary>What the model was given</summary>'
        f'<meter max="{window}" value="{used}" aria-label="Context window in use"></meter>'
        f"<p>The model can read and write about {in_words(window)} at once. Its instructions, the "
        f"question and what it was given of the documents took about {in_words(prompt)}, the "
        f"answer {in_words(written)}: {used / window:.0%} in all. None of it was cut off.</p>"
        f"{rest}</details>"
    )


def likelihood(answer: Answer) -> str:
    """How sure it is that there is an answer at all; nothing where that was not judged."""
    if answer.score is None:
        return ""
    return f'<p class="score">How likely the documents answer this: {answer.score:.0%}.</p>'


def left_out(answer: Answer, frame: str = "reader") -> str:
    """What was found and not given to the model, each with its place and the reason.

    `frame` names the frame its links open in, which a page of its own does not have.
    """
    target = f'target="{frame}" ' if frame else ""
    if not answer.left_out:
        return ""
    items = "".join(
        f'<li><a href="{html.escape(passage_link(answer, passage).href)}" {target}'
        f'dir="auto">{html.escape(source_name(passage))}</a>: {html.escape(passage.reason)}</li>'
        for passage in answer.left_out
    )
    return (
        f'<p class="left-out">Found and left out: {len(answer.left_out)}</p>'
        f'<ul class="left-out">{items}</ul>'
    )


def _group(name: str, cards: Sequence[str]) -> str:
    if not cards:
        return ""
    return (
        f'<section class="group"><h3>{name} <span class="count">{len(cards)}</span></h3>'
        f"<ol>{''.join(cards)}</ol></section>"
    )


def _citation(answer: Answer, citation: Citation) -> str:
    home = next((each for each in answer.passages if _holds(each, citation)), None)
    if home is None:
        text, offset = citation.quote, citation.start
    else:
        text, offset = home.text, home.start
    around = excerpt(text, (citation.start - offset, citation.end - offset), citation.document)
    link = citation_link(answer, citation)
    return _card(citation, link.href, around, str(citation.marker))


def _passage(answer: Answer, passage: GivenPassage) -> str:
    around = excerpt(passage.text, (0, 0), passage.document)
    return _card(passage, passage_link(answer, passage).href, around, "")


def _card(place: Citation | GivenPassage, href: str, around: str, number: str) -> str:
    name = html.escape(place.title or place.document)
    section = place.section.removeprefix(f"{place.title} › ")
    where = [html.escape(section)] if section and section != place.title else []
    if place.page:
        where.append(f"page {place.page}")
    marker = f'<span class="number">{number}</span>' if number else ""
    label = f"Footnote {number}: " if number else ""
    said = html.escape(f"Open {label}{source_name(place)}")
    kind = "source cited" if number else "source"
    return (
        f'<li class="{kind}"><a class="open" href="{html.escape(href)}" target="reader" '
        f'aria-label="{said}">{marker}<span class="name"><span class="title" dir="auto">{name}'
        f'</span><span class="place" dir="auto">{" · ".join(where)}</span></span></a>'
        f'<div class="excerpt" dir="auto">{around}</div></li>'
    )


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
