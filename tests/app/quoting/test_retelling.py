"""The last answer told otherwise, with its own quotes."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.answer import Answer
from app.engine import Engine
from app.understanding.follow_up import Turn
from ingest.index import Index
from tests.app.small_world import DOCUMENTS, ScriptedModel, engine_on, indexed

BLUE = "The sky is blue because air scatters blue light."
WHY_BLUE = "Why is the sky blue?"
TEA = (
    "# Tea\n\nTea is made in three steps:\n\n- heat the water\n- steep the leaves\n- pour the tea\n"
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(tmp_path_factory.mktemp("small"), {**DOCUMENTS, "tea.md": TEA})


def said(engine: Engine, *turns: str) -> Answer:
    return engine.converse(turns)


def quotes(answer: Answer) -> list[str]:
    return [each.quote for each in answer.quoted]


def test_shorter_is_the_first_quote_alone(index: Index) -> None:
    engine = engine_on(index)
    assert quotes(said(engine, WHY_BLUE, "shorter please")) == quotes(said(engine, WHY_BLUE))[:1]


def test_one_of_several_items_is_counted_by_items_and_shown_with_all_its_sentences(
    tmp_path: Path,
) -> None:
    rules = (
        "# Rules\n\nBoats have rules:\n\n1. Boats are insured. Boats show it.\n2. Boats are tied. "
    )
    index = indexed(tmp_path, {"rules.md": f"{rules}Boats stay tied.\n3. Boats are quiet.\n"})
    answer = said(engine_on(index), "Which rules have boats?", "the second one please")
    assert quotes(answer) == ["Boats are tied.", "Boats stay tied."]


def test_more_is_what_comes_next_and_never_what_was_shown(index: Index) -> None:
    engine = engine_on(index)
    first = said(engine, WHY_BLUE)
    more = said(engine, WHY_BLUE, "more")
    again = said(engine, WHY_BLUE, "more", "more")
    assert more.quoted
    assert not set(quotes(first)) & set(quotes(more))
    assert not set(quotes(again)) & {*quotes(first), *quotes(more)}
    assert more.searched_for == WHY_BLUE


def test_as_a_list_each_quote_is_an_item_with_its_footnote(index: Index) -> None:
    answer = said(engine_on(index), WHY_BLUE, "as a list")
    assert answer.told[0].text == f"\n- {BLUE}"
    assert answer.told[0].markers == (1,)
    assert answer.citations[0].quote == BLUE


def test_as_a_list_the_whole_list_is_shown_that_a_quote_leads_into(index: Index) -> None:
    answer = said(engine_on(index), "Tea is made in which three steps?", "as a list")
    assert [each.text for each in answer.told] == [
        "\n- heat the water",
        "\n- steep the leaves",
        "\n- pour the tea",
    ]


def test_one_is_counted_off_the_list_that_was_asked_for(index: Index) -> None:
    answer = said(engine_on(index), "Tea is made in which three steps?", "the second one")
    assert quotes(answer) == ["steep the leaves"]


def test_a_number_that_is_not_there_is_said(index: Index) -> None:
    answer = said(engine_on(index), WHY_BLUE, "explain the ninth one")
    assert answer.outcome == "uncertain"
    assert "of them" in answer.text


def test_are_you_sure_says_how_well_the_same_quotes_answer(index: Index) -> None:
    engine = engine_on(index)
    answer = said(engine, WHY_BLUE, "are you sure?")
    assert quotes(answer) == quotes(said(engine, WHY_BLUE))
    assert "How likely they answer the question:" in answer.told[0].text


def test_the_source_is_named(index: Index) -> None:
    answer = said(engine_on(index), WHY_BLUE, "what is the source?")
    assert "The sky (sky.md)" in answer.text


def test_what_only_a_model_can_do_is_said_in_one_line_without_one(index: Index) -> None:
    answer = said(engine_on(index), WHY_BLUE, "in German")
    assert quotes(answer)[0] == BLUE
    assert [notice for notice in answer.notices if "put into German" in notice]


def test_a_model_is_told_in_which_language_and_its_sentences_are_checked(index: Index) -> None:
    model = ScriptedModel(BLUE, "Der Himmel hat 900 Farben.")
    answer = said(engine_on(index, model), WHY_BLUE, "in German")
    assert "Answer in German." in model.asked[-1]
    assert [each.text for each in answer.withheld] == ["Der Himmel hat 900 Farben."]
    assert not [each for each in answer.notices if "put into" in each]


def test_a_turn_without_its_record_is_found_again(index: Index) -> None:
    engine = engine_on(index)
    answer = engine.answer("shorter please", [Turn(WHY_BLUE)])
    assert quotes(answer) == [BLUE]


def test_quotes_of_a_document_that_has_changed_since_are_not_shown_again(index: Index) -> None:
    engine = engine_on(index)
    first = engine.answer(WHY_BLUE)
    other = tuple(replace(each, document_sha256="another") for each in first.citations)
    answer = engine.answer("shorter please", [Turn.of(replace(first, citations=other))])
    assert answer.citations == ()
    assert "have changed" in answer.text
