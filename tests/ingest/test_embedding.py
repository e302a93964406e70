import numpy as np

from ingest.embedding import Embedder

TEXTS = [
    "Diffusion models remove noise step by step.",
    "A token is a piece of a word.",
    "Seven hundred seahorses swam south. " * 12,
    "Cats purr.",
]


def test_vectors_are_of_unit_length_and_float32(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((4, 384), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_vector_does_not_depend_on_the_texts_beside_it(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    backwards = embedder.embed(TEXTS[::-1])[::-1]
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    np.testing.assert_allclose(backwards, together, atol=1e-5)
    np.testing.assert_allclose(alone, together, atol=1e-5)


def test_a_question_is_embedded_as_its_text_is(embedder: Embedder) -> None:
    np.testing.assert_allclose(
        embedder.embed_query(TEXTS[1]), embedder.embed([TEXTS[1]])[0], atol=1e-5
    )


def test_texts_that_mean_alike_are_nearer(embedder: Embedder) -> None:
    noise, token, _, cat = embedder.embed(TEXTS)
    asked = embedder.embed_query("How do image generators denoise?")
    assert asked @ noise > max(asked @ token, asked @ cat)


def test_tokens_are_counted_beyond_what_the_model_reads(embedder: Embedder) -> None:
    assert embedder.max_tokens == 256
    assert embedder.count_tokens(["Cats purr.", "", "cat " * 1_000]) == [4, 0, 1_000]


def test_what_fits_with_its_two_marks_is_read_to_the_last_token(embedder: Embedder) -> None:
    fits = "cat " * 253
    ends_differently = embedder.embed([fits + "dog", fits + "fish", fits + "cat dog", fits + "cat"])
    assert ends_differently[0] @ ends_differently[1] < 0.9999
    assert ends_differently[2] @ ends_differently[3] > 0.99999  # the 255th is cut off


def test_no_texts_have_no_vectors(embedder: Embedder) -> None:
    assert len(embedder.embed([])) == 0
