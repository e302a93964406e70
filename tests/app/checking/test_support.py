"""Verdicts on single sentences, with words alone and with a similarity small enough to work out."""

from collections.abc import Sequence
from dataclasses import replace

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


def test_cause_and_effect_must_not_change_places() -> None:
    evidence = [split_evidence("Collisions cause slower lookups.")]
    check = SupportChecker(None).check
    assert check("Lookups become slower because of collisions.", evidence).verdict == "supported"
    assert check("Slower lookups cause collisions.", evidence).verdict == "not supported"


def test_a_cause_is_not_exchanged_where_another_link_of_the_sentence_keeps_it() -> None:
    lock = "Pattern lock is the best-known loom failure: the shuttle produces only a few kinds of "
    claim = "A loom can produce the same rug again because of pattern lock, in which the shuttle "
    evidence = [split_evidence(f"{lock}cloth and ignores the rest of the plan.")]
    found = SupportChecker(None).check(
        f"{claim}produces only a few kinds of cloth and ignores the rest.", evidence
    )
    assert found.conflicts == ()


def test_a_denial_counts_only_in_a_quote_that_speaks_of_what_is_denied() -> None:
    court = "A court held the clerk responsible for wrong statements."
    evidence = [split_evidence(court), split_evidence("Firms pay. The leaflet is not advice.")]
    check = SupportChecker(None).check
    elsewhere = check("A court held the clerk responsible for wrong advice to firms.", evidence)
    assert elsewhere.conflicts == ()
    assert check("The leaflet is advice.", evidence).conflicts == ("negation",)


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("Filters may stop harmless text.", "Filters may not stop harmless text."),
        ("Who knows what failed can mend it.", "Who knows what failed can not mend it."),
        ("Rock may undergo change.", "Rock may not undergo change."),
        ("Rock that is melted once again is new.", "Rock that is no longer melted is new."),
        ("It agrees with us instead of the facts.", "It does not agree with us rather than facts."),
        ("The plain has only a few ponds.", "The plain has never just a few ponds."),
        ("The tram was far from fast.", "The tram was fast."),
    ],
)
def test_a_word_that_both_have_lets_nothing_be_denied(passage: str, sentence: str) -> None:
    found = SupportChecker(None).check(sentence, [split_evidence(passage)])
    assert "negation" in found.conflicts


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("Rain is predicted, not guessed.", "Rain is predicted rather than estimated."),
        ("Each rule needs a test.", "No rule can do without a test."),
        ("All four problems are still unsolved.", "None of the four problems is solved."),
        ("Ann Berg was the first woman to win it.", "No woman before Ann Berg had won it."),
        ("Ravens were once the main pest there.", "Ravens are no longer the main pest there."),
        ("The line was closed after the fire.", "Before the line was closed, there was a fire."),
        ("Berg and her wife Dahl left.", "Dahl and her husband Berg left."),
        ("Mayor Berg posed with actress Dahl.", "Mayor Berg and the actress Dahl posed."),
        ("The speech lasts up to four minutes.", "The speech lasts no longer than four minutes."),
        ("34% of the trams are red.", "About a third of the trams are red."),
        ("20% of the trams are red.", "One in five of the trams are red."),
        ("It sold 4 million to 7 million trams.", "It sold between 4 and 7 million trams."),
        ("It reached 48 °C in the tram.", "It reached 48 degrees Celsius in the tram."),
        ("The gap is less than a meter.", "The gap is less than one metre."),
        ("An American tram won.", "A tram from the United States won."),
    ],
)
def test_the_same_turned_another_way_is_no_contradiction(passage: str, sentence: str) -> None:
    found = SupportChecker(None).check(sentence, [split_evidence(passage)])
    assert found.conflicts == ()


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("The fair is a yearly event by the river.", "The fair by the river is held every year."),
        ("The loom started with 9 threads and made 80.", "The loom ended up with 80 threads."),
        ("A 16 by 16 picture has 256 dots.", "A 16x16 picture has 256 dots."),
        ("For a tear, try glue and not thread.", "For a tear, try glue first."),
        ("If the beam is too short, roofs sag.", "Roofs sag on an insufficiently long beam."),
        ("They may not set it, only propose some.", "They may only propose some."),
        ("Courts in Alba cannot rule on tolls, Brio can.", "The court in Brio may rule on tolls."),
        ("Most weavers went to Alba.", "Many weavers went to Alba."),
        ("Each group of old looms shares one key.", "One key is shared by many old looms."),
        ("Ida's songs were printed by Berg in Dawn.", "Ida's songs were printed as Dawn by Berg."),
    ],
)
def test_what_only_looks_like_an_opposite_or_a_number_is_none(passage: str, sentence: str) -> None:
    assert SupportChecker(None).check(sentence, [split_evidence(passage)]).conflicts == ()


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("Each rule needs a test.", "No rule needs a test."),
        ("All four problems are still unsolved.", "None of the four problems is unsolved."),
        ("The line was closed after the fire.", "The line was closed before the fire."),
        ("Encoder-only models do not write.", "Decoder-only models do not write."),
        ("The speech lasts up to four minutes.", "The speech lasts at least four minutes."),
        ("34% of the trams are red.", "About a quarter of the trams are red."),
        ("It reached 48 °C in the tram.", "It reached 48 degrees Fahrenheit in the tram."),
    ],
)
def test_the_opposite_in_nearly_the_same_words_is_one(passage: str, sentence: str) -> None:
    found = SupportChecker(None).check(sentence, [split_evidence(passage)])
    assert found.conflicts != ()


