"""Numbers, names and negations as the checker reads them."""

import pytest

from app.language.claims import matches, read, stem
from app.language.quantities import quantities, same_value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("4.6 million people", 4_600_000),
        ("4,600,000 people", 4_600_000),
        ("46 people", 46),
        ("1,536 dimensions", 1536),
        ("three layers", 3),
        ("twenty-five layers", 25),
        ("one hundred and twenty pages", 120),
        ("two-thirds of them", 2 / 3),
        ("a 7B model", 7e9),
        ("−5 degrees", -5),
    ],
)
def test_a_number_has_one_value_however_it_is_written(written: str, value: float) -> None:
    assert quantities(written)[0].value == pytest.approx(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 km", "1,000 metres"),
        ("42%", "42 percent"),
        ("the 19th century", "the 1800s"),
        ("1,536 values", "1536 values"),
        ("about 95 km", "94.7 km"),
        ("more than 2 million users", "2.3 million users"),
    ],
)
def test_the_same_quantity_is_recognised(one: str, other: str) -> None:
    assert same_value(quantities(one)[0], quantities(other)[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("46 users", "4.6 million users"),
        ("5 km", "5 miles"),
        ("42%", "42 years"),
        ("£25", "$25"),
        ("500 g", "500 mg"),
        ("1066", "1067"),
        ("about 65%", "63%"),
        ("the third model", "three models"),
    ],
)
def test_different_quantities_stay_different(one: str, other: str) -> None:
    assert not same_value(quantities(one)[0], quantities(other)[0])


def test_numbers_inside_names_are_left_to_the_names() -> None:
    reading = read("Llama with GPT-4 and VQ-VAE-2")
    assert reading.quantities == ()
    assert "GPT-4" in {token.text for token in reading.tokens if token.name}


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("at least 5 km", ">"),
        ("at most 5 km", "<"),
        ("cannot be more than 5 km", "<"),
        ("5 km", ""),
    ],
)
def test_a_bound_belongs_to_its_number(text: str, bound: str) -> None:
    assert quantities(text)[0].bound == bound


def test_a_negation_reaches_to_the_end_of_its_clause() -> None:
    reading = read("The engine was not practical, but useful.")
    assert {token.text: token.negated for token in reading.content} == {
        "engine": False,
        "practical": True,
        "useful": False,
    }


@pytest.mark.parametrize("text", ["It is not only fast.", "It cannot be more than five weeks."])
def test_some_phrases_with_not_deny_nothing(text: str) -> None:
    assert not any(token.denies for token in read(text).tokens)


def test_spellings_and_nationalities_have_one_stem() -> None:
    assert stem("colours") == stem("color")
    assert stem("optimise") == stem("optimize")
    assert stem("Norwegian") == stem("Norway")
    assert stem("Sept") == stem("September")


def test_an_acronym_matches_the_words_it_stands_for() -> None:
    gan = next(token for token in read("Goodfellow proposed GANs.").tokens if token.text == "GANs")
    assert matches(gan, read("the generative adversarial network"))
    assert not matches(gan, read("the variational autoencoder"))


@pytest.mark.parametrize(
    ("short", "text", "known"),
    [
        ("ViT", "The Vision Transformer cuts an image into patches.", True),
        ("LoRA", "Low-rank adaptation freezes the weights.", True),
        ("ViT", "The vision of a transformer.", False),
        ("Viola", "Vision of late arrivals.", False),
    ],
)
def test_a_name_made_of_the_beginnings_of_words_is_known_by_them(
    short: str, text: str, known: bool
) -> None:
    (name,) = (token for token in read(f"How large is {short} now?").tokens if token.name)
    assert matches(name, read(text)) is known


def test_an_acronym_is_known_by_its_words_in_the_genitive_too() -> None:
    reading = read("The Scottish Parliament has mandatory committees.")
    (acronym,) = (token for token in read("Which are the SP's committees?").tokens if token.name)
    assert matches(acronym, reading)


def test_an_acronym_is_the_same_word_in_the_plural() -> None:
    assert stem("LLMs") == stem("LLM") == stem("llms")
    assert stem("GPUs") == stem("GPU")
    assert stem("bus") != stem("bu")
