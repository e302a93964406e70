"""Whole texts of planted sentences, and what is counted of them."""

from pathlib import Path

from app.checking.checked_text import FINDINGS
from app.checking.support import SupportChecker
from eval import essays
from eval.lies import Lie, Planted
from tests.app.small_world import DOCUMENTS, indexed

SKY = "The sky is blue because air scatters blue light."
CLOUD = "A cumulus cloud weighs 500 tonnes."


def planted(sentence: str, *lies: Lie) -> Planted:
    return Planted(id=sentence, document="sky.md", task="paraphrase", sentence=sentence,
                   lies=lies, passages=(sentence,))  # fmt: skip


LIES = [
    planted(CLOUD, Lie(kind="number", sentence="A cumulus cloud weighs 700 tonnes.")),
    planted(SKY, Lie(kind="unit", sentence="The sky is grey.")),
]


def test_a_text_has_of_each_record_one_sentence_true_or_false_in_a_kind_asked_for() -> None:
    for seed in range(8):
        [text] = essays.texts(LIES, seed, ["number"])
        assert {each.kind for each in text} <= {"true", "number"}
        assert len(text) == 2
    kinds = [next(essays.texts(LIES[:1], seed, ["number"]))[0].kind for seed in range(8)]
    assert set(kinds) == {"true", "number"}


def test_findings_are_counted_by_kind_and_sentences_by_the_second(tmp_path: Path) -> None:
    index = indexed(tmp_path, DOCUMENTS)
    said = [
        essays.Sentence("true", SKY, "sky.md"),
        essays.Sentence("number", "A cumulus cloud weighs 700 tonnes.", "sky.md"),
    ]
    verdicts, a_second = essays.measure(index, SupportChecker(index.embedder.embed), [said])
    assert essays.counts(verdicts) == {
        "true": dict.fromkeys(FINDINGS, 0) | {"supported": 1},
        "number": dict.fromkeys(FINDINGS, 0) | {"contradicted": 1},
    }
    assert a_second > 0


def test_the_documents_own_sentences_are_taken_from_their_passages(tmp_path: Path) -> None:
    (tmp_path / "sky.md").write_text(DOCUMENTS["sky.md"])
    passage = "The sky is blue because air scatters blue light. At sunset the sky turns red."
    record = LIES[0].model_copy(update={"passages": (passage,)})
    [own] = essays.own_words([record], [tmp_path], seed=1)
    assert own.sentence in passage
    assert own.document == "sky.md"
