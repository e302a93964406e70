"""One run: each question to each system, each finished case kept at once, so that it can go on.

A run folder holds `run.json` (what was run: settings, fingerprints, questions), `cases.jsonl` (what
came of it) and, made from these two, `results.json` and `report.html`.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from app.answer import Answer
from eval import cases
from eval.cases import Case, FoundPassage
from eval.measures import citing, wording
from eval.measures.ranking import ranking
from eval.measures.refusing import Part, doubt_parts, refusal_parts
from eval.questions import Question, QuestionsError
from eval.spans import Target, locate
from eval.systems import Hit, Retriever, System
from ingest.errors import ModelError

TOP = 10
KEEP_TEXT_OF = 5
REPOSITORY = Path(__file__).parent.parent
SHAPE_A_CASE = ("ingest", "app", "eval")
SHAPE_NO_CASE = {"LOG.md", "__pycache__"}

Watch = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Plan:
    """What is run: `judge` is None when only the search is measured."""

    questions: Sequence[Question]
    systems: Sequence[Retriever]
    about: dict[str, Any]
    judge: citing.Judge | None = None

    @property
    def key(self) -> str:
        """A short name for all that shapes the outcome: questions, settings, and the code."""
        whole = {
            "questions": [question.model_dump() for question in self.questions],
            "systems": {system.name: system.settings for system in self.systems},
            "answers": self.judge is not None,
            "code": code_fingerprint(),
        }
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:10]


def code_fingerprint() -> str:
    """Return a short name for all code and data of the product and of what measures it.

    Any change makes another run: what shapes a case cannot be told by a file's name or folder, and
    cases from before it would be taken for those of today.
    """
    digest = hashlib.sha256()
    for folder in SHAPE_A_CASE:
        for file in sorted((REPOSITORY / folder).rglob("*")):
            if file.is_file() and SHAPE_NO_CASE.isdisjoint(file.parts):
                name, content = file.relative_to(REPOSITORY).as_posix(), file.read_bytes()
                digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def run(plan: Plan, folder: Path, watch: Watch = lambda done, total, system: None) -> list[Case]:
    """Run what is not yet finished in `folder` and return all cases of the plan.

    `watch` is called with (finished, total, system) before each question and once at the end. A
    question that breaks a system is an empty answer of its own fault; a model that is gone ends
    the run with `ModelError`, and the same command goes on from there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _keep_plan(plan, folder)
    file = folder / "cases.jsonl"
    finished = {(case.system, case.question.id): case for case in cases.read(file)}
    todo = [(system, question) for system in plan.systems for question in plan.questions]
    outcome: list[Case] = []
    for done, (system, question) in enumerate(todo):
        watch(done, len(todo), system.name)
        case = finished.get((system.name, question.id))
        if case is None:
            case = run_one(system, question, plan.judge)
            cases.append(file, case)
        outcome.append(case)
    watch(len(todo), len(todo), "")
    return outcome


def _keep_plan(plan: Plan, folder: Path) -> None:
    file = folder / "run.json"
    if file.exists() and json.loads(file.read_text("utf-8"))["key"] != plan.key:
        raise QuestionsError(
            f"{folder} holds a run with other questions, settings or code. "
            "Remove it, or give another folder with --output."
        )
    record = {
        "key": plan.key,
        **plan.about,
        "code": code_fingerprint(),
        "systems": {system.name: system.settings for system in plan.systems},
    }
    file.write_text(json.dumps(record, indent=2, default=str), "utf-8")


def check_gold(questions: Sequence[Question], system: Retriever) -> None:
    """Raise `QuestionsError` naming every gold quote that the system's own text does not hold."""
    lost = [
        f"{question.id}: {gold.document} does not hold “{gold.quote[:80]}”"
        for question in questions
        for gold in locate(question.gold, system.text_of)[1]
    ]
    if lost:
        raise QuestionsError(
            "These gold quotes are not in their documents; correct the questions, or ingest the "
            "documents they were written for:\n  " + "\n  ".join(lost)
        )


