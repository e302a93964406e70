"""What belongs to a sentence, item or row: exact places, and nothing of its siblings'."""

from ingest.blocks import split_blocks
from ingest.context import About, Context, Contexts, Kind, opening
from ingest.loaders import LoadedDocument
from ingest.passages import split_passages
from tests.fakes import FakeEmbedder


def placed(text: str, title: str = "", kind: str = "markdown") -> dict[str, tuple[Kind, Context]]:
    """Each span's words, with its kind and context."""
    blocks = split_blocks(text, kind)
    contexts = Contexts(text, title, blocks)
    return {
        text[slice(*span)]: tuple(contexts.of(span)) for block in blocks for span in block.spans
    }


def words(text: str, span: tuple[int, int] | None) -> str:
    return "" if span is None else text[slice(*span)]


PRICES = """# Prices

Valid from May.

## Brakes ##

All with labour:

| Job | Price |
|---|---|
| **Front** | |
| Pads | 90 |
| **Rear** | |
| Drums | 70 |

## Steps

Before you start:

1. Lift the car.
2. Remove these:
   - the wheel
   - the pads
3. Call:

```
lower()
```

Done.
"""


def test_a_row_knows_its_headings_caption_columns_and_the_row_above_that_heads_it() -> None:
    kind, row = placed(PRICES, "Prices")["| Drums | 70 |"]
    assert kind == "row"
    assert [words(PRICES, heading) for heading in row.headings] == ["Brakes ##"]
    assert words(PRICES, row.caption) == "All with labour:"
    assert words(PRICES, row.columns) == "| Job | Price |"
    assert words(PRICES, row.group) == "| **Rear** | |"
    assert row.words == "Brakes ##; All with labour:; columns: Job, Price; group: Rear".replace(
        " ##", ""
    )
    assert {"brake", "job", "price", "rear"} <= row.terms
    assert not {"front", "drum", "70", "step"} & row.terms


def test_a_row_that_heads_others_belongs_to_no_group_itself() -> None:
    _, row = placed(PRICES)["| **Rear** | |"]
    assert row.group is None


def test_an_item_knows_what_leads_in_to_its_list_and_a_nested_one_its_parent_too() -> None:
    found = placed(PRICES, "Prices")
    _, item = found["Lift the car."]
    assert words(PRICES, item.lead_in) == "Before you start:"
    _, nested = found["the wheel"]
    assert words(PRICES, nested.lead_in) == "Remove these:"
    assert {"befor", "start", "remov"} <= nested.terms
    assert "lift" not in nested.terms


def test_code_knows_the_sentence_above_it_and_a_sentence_after_a_list_knows_none() -> None:
    found = placed(PRICES, "Prices")
    kind, code = found["```\nlower()\n```"]
    assert (kind, words(PRICES, code.lead_in)) == ("code", "Call:")
    assert found["Done."][1].lead_in is None


def test_the_documents_title_is_no_heading_of_its_sentences() -> None:
    assert placed(PRICES, "Prices")["Valid from May."][1] == Context()
    assert len(placed(PRICES, "Other")["Valid from May."][1].headings) == 1


def test_a_numbered_line_below_a_table_is_its_caption() -> None:
    text = "Before.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nTable 3: Sizes.\n"
    assert words(text, placed(text)["| 1 | 2 |"][1].caption) == "Table 3: Sizes."


def test_plain_texts_lists_have_lead_ins_too() -> None:
    text = "Bring with you:\n- a towel\n- a lock\n\nLater.\n"
    kind, item = placed(text, kind="text")["a lock"]
    assert (kind, words(text, item.lead_in)) == ("item", "Bring with you:")


def about(text: str, title: str) -> About:
    first = split_passages(text, title, "markdown", (), FakeEmbedder().count_tokens, 60)[0]
    opens = opening(text, first.spans, first.placed)
    return About.of("lease-7.md", LoadedDocument(text, title, "markdown", "2025-06-10"), opens)


def test_a_document_is_known_by_name_title_date_and_what_stands_under_the_title() -> None:
    text = "# Lease\n\nBetween *Ann* and Bo.\n\n## Rent\n\nIt is 90.\n"
    lease = about(text, "Lease")
    assert lease.opening_words == "Between Ann and Bo."
    assert words(text, lease.opening) == "Between *Ann* and Bo."
    assert {"leas", "leas7", "ann", "bo", "june", "2025-06-10"} <= lease.terms
    assert "rent" not in lease.terms


def test_a_first_section_is_no_opening() -> None:
    assert about("# Lease\n\n## Rent\n\nIt is 90.\n", "Lease").opening is None
