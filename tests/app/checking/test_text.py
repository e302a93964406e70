"""Any text held against the documents, sentence by sentence."""

import json

import pytest

from app.checking.support import SupportChecker
from app.checking.text import CheckedText, check_text
from ingest.index import Index
from tests.app.small_world import DOCUMENTS, indexed

ESSAY = """# What I learned

The sky is blue because air scatters blue light. A cumulus cloud weighs 700 tonnes.
Bakers do not knead dough for ten minutes.

- Whales sing songs to each other.
- Penguins sleep in small caves.
- Salty seawater holds 35 grams of salt in each litre.

Why is that?
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(tmp_path_factory.mktemp("small"), DOCUMENTS)


@pytest.fixture(scope="module")
def checked(index: Index) -> CheckedText:
    return check_text(ESSAY, index, SupportChecker(index.embedder.embed))


def test_each_sentence_is_borne_out_contradicted_or_not_said(checked: CheckedText) -> None:
    assert [(each.text, each.finding) for each in checked.sentences] == [
        ("What I learned", "no claim"),
        ("The sky is blue because air scatters blue light.", "supported"),
        ("A cumulus cloud weighs 700 tonnes.", "contradicted"),
        ("Bakers do not knead dough for ten minutes.", "contradicted"),
        ("Whales sing songs to each other.", "supported"),
        ("Penguins sleep in small caves.", "not said"),
        ("Salty seawater holds 35 grams of salt in each litre.", "in other words"),
        ("Why is that?", "no claim"),
    ]
    assert checked.counts == {
        "supported": 2, "in other words": 1, "contradicted": 2, "not said": 1, "no claim": 2
    }  # fmt: skip
    assert (checked.share, checked.lenient_share) == (2 / 6, 3 / 6)


def test_offsets_are_those_of_the_text_and_quotes_those_of_the_documents(
    checked: CheckedText,
) -> None:
    assert all(ESSAY[each.start : each.end] == each.text for each in checked.sentences)
    assert checked.citations
    for citation in checked.citations:
        assert DOCUMENTS[citation.document][citation.start : citation.end] == citation.quote


def test_a_contradiction_names_the_quote_that_contradicts(checked: CheckedText) -> None:
    [weighs] = [each for each in checked.sentences if "700" in each.text]
    [marker] = weighs.markers
    assert checked.citations[marker - 1].quote == "A cumulus cloud weighs 500 tonnes."
    assert weighs.reason == "the passage says 500 tonnes, the sentence 700 tonnes"


def test_what_is_not_said_has_no_footnote(checked: CheckedText) -> None:
    for sentence in checked.sentences:
        assert bool(sentence.markers) == (sentence.finding not in ("not said", "no claim"))


def test_a_few_words_about_what_was_said_before_are_held_against_the_same_passages(
    index: Index,
) -> None:
    def findings(text: str) -> list[str]:
        checked = check_text(text, index, SupportChecker(index.embedder.embed))
        return [each.finding for each in checked.sentences]

    assert findings("It weighs 500 tonnes.") == ["not said"]
    assert findings("A cumulus cloud weighs 500 tonnes. It weighs 500 tonnes.")[1] != "not said"
    assert findings("Bakers knead dough for ten minutes. It weighs 500 tonnes.")[1] == "not said"
    between = "A cumulus cloud weighs 500 tonnes. Trains sleep in caves. It weighs 500 tonnes."
    assert findings(between)[1:] == ["not said", "not said"]


def test_the_record_is_plain_json(checked: CheckedText) -> None:
    record = json.loads(json.dumps(checked.to_json()))
    assert (record["share"], record["lenient_share"]) == (0.3333, 0.5)
    assert record["sentences"][1]["markers"] == [1]
    assert record["citations"][0]["document"] == "sky.md"


def test_a_text_that_claims_nothing_has_nothing_to_bear_out(index: Index) -> None:
    empty = check_text("", index, SupportChecker(None))
    assert (empty.sentences, empty.share) == ((), 1.0)
