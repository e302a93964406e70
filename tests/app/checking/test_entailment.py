"""A second opinion: what it may change, and that a folder that holds none is said to hold none."""

from pathlib import Path

import pytest

from app.checking.entailment import CrossEncoderEntailment
from app.checking.support import SupportChecker, split_evidence
from ingest.errors import SettingsError

RENT = [split_evidence("Late payments incur a fee of £25.")]


class Opinion:
    """Always the same probability; remembers what it was asked."""

    def __init__(self, probability: float) -> None:
        self.probability = probability
        self.asked: list[tuple[str, str]] = []

    def __call__(self, premise: str, sentence: str) -> float:
        self.asked.append((premise, sentence))
        return self.probability


def test_it_is_asked_about_the_quote_and_the_sentence() -> None:
    opinion = Opinion(0.9)
    SupportChecker(None, opinion).check("Late payments incur a fee of £25 [1].", RENT)
    assert opinion.asked == [
        ("Late payments incur a fee of £25.", "Late payments incur a fee of £25.")
    ]


def test_its_doubt_takes_supported_back_and_says_so() -> None:
    found = SupportChecker(None, Opinion(0.01)).check("Late payments incur a fee of £25.", RENT)
    assert (found.verdict, found.conflicts) == ("partly supported", ("entailment",))
    assert "entailment model" in found.reason


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("Tardy payments incur surcharges of £25.", "supported"),
        ("Penguins swim in payments.", "not supported"),
    ],
)
def test_its_assurance_makes_up_for_words_only_where_most_of_them_are_there(
    sentence: str, verdict: str
) -> None:
    assert SupportChecker(None).check(sentence, RENT).verdict != "supported"
    assert SupportChecker(None, Opinion(0.99)).check(sentence, RENT).verdict == verdict


def test_it_never_overrules_what_must_agree_exactly() -> None:
    opinion = Opinion(0.99)
    found = SupportChecker(None, opinion).check("Late payments incur a fee of £250.", RENT)
    assert found.verdict != "supported"
    assert opinion.asked == []


def test_a_folder_without_a_model_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be loaded.*setting entailment"):
        CrossEncoderEntailment(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cross-encoder of a few numbers, by chance: only its shape is right."""
    transformers = pytest.importorskip("transformers")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "rain", "falls"]
    (tmp_path / "vocab.txt").write_text("\n".join(words))
    transformers.BertTokenizer(str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    return tmp_path


def save(folder: Path, labels: list[str]) -> None:
    import transformers

    shape = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    config = transformers.BertConfig(
        vocab_size=7, intermediate_size=8, id2label=dict(enumerate(labels)),
        label2id={label: place for place, label in enumerate(labels)}, **shape,
    )  # fmt: skip
    transformers.BertForSequenceClassification(config).save_pretrained(folder)


@pytest.mark.parametrize(
    "labels", [["contradiction", "ENTAILMENT", "neutral"], ["LABEL_0"]], ids=["three", "one"]
)
def test_a_model_with_nli_labels_or_one_score_gives_a_probability(
    folder: Path, labels: list[str]
) -> None:
    save(folder, labels)
    assert 0 <= CrossEncoderEntailment(folder)("rain falls", "rain") <= 1


def test_labels_without_entailment_are_refused_by_their_names(folder: Path) -> None:
    save(folder, ["good", "bad"])
    with pytest.raises(SettingsError, match="good, bad"):
        CrossEncoderEntailment(folder)
