"""What a question is about, with documents in mind: their numbers, codes and abbreviations."""

import math
from pathlib import Path

import pytest

from app.search.asked import Asked, read_question
from ingest.index import Index
from tests.app.small_world import indexed

DOCUMENTS = {
    "zones.md": "# Zones\n\nZone 4 pays 20 euros.\n\n## More\n\nZone 5 pays 30 euros in 2024.\n",
    "faults.md": "# Faults\n\nE07 means that the door is open. Reset with retry_limit.\n",
    "plans.md": "# Plans\n\nThe recovery time objective (RTO) is short. June 2025 is past.\n",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(tmp_path_factory.mktemp("asked"), DOCUMENTS)


def asked(index: Index, question: str) -> Asked:
    return read_question(question, index.catalogue, index.embedder)


def wanted(index: Index, question: str) -> list[str]:
    return sorted(one.term for one in asked(index, question).wanted)


def test_small_words_carry_no_meaning_and_what_is_wanted_weighs_by_rarity(index: Index) -> None:
    """Of four passages "pay" stands in two, "door" in one."""
    read = asked(index, "Which of them pay for the door?")
    assert {one.term: one.weight for one in read.wanted} == {
        "pay": pytest.approx(math.log(2)),
        "door": pytest.approx(math.log(1 + 3.5 / 1.5)),
    }


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("I've paid, haven't I?", ["paid"]),
        ("whats paid cuz im late, ur Zone?", ["late", "paid", "zone"]),
        ("Wie viele Euro muss ich für die Zone zahlen?", ["euro", "zahlen", "zone"]),
    ],
)
def test_a_small_word_is_one_when_contracted_and_in_its_language(
    index: Index, question: str, about: list[str]
) -> None:
    assert wanted(index, question) == about


def test_initials_say_a_name_unless_they_are_a_word_of_the_documents(tmp_path: Path) -> None:
    places = "# Places\n\nArt Gallery Edinburgh told the New York Times of its age.\n"
    index = indexed(tmp_path, {"places.md": places})
    [nyt] = asked(index, "What of nyt?").wanted
    assert nyt.others == (frozenset({"new", "york", "time"}),)
    [age] = asked(index, "At what age?").wanted
    assert age.others == ()


@pytest.mark.parametrize(("written", "other"), [("four", "4"), ("4", "four")])
def test_a_number_is_the_same_in_words_and_in_digits(
    index: Index, written: str, other: str
) -> None:
    others = {one.term: one.others for one in asked(index, f"Are there {written} zones?").wanted}
    assert frozenset((other,)) in others[written]


def test_of_small_words_alone_all_are_wanted(index: Index) -> None:
    assert wanted(index, "What is it?") == ["is", "it", "what"]


@pytest.mark.parametrize("written", ["E07", "E-07", "E 07"])
def test_a_code_is_one_thing_however_it_is_spelt(index: Index, written: str) -> None:
    [code] = asked(index, written).wanted
    assert (code.term, code.exact) == ("e07", True)


def test_a_number_goes_with_its_name(index: Index) -> None:
    assert wanted(index, "Who pays in zone 4?") == ["pay", "zone", "zone4"]


def test_an_unknown_one_of_a_series_is_wanted_by_that_name(index: Index) -> None:
    """There are zones 4 and 5: zone 7 is another, and no zone at all has a 7 to itself."""
    assert "zone7" in wanted(index, "Who pays in zone 7?")
    assert "euro7" not in wanted(index, "Who pays euro 7?")


def test_a_number_after_a_small_word_is_only_a_number(index: Index) -> None:
    assert wanted(index, "Who pays in 2024?") == ["2024", "pay"]


def test_a_month_is_exact(index: Index) -> None:
    exact = {one.term for one in asked(index, "What was in June 2025?").wanted if one.exact}
    assert "2025-06" in exact


@pytest.mark.parametrize(
    ("question", "term", "other"),
    [
        ("How long is the RTO?", "rto", {"recoveri", "time", "object"}),
        ("How long is the recovery time objective?", "recoveri", {"rto"}),
    ],
)
def test_an_abbreviation_is_said_by_its_long_form_and_the_reverse(
    index: Index, question: str, term: str, other: set[str]
) -> None:
    read = asked(index, question)
    others = next(one.others for one in read.wanted if one.term == term)
    assert others == (frozenset(other),)
    assert other <= set(read.searched)


def test_part_of_a_long_form_is_not_its_short_form(index: Index) -> None:
    assert all(not one.others for one in asked(index, "How long is the recovery?").wanted)


def test_a_token_weighs_as_its_word_and_all_of_them_one(index: Index) -> None:
    """A word is a token in the small world; a small word weighs by its own rarity."""
    read = asked(index, "door pays")
    door, pays = math.log(1 + 3.5 / 1.5), math.log(2)
    assert read.token_weights.tolist() == pytest.approx(
        [door / (door + pays), pays / (door + pays)]
    )
    assert [read.wanted[number].term for number in read.token_wanted] == ["door", "pay"]


def test_a_question_without_words_wants_nothing(index: Index, tmp_path: Path) -> None:
    read = asked(index, "??")
    assert (read.wanted, read.searched) == ((), [])
