"""A turn of a conversation → a request: what is wanted, searched for what."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.quoting.telling import corpus_question
from app.understanding.collection import CorpusQuestion, is_greeting
from app.understanding.conversation import Turn, joined_question, leans_on_conversation
from app.understanding.spelling import mended
from ingest.catalogue import Catalogue


@dataclass(frozen=True)
class Request:
    """What somebody wants with a turn.

    `asked` is what they typed, `searched_for` the question as it stands on its own. `of_collection`
    is what they ask of the documents themselves, which the catalogue answers.
    """

    asked: str
    searched_for: str
    of_collection: CorpusQuestion | None = None


def understand(question: str, conversation: Sequence[Turn], catalogue: Catalogue) -> Request:
    """Return what is wanted; no model is asked."""
    read_as = mended(question, catalogue)
    of_collection = corpus_question(read_as, catalogue)
    if of_collection is not None:
        return Request(question, read_as, of_collection)
    earlier = [turn for turn in conversation if not is_greeting(turn.question)]
    if not earlier or not leans_on_conversation(read_as):
        return Request(question, read_as)
    joined = joined_question(read_as, earlier)
    return Request(question, joined, corpus_question(joined, catalogue))
