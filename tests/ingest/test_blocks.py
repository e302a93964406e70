import pytest

from ingest.blocks import header_above, heading_text, split_blocks, table_cells


def blocks(text: str, kind: str = "markdown") -> list[tuple[str, list[str]]]:
    return [
        (block.kind, [text[start:end] for start, end in block.spans])
        for block in split_blocks(text, kind)
    ]


def test_each_kind_of_markdown_block_with_what_can_be_quoted_of_it() -> None:
    text = (
        "# Title #\n\nOne. Two.\n\n- three\n- four. Five.\n\n1) six\n\n> seven\n\n```py\neight()\n"
        "```\n\n| a | b |\n|---|---|\n| 9 | 10 |\n\n---\n\n<div>eleven</div>\n\n<!-- no -->\n"
    )
    assert blocks(text) == [
        ("heading", ["Title #"]),
        ("paragraph", ["One.", "Two."]),
        ("item", ["three"]),
        ("item", ["four.", "Five."]),
        ("item", ["six"]),
        ("item", ["seven"]),
        ("code", ["```py\neight()\n```"]),
        ("row", ["| 9 | 10 |"]),
        ("paragraph", ["<div>eleven</div>"]),
    ]


@pytest.mark.parametrize(
    ("item", "quotes"),
    [
        ("- **Label.** It says more.", ["**Label.** It says more."]),
        ("- **Label:** It says more. And more.", ["**Label:** It says more.", "And more."]),
        ("* __Label.__ It says more.", ["__Label.__ It says more."]),
        ("- [x] Done. Really.", ["Done.", "Really."]),
        ("12. First. Second.", ["First.", "Second."]),
        ("12. - Nested.", ["Nested."]),
        ("> - > Deep.", ["Deep."]),
        ("> - One\n>   two.", ["One", "two."]),
        ("- -1 is a number.", ["-1 is a number."]),
        ("- *Both. Sentences.*", ["*Both.", "Sentences.*"]),
    ],
)
def test_an_items_quotes_are_clean_of_its_markers(item: str, quotes: list[str]) -> None:
    [(_, found)] = blocks(item)
    assert found == quotes


def test_a_year_that_ends_a_sentence_is_no_list_marker() -> None:
    [(_, found)] = blocks("It was the year.\n2001.\nThen it ended.")
    assert "".join(found) == "It was the year.2001.Then it ended."


def test_the_levels_and_words_of_headings() -> None:
    text = "One *two*\n===\n\n## `A` #b ##\n\nLow\n---\n\n####\n\n- # In an item\n"
    found = split_blocks(text, "markdown")
    headings = [block for block in found if block.kind == "heading"]
    assert [(block.level, heading_text(text, block)) for block in headings] == [
        (1, "One two"),
        (2, "A #b"),
        (2, "Low"),
        (4, ""),
    ]
    assert [text[slice(*span)] for block in headings for span in block.spans] == [
        "One *two*",
        "`A` #b ##",
        "Low",
    ]
    assert found[-1].kind == "item"


def test_rows_know_their_tables_header() -> None:
    text = "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n"
    rows = split_blocks(text, "markdown")
    assert [text[slice(*row.table_header or (0, 0))] for row in rows] == [
        "| a | b |\n|---|---|"
    ] * 2


def test_a_table_of_nothing_but_its_header_is_one_row() -> None:
    assert blocks("| a | b |\n|---|---|\n") == [("row", ["| a | b |"])]


def test_the_cells_of_a_row_without_markup() -> None:
    assert table_cells("| **a** | `b` | c \\| d | |") == ["a", "b", "c | d", ""]


# Plain text


def test_short_lone_lines_of_plain_text_are_headings_and_others_are_not() -> None:
    text = (
        "Care of Cats\n\nCats sleep. They purr.\n\nwhat now\n\nThis line ends.\n\n3 Rules\n\n"
        "Cats rule\n"
    )
    assert blocks(text, "text") == [
        ("heading", ["Care of Cats"]),
        ("paragraph", ["Cats sleep.", "They purr."]),
        ("paragraph", ["what now"]),
        ("paragraph", ["This line ends."]),
        ("heading", ["3 Rules"]),
        ("paragraph", ["Cats rule"]),  # nothing stands below it
    ]


def test_lines_broken_at_a_margin_are_one_paragraph_and_others_one_each() -> None:
    wrapped = "Cats sleep for most of the day and\nhunt at night when it is dark, as\nall cats do."
    assert blocks(wrapped, "text") == [("paragraph", [wrapped])]
    single = f"{'Cats sleep. ' * 12}\nDogs bark at them.\n"
    assert [kind for kind, _ in blocks(single, "text")] == ["paragraph", "paragraph"]


def test_a_short_line_right_above_a_long_one_is_its_heading() -> None:
    text = "2. Rules\nCats rule, as everybody who lives with one knows.\n\n3. Ends\nIt ends, too.\n"
    assert blocks(text, "text") == [
        ("heading", ["2. Rules"]),
        ("paragraph", ["Cats rule, as everybody who lives with one knows."]),
        ("heading", ["3. Ends"]),
        ("paragraph", ["It ends, too."]),
    ]


def test_lines_that_each_have_a_label_are_paragraphs_of_their_own() -> None:
    text = "Present: Tom, Kit and Puss\nApologies: Felix, who is asleep\n\nThey met."
    assert blocks(text, "text")[:2] == [
        ("paragraph", ["Present: Tom, Kit and Puss"]),
        ("paragraph", ["Apologies: Felix, who is asleep"]),
    ]


def test_a_table_in_plain_text_is_one() -> None:
    text = "Prices are below.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nAfter it.\n"
    assert blocks(text, "text") == [
        ("paragraph", ["Prices are below."]),
        ("row", ["| 1 | 2 |"]),
        ("paragraph", ["After it."]),
    ]


def test_markup_in_plain_text_is_only_text() -> None:
    assert blocks("# not a heading, no.\n\n```\n\nIt ends.", "text") == [
        ("paragraph", ["# not a heading, no."]),
        ("paragraph", ["```"]),
        ("paragraph", ["It ends."]),
    ]


@pytest.mark.parametrize(
    ("table", "header"),
    [
        ("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |", "| a | b |\n|---|---|"),
        ("| a | b |\n| 1 | 2 |\n| 3 | 4 |", "| a | b |"),
        ("| 3 | 4 |", ""),
    ],
)
def test_a_row_knows_the_header_of_its_own_table(table: str, header: str) -> None:
    text = f"| another | table |\n\nWords.\n\n{table}"
    assert header_above(text, text.index("| 3 |")) == header


def test_a_sentence_that_goes_over_lines_is_whole_and_list_and_address_are_not_joined() -> None:
    text = (
        "NOTICE\n\nThe water will be turned off on Monday, 3 June 2024, from 9 am until about\n"
        "1 pm because a pipe in the cellar is being replaced. Please fill a bucket\nbeforehand.\n"
        "- close all taps before the water is turned off, because air in the pipes\n"
        "  would make them knock afterwards\n- run the tap\n\n12 High Street\nLeeds\n"
    )
    spans = [text[slice(*span)] for block in split_blocks(text, "text") for span in block.spans]
    assert [" ".join(span.split()) for span in spans] == [
        "NOTICE",
        "The water will be turned off on Monday, 3 June 2024, from 9 am until about 1 pm because a "
        "pipe in the cellar is being replaced.",
        "Please fill a bucket beforehand.",
        "close all taps before the water is turned off, because air in the pipes would make them "
        "knock afterwards",
        "run the tap",
        "12 High Street",
        "Leeds",
    ]
