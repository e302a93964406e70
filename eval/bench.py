"""`footnote bench models`: the models at hand, compared on the machine at hand.

Each model answers the same seeded sample. Each finished question is one line of a file, so that a
run which was interrupted goes on with the same command, and more models or questions can be added.
"""

import json
import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.answer import Answer
from eval.measures import wording
from eval.questions import Question

if TYPE_CHECKING:
    from app.engine import Engine
    from app.models.choosing import ModelChoice
    from app.settings import Settings


@dataclass(frozen=True)
class Asked:
    """What came of one question to one model; None for what does not apply to it.

    `right` is the share of key facts that its own words hold (of the quotes, without a model).
    `held_back` says that a question without an answer was refused or shown as uncertain. Seconds
    are from the question on; `memory` is in bytes, 0 where it is not known.
    """

    model: str
    question: str
    right: float | None
    held_back: bool | None
    shown: int
    withheld: int
    words: int
    first_word_s: float | None
    writing_s: float | None
    memory: int


@dataclass(frozen=True)
class Row:
    """A model's figures; None for what was not seen."""

    model: str
    label: str
    questions: int
    right: float | None
    held_back: float | None
    withheld: float | None
    first_word_s: float | None
    words_per_s: float | None
    memory_gb: float | None
    about: dict[str, Any]


