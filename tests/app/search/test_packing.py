"""What fits into a budget, counted by hand: a token is a word here, and headers count."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.search.packing import pack
from app.search.retriever import Found, PassageRetriever
from tests.app.small_world import indexed
from tests.fakes import stored_passage

DOCUMENT = "Zero is here. One is here. Two is here. Three is here. Four is here."
TABLE = "Sizes.\n| name | size |\n|---|---|\n| cat | small |\n| cow | large |\n| elk | huge |"


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def found(
    nearest: int, text: str = DOCUMENT, start: int = 100, id: int = 1, unit: str = ". "
) -> Found:
    """A passage that begins at `start` of its document; each span is 3 tokens, the header 1."""
    spans = []
    for part in text.split(unit):
        at = start + (spans[-1][1] - start if spans else 0)
        at = start + text.index(part, at - start)
        spans.append((at, at + len(part) + (unit == ". " and not part.endswith("."))))
    vectors = np.arange(len(spans) * 2, dtype=np.float32).reshape(-1, 2)
    passage = stored_passage(
        text, "numbers.md", "Numbers", spans=spans, start=start, id=id, vectors=vectors
    )
    return Found(passage, score=1.0, similarity=0.5, coverage=0.5, nearest=nearest)


def table(nearest: int) -> Found:
    """A caption and three rows; the header's two lines are no spans."""
    whole = found(0, TABLE, unit="\n")
    spans = tuple(span for n, span in enumerate(whole.passage.spans) if n not in {1, 2})
    passage = stored_passage(TABLE, "numbers.md", "Numbers", spans=spans, start=100)
    return Found(passage, 1.0, 0.5, 0.5, nearest)


def texts(given: Sequence[Found]) -> list[str]:
    return [hit.passage.text for hit in given]


def test_what_fits_is_given_whole() -> None:
    hit = found(2)
    assert pack([hit], 100, words) == ([hit], [])


def test_a_passage_too_long_for_its_share_is_cut_around_its_nearest_sentence() -> None:
    """Three fifths of 20 are 12: the header and three sentences, one on each side."""
    given, left_out = pack([found(2)], 20, words)
    assert texts(given) == ["One is here. Two is here. Three is here."]
    assert left_out == []


@pytest.mark.parametrize(
    ("nearest", "text"),
    [(0, "Zero is here. One is here."), (3, "Two is here. Three is here."),
     (4, "Three is here. Four is here.")],
)  # fmt: skip
def test_of_both_sides_what_was_said_before_comes_first(nearest: int, text: str) -> None:
    given, _ = pack([found(nearest)], 15, words)
    assert texts(given) == [text]


def test_the_first_sentences_bring_what_stands_before_them_and_the_last_what_stands_behind() -> (
    None
):
    spans = ((102, 115), (116, 128), (129, 141))
    text = "* Zero is here. One is here. Two is here. *"
    cut = stored_passage(text, title="Numbers", spans=spans, start=100)
    for nearest, text in ((0, "* Zero is here."), (1, "One is here."), (2, "Two is here. *")):
        given, _ = pack([Found(cut, 1.0, 0.5, 0.5, nearest)], 9, words)
        assert texts(given) == [text]


@pytest.mark.parametrize("nearest", range(5))
@pytest.mark.parametrize("budget", [1, 10, 15, 20, 30])
def test_a_cut_passage_is_exact(nearest: int, budget: int) -> None:
    whole = found(nearest)
    [cut], _ = pack([whole], budget, words)
    passage, before = cut.passage, whole.passage
    assert passage.id == before.id
    assert passage.text == DOCUMENT[passage.start - 100 : passage.end - 100]
    assert passage.spans[cut.nearest] == before.spans[nearest]
    first = before.spans.index(passage.spans[0])
    stop = first + len(passage.spans)
    assert passage.spans == before.spans[first:stop]
    np.testing.assert_array_equal(passage.vectors, before.vectors[first:stop])
    assert all(passage.start <= a < b <= passage.end for a, b in passage.spans)


