"""How well tokens match, worked out by hand in four dimensions."""

import numpy as np
import pytest

from app.search.matching import token_matches
from ingest.embedded import EmbeddedQuery
from tests.fakes import signs

BASIS = np.eye(4, dtype=np.float32)
NOTHING = np.array([], dtype=np.uint8)


def question(*places: tuple[int, int]) -> EmbeddedQuery:
    """A token at each place, whose vectors are the basis."""
    return EmbeddedQuery(BASIS[0], BASIS[: len(places)], places)


def test_a_token_is_as_well_matched_as_by_its_most_similar_one() -> None:
    """Signs are vectors of ±1, of length 2: half of what they have in a token's own direction."""
    one = signs(np.array([[-1, 1, -1, -1], [-1, 1, 1, -1]], np.float32)).ravel()
    two = signs(np.array([[1, -1, -1, -1]], np.float32)).ravel()
    matches = token_matches(question((0, 1), (1, 2), (2, 3)), [one, two])
    assert matches.tolist() == [[0, 0.5], [0.5, 0], [0.5, 0]]


def test_between_the_axes_a_match_is_the_cosine_to_the_signs() -> None:
    asked = EmbeddedQuery(BASIS[0], np.array([[0.6, -0.8, 0, 0]], np.float32), ((0, 1),))
    for token, cosine in (((1, -1, 1, 1), 0.7), ((1, 1, 1, 1), 0.0), ((-1, -1, 1, 1), 0.1)):
        passage = signs(np.array([token], np.float32))
        assert token_matches(asked, [passage.ravel()])[0, 0] == pytest.approx(cosine)


def test_numbers_that_fill_no_byte_are_kept_apart_from_what_fills_it() -> None:
    """Five numbers a token: three bits of each byte say nothing."""
    tokens = np.array([[1, -1, -1, -1, -1], [-1, -1, -1, -1, 1]], np.float32)
    asked = EmbeddedQuery(tokens[0], tokens / np.sqrt(5), ((0, 1), (1, 2)))
    matches = token_matches(asked, [signs(tokens).ravel(), signs(tokens[:1]).ravel()])
    np.testing.assert_allclose(matches, [[1, 1], [1, 0.2]], atol=1e-6)


def test_nothing_matches_nothing() -> None:
    assert token_matches(question((0, 1)), [NOTHING]).tolist() == [[0]]
    assert token_matches(question(), [signs(BASIS).ravel()]).shape == (0, 1)
