"""Every error a user can meet; each says what happened, to which document or part, and what to do.

FootnoteError
├── DocumentError      one document could not be read; the others go on
├── WeightsError       a model file is missing, incomplete or not what its hash says
├── CatalogueError     the catalogue or the index cannot be used as it is
├── ModelError         the language model cannot be reached or stopped answering
└── SettingsError      a setting has an unknown name or an impossible value
"""


class FootnoteError(Exception):
    """Base of all errors that are shown to a user as one sentence, never as a stack trace."""


class DocumentError(FootnoteError):
    """One document could not be read.

    `document` is the name the user knows it by; `problem` says what happened; `remedy` what to do.
    """

    def __init__(self, document: str, problem: str, remedy: str) -> None:
        super().__init__(f"{document}: {problem} {remedy}")
        self.document = document
        self.problem = problem
        self.remedy = remedy


def fault(document: str, error: Exception) -> DocumentError:
    """What is said of an error: a flaw of ours or of a parser must not stop the other documents."""
    if isinstance(error, DocumentError):
        return error
    problem = f"could not be read because of a fault in Footnote ({type(error).__name__}: {error})."
    return DocumentError(document, problem, "Save it in another format, and report the fault.")


class WeightsError(FootnoteError):
    """A model file is missing, incomplete or not what its hash says."""


class CatalogueError(FootnoteError):
    """The catalogue or the index cannot be used as it is."""


class ModelError(FootnoteError):
    """The language model cannot be reached, or stopped answering."""


class SettingsError(FootnoteError):
    """A setting has an unknown name or an impossible value."""
