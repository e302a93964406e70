import re
from dataclasses import replace

from app.answer import Answer, Citation, GivenPassage, LeftOut, Sentence
from app.page import render
from app.page.answered import answered
from app.page.render import Exchange, Shown
from app.page.sources import sources

SHA = "a" * 64
CITED = GivenPassage(
    "t.md", "Tea", "Tea › Green", 3, 10, 46, SHA, "It is picked. It is steamed. It dries.", 0.9
)
READ = GivenPassage("c.md", "Coffee", "Coffee", None, 0, 15, SHA, "It is roasted. ", 0.5)
QUOTE = Citation("t.md", "Tea", "Tea › Green", 3, 24, 38, SHA, 1, "It is steamed.")
ANSWER = Answer(
    "a1", "How?", "How?", prose=(Sentence("They steam it.", (1,), 0.9, "supported"),),
    citations=(QUOTE,),
    passages=(CITED, READ), state="done",
)  # fmt: skip


def test_footnotes_come_first_and_their_quote_is_marked_in_its_passage() -> None:
    shown = sources(Exchange("f1", "How?", ANSWER), 4096)
    assert shown.index("Quoted in the answer") < shown.index("Also read, not cited")
    assert 'It is picked. <mark class="quote">It is steamed.</mark> It dries.' in shown
    assert "Green · page 3" in shown
    assert shown.index("Tea") < shown.index("Coffee")


def test_a_marker_without_a_citation_never_reaches_the_page() -> None:
    lost = replace(ANSWER, prose=(Sentence("So.", (1, 7), 0.9, "supported"),))
    shown = render.conversation(Shown("c1", "How?", [Exchange("f1", "How?", lost)]))
    assert "[1]" in shown
    assert "[7]" not in shown


def test_a_refusal_says_what_is_missing_and_what_can_be_asked_instead() -> None:
    refused = replace(
        ANSWER, outcome="refused", citations=(), prose=(Sentence("No.", (), 1.0, "supported"),),
        missing="<i>Tea</i> is not named.", suggestions=('Is "tea" <b>green</b>?', "Why?"),
    )  # fmt: skip
    shown = render.conversation(Shown("c1", "How?", [Exchange("f1", "How?", refused)]))
    assert "&lt;i&gt;Tea&lt;/i&gt; is not named." in shown
    assert (
        'data-act="ask" data-question="Is &#34;tea&#34; &lt;b&gt;green&lt;/b&gt;?">'
        "Is &#34;tea&#34; &lt;b&gt;green&lt;/b&gt;?</button>" in shown
    )
    assert shown.count('data-act="ask"') == 2
    assert "<b>" not in shown
    assert "<i>" not in shown


def test_half_an_answer_says_which_half_is_missing() -> None:
    shown = render.conversation(
        Shown("c1", "How?", [Exchange("f1", "How?", replace(ANSWER, missing="No price."))])
    )
    assert "They steam it." in shown
    assert '<p class="missing" dir="auto">No price.</p>' in shown
    assert "The documents do answer" not in shown


def test_items_of_a_list_begin_lines_of_their_own() -> None:
    items = tuple(Sentence(text, (), 1, "supported") for text in ("Two:", "- one", "- two"))
    shown = render.conversation(
        Shown("c1", "How?", [Exchange("f1", "How?", replace(ANSWER, prose=items))])
    )
    assert shown.count('<p class="item"') == 2


def test_a_screen_reader_is_told_each_stage_once() -> None:
    exchange = Exchange("f1", "How?")
    assert render.status(exchange) == "Searching the documents."
    exchange.answer = replace(ANSWER, state="answering")
    assert render.status(exchange) == "Found in 2 documents. Answering."
    exchange.answer = ANSWER
    assert render.status(exchange) == "The answer is ready, with 1 footnote."


