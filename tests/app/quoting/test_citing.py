"""What a model writes, sentence by sentence, and what of it reaches the user."""

import pytest

from app.quoting.citing import finished_sentences, plain_sentence


def plain(written: str, ended: bool = True) -> list[str]:
    return [plain_sentence(text) for text in finished_sentences(written, ended)[0]]


@pytest.mark.parametrize(
    "marker", ["[7]", "[1, 2]", "[1][2]", "[1-3]", "[^3]", "【4】", "[passage 2]", "[Source 1]"]
)
def test_a_model_s_own_markers_are_taken_out_however_it_writes_them(marker: str) -> None:
    assert plain(f"The sky is blue {marker}.") == ["The sky is blue."]
    assert plain(f"The sky is blue. {marker} Grass grows. {marker}") == [
        "The sky is blue.",
        "Grass grows.",
    ]


def test_what_is_only_bracketed_stays() -> None:
    assert plain("Attention [sic] is all you need.") == ["Attention [sic] is all you need."]


def test_the_numbers_and_signs_of_a_list_are_no_sentences() -> None:
    assert plain("1. Red is warm.\n2. Blue is cold.") == ["Red is warm.", "Blue is cold."]
    assert plain("- Red is **warm**.\n* Blue is `cold`.") == ["Red is warm.", "Blue is cold."]


def test_an_answer_that_is_only_a_number_is_a_sentence() -> None:
    assert plain("12.") == ["12."]


def test_a_sentence_is_finished_when_a_word_of_the_next_is_whole() -> None:
    assert finished_sentences("It is 3.", ended=False) == ([], "It is 3.")
    assert finished_sentences("It is 3. And", ended=False)[0] == []
    assert finished_sentences("It is 3. And so", ended=False) == (["It is 3."], "And so")
    assert finished_sentences("It is 3. And so", ended=True) == (["It is 3.", "And so"], "")


@pytest.mark.parametrize("rest", ["It is so [", "It is so [1", "It is so [1, 2", "It is so [1]"])
def test_the_sentence_being_written_shows_no_marker_not_even_half_of_one(rest: str) -> None:
    assert finished_sentences(rest, ended=False) == ([], "It is so")


def test_sentences_found_early_stay_as_they_were() -> None:
    written = "1. Red is warm [1]. It costs 3.5 euros, e.g. in Rome. [2] Blue?\n\n- Yes. [3]"
    whole = finished_sentences(written, ended=True)[0]
    for end in range(len(written)):
        early = finished_sentences(written[:end], ended=False)[0]
        assert early == whole[: len(early)]


def test_a_list_stays_a_list_and_a_paragraph_a_paragraph() -> None:
    written = (
        "Two kinds:\n\n1. **Apples** grow [1]. They are red.\n2. Pears.\n- Figs.\n\nThat is all."
    )
    sentences, _ = finished_sentences(written, ended=True)
    assert sentences == [
        "Two kinds:",
        "\n- **Apples** grow [1].",
        "They are red.",
        "\n- Pears.",
        "\n- Figs.",
        "\nThat is all.",
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('According to the passage from "Tea", it is steamed.', "It is steamed."),
        ("Based on the passages provided, it is steamed.", "It is steamed."),
        ("According to the growers, it is steamed.", "According to the growers, it is steamed."),
        ("According to the passage, ", "According to the passage,"),
        ("The passage states that tea is steamed.", "Tea is steamed."),
        ("The passage from “Tea” says: “It is steamed.”", "It is steamed."),
        ("The passages say little.", "The passages say little."),
    ],
)
def test_a_sentence_does_not_speak_of_passages_that_no_reader_sees(written: str, said: str) -> None:
    assert plain_sentence(written) == said


def test_the_title_of_a_passage_ends_no_sentence() -> None:
    written = 'The passage from "Tea? › Green or black?" states that tea is steamed. It is hot.'
    assert plain(written) == ["Tea is steamed.", "It is hot."]
    for end in range(len(written)):
        early = finished_sentences(written[:end], ended=False)[0]
        assert [plain_sentence(text) for text in early] == plain(written)[: len(early)]
