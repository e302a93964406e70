"""What a claim of a text from elsewhere denies or names, and the quote does not say plainly."""

from dataclasses import replace

import pytest

from app.checking.evidence import pieces_of, split_evidence
from app.checking.plainness import (
    compared_otherwise,
    denied_otherwise,
    named_elsewhere,
    pieced_together,
    same_word,
    says_all,
)
from app.checking.support import SupportChecker
from app.language.claims import read
from tests.app.checking.held import kinds


@pytest.mark.parametrize(
    ("claim", "passage", "expected"),
    [
        ("No rule can do without a test.", "Each rule needs a test.", ["negation"]),
        ("Its use is never uncertain.", "Its use is uncertain.", ["negation"]),
        ("The lamp does not burn.", "The lamp doesn't burn.", []),
        ("The lamp burns at night.", "The lamp burns at night.", []),
    ],
)
def test_the_quote_denies_as_often_as_the_claim(
    claim: str, passage: str, expected: list[str]
) -> None:
    assert kinds(denied_otherwise, claim, passage) == expected


def test_the_quote_itself_or_what_belongs_to_it_has_each_name() -> None:
    passage = "Ann Berg founded a school in Oslo. She taught there for ten years."
    assert kinds(named_elsewhere, "Ann Berg founded a school in Oslo.", passage) == []
    assert kinds(named_elsewhere, "Berg taught there for ten years.", passage) == ["attribution"]


def test_no_claim_is_pieced_together_from_two_documents() -> None:
    given = [
        replace(split_evidence("Gannets dive fast from great heights."), document="gannets.md"),
        replace(split_evidence("Puffins dive sixty metres deep."), document="puffins.md"),
    ]
    claim = "Gannets dive fast from great heights and sixty metres deep."
    assert kinds(pieced_together, claim, *given) == ["attribution"]
    together = [replace(each, document="birds.md") for each in given]
    assert kinds(pieced_together, claim, *together) == []


def test_two_things_are_compared_only_where_the_quote_compares_them() -> None:
    claim = "Diffusion models are faster than autoencoders."
    assert kinds(compared_otherwise, claim, "Distilled models and autoencoders are faster.")
    assert not kinds(compared_otherwise, claim, "Diffusion is a faster method than autoencoders.")
    other = "In diffusion, the authors report a better fidelity than that of GANs."
    assert kinds(compared_otherwise, "GANs are better than diffusion models.", other)
    harder = "GANs are harder to train than diffusion models."
    assert kinds(compared_otherwise, "GANs are better than diffusion models.", harder)
    assert not kinds(compared_otherwise, "They are harder to train than diffusion.", harder)
    assert not kinds(compared_otherwise, "It has more than 5 layers.", "It has 6 layers.")


def test_what_is_borne_out_and_not_said_plainly_has_no_conflict() -> None:
    evidence = [split_evidence("Each rule needs a test.")]
    found = SupportChecker(None).check("No rule can do without a test.", evidence)
    assert (found.conflicts, found.plain) == ((), False)


def test_a_claim_is_plain_where_one_quote_has_all_its_words() -> None:
    evidence = [split_evidence("Audio is turned into discrete tokens. Images share the window.")]
    check = SupportChecker(None).check
    assert check("Audio is turned into tokens.", evidence).plain
    assert not check("Images are turned into tokens.", evidence).plain


@pytest.mark.parametrize(
    ("claim", "passage", "expected"),
    [
        ("The second crisis came in 1979.", "The second crisis came in 1979.", True),
        ("The second crisis came in 1974.", "The second crisis came. It ended in 1974.", False),
        ("Dust of 132 tons falls.", "Of 182 tons of dust 132 tons stay, and 43 fall.", False),
        ("It is 2/2 and 3/4.", "It is 1/2 and 3/4.", False),
        ("It moved 17 kilometres.", "It moved 17 in all.", False),
        ("The city had 42 families.", "The city with its families had 42 people.", False),
        ("Berg designed some of it.", "It was designed by Berg.", False),
        ("After the vote it fell.", "It fell before the vote.", False),
        (
            "General Amherst negotiated at September.",
            "In September, before any fights erupted, the old governor negotiated from Montreal "
            "a capitulation with General Amherst.",
            False,
        ),
        ("Unity of Chinese and Persia helped.", "Unity of China and Persia helped.", False),
        ("He wrote the Highest Stage of According.", "He wrote the Highest Stage of all.", False),
    ],
)
def test_numbers_names_and_what_counts_stand_in_the_quote_as_they_are_written(
    claim: str, passage: str, expected: bool
) -> None:
    [evidence] = [split_evidence(passage)]
    assert any(says_all(read(claim), piece) for piece in pieces_of([evidence])) is expected


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("makes", "making", True),
        ("studies", "study", True),
        ("running", "run", True),
        ("Token", "tokens", True),
        ("token", "tokenizer", False),
        ("generator", "generates", False),
        ("as", "a", False),
    ],
)
def test_forms_of_a_word_are_told_from_words_of_one_stem(
    one: str, other: str, is_same: bool
) -> None:
    assert same_word(one, other) == is_same


def test_a_claim_is_plain_in_forms_of_the_quote_s_own_words() -> None:
    evidence = [split_evidence("A token is the unit of text that a language model reads.")]
    check = SupportChecker(None).check
    assert check("Tokens are the units of text that a model reads.", evidence).plain
    assert not check("Tokenizer is the unit of text that a model reads.", evidence).plain


def test_no_quote_says_yes() -> None:
    evidence = [split_evidence("LoRA cut the trainable parameters and the GPU memory.")]
    check = SupportChecker(None).check
    assert check("LoRA cut the GPU memory.", evidence).plain
    assert not check("Yes, LoRA cut the GPU memory.", evidence).plain