def test_a_yes_needs_every_word_of_what_it_affirms() -> None:
    passage = "Alba is a tram firm of the city. It runs both the red line and the blue line."
    check = SupportChecker(None).check
    rival = check("Yes, Alba is a rival of the blue line.", [split_evidence(passage)])
    assert rival.verdict == "partly supported"
    assert rival.reason.startswith("no passage says “rival”")
    assert check("Yes, Alba runs the red line.", [split_evidence(passage)]).verdict == "supported"


def test_the_most_important_one_is_doubted_in_part_and_not_as_a_whole() -> None:
    passage = "Churches keep carved fonts and, more importantly, glass of the Norman kind."
    found = SupportChecker(None).check(
        "The most important art that churches keep is glass of the Norman kind.",
        [split_evidence(passage)],
    )
    assert (found.verdict, found.conflicts) == ("partly supported", ("quantifier",))


def test_what_authors_report_is_said_of_what_the_sentence_before_is_about() -> None:
    passage = "FlashLoom spares thread in all mills. Berg et al. (2022) saw work at Alba halve."
    check = SupportChecker(None).check
    assert check("FlashLoom saw work at Alba halve.", [split_evidence(passage)]).conflicts == ()
    other = passage.replace("saw work at Alba", "saw work of HandLoom at Alba")
    assert check("FlashLoom saw work at Alba halve.", [split_evidence(other)]).conflicts != ()


def test_how_many_the_question_asks_for_is_no_number_of_the_answer() -> None:
    passage = "Alba runs red trams, blue trams and mail trams."
    claim, check = "Three kinds of trams run in Alba.", SupportChecker(None).check
    evidence = [split_evidence(passage)]
    asked = "Which three kinds of trams run in Alba?"
    assert check(claim, evidence, question=asked).conflicts == ()
    assert check(claim, evidence, question="Which trams run in Alba?").conflicts == ("number",)
    five = [split_evidence("Alba runs five kinds of trams, among them red and blue ones.")]
    assert check(claim, five, question=asked).conflicts == ("number",)


def test_a_name_that_the_question_brings_along_is_doubted_and_not_called_invented() -> None:
    check = SupportChecker(None).check
    evidence = [split_evidence("The tram turns left at the mill.")]
    claim = "The tram of Alba turns left at the mill."
    assert check(claim, evidence).conflicts == ("name",)
    found = check(claim, evidence, question="Where does the tram of Alba turn?")
    assert (found.conflicts, found.verdict) == (("attribution",), "partly supported")


