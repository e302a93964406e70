"""Small talk: a short reply that says what one can ask."""

from app.answer import Sentence
from app.quoting.quoted import Quoted
from app.quoting.suggesting import example_questions
from ingest.catalogue import Catalogue

_SUGGESTED = 3
_REPLIES = {
    "greeting": "Hello.",
    "thanks": "You are welcome.",
    "farewell": "Goodbye.",
    "ability": "This is Footnote: it looks for answers in documents, and quotes them word by word.",
}


def said_in_passing(talk: str, catalogue: Catalogue) -> Quoted:
    """Return a reply to a kind of the group "talk" in `turns.toml`, with questions to ask."""
    count = sum(document.status != "failed" for document in catalogue.documents())
    documents = f"{count} document{'' if count == 1 else 's'}"
    if count:
        then = f"Ask anything about the {documents} here; what they do not say is not answered."
    else:
        then = "There are no documents yet: add some on the Documents tab, or `footnote ingest`."
    said = [_REPLIES[talk], then] if talk != "thanks" else [_REPLIES[talk], "Ask on if you like."]
    if talk == "ability":
        said.append("Each quote has a footnote: click it to read it where it stands.")
        said.append("“What documents do you have?” lists them.")
    return Quoted(
        told=tuple(Sentence(each, (), 1.0, "supported") for each in said),
        suggestions=tuple(example_questions(catalogue, _SUGGESTED)),
    )
