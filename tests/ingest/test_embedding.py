import shutil
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import BertConfig, BertModel

from ingest.embedding import Embedder
from ingest.index import Fingerprint
from ingest.int8_model import PRECISION

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
    question, [text] = embedder.embed_query(TEXTS[1]), embedder.embed_spans([TEXTS[1]])
    np.testing.assert_allclose(question.vector, text.vector, atol=1e-5)
    np.testing.assert_array_equal(np.packbits(question.tokens > 0, axis=1), text.signs)
    np.testing.assert_allclose(np.linalg.norm(question.tokens, axis=1), 1, atol=1e-5)


def test_the_tokens_of_a_text_are_those_that_it_has_alone(embedder: Embedder) -> None:
    """A row for each token and the two marks, none for what fills a batch."""
    together = embedder.embed_spans(TEXTS)
    for text, embedded, tokens in zip(TEXTS, together, embedder.count_tokens(TEXTS), strict=True):
        assert embedded.signs.shape == (tokens + 2, 384 / 8)
        [alone] = embedder.embed_spans([text])
        bits = np.unpackbits(alone.signs ^ embedded.signs)
        assert bits.mean() < 0.001  # numbers next to zero may fall on either side


def test_a_vector_is_the_mean_of_its_tokens(embedder: Embedder) -> None:
    """True of this model: so the tokens are those that were pooled."""
    [(_, vector, tokens)] = embedder._model.read([TEXTS[0]])
    mean = tokens.mean(axis=0)
    np.testing.assert_allclose(vector, mean / np.linalg.norm(mean), atol=1e-5)


def test_in_8_bits_vectors_are_those_of_sentence_transformers(
    embedder: Embedder, corpus: Path
) -> None:
    """Measured on 400 sentences of squad: 0.997 on average, 0.989 at least."""
    lines = (corpus / "tokens-embeddings-and-context-windows.md").read_text("utf-8").splitlines()
    texts = [*TEXTS, *(line for line in lines if len(line.split()) > 3)]
    exact = SentenceTransformer(str(embedder.folder), device="cpu")
    expected = exact.encode(texts, normalize_embeddings=True)
    cosines = (embedder.embed(texts) * expected).sum(axis=1)
    assert cosines.mean() > 0.995
    assert cosines.min() > 0.99
    for text, embedded in zip(texts, embedder.embed_spans(texts), strict=True):
        tokens = exact.encode(text, output_value="token_embeddings").numpy()
        assert np.unpackbits(np.packbits(tokens > 0, axis=1) ^ embedded.signs).mean() < 0.05


def test_the_same_model_elsewhere_is_read_by_sentence_transformers_and_told_apart(
    embedder: Embedder, tmp_path: Path
) -> None:
    (tmp_path / embedder.name).symlink_to(embedder.folder)
    named = Embedder(tmp_path / embedder.name)
    assert (named.precision, embedder.precision) == ("fp32", PRECISION)
    assert Fingerprint.of(named).digest != Fingerprint.of(embedder).digest
    for text, other in zip(embedder.embed_spans(TEXTS), named.embed_spans(TEXTS), strict=True):
        assert text.vector @ other.vector > 0.985
        assert text.signs.shape == other.signs.shape
    query = "  Is Tokenisation [SEP] done?"
    assert named.embed_query(query).places == embedder.embed_query(query).places


def test_a_model_that_does_not_pool_by_the_mean_has_tokens_too(
    embedder: Embedder, tmp_path: Path
) -> None:
    """One of random weights that pools by its first token, with 20 numbers, no full bytes."""
    config = BertConfig(
        hidden_size=20, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8
    )
    BertModel(config).save_pretrained(tmp_path / "bert")
    shutil.copy(embedder.folder / "tokenizer.json", tmp_path / "bert")
    shutil.copy(embedder.folder / "tokenizer_config.json", tmp_path / "bert")
    transformer = Transformer(str(tmp_path / "bert"), max_seq_length=32)
    SentenceTransformer(modules=[transformer, Pooling(20, "cls")]).save(str(tmp_path / "first"))
    first = Embedder(tmp_path / "first")
    assert first.max_tokens == 32
    embedded, asked = first.embed_spans(TEXTS), first.embed_query(TEXTS[0])
    np.testing.assert_allclose(asked.vector, asked.tokens[0], atol=1e-5)
    np.testing.assert_allclose(asked.vector, embedded[0].vector, atol=1e-5)
    np.testing.assert_array_equal(np.packbits(asked.tokens > 0, axis=1), embedded[0].signs)
    assert [text.signs.shape for text in embedded] == [(10, 3), (11, 3), (32, 3), (6, 3)]


def test_it_is_known_where_each_token_of_a_question_stands(embedder: Embedder) -> None:
    query = "  Is Tokenisation [SEP] done?"
    embedded = embedder.embed_query(query)
    words = [query[start:end] for start, end in embedded.places]
    assert words == ["", "Is", "Token", "isation", "[SEP]", "done", "?", ""]
    assert len(embedded.tokens) == len(words)


def test_the_tokens_of_a_question_end_where_the_model_stops_reading(embedder: Embedder) -> None:
    embedded = embedder.embed_query("cat " * 1_000)
    assert len(embedded.tokens) == len(embedded.places) == 256
    assert (embedded.places[254], embedded.places[255]) == ((1012, 1015), (0, 0))


def test_texts_that_mean_alike_are_nearer(embedder: Embedder) -> None:
    noise, token, _, cat = embedder.embed(TEXTS)
    asked = embedder.embed_query("How do image generators denoise?").vector
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
    assert len(embedder.embed([])) == len(embedder.embed_spans([])) == 0