def test_rows_cut_from_a_table_are_shown_as_rows() -> None:
    row = "| whole | 3 |"
    passage = replace(READ, text=row, start=0, end=len(row))
    shown = sources(
        Exchange("f1", "How?", replace(ANSWER, passages=(passage,), citations=())), 4096
    )
    assert "<td>whole</td>" in shown


def test_an_excerpt_that_ends_within_bold_words_shows_no_asterisks() -> None:
    text = "steam " * 65 + "**whole leaves only** follow."  # 400 characters are shown
    passage = replace(READ, text=text, start=0, end=len(text))
    shown = sources(
        Exchange("f1", "How?", replace(ANSWER, passages=(passage,), citations=())), 4096
    )
    assert "steam …" in shown
    assert "**" not in shown


def test_the_budget_says_what_the_model_was_given_and_how_full_its_window_is() -> None:
    counted = replace(ANSWER, tokens={"prompt": 900, "answer": 100})
    shown = sources(Exchange("f1", "How?", counted), 4000)
    assert "What the model was given" in shown
    assert "The model can read and write about 3,000 words at once." in shown
    assert 'max="4000" value="1000"' in shown
    assert "25% in all" in shown
    assert "budget" not in sources(Exchange("f1", "How?", ANSWER), 4000)


def test_what_was_left_out_is_linked_with_its_reason_and_the_likelihood() -> None:
    left = LeftOut(
        "m.md", "Milk <b>", "Milk <b> › Cow", 2, 5, 9, SHA, "no room: 90 tokens, 12 left"
    )
    answer = replace(ANSWER, tokens={"prompt": 900}, left_out=(left,), score=0.874)
    shown = sources(Exchange("f1", "How?", answer), 4000)
    assert "Found and left out: 1<" in shown
    assert "/source?document=m.md&amp;sha=aaaa" in shown
    assert "start=5&amp;end=9" in shown
    assert "Milk &lt;b&gt; › Cow, page 2</a>: no room: 90 tokens, 12 left" in shown
    assert "How likely the documents answer this: 87%." in shown
    assert "left out" not in sources(Exchange("f1", "How?", ANSWER), 4000)


def test_the_likelihood_is_shown_where_no_model_was_asked() -> None:
    refused = replace(ANSWER, outcome="refused", score=0.04)
    assert "answer this: 4%." in sources(Exchange("f1", "How?", refused), 4000)


def test_rows_of_one_table_stand_together_where_the_first_of_them_is() -> None:
    rows = tuple(
        replace(QUOTE, marker=n, kind="row", quote=f"| {n} | a |", section=section)
        for n, section in enumerate(("One", "Two", "One"), 1)
    )
    shown = answered(replace(ANSWER, quotes=(1, 2, 3), citations=rows), running=False)
    assert shown.count("<table>") == 2
    assert re.findall(r"<td>(\d)</td>", shown) == ["1", "3", "2"]


def test_quoted_code_keeps_its_lines_and_no_words_run_together() -> None:
    code = "```python\nfor leaf in leaves:\n    steam(leaf)\n```"
    quotes = (replace(QUOTE, quote="It is\nsteamed."), replace(QUOTE, marker=2, quote=code))
    shown = answered(replace(ANSWER, quotes=(1, 2), citations=quotes), running=False)
    assert "for leaf in leaves:\n    steam(leaf)\n" in shown
    assert "It is\nsteamed." in shown


def test_of_an_uncertain_answer_two_places_are_shown_and_the_others_folded() -> None:
    quotes = tuple(
        replace(QUOTE, marker=n, quote=f"No. {n}.", section=f"S{n}") for n in range(1, 6)
    )
    unsure = replace(ANSWER, quotes=(1, 2, 3, 4, 5), citations=quotes, outcome="uncertain")
    before, _, folded = answered(unsure, running=False).partition(
        "<summary>3 more places</summary>"
    )
    assert ("No. 2." in before, "No. 3." in before, "No. 3." in folded) == (True, False, True)
    assert "more place" not in answered(replace(unsure, outcome="answered"), running=False)