def run_one(system: Retriever, question: Question, judge: citing.Judge | None) -> Case:
    """Ask one question and measure what comes back."""
    answer: Answer | None = None
    found: Sequence[Hit] = ()
    error = ""
    searched_for = question.question
    started = time.perf_counter()
    try:
        if judge is not None:
            answer = cast(System, system).answer(question)
        searched_for = answer.searched_for if answer else system.searched_for(question)
        started = time.perf_counter()
        found = system.search(searched_for, TOP)
    except ModelError:
        raise
    except Exception as problem:
        # A crash is what the user would have seen: it is scored as an empty answer and shown.
        error = f"{type(problem).__name__}: {problem}"
        answer = (answer or _nothing(question)) if judge is not None else None
    search_ms = (time.perf_counter() - started) * 1000
    targets, lost = locate(question.gold if question.answerable else (), system.text_of)
    parts = _search_parts(found, [] if lost else targets)
    if found:
        parts["first three"] = (float(system.count_tokens([one.text for one in found[:3]])), 1.0)
    if answer is None or judge is None:
        parts["search time"] = (search_ms, 1.0)
    else:
        parts |= answer_parts(answer, question, [] if lost else targets, judge, system.text_of)
    return Case(
        system=system.name,
        question=question,
        searched_for=searched_for,
        found=tuple(_found(passage, rank, targets) for rank, passage in enumerate(found)),
        parts=parts,
        answer=answer.to_json() if answer else None,
        confidence=_confidence(answer, found),
        lost=tuple(gold.document for gold in lost),
        memory_mb=resident_mb(),
        error=error,
    )


def resident_mb() -> float:
    """Memory now held by this process and its children (the embedded model is one), in MB."""
    import psutil

    me = psutil.Process()
    held = 0
    for process in (me, *me.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            held += process.memory_info().rss
    return held / 1e6


def _confidence(answer: Answer | None, found: Sequence[Hit]) -> float | None:
    """What the system itself decides by, or its search alone."""
    if answer is not None and answer.score is not None:
        return answer.score
    return found[0].confidence if found else None


def _nothing(question: Question) -> Answer:
    return Answer(question.id, question.question, question.question, state="done")


def _found(passage: Hit, rank: int, targets: Sequence[Target]) -> FoundPassage:
    return FoundPassage(
        document=passage.document,
        section=passage.section,
        start=passage.start,
        end=passage.end,
        score=passage.score,
        hit=any(target.is_hit_by(passage) for target in targets),
        text=passage.text if rank < KEEP_TEXT_OF else "",
    )


def _search_parts(found: Sequence[Hit], targets: Sequence[Target]) -> dict[str, Part]:
    return {name: (value, 1.0) for name, value in ranking(found, targets).items()}


def answer_parts(
    answer: Answer,
    question: Question,
    targets: Sequence[Target],
    judge: citing.Judge,
    text_of: Callable[[str], str | None],
) -> dict[str, Part]:
    """What an answer adds to each measure that applies to it.

    A refusal of an answerable question holds no fact and no gold: it counts as 0 there. It has no
    wording and no citations to judge, so those measures leave it out.
    """
    said = " ".join(sentence.text for sentence in answer.sentences)
    heard = "" if answer.refused else said
    values: dict[str, float | None] = {
        "key facts held": wording.facts_held(heard, question.facts),
        "gold held": wording.holds_gold(heard, question.answers),
        **_costs(answer),
    }
    if not answer.refused:
        right = values["gold held"] == 1
        values |= {
            "exact match": wording.exact_match(said, question.answers),
            "token F1": wording.token_f1(said, question.answers),
            "ROUGE-L": wording.rouge_l(said, question.answers or _gold_words(question)),
            "answer length": wording.length(said),
            "citation recall": citing.citation_recall(answer, judge),
            "citation precision": citing.citation_precision(answer, judge),
            "quote exactness": citing.quote_exactness(answer.citations, text_of),
            "gold cited": citing.gold_cited(answer.citations, targets),
            "gold quoted when right": (
                citing.gold_quoted(answer.citations, question.answers) if right else None
            ),
        }
    return {
        **{name: (value, 1.0) for name, value in values.items() if value is not None},
        **refusal_parts(question.answerable, answer.refused),
        **doubt_parts(question.answerable, answer.outcome),
    }


def _gold_words(question: Question) -> tuple[str, ...]:
    quotes = " ".join(gold.quote for gold in question.gold if question.answerable)
    return (quotes,) if quotes else ()


def _costs(answer: Answer) -> dict[str, float | None]:
    first, total = answer.timings.get("first_token_ms"), answer.timings.get("total_ms")
    written = answer.tokens.get("answer", 0)
    writing_seconds = (total - first) / 1000 if total and first else 0.0
    return {
        "search time": answer.timings.get("retrieve_ms"),
        "first token": first,
        "total time": total,
        "writing speed": written / writing_seconds if written and writing_seconds > 0 else None,
        "prompt length": answer.tokens.get("prompt") or None,  # 0: no model was asked
    }
