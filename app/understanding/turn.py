"""A turn of a conversation → a request: what is wanted, searched for what."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.understanding.collection import CorpusQuestion, is_greeting
from app.understanding.follow_up import Turn, standing_alone
from app.understanding.headed import corpus_question
from app.understanding.spelling import mended
from ingest.index import Index


@dataclass(frozen=True)
class Request:
    """What somebody wants with a turn.

    `asked` is what they typed, `searched_for` the question as it stands on its own. `of_collection`
    is what they ask of the documents themselves, which the catalogue answers.
    """

    asked: str
    searched_for: str
    of_collection: CorpusQuestion | None = None


def understand(question: str, conversation: Sequence[Turn], index: Index) -> Request:
    """Return what is wanted; no model is asked."""
    read_as = mended(question, index.catalogue)
    of_collection = corpus_question(read_as, index.catalogue)
    if of_collection is not None:
        return Request(question, read_as, of_collection)
    earlier = [turn for turn in conversation if not is_greeting(turn.question)]
    alone = standing_alone(read_as, earlier, index.embedder.embed)
    of_collection = corpus_question(alone, index.catalogue) if alone != read_as else None
    return Request(question, alone, of_collection)
