"""Questions that the documents do answer: their headings, as far as these ask or tell of something.

Shown before the first question, and beside a refusal.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, zip_longest

from app.language.claims import Token, read
from app.language.lexicon import forms
from app.search.retriever import Found
from ingest.catalogue import Catalogue

_SUGGESTED = 3
_LONGEST = 160
_QUESTION = re.compile(
    r"(?:what|how|why|when|where|which|who|whose|is|are|can|could|may|do|does|did|should|will)\b"
    r".*\?$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"(?:what|how|why|when|where|which|who)\b(?! [^ ]+$)", re.IGNORECASE)
_WITHIN_NAME = re.compile(r" (?:of (?:the )?)?")
_NUMBERING = re.compile(
    r"^(?:(?:\d+(?:\.\d+)*[.):]?|[A-Z](?:\.\d+)+[.):]?|[A-Z][.):])\s+"
    r"|(?:chapter|section|part) \d+[.:]?\s*)"
)
# What stands below these cannot be told from the heading.
_HOLLOW = re.compile(
    r"(?:introduction|overview|abstract|summary|conclusions?|outlook|contents|table of contents"
    r"|preface|foreword|background|notes?|footnotes|references|bibliography|literature"
    r"|further reading|see also|external links|sources?(?: and licen[cs]e)?|licen[cs]e"
    r"|acknowledge?ments|appendix(?: \w+)?|glossary|index|miscellaneous|other|general"
    r"|short answer|frequently asked questions|faq|changelog|definitions?|discussion|results"
    r"|methods?|motivation|similarities|differences|key differences|comparison|milestones"
    r"|limits|evaluation|examples?|in brief|\W*\d*\W*)",
    re.IGNORECASE,
)


def asks(section: str) -> bool:
    """Say whether the heading of a section, the last of its path, is a question itself."""
    return _QUESTION.match(_heading(section)) is not None


def heading_question(title: str, section: str) -> str:
    """Return what a section of the document of that title answers; empty for an empty heading.

    A heading that is a question stays as it is. Others keep their words in quotation marks, for
    whether they begin with a name is not known.
    """
    heading = _heading(section)
    if asks(section):
        return heading
    if not heading or heading.endswith("?") or _HOLLOW.fullmatch(heading):
        return ""
    clause = _CLAUSE.match(heading)
    about = f"{heading[0].lower()}{heading[1:]}" if clause else f"“{heading}”"
    question = f"What does “{title}” say about {about}?"
    return question if title and len(question) <= _LONGEST else ""


def example_questions(
    catalogue: Catalogue, most: int, within: frozenset[str] | None = None
) -> list[str]:
    """Return a few questions the documents answer: their own headings that ask something.

    Those of the names `within` alone, where these are given. Headings that ask come first, of each
    document in turn; then what is made of the others.
    """
    natural, made = [], []
    for document in catalogue.documents():
        if within is not None and document.name not in within:
            continue
        sections = catalogue.sections(document.name)
        natural.append(_spread([_heading(section) for section in sections if asks(section)], most))
        others = (heading_question(document.title, each) for each in sections if not asks(each))
        made.append([question for question in others if question])
    rounds = [*zip_longest(*natural), *zip_longest(*made)]
    in_turn = (question for each in rounds for question in each if question)
    return list(islice(dict.fromkeys(in_turn), most))


def _spread(questions: Sequence[str], most: int) -> list[str]:
    """Return so many of a document's questions, from all over it: neighbours are alike."""
    few = min(most, len(questions))
    return [questions[place * len(questions) // few] for place in range(few)]


def suggested_questions(
    near: Sequence[Found],
    refused: str = "",
    sections: Callable[[str], Sequence[str]] = lambda document: (),
) -> list[str]:
    """Return up to three questions that are answered where `near` was found, the nearest first.

    `near` are the passages nearest to the question `refused`, best first; `sections` gives those of
    a document by its name (`Catalogue.sections`), whose questions come before questions that have
    to be made. There may be none.
    """
    wanted = {token.stem for token in read(refused).content}
    asking = [hit.passage.section for hit in near if asks(hit.passage.section)]
    beside = [
        section
        for document in dict.fromkeys(hit.passage.document for hit in near)
        for section in sections(document)
        if asks(section)
    ]
    related = [section for section in beside if wanted & read(_heading(section)).stems]
    candidates = [
        *(_heading(section) for section in [*asking, *related]),
        *(heading_question(hit.passage.title, hit.passage.section) for hit in near),
        *(_heading(section) for section in beside),
        *_name_questions([hit for hit in near if not hit.passage.section]),
    ]
    distinct: dict[str, str] = {}
    for candidate in filter(None, candidates):
        distinct.setdefault(_plain(candidate), candidate)
    distinct.pop(_plain(refused), None)
    return list(distinct.values())[:_SUGGESTED]


def _heading(section: str) -> str:
    words = " ".join(section.split(" › ")[-1].split())
    return _NUMBERING.sub("", words)


def _name_questions(near: Sequence[Found]) -> Iterator[str]:
    """Yield for each document, once, a question about what its passage names most."""
    asked: set[str] = set()
    for hit in near:
        passage = hit.passage
        names = Counter(_names(passage.text, beside=read(passage.title).stems))
        if passage.document in asked or not names or not passage.title:
            continue
        name, times = max(names.items(), key=lambda each: (each[1], len(each[0].split())))
        question = f"What does “{passage.title}” say about {name}?"
        # A single word that stands there once may be anything with a capital.
        if len(question) <= _LONGEST and (times > 1 or " " in name):
            asked.add(passage.document)
            yield question


def _names(text: str, beside: frozenset[str]) -> Iterator[str]:
    """Yield each name in a text that is not made of words `beside`; "Bank of America" is one."""
    tokens = [token for token in read(text).tokens if token.name]
    runs: list[list[Token]] = []
    for token in tokens:
        if runs and _WITHIN_NAME.fullmatch(text[runs[-1][-1].end : token.start]):
            runs[-1].append(token)
        else:
            runs.append([token])
    for run in runs:
        is_people = len(run) == 1 and run[0].text.lower() in forms("demonyms")
        if not is_people and not {token.stem for token in run} <= beside:
            yield text[run[0].start : run[-1].end]


def _plain(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.casefold()))
