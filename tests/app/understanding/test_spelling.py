"""Misspelt words of a question, and those that only look it."""

from pathlib import Path

import pytest

from app.understanding.spelling import mended
from ingest.catalogue import Catalogue
from tests.app.small_world import indexed

SENTENCES = (
    "A variational autoencoder is trained on pairs. Speculative decoding drafts tokens which a "
    "model checks, and what it keeps it keeps with the model. Telenet was a network. The quark is "
    "small and the quarry is not. The boat was backed by two. The parameters of 7B models are "
    "framed as one frame each."
)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return indexed(tmp_path_factory.mktemp("spelling"), {"a.md": SENTENCES}).catalogue


@pytest.mark.parametrize(
    ("misspelt", "right"),
    [
        ("waht is specualtive decodng", "what is speculative decoding"),
        ("Waht is specualtive decodng?", "What is speculative decoding?"),
        ("how many paramters has a modle", "how many parameters has a model"),
        ("the varational autoencodr", "the variational autoencoder"),
        ("wich tokens", "which tokens"),
        ("is it bakced", "is it backed"),
    ],
)
def test_a_misspelt_word_becomes_the_one_in_the_documents(
    catalogue: Catalogue, misspelt: str, right: str
) -> None:
    assert mended(misspelt, catalogue) == right


def test_what_is_written_in_short_is_in_full_unless_the_documents_have_it(tmp_path: Path) -> None:
    index = indexed(tmp_path, {"a.md": "The tool `diff` compares two files."})
    assert mended("info on a mtg", index.catalogue) == "information on a meeting"
    assert mended("what does diff do", index.catalogue) == "what does diff do"


@pytest.mark.parametrize(
    ("question", "because"),
    [
        ("Is a quart small?", "English has the word, whether the documents do or not"),
        ("How do models train?", "the documents have another form of it"),
        ("What is Telnet?", "it is written like a name"),
        ("Telnet was sold to whom?", "it may be a name, and what is near it is no English word"),
        ("Who is TELENNET?", "it is an acronym or shouted"),
        ("What is specualtive2 or 7Bb?", "digits are never mended"),
        ("What is the specualtive-decodng?", "joined words are left together"),
        ("What is a wuarry?", "the first letter counts as right"),
        ("Is it a quarqqs?", "two mistakes are too many in a short word"),
        ("Is the backend small?", "two English words may be written as one"),
        ("varational " * 9, "with that many it is another language"),
        ("", "there is nothing"),
    ],
)
def test_what_may_be_meant_as_it_stands_stays(
    catalogue: Catalogue, question: str, because: str
) -> None:
    assert mended(question, catalogue) == question, because


def test_a_word_of_a_removed_document_mends_nothing(tmp_path: Path) -> None:
    index = indexed(tmp_path, {"a.md": SENTENCES, "b.md": "Bread is kneaded."})
    assert mended("varational", index.catalogue) == "variational"
    document = index.catalogue.document("a.md")
    assert document is not None
    index.catalogue.delete(Path(document.path))
    assert mended("varational", index.catalogue) == "varational"
