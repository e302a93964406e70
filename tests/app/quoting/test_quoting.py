"""Which of the documents' own words are shown, on documents small enough to work out by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.answer import Citation, source_name
from app.quoting.differences import NOT_WORKED_OUT
from app.quoting.judging import Signals, load_calibration
from app.quoting.quoted import Quoted
from app.quoting.quoting import quote
from app.search.retriever import PassageRetriever
from ingest.index import Index
from tests.app.small_world import CALIBRATION, indexed

PRICES = """# Veltro {n} prices

## Workshop

| Job | Price |
|---|---|
| Tyre change | {tyre} |
| Windscreen replacement | {glass} |
| Annual service | {service} |
| Cabin filter | 31 euros |
"""
DOCUMENTS = {
    "veltro-3.md": PRICES.format(n=3, tyre="92 euros", glass="610 euros", service="249 euros"),
    "veltro-5.md": PRICES.format(n=5, tyre="118 euros", glass="740 euros", service="319 euros"),
    "projects.md": "# Register of projects\n\n## Ember\n\nLead: Wendell Pryce.\n\n## Indigo\n\n"
    "Lead: Ines Caldeira.\n\n## Meadow\n\nLead: Wendell Pryce.\n",
    "tea.md": "# Brewing tea\n\n## Steps\n\nBrew it like this:\n\n- Warm the pot.\n"
    "- Pour the water.\n- Wait.\n- Strain.\n",
}


# What is shown is looked at here, whatever the score of vectors that count words.
SHOWING = CALIBRATION.model_copy(
    update={"scale": CALIBRATION.scale.model_copy(update={"refuse_below": 0.0})}
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(tmp_path_factory.mktemp("quoted"), DOCUMENTS)


def quoted(question: str, index: Index) -> Quoted:
    return quote(question, PassageRetriever(index).search(question, 8), index, SHOWING)


def shown(question: str, index: Index) -> list[Citation]:
    found = quoted(question, index)
    by_marker = {each.marker: each for each in found.citations}
    return [by_marker[marker] for marker in found.quotes]


def test_of_a_table_the_row_that_is_asked_for_is_shown_under_its_columns(index: Index) -> None:
    first = shown("How much is a tyre change on the Veltro 3?", index)[0]
    assert first.quote == "| Tyre change | 92 euros |"
    assert (first.kind, first.columns) == ("row", ("Job", "Price"))


def test_what_the_question_does_not_name_is_not_shown_beside_what_it_names(index: Index) -> None:
    quotes = [each.quote for each in shown("How much is a tyre change on the Veltro 5?", index)]
    assert "| Tyre change | 118 euros |" in quotes
    assert "| Tyre change | 92 euros |" not in quotes


def test_where_the_question_names_none_of_several_each_is_shown(index: Index) -> None:
    quotes = {(each.document, each.quote) for each in shown("Price of a tyre change?", index)}
    assert ("veltro-3.md", "| Tyre change | 92 euros |") in quotes
    assert ("veltro-5.md", "| Tyre change | 118 euros |") in quotes


def test_the_same_said_of_several_sections_is_shown_for_each(index: Index) -> None:
    found = shown("Where is Wendell Pryce the lead?", index)
    sections = [each.section for each in found if "Wendell Pryce" in each.quote]
    assert sections == ["Ember", "Meadow"]
    assert "Ines" not in " ".join(each.quote for each in found[:2])


def test_a_list_of_which_no_item_is_singled_out_is_shown_whole_and_in_order(index: Index) -> None:
    items = [each.quote for each in shown("Steps of brewing tea?", index) if each.kind == "item"]
    assert items == ["Warm the pot.", "Pour the water.", "Wait.", "Strain."]


def test_a_quote_of_a_transcript_says_when_it_was_said(tmp_path: Path) -> None:
    said = (
        "WEBVTT\n\n00:31.000 --> 00:34.000\nThe roof is dry.\n\n"
        "12:31.000 --> 12:34.000\nThe cellar is wet.\n"
    )
    index = indexed(tmp_path, {"meeting.vtt": said})
    first = shown("Is the cellar wet?", index)[0]
    assert (first.quote, first.time, first.page) == ("The cellar is wet.", "12:31", None)
    assert source_name(first) == "meeting, at 12:31"


def test_a_sentence_that_leads_into_a_list_brings_it(tmp_path: Path) -> None:
    index = indexed(
        tmp_path,
        {
            "travel.md": "# Travel\n\n## Taxis\n\nTaxis are paid in these cases only:\n\n"
            "- with luggage above 15 kg,\n- after 22:00.\n\nRefuel before handing back.\n",
        },
    )
    quotes = [each.quote for each in shown("In which cases are taxis paid?", index)]
    assert quotes[:3] == [
        "Taxis are paid in these cases only:",
        "with luggage above 15 kg,",
        "after 22:00.",
    ]


def test_of_two_rows_that_are_asked_for_one_that_mentions_the_other_does_not_stand_for_it(
    tmp_path: Path,
) -> None:
    index = indexed(
        tmp_path,
        {
            "contracts.md": "# Prices\n\n| Contract | Price | Remark |\n|---|---|---|\n"
            "| Green | 240 euros | yearly check |\n| Blue | 420 euros | as green, with a loan |\n"
            "| Repair quote | 60 euros | credited |\n| Express | 35 euros | 48 hours |\n",
        },
    )
    quotes = " ".join(each.quote for each in shown("What does blue cost, or green?", index))
    assert "240 euros" in quotes
    assert "420 euros" in quotes


def test_how_many_days_are_not_counted(tmp_path: Path) -> None:
    index = indexed(
        tmp_path,
        {"leave.md": "# Leave\n\nPaid days off:\n\n- Moving house: 1 day\n- Wedding: 2 days\n"},
    )
    found = quoted("How many paid days off are there?", index)
    assert not [each for each in found.told if each.text.startswith("Counted:")]


def test_how_many_are_counted_with_each_of_them_in_a_footnote(index: Index) -> None:
    found = quoted("How many projects have the lead Wendell Pryce?", index)
    [counted] = [each for each in found.told if each.text.startswith("Counted:")]
    assert counted.text == "Counted: 2 places, those that say what was asked."
    assert len(counted.markers) == 2


def test_only_what_is_called_so_is_counted(index: Index) -> None:
    """Wendell Pryce leads two projects; nothing here speaks of bridges."""
    found = quoted("How many bridges have the lead Wendell Pryce?", index)
    assert not [each for each in found.told if each.text.startswith("Counted:")]


def test_an_answer_from_a_table_is_judged_by_the_row_that_was_chosen(index: Index) -> None:
    """Not by the first row shown, which was not found by itself and matches nothing."""
    found = quoted("Annual service?", index)
    assert found.quotes
    assert found.signals["weakest"] > 0


def test_what_a_quote_says_by_its_place_is_matched(index: Index) -> None:
    """The row has no word of the Veltro 3, its document does; nothing has one of a Dogwood."""
    assert quoted("Tyre change on the Veltro 3?", index).signals["weakest"] >= 0.7
    assert quoted("Tyre change on the Dogwood?", index).signals["weakest"] < 0.7


def test_all_there_is_of_something_is_what_opens_each_section_under_its_heading(
    tmp_path: Path,
) -> None:
    risks = "# Boats\n\n## Risks of boats\n\nBoats bring risks.\n\n### Fire\n\nFuel burns.\n\n"
    risks += "### Water\n\nHulls leak.\n\n### Wind\n\nMasts break.\n\n## Paint\n\nPaint is blue.\n"
    boats = indexed(tmp_path, {"boats.md": risks})
    found = [each.quote for each in shown("all the risks of boats", boats)]
    assert [each for each in found if each in ("Fuel burns.", "Hulls leak.", "Masts break.")] == [
        "Fuel burns.",
        "Hulls leak.",
        "Masts break.",
    ]
    assert "Masts break." not in [each.quote for each in shown("Do boats bring risks?", boats)]


def test_a_model_is_given_what_stands_around_the_row_that_is_quoted(index: Index) -> None:
    [hit] = quoted("How much is an annual service on the Veltro 3?", index).found[:1]
    start, end = hit.passage.spans[hit.nearest]
    passage = hit.passage
    assert (
        passage.text[start - passage.start : end - passage.start]
        == "| Annual service | 249 euros |"
    )
    assert hit.score > 0


def test_names_that_nothing_mentions_are_told(index: Index) -> None:
    assert "“Dogwood”" in quoted("What is a tyre change for the Dogwood?", index).missing


def test_the_first_word_of_an_earlier_question_is_no_name(index: Index) -> None:
    found = PassageRetriever(index).search("Describe the tyre change", 8)
    for question in ("What does it cost?", "Summarise it"):
        reply = quote(question, found, index, SHOWING, before="Describe the tyre change")
        assert "Describe" not in reply.missing
        assert reply.signals["demanded"] == 1.0


def test_a_code_that_nothing_mentions_is_told_without_its_parts(index: Index) -> None:
    told = quoted("Tyre change at zx9 or for 11qm?", index).missing
    assert "“zx9”" in told
    assert "“zx”" not in told
    assert "“qm”" not in told


def test_the_word_by_which_things_are_compared_is_not_missed(index: Index) -> None:
    assert "difference" not in quoted("difference between Ember and Indigo?", index).missing


def test_a_sentence_of_a_document_about_something_else_gives_way_to_one_of_what_is_named(
    tmp_path: Path,
) -> None:
    """Also where the name is typed small: no document writes it so."""
    contract = "# Agreement {n}\n\nBetween Halden Foods and {name} Logistics.\n\n## Term\n\n{end}\n"
    small = indexed(
        tmp_path,
        {
            "1.md": contract.format(n=1, name="Alder", end="It ends with notice of three months."),
            "2.md": contract.format(n=2, name="Birch", end="It ends with notice of six months."),
            "rules.md": "# Rules\n\nNotice of a year: ask the director.\n",
        },
    )
    for asked in ("Notice of the agreement with Birch?", "notice of the agreement with birch"):
        assert shown(asked, small)[0].quote == "It ends with notice of six months."


def test_an_item_of_a_list_is_shown_whole(tmp_path: Path) -> None:
    changes = "# Changes\n\n- Removed: the push command. Use upload.\n- New: a page for pears.\n"
    quotes = [each.quote for each in shown("push command?", indexed(tmp_path, {"c.md": changes}))]
    assert quotes[:2] == ["Removed: the push command.", "Use upload."]


def test_each_side_of_a_comparison_is_shown(index: Index) -> None:
    question = "Compare a windscreen replacement for the Veltro 3 and the Veltro 5"
    found = [(each.document, each.quote) for each in shown(question, index)]
    assert {("veltro-3.md", "| Windscreen replacement | 610 euros |")} <= set(found)
    assert {("veltro-5.md", "| Windscreen replacement | 740 euros |")} <= set(found)


def test_the_most_is_found_by_code_and_comes_first(index: Index) -> None:
    found = quoted("Which job on the Veltro 5 has the highest price?", index)
    assert [each.text for each in found.told] == ["Compared: 4 rows; the highest is 740 euros."]
    first = next(each for each in found.citations if each.marker == found.quotes[0])
    assert first.quote == "| Windscreen replacement | 740 euros |"
    assert found.told[0].markers == (first.marker,)


def test_only_what_keeps_to_a_bound_is_shown(index: Index) -> None:
    question = "Which jobs on the Veltro 3 have a price of less than 100 euros?"
    rows = [each.quote for each in shown(question, index) if each.document == "veltro-3.md"]
    assert rows == ["| Tyre change | 92 euros |", "| Cabin filter | 31 euros |"]


def test_most_of_what_has_no_number_is_not_compared(index: Index) -> None:
    question = "What do most people do: the steps of brewing tea in at most 5 words?"
    found = quoted(question, index)
    items = [each.quote for each in found.citations if each.kind == "item"]
    assert items == ["Warm the pot.", "Pour the water.", "Wait.", "Strain."]
    assert not [told for told in found.told if "ompared" in told.text]


def test_what_is_quoted_is_added_up(index: Index) -> None:
    [told] = quoted("Total price of all jobs on the Veltro 3?", index).told
    assert told.text == "Added up: 4 rows come to 982 euros."
    assert len(told.markers) == 4


@pytest.mark.parametrize(
    "question",
    [
        "How much more does an annual service of the Veltro 5 cost than of the Veltro 3?",
        "What is the difference in price of an annual service, Veltro 3 and Veltro 5?",
    ],
)
def test_a_difference_is_worked_out_with_both_numbers_footnoted(
    index: Index, question: str
) -> None:
    found = quoted(question, index)
    [told] = [each for each in found.told if each.text.startswith("Worked out:")]
    assert told.text == "Worked out: 319 euros − 249 euros = 70 euros."
    by_marker = {each.marker: each for each in found.citations}
    assert {by_marker[marker].document for marker in told.markers} == {
        "veltro-3.md",
        "veltro-5.md",
    }


def test_the_days_between_two_are_worked_out(tmp_path: Path) -> None:
    plan = "# Plan\n\n| Step | Day |\n|---|---|\n| Kick-off | 20 May 2025 |\n"
    plan += "| Review | 3 June 2025 |\n| Launch | 9 June 2025 |\n"
    found = quoted(
        "How many days are there between the kick-off and the launch?",
        indexed(tmp_path, {"plan.md": plan}),
    )
    told = [each.text for each in found.told]
    assert told == ["Worked out: from 20 May 2025 to 9 June 2025 are 20 days."]


CABINS = """# Cabins