def test_the_others_have_a_fifth_each_and_what_is_left_is_used_up() -> None:
    """Of 20: at most 12 for the best (10), 4 each for the next two (4, 4), 2 are left."""
    given, left_out = pack([found(2, id=id) for id in range(4)], 20, words)
    assert [len(hit.passage.spans) for hit in given] == [3, 1, 1]
    assert [(hit.passage.id, reason) for hit, reason in left_out] == [
        (3, "no room: 4 tokens, 2 left")
    ]


def test_what_is_far_behind_the_best_is_left_out() -> None:
    scores = [2.0, 1.6, 1.5]
    hits = [replace(found(2, id=id), score=score) for id, score in enumerate(scores)]
    given, left_out = pack(hits, 90, words)
    assert [hit.passage.id for hit in given] == [0, 1]
    assert left_out == [(hits[2], "far behind the best: 75% of its score")]


def test_scores_below_nothing_as_a_reranker_may_give_leave_nothing_out() -> None:
    hits = [replace(found(2, id=id), score=score) for id, score in enumerate((-1.0, -4.0))]
    assert len(pack(hits, 90, words)[0]) == 2


def test_a_later_passage_may_fit_where_an_earlier_one_did_not() -> None:
    long = found(0, "A sentence of quite a few words is here.")
    given, left_out = pack([found(2), long, found(0, "Short.")], 15, words)
    assert texts(given) == ["One is here. Two is here.", "Short."]
    assert [reason for _, reason in left_out] == ["no room: 10 tokens, 8 left"]


def test_what_is_left_out_is_named_whole() -> None:
    best, other = found(2), found(1, id=2)
    _, [(hit, _)] = pack([best, other], 7, words)
    assert hit == other


def test_the_best_passage_is_given_however_long_its_sentence() -> None:
    given, left_out = pack([found(2), found(2, id=2)], 1, words)
    assert texts(given) == ["Two is here."]
    assert [reason for _, reason in left_out] == ["no room: 4 tokens, 0 left"]


def test_a_row_that_is_cut_from_its_table_keeps_the_tables_header() -> None:
    """The header 1, the table's header 6, a row 5."""
    [cut], _ = pack([table(2)], 20, words)
    assert cut.passage.text == "| cow | large |"
    assert cut.passage.table_header == "| name | size |\n|---|---|"


def test_rows_cut_from_a_passage_that_goes_on_with_a_table_keep_that_tables_header() -> None:
    """The rows above the third are rows, and no header."""
    rows = "| ant | tiny |\n| cat | small |\n| cow | large |"
    hit = found(2, rows, unit="\n")
    header = "| name | size |\n|---|---|"
    passage = replace(hit.passage, table_header=header)
    [cut], _ = pack([Found(passage, 1.0, 0.5, 0.5, 2)], 20, words)
    assert cut.passage.text == "| cow | large |"
    assert cut.passage.table_header == header


def test_a_caption_cut_from_its_table_has_no_header() -> None:
    [cut], _ = pack([table(0)], 5, words)
    assert (cut.passage.text, cut.passage.table_header) == ("Sizes.", "")


def test_nothing_found_is_nothing_given() -> None:
    assert pack([], 320, words) == ([], [])


def test_real_passages_stay_slices_of_their_documents(tmp_path: Path) -> None:
    rows = "".join(f"| thing {n} | {n} grams |\n" for n in range(12))
    documents = {
        "table.md": f"# Weights\n\n| name | weight |\n|---|---|\n{rows}",
        "prose.md": "# Prose\n\n" + "".join(f"Thing {n} weighs {n} grams. " for n in range(12)),
    }
    index = indexed(tmp_path, documents)
    found = PassageRetriever(index).search("What does thing 7 weigh?", 8)
    given, _ = pack([replace(hit, score=1.0) for hit in found], 40, index.embedder.count_tokens)
    assert {hit.passage.document for hit in given} == {"table.md", "prose.md"}
    for hit in given:
        passage = hit.passage
        text = index.catalogue.text(passage.document) or ""
        assert passage.text == text[passage.start : passage.end]
        assert "hing 7 " in passage.text
