"""Verdicts on single sentences, with words alone and with a similarity small enough to work out."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from app.checking.support import Evidence, Support, SupportChecker, check_batch, split_evidence

LEASE = (
    "The tenant must pay the rent by the fifth day of each month. "
    "Late payments incur a fee of £25. "
    "The landlord may not enter the flat without 24 hours' notice. The deposit is at most five "
    "weeks' rent."
)
TABLE = "| Model | Layers | Licence |\n|---|---|---|\n| Alba | 12 | MIT |\n| Brio | 24 | Apache |\n"


def letters(texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit rows that count letters: nearly equal for sentences that share most words."""
    rows = np.array([[text.lower().count(chr(97 + i)) + 0.01 for i in range(26)] for text in texts])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32)


@pytest.fixture(params=["words alone", "with an embedding"])
def checker(request: pytest.FixtureRequest) -> SupportChecker:
    return SupportChecker(letters if request.param == "with an embedding" else None)


@pytest.mark.parametrize(
    "sentence",
    [
        "The tenant must pay the rent by the fifth day of every month.",
        "A fee of £25 is incurred by late payments [2].",
        "The deposit is no more than five weeks' rent.",
    ],
)
def test_a_sentence_in_other_words_is_supported(checker: SupportChecker, sentence: str) -> None:
    found = checker.check(sentence, [split_evidence(LEASE)])
    assert (found.verdict, found.reason) == ("supported", "")
    assert found.score >= 0.5


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Late payments incur a fee of £250.", "£25"),
        ("Late payments incur a fee of $25.", "$25"),
        ("The deposit is at least five weeks' rent.", "five weeks"),
        ("The landlord may enter the flat with 24 hours' notice.", "denies"),
        ("Late payments never incur a fee of £25.", "never"),
        ("Late payments incur a fee of £25 in Scotland.", "Scotland"),
        ("All late payments incur a fee of £25.", "all"),
    ],
)
def test_a_false_sentence_is_not_supported_and_the_reason_names_why(
    checker: SupportChecker, sentence: str, named: str
) -> None:
    found = checker.check(sentence, [split_evidence(LEASE)])
    assert found.verdict != "supported"
    assert named.lower() in found.reason.lower()


def test_a_yes_needs_every_word_of_what_it_affirms() -> None:
    passage = "Alba is a tram firm of the city. It runs both the red line and the blue line."
    check = SupportChecker(None).check
    rival = check("Yes, Alba is a rival of the blue line.", [split_evidence(passage)])
    assert rival.verdict == "partly supported"
    assert rival.reason.startswith("no passage says “rival”")
    assert check("Yes, Alba runs the red line.", [split_evidence(passage)]).verdict == "supported"


COLOURS = """| Colour | Wave |
|---|---|
| Red | long |
| Sea green | middle |
| Blue | short |
| Violet | shortest |
"""
FAULTS = "- Flicker: light trembles.\n- Drift: a face changes.\n- Limits: clips are short.\n"


def checked(sentence: str, text: str) -> Support:
    return SupportChecker(None).check(sentence, [split_evidence(text)])


def test_a_sentence_that_enumerates_rows_quotes_each_of_them() -> None:
    said = "The colours of the table are red, sea green, blue and violet."
    found = checked(said, COLOURS)
    assert (found.verdict, found.conflicts) == ("supported", ())
    rows = COLOURS.split("|---|---|\n")[1].rstrip("\n")
    assert [COLOURS[start:end] for _, start, end in found.quotes] == [rows]
    found = checked("The faults of the clips are Flicker, drift and limits.", FAULTS)
    assert found.verdict == "supported"
    assert len(found.quotes) == 1


def test_the_quote_is_the_sentence_that_carries_it_and_no_more() -> None:
    found = SupportChecker(None).check("Late payments incur a fee of £25.", [split_evidence(LEASE)])
    [(passage, start, end)] = found.quotes
    assert (passage, LEASE[start:end]) == (0, "Late payments incur a fee of £25.")


def test_a_quote_from_elsewhere_speaks_of_what_is_said() -> None:
    passages = [
        "LoRA (Hu et al., 2021) freezes the base model.",
        "This guide was written by volunteers.",
        "LoRA was written down in Redmond.",
    ]
    said = "LoRA was written by Hu et al. in 2021."
    check = SupportChecker(None).check
    assert check(said, [split_evidence(text) for text in passages[:2]]).quotes == ((0, 0, 46),)
    of_it = check(said, [split_evidence(text) for text in passages])
    assert [index for index, _, _ in of_it.quotes] == [0, 2]
    contrast = "A GAN is quick, whereas diffusion models need many steps."
    two = ["A GAN is quick.", "Diffusion models need many steps."]
    both = check(contrast, [split_evidence(text) for text in two])
    assert (both.verdict, len(both.quotes)) == ("supported", 2)


def test_adjoining_spans_are_joined_and_distant_ones_are_not() -> None:
    near, far = split_evidence("Alba has 12 layers. Brio is fast."), split_evidence("Cora is free.")
    found = SupportChecker(None).check("Alba has 12 layers, Brio is fast.", [near, far])
    assert found.quotes == ((0, 0, len(near.text)),)
    found = SupportChecker(None).check("Alba has 12 layers and Cora is free.", [near, far])
    assert {quote[0] for quote in found.quotes} == {0, 1}


def test_a_table_row_is_read_with_its_header_and_quoted_alone() -> None:
    found = SupportChecker(None).check("The model Brio has 24 layers.", [split_evidence(TABLE)])
    [(_, start, end)] = found.quotes
    assert found.verdict == "supported"
    assert TABLE[start:end] == "| Brio | 24 | Apache |"
    wrong = SupportChecker(None).check("The model Brio has 12 layers.", [split_evidence(TABLE)])
    assert wrong.verdict != "supported"


@pytest.mark.parametrize(
    "sentence", ["Here are three:", "Shall I go on?", "The passages do not say."]
)
def test_a_sentence_that_claims_nothing_is_supported_without_a_quote(sentence: str) -> None:
    found = SupportChecker(None).check(sentence, [split_evidence(LEASE)])
    assert (found.verdict, found.quotes) == ("supported", ())


def test_without_passages_nothing_is_supported() -> None:
    assert SupportChecker(None).check("Late payments incur a fee.", []).verdict == "not supported"


def test_the_reason_says_when_words_alone_were_compared() -> None:
    found = SupportChecker(None).check("Penguins swim fast.", [split_evidence(LEASE)])
    assert "words alone" in found.reason


def test_given_vectors_are_used_and_nothing_of_the_passage_is_embedded() -> None:
    seen: list[str] = []

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        seen.extend(texts)
        return letters(texts)

    split = split_evidence("Late payments incur a fee of £25. The flat is warm.")
    spans = [split.text[start:end] for start, end in split.spans]
    evidence = Evidence(split.text, split.spans, vectors=letters(spans))
    SupportChecker(embed).check("A late payment costs a fee of £25.", [evidence])
    assert "The flat is warm." not in seen


def test_a_batch_keeps_its_order_and_its_quotes_are_exact() -> None:
    records = [
        {"id": 1, "sentence": "Late payments incur a fee of £25.", "passages": ["Warm.", LEASE]},
        {"id": "b", "sentence": "Penguins swim fast.", "passages": [LEASE]},
    ]
    first, second = check_batch(records, SupportChecker(None))
    assert (first["id"], first["verdict"], first["passage"]) == (1, "supported", 1)
    assert LEASE[first["start"] : first["end"]] == first["quote"] != ""
    assert (second["id"], second["passage"], second["quote"]) == ("b", None, "")