def test_a_name_that_opens_a_sentence_must_be_the_one_that_the_quote_has() -> None:
    passage = "Firms of Alba fear Brio. Experts named Caro as the origin of all the trams in 1912."
    check = SupportChecker(None).check
    other = check(
        "Brio was named as the origin of all the trams in 1912.", [split_evidence(passage)]
    )
    assert (other.conflicts, other.verdict) == (("attribution",), "partly supported")
    same = check(
        "Caro was named as the origin of all the trams in 1912.", [split_evidence(passage)]
    )
    assert same.verdict == "supported"


def test_a_name_that_the_passage_gives_elsewhere_is_not_invented() -> None:
    passage = "Trams of Alba are red. Fares rose in 1912. The depot was built again in stone."
    check = SupportChecker(None).check
    elsewhere = check("Its depot was built again in stone by Alba.", [split_evidence(passage)])
    assert (elsewhere.conflicts, elsewhere.verdict) == (("attribution",), "partly supported")
    nowhere = check("Its depot was built again in stone by Brio.", [split_evidence(passage)])
    assert nowhere.conflicts == ("name",)


def test_a_cell_of_another_row_is_not_taken_for_one_of_the_row_that_is_named() -> None:
    rows = "| Late rent | Fee | Agent |\n| Wet walls | Airing | Landlord |\n"
    table = [split_evidence(f"| Problem | Remedy | Owner |\n|---|---|---|\n{rows}")]
    check = SupportChecker(None).check
    wrong = check("The owner of wet walls is the agent.", table)
    assert wrong.conflicts == ("attribution",)
    assert wrong.reason.startswith("the table says “agent” of “Late rent”")
    assert check("The owner of wet walls is the landlord.", table).conflicts == ()
    both = check("Late rent is for the agent, and wet walls for the landlord.", table)
    assert both.conflicts == ()


def test_a_number_of_a_row_is_not_given_to_what_the_table_lacks() -> None:
    table = [
        split_evidence("| Sensor | Error |\n|---|---|\n| Oxygen | 0.4 mg |\n| Salt | 2 mg |\n")
    ]
    check = SupportChecker(None).check
    wrong = check("The error of the nitrate sensor is 0.4 mg.", table)
    assert wrong.conflicts == ("attribution",)
    assert wrong.reason.startswith("the table says 0.4 mg of “Oxygen”")
    assert check("The error of the oxygen sensor is 0.4 mg.", table).conflicts == ()


def test_a_claim_about_one_thing_is_not_pieced_together_from_two_documents() -> None:
    lease = replace(split_evidence("Notice is given four weeks ahead."), document="lease.md")
    guide = replace(split_evidence("Probation lasts six months."), document="guide.md")
    check = SupportChecker(None).check
    claim = "During six months of probation notice is four weeks."
    wrong = check(claim, [lease, guide])
    assert wrong.conflicts == ("attribution",)
    assert "of one document" in wrong.reason
    assert check("Probation is six months, and notice four weeks.", [lease, guide]).conflicts == ()
    assert check(claim, [lease, replace(guide, document="lease.md")]).conflicts == ()


def test_what_a_title_dates_is_not_said_of_another_month() -> None:
    june = replace(split_evidence("Present: Li (chair), Amir."), header="Minutes of 12 June 2025")
    july = replace(split_evidence("Present: Amir (chair). It was July."), header="Minutes, July")
    check = SupportChecker(None).check
    wrong = check("Li was present as chair in July.", [june, july])
    assert "the passage is of June, not of July" in wrong.reason
    assert check("Li chaired the meeting of June.", [june, july]).conflicts == ()


def test_what_stands_behind_another_label_is_not_taken_for_what_the_label_named() -> None:
    report = [split_evidence("Approved (by vote): the band. Refused: the anglers, the choir.")]
    check = SupportChecker(None).check
    assert check("The band was approved, the choir refused.", report).conflicts == ()
    wrong = check("The choir was approved.", report)
    assert wrong.conflicts == ("attribution",)
    assert wrong.reason.startswith("the list says “choir” of “Refused”")