| Cabin | Distance to the lake (m) | Heated |
|---|---|---|
| Birch | 40 | yes |
| Cedar | 210 | no |
| Dogwood | 95 | yes |
| Elm | 150 | – |

## Lighting the stove

1. Open the flue.
2. Lay the kindling.
3. Light the paper below.
4. Close the door.
"""


@pytest.fixture(scope="module")
def cabins(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(tmp_path_factory.mktemp("cabins"), {"cabins.md": CABINS})


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("which cabins are heated", ["Birch", "Dogwood"]),
        ("which cabins are not heated", ["Cedar", "Elm"]),
        ("are the cabins birch and cedar heated", ["Birch", "Cedar"]),
    ],
)
def test_a_column_of_yes_and_no_that_is_named_chooses_the_rows(
    cabins: Index, question: str, rows: list[str]
) -> None:
    found = [each.quote.split()[1] for each in shown(question, cabins) if each.kind == "row"]
    assert found == rows


def test_a_number_has_the_unit_that_its_column_gives(cabins: Index) -> None:
    [told] = quoted("which cabin is furthest from the lake?", cabins).told
    assert told.text == "Compared: 4 rows; the furthest is 210 m."


def test_beside_the_row_that_is_named_no_other_of_its_table_is_shown(cabins: Index) -> None:
    found = shown("distance to the lake of the cabin cedar", cabins)
    assert [each.quote for each in found if each.kind == "row"] == ["| Cedar | 210 | no |"]


def test_a_list_is_shown_whole_where_what_is_asked_stands_above_it(cabins: Index) -> None:
    found = shown("how do i light the stove?", cabins)
    items = [each.quote for each in found if each.kind == "item"]
    assert items == [
        "Open the flue.", "Lay the kindling.", "Light the paper below.", "Close the door.",
    ]  # fmt: skip


def test_of_two_questions_in_one_each_has_its_quote(index: Index) -> None:
    found = shown("what comes after warming the pot and who is lead of Ember", index)
    assert {"Warm the pot.", "Lead: Wendell Pryce."} <= {each.quote for each in found}


def test_last_years_price_is_taken_from_this_years(tmp_path: Path) -> None:
    fees = (
        "# Fees of {0}\n\n| Course | Fee |\n|---|---|\n| Sailing | {1} euros |\n| Go | 9 euros |\n"
    )
    index = indexed(tmp_path, {"2025.md": fees.format(2025, 80), "2026.md": fees.format(2026, 95)})
    told = quoted("how much more expensive is sailing this year", index).told
    assert "Worked out: 95 euros − 80 euros = 15 euros." in [each.text for each in told]


def test_what_cannot_be_subtracted_is_told(index: Index) -> None:
    found = quoted("How much more does Ember cost than Indigo?", index)
    assert [each.text for each in found.told][-1:] == [NOT_WORKED_OUT]


def test_sections_are_counted_where_their_document_is_what_is_asked_about(index: Index) -> None:
    [told] = quoted("How many projects are in the register?", index).told
    assert told.text == "Counted: 3 places, all of them."


def test_of_two_versions_the_newer_comes_first_and_the_older_is_told(tmp_path: Path) -> None:
    rules = "# Site rules {year}\n\nHens may be kept, up to {hens} to a plot.\n"
    texts = {"b.md": rules.format(year=2022, hens=6), "a.md": rules.format(year=2025, hens=8)}
    versions = indexed(tmp_path, texts)
    found = quoted("How many hens may be kept?", versions)
    assert shown("How many hens may be kept?", versions)[0].document == "a.md"
    assert "“Site rules 2025” is newer than “Site rules 2022”." in [t.text for t in found.told]
    asked_of_then = quoted("How many hens might be kept in 2022?", versions)
    assert not [told for told in asked_of_then.told if "is newer" in told.text]


def test_what_a_newer_version_says_in_other_words_is_brought_too(tmp_path: Path) -> None:
    rules = "# Site rules {year}\n\n## Water\n\n{says}\n"
    texts = {
        "old.md": rules.format(year=2022, says="Hosepipes may be used at any time."),
        "new.md": rules.format(year=2025, says="Before nine and after seven only."),
    }
    first, second, *_ = shown("Water: when may hosepipes be used?", indexed(tmp_path, texts))
    assert (first.document, second.document) == ("new.md", "old.md")


def test_which_of_several_is_answered_with_what_opens_its_document(tmp_path: Path) -> None:
    contract = "# Agreement {n}\n\nBetween Halden Foods and {name}.\n\n## Others\n\n{says}\n"
    texts = {
        "1.md": contract.format(n=1, name="Cedar Haulage", says="The carrier uses no others."),
        "2.md": contract.format(n=2, name="Birch Logistics", says="The carrier may use ten vans."),
    }
    [first, *_] = shown("Which carrier uses no others?", indexed(tmp_path, texts))
    assert first.quote == "The carrier uses no others."
    assert first.context == "Between Halden Foods and Cedar Haulage.; Others"


def test_an_abbreviation_says_what_the_documents_say_it_stands_for(tmp_path: Path) -> None:
    texts = {
        "plan.md": "# Plan\n\nThe recovery time objective (RTO) is agreed with each owner.\n",
        "systems.md": "# Systems\n\n| System | RTO |\n|---|---|\n| Payroll | 24 hours |\n"
        "| Web shop | 2 hours |\n",
    }
    question = "What is the recovery time objective of payroll?"
    assert "| Payroll | 24 hours |" in [
        each.quote for each in shown(question, indexed(tmp_path, texts))
    ]


def test_a_line_of_authors_answers_only_who_or_when(tmp_path: Path) -> None:
    paper = "# Sleep\n\nChidi Okafor and Lena Strand, 2021\n\n## Abstract\n\nOkafor found rest.\n"
    small = indexed(tmp_path, {"okafor-2021.md": paper})
    assert shown("What did Okafor and Strand find in 2021?", small)[0].quote == "Okafor found rest."
    found = [each.quote for each in shown("Who is Chidi Okafor?", small)]
    assert "Chidi Okafor and Lena Strand, 2021" in found


def test_agreements_that_differ_in_a_number_are_no_versions(tmp_path: Path) -> None:
    said = "# Agreement no. TS-{}\n\nDated 1 May {}.\n\n## Term\n\nNotice is {} months.\n"
    texts = {"1.md": said.format(2041, 2023, 3), "2.md": said.format(2043, 2025, 6)}
    told = quoted("Notice is how many months?", indexed(tmp_path, texts)).told
    assert not [each for each in told if "is newer" in each.text]


def test_the_same_nearness_says_less_in_a_large_collection_and_to_a_short_question() -> None:
    scale = load_calibration().scale
    near = Signals(0.6, 0.4, 1.0, 0.5, size=0.0, length=1.0, hurried=0.0)
    assert scale.score(near) > scale.score(replace(near, size=1.0))
    assert scale.score(near) > scale.score(replace(near, length=0.2))


def test_what_is_typed_in_a_hurry_is_doubted_less(index: Index) -> None:
    typed = ("annual service?", "Annual service", "annual service")
    assert [quoted(each, index).signals["hurried"] for each in typed] == [1.0, 1.0, 1.0]
    for written_out in ("Annual service?", "Annual “service?”", "Annual service؟"):
        assert quoted(written_out, index).signals["hurried"] == 0.0
    scale = load_calibration().scale
    written = Signals(0.6, 0.4, 1.0, 0.5, size=0.0, length=1.0, hurried=0.0)
    assert scale.score(replace(written, hurried=1.0)) > scale.score(written)


def test_documents_disagree_only_about_the_same_thing(tmp_path: Path) -> None:
    said = "# Harbour rules\n\nThe harbour is open for {} hours on every day of the week.\n"
    same = indexed(tmp_path / "same", {"a.md": said.format(9), "b.md": said.format(12)})
    told = [each.text for each in quoted("How many hours is the harbour open?", same).told]
    assert any(each.startswith("The documents disagree") for each in told)
    other = said.replace("Harbour rules", "Harbour rules of 2023")
    years = indexed(tmp_path / "years", {"a.md": said.format(9), "b.md": other.format(12)})
    told = [each.text for each in quoted("How many hours is the harbour open?", years).told]
    assert not any(each.startswith("The documents disagree") for each in told)