def bench(
    engine: "Engine",
    settings: "Settings",
    wishes: Sequence[str],
    questions: Sequence[Question],
    file: Path,
    watch: Callable[[str, int, int], None] = lambda model, done, total: None,
) -> tuple[list[Asked], list["ModelChoice"]]:
    """Ask each model what it was not yet asked, and return all that came of it.

    `engine` searches and checks; each model is opened in its turn, and closed after it. Raises
    ModelError for one that is not there, or goes away: what was finished before is kept.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    done = {(each.model, each.question): each for each in read(file)}
    choices = []
    for wish in wishes:
        choice = _chosen(settings, wish)
        choices.append(choice)
        todo = [question for question in questions if (wish, question.id) not in done]
        if not todo:
            continue
        with _speaking(engine, settings, choice) as speaking:
            for number, question in enumerate(todo):
                watch(choice.label, number, len(todo))
                asked = _ask(speaking, settings, wish, question)
                with file.open("a", encoding="utf-8") as lines:
                    # On a line of its own, also after one that was cut off
                    lines.write("\n" + json.dumps(asdict(asked)))
                done[wish, question.id] = asked
    wanted = [(wish, question.id) for wish in wishes for question in questions]
    return [done[each] for each in wanted], choices


def read(file: Path) -> list[Asked]:
    """Return what is finished; a line that was cut off is asked again."""
    finished = []
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        try:
            finished.append(Asked(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return finished


def rows(asked: Sequence[Asked], choices: Sequence["ModelChoice"]) -> list[Row]:
    """Return the figures of each model, in the order in which they were asked."""
    found = []
    for wish, choice in zip(dict.fromkeys(each.model for each in asked), choices, strict=True):
        own = [each for each in asked if each.model == wish]
        written, seconds = sum(each.words for each in own), [each.writing_s or 0 for each in own]
        sentences = sum(each.shown + each.withheld for each in own)
        memory = max(each.memory for each in own)
        about = {"quantisation": choice.quantisation, "parameters": choice.parameters}
        found.append(
            Row(
                model=wish,
                label="No model" if choice.kind == "none" else choice.label,
                questions=len(own),
                right=_mean([each.right for each in own]),
                held_back=_mean([each.held_back for each in own]),
                withheld=sum(each.withheld for each in own) / sentences if sentences else None,
                first_word_s=_median([each.first_word_s for each in own]),
                words_per_s=written / sum(seconds) if sum(seconds) else None,
                memory_gb=memory / 1e9 if memory else None,
                about={**about, "kind": choice.kind, "window": choice.context_window},
            )
        )
    return found


def save(found: Sequence[Row], folder: Path, about: dict[str, Any]) -> None:
    """Write the figures as models.json, as a table models.md and as a plot models.svg.

    What models.json has of other models stays, where they were asked the same.
    """
    from app.templating import template

    file, record = folder / "models.json", about | {"models": [asdict(row) for row in found]}
    record["models"] += _of_others(file, record)
    record["at"] = datetime.now(UTC).isoformat(timespec="seconds")
    file.write_text(json.dumps(record, indent=1, ensure_ascii=False), "utf-8")
    head, *body = table(found)
    lines = [head, ["---"] * len(head), *body]
    (folder / "models.md").write_text(
        "".join(f"| {' | '.join(cells)} |\n" for cells in lines), "utf-8"
    )
    plotted = template("eval", "models.svg").render(points=list(_points(found)), about=about)
    (folder / "models.svg").write_text(plotted, "utf-8")


def _of_others(file: Path, record: dict[str, Any]) -> list[Any]:
    """The rows that a file has of models that a record has not, if of the same questions."""
    try:
        before = json.loads(file.read_text("utf-8"))
        is_same = all(before[name] == record[name] for name in record if name != "models")
        known = {row["model"] for row in record["models"]}
        return [row for row in before["models"] if is_same and row["model"] not in known]
    except (OSError, ValueError, LookupError, TypeError):
        return []


def table(found: Sequence[Row]) -> list[list[str]]:
    """Return the figures in words, their names first."""
    head = ["model", "right", "held back", "withheld", "first word", "words/s", "memory"]
    return [
        head,
        *(
            [
                row.label,
                _words(row.right, ".2f"),
                _words(row.held_back, ".2f"),
                _words(row.withheld, ".2f"),
                _words(row.first_word_s, ".1f", " s"),
                _words(row.words_per_s, ".1f"),
                _words(row.memory_gb, ".1f", " GB"),
            ]
            for row in found
        ),
    ]


@contextmanager
def _speaking(engine: "Engine", settings: "Settings", choice: "ModelChoice") -> Iterator["Engine"]:
    from app.opening import open_model, profile_for

    model = open_model(choice, settings)
    profile, _ = profile_for(choice, settings)
    speaking = replace(engine, model=model, model_choice=choice, profile=profile, journal=None)
    with closing(speaking):
        speaking.warm_up()
        yield speaking


def _chosen(settings: "Settings", wish: str) -> "ModelChoice":
    from app.models.choosing import choose

    return choose(settings.model_copy(update={"model": wish}))


def _ask(engine: "Engine", settings: "Settings", wish: str, question: Question) -> Asked:
    from eval.footnote import answered

    answer = answered(engine, question)
    written = [*answer.prose, *answer.withheld]
    first, total = (answer.timings.get(name) for name in ("first_token_ms", "total_ms"))
    is_timed = bool(written) and first is not None and total is not None
    return Asked(
        model=wish,
        question=question.id,
        right=_right(answer, question, engine.model is None),
        held_back=None if question.answerable else answer.outcome != "answered",
        shown=len(answer.prose),
        withheld=len(answer.withheld),
        words=sum(len(each.text.split()) for each in written),
        first_word_s=first / 1000 if is_timed and first else None,
        writing_s=(total - first) / 1000 if is_timed and total and first else None,
        memory=_memory(engine, settings),
    )


def _right(answer: Answer, question: Question, is_quoted: bool) -> float | None:
    if not question.answerable:
        return None
    spoken = answer.sentences if is_quoted else answer.prose
    said = "" if answer.refused else " ".join(each.text for each in spoken)
    held = wording.facts_held(said, question.facts)
    return held if held is not None else wording.holds_gold(said, question.answers)


def _memory(engine: "Engine", settings: "Settings") -> int:
    """Bytes that the model takes now; 0 where its server does not tell."""
    from app.models import ollama

    choice = engine.model_choice
    if choice.kind == "ollama":
        return ollama.memory_of(ollama.address_of(settings.ollama_url), choice.name)
    return engine.model.memory if engine.model else 0


def _points(found: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Where each model stands: seconds to the first word from left to right, right upwards."""
    timed = [row.first_word_s for row in found if row.first_word_s]
    slowest = max(timed, default=1.0)
    for row in found:
        if row.right is None:
            continue
        yield {
            "label": row.label,
            "x": round(90 + 480 * (row.first_word_s or 0) / slowest, 1),
            "y": round(320 - 280 * row.right, 1),
            "r": round(6 + 8 * math.sqrt(row.memory_gb or 0), 1),
            "words": f"{row.label}: right {_words(row.right, '.2f')}, first word "
            f"{_words(row.first_word_s, '.1f', ' s')}",
            "slowest": f"{slowest:.1f} s",
        }


def _mean(values: Sequence[float | bool | None]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return statistics.fmean(known) if known else None


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def _words(value: float | None, form: str, unit: str = "") -> str:
    return "–" if value is None else f"{value:{form}}{unit}"