def test_an_acronym_is_made_of_words_that_stand_together() -> None:
    check = SupportChecker(None).check
    row = [split_evidence("| Input isolation | Tool tests | Security |")]
    assert check("Input isolation belongs to IT.", row).conflicts == ("name",)
    words = [split_evidence("Input isolation belongs to information technology.")]
    assert check("Input isolation belongs to IT.", words).conflicts == ()


def test_a_reason_that_says_its_effect_once_more_is_none() -> None:
    evidence = [split_evidence("A loom is difficult to thread, because its yarn is thin.")]
    check = SupportChecker(None).check
    assert check("Looms are hard to thread because they are difficult to thread.", evidence
                 ).conflicts == ("cause",)  # fmt: skip
    assert check("Looms are hard to thread because the yarn is thin.", evidence).conflicts == ()


def test_what_is_said_of_one_side_of_a_contrast_is_not_taken_for_the_other() -> None:
    evidence = [split_evidence("They differ: looms tear yarn, while presses struggle with ink.")]
    check = SupportChecker(None).check
    assert check("Presses struggle with yarn.", evidence).conflicts == ("attribution",)
    assert check("Presses struggle with ink.", evidence).conflicts == ()


@pytest.mark.parametrize(
    ("passage", "sentence", "conflicts"),
    [
        ("Tram drivers learn how bells sound.", "DALL-E learns how bells sound.", ("attribution",)),
        ("The model learns how bells sound.", "DALL-E learns how bells sound.", ()),
        ("A single label hides the cost.", "A single AI label hides the cost.", ()),
    ],
)
def test_under_a_title_that_names_it_a_sentence_may_speak_of_it_but_not_of_another(
    passage: str, sentence: str, conflicts: tuple[str, ...]
) -> None:
    evidence = replace(split_evidence(passage), header="DALL-E and AI")
    assert SupportChecker(None).check(sentence, [evidence]).conflicts == conflicts


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


def test_what_a_sentence_enumerates_beside_the_rows_and_no_passage_has_is_told() -> None:
    found = checked("The colours of the table are red, pale pink, blue and violet.", COLOURS)
    assert found.verdict == "partly supported"
    assert "the list does not have “pale pink”" in found.reason


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("The Elbe is longer.", True),
        ("The Elbe is wider and longer.", True),
        ("The river is longer.", True),
        ("The Rhine is longer.", False),
        ("The Rhine is the longer river.", False),
        ("Compared with the Elbe, the Rhine is longer.", False),
        ("The Rhine is wider and longer.", False),
        ("The Rhine is not wider.", True),
        ("The Elbe, unlike the Rhine, is longer.", True),
        ("The Rhine carries more ships.", True),
        ("The Rhine carries sand.", True),
        ("The Rhine carries more sand.", False),
    ],
)
def test_what_is_said_to_be_more_is_not_said_of_what_stands_behind_than(
    sentence: str, supported: bool
) -> None:
    text = "The Elbe is wider and longer than the Rhine. It carries more sand than the Rhine."
    found = checked(sentence, f"{text} The Rhine carries more ships than the Elbe.")
    assert ("exchange" not in found.conflicts) == supported


def test_the_quote_is_the_sentence_that_carries_it_and_no_more() -> None:
    found = SupportChecker(None).check("Late payments incur a fee of £25.", [split_evidence(LEASE)])
    [(passage, start, end)] = found.quotes
    assert (passage, LEASE[start:end]) == (0, "Late payments incur a fee of £25.")


@pytest.mark.parametrize("life", ["1815–1852", "10 December 1815 – 27 November 1852"])
def test_the_years_of_a_life_say_when_someone_was_born_and_died(life: str) -> None:
    evidence = [split_evidence(f"Ada Lovelace ({life}) wrote notes on the Analytical Engine.")]
    score = {
        said: SupportChecker(None).check(f"Ada Lovelace {said}.", evidence).score
        for said in ("was born in 1815", "was born in 1852", "died in 1852", "died in 1815")
    }
    assert score["was born in 1815"] > score["was born in 1852"]
    assert score["died in 1852"] > score["died in 1815"]


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
