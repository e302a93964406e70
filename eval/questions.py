"""Questions with known answers: their shape, where they come from, and seeded samples of them.

A set is either a JSON Lines file on `corpus/`, or a folder with its own `documents/` and a
`questions.jsonl`, in our own shape or in that of the SQuAD set, whose gold is a paragraph given by
offsets.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eval import squad
from ingest.errors import FootnoteError
from ingest.weights import cache_folder

HERE = Path(__file__).parent
KNOWN_SETS = {
    "corpus": HERE / "questions" / "corpus.jsonl",
    "everyday": HERE / "questions" / "everyday",
    "howto": HERE / "questions" / "howto",
    "hurried": HERE / "questions" / "hurried",
    "office": HERE / "questions" / "office",
    "phrased": HERE / "questions" / "phrased.jsonl",
    "squad": HERE.parent.parent / "shared" / "squad",
}
CORPUS_DOCUMENTS = HERE.parent / "corpus"

Text = Annotated[str, Field(min_length=1)]


class QuestionsError(FootnoteError):
    """A question set is missing, or one of its lines is not what it should be."""


class Record(BaseModel):
    """What is never changed after it was read, and has no name that we do not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Gold(Record):
    """Where the answer is: the very words `quote`, somewhere in `document`."""

    document: Text
    quote: Text


class Question(Record):
    """A question and all that is known about its answer.

    `turns` are the earlier questions of the conversation, oldest first. `facts` are what an answer
    must hold, each as its accepted variants; `answers` are accepted short answers, of which one is
    enough. Either may be empty: the measures that need it then do not apply.
    """

    id: Text
    kind: Text
    question: Text
    answerable: bool
    turns: tuple[Text, ...] = ()
    gold: tuple[Gold, ...] = ()
    facts: tuple[Annotated[tuple[Text, ...], Field(min_length=1)], ...] = ()
    answers: tuple[Text, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "Question":
        if not self.answerable and (self.facts or self.answers):
            raise ValueError("a question without an answer has no `facts` and no `answers`")
        return self


class SquadLine(Record):
    """A line of a SQuAD folder; `paragraph` is [start, end) into the file `document`."""

    id: Text
    question: Text
    document: Text
    paragraph: tuple[int, int]
    answers: tuple[Text, ...]
    answerable: bool


@dataclass(frozen=True)
class QuestionSet:
    """Questions, and the folder of documents they are asked of."""

    name: str
    documents: Path
    questions: tuple[Question, ...]


def load(source: str) -> QuestionSet:
    """The set of a known name, one of `KNOWN_SETS`, or the one at a path.

    That is a file of questions on the corpus, or a folder with documents of its own. "squad" is
    fetched where it is not beside the repository; FootnoteError says why it cannot be.

    Raises `QuestionsError` that names every bad line and what is wrong with it.
    """
    path = KNOWN_SETS.get(source, Path(source))
    if source == "squad" and not path.is_dir():
        path = cache_folder().parent / "sets" / "squad"
        squad.make(path)
    name = source if source in KNOWN_SETS else path.stem
    if path.is_dir():
        return _folder(name, path)
    if path.is_file():
        return QuestionSet(name, CORPUS_DOCUMENTS, read_questions(path))
    raise QuestionsError(
        f"There is no question set at {path}. Name one of {', '.join(KNOWN_SETS)}, a .jsonl file, "
        "or a folder with documents/ and questions.jsonl."
    )


def read_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a JSON Lines file in our own shape, in the order of the file.

    An answerable one must say where its answer is and what it must hold.
    """
    return _validated(path, _question)


def _question(line: Any) -> Question:
    read = Question.model_validate(line)
    if read.answerable and not read.gold:
        raise ValueError("an answerable question needs `gold`")
    if read.answerable and not (read.facts or read.answers):
        raise ValueError("an answerable question needs `facts` or `answers`")
    return read


def _folder(name: str, folder: Path) -> QuestionSet:
    documents = folder / "documents"
    texts: dict[str, str] = {}

    def question(line: Any) -> Question:
        if isinstance(line, dict) and "paragraph" in line:
            return _squad_question(line, documents, texts)
        return _question(line)

    return QuestionSet(name, documents, _validated(folder / "questions.jsonl", question))


def _squad_question(line: Any, documents: Path, texts: dict[str, str]) -> Question:
    """One of the SQuAD set; `texts` keeps the documents that were read."""
    asked = SquadLine.model_validate(line)
    if asked.document not in texts:
        file = documents / Path(asked.document).name
        if not file.is_file():
            raise ValueError(f"there is no document {asked.document}")
        texts[asked.document] = file.read_text(encoding="utf-8")
    start, end = asked.paragraph
    paragraph = texts[asked.document][start:end]
    if not paragraph.strip():
        raise ValueError(f"paragraph {start}-{end} of {asked.document} is empty")
    return Question(
        id=asked.id,
        kind="answerable" if asked.answerable else "not answerable",
        question=asked.question,
        answerable=asked.answerable,
        gold=(Gold(document=asked.document, quote=paragraph),) if asked.answerable else (),
        answers=asked.answers,
    )


def _validated(path: Path, read: Callable[[Any], Question]) -> tuple[Question, ...]:
    """Each line of `path` read by `read`; all the bad ones are reported together."""
    questions: list[Question] = []
    problems: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            questions.append(read(json.loads(line)))
        except ValidationError as error:
            problems += [f"line {number}: {_explain(one)}" for one in error.errors()]
        except ValueError as error:
            problems.append(f"line {number}: {error}")
    repeated = [one for one, count in Counter(q.id for q in questions).items() if count > 1]
    problems += [f"id {one} is used more than once" for one in repeated]
    if problems:
        raise QuestionsError(f"{path.name} has mistakes to mend:\n  " + "\n  ".join(problems))
    if not questions:
        raise QuestionsError(f"{path} holds no questions. Give a file with one JSON object a line.")
    return tuple(questions)


def _explain(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}: {error['msg']}" if where else str(error["msg"])


def sample(
    questions: Sequence[Question],
    examples: int | None,
    seed: int,
    answerable: float | None = None,
) -> tuple[Question, ...]:
    """`examples` questions drawn by `seed`, of which the share `answerable` has an answer.

    Without a share, the set's own is kept; without a number, all that the share allows are taken.
    A larger sample with the same seed begins with the smaller one's questions, so a run can be
    extended, and any beginning of it is itself a fair sample.
    """
    if answerable is not None and not 0 <= answerable <= 1:
        raise QuestionsError(f"The answerable share must lie between 0 and 1, not {answerable}.")
    own = sum(question.answerable for question in questions) / len(questions)
    share = own if answerable is None else answerable
    shuffled = list(questions)
    random.Random(seed).shuffle(shuffled)
    wells = {
        kind: [question for question in shuffled if question.answerable is kind]
        for kind in (True, False)
    }
    return tuple(_dealt(wells[True], wells[False], share, examples))


def _dealt(
    answerable: list[Question], others: list[Question], share: float, examples: int | None
) -> Iterable[Question]:
    """Both kinds in turn, so that every beginning keeps the share; stops when a kind runs out."""
    wanted = len(answerable) + len(others) if examples is None else examples
    taken = 0
    for count in range(1, wanted + 1):
        kind, position = (
            (answerable, taken) if round(count * share) > taken else (others, count - 1 - taken)
        )
        if position >= len(kind):
            if examples is None:
                return
            raise QuestionsError(
                f"The set has {len(answerable)} answerable and {len(others)} other questions: too "
                f"few for {examples} of which {share:.0%} are answerable. Ask for fewer."
            )
        taken += kind is answerable
        yield kind[position]
