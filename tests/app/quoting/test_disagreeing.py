"""Documents that contradict each other, and documents that only seem to, asked as somebody would.

Twenty pairs, ten of each, in the kinds of documents that people keep: contracts, minutes, prices,
manuals, papers, policies. They were written before the rules were tried on them. Each is asked as a
collection of its own, the whole way from search to what is told.
"""

import re
from pathlib import Path

import pytest

from app.quoting.judging import load_calibration
from app.quoting.quoting import quote
from app.search.retriever import PassageRetriever
from ingest.embedding import Embedder
from ingest.index import open_current
from ingest.pipeline import sync

ROOT = Path(__file__).parents[3]

Case = tuple[str, dict[str, str]]

DISAGREE: list[Case] = [
    (
        "How long do I have to hand in expenses?",
        {
            "handbook.md": "# Staff handbook\n\n## Expenses\n\nExpenses are handed in within 30 "
            "days. "
            "Receipts are kept by the team lead.\n",
            "faq.html": "<h1>Questions of new colleagues</h1><h2>Money</h2><p>Expenses are "
            "handed in "
            "within 60 days. Ask Mara if in doubt.</p>",
        },
    ),
    (
        "What does a day pass for the pool cost?",
        {
            "prices.md": "# Pool prices\n\n| Ticket | Price |\n|---|---|\n| Day pass | 7 euros |\n"
            "| Evening | 4 euros |\n",
            "leaflet.txt": "Welcome to the pool\n\nA day pass costs 9 euros. Towels can be "
            "hired.\n",
            "rules.md": "# Pool rules\n\nA day pass costs 7 euros and is valid until closing.\n",
        },
    ),
    (
        "When does the new heating go into service?",
        {
            "minutes.md": "# Minutes of the works meeting\n\n## Heating\n\nThe new heating goes "
            "into "
            "service on 3 October.\n",
            "letter.txt": "Dear tenants,\n\nthe new heating goes into service on 17 October. "
            "Please "
            "keep the radiators clear.\n",
        },
    ),
    (
        "May visitors take photographs in the lab?",
        {
            "safety.md": "# Safety in the laboratory\n\nVisitors may take photographs in the "
            "lab.\n",
            "visit.html": "<h1>Your visit</h1><p>Visitors may not take photographs in the lab.</p>",
        },
    ),
    (
        "How deep may the Orla diving watch go?",
        {
            "manual.md": "# Orla diving watch: manual\n\nThe Orla diving watch is watertight to "
            "200 "
            "metres.\n",
            "shop.txt": "Orla diving watch\n\nThe Orla diving watch is watertight to 300 "
            "metres. Ships "
            "in two days.\n",
        },
    ),
    (
        "How many patients did the Lindgren trial follow?",
        {
            "review.md": "# Sleep trials: a review\n\nThe Lindgren trial followed 214 patients "
            "for a "
            "year.\n",
            "summary.md": "# Reading notes on sleep\n\nThe Lindgren trial followed 241 patients "
            "for a "
            "year.\n",
        },
    ),
    (
        "What is the notice period in the contract with Fenwick?",
        {
            "contract.md": "# Cleaning contract with Fenwick\n\n## Term\n\nThe notice period is "
            "three "
            "months.\n",
            "overview.md": "# Our suppliers\n\nIn the cleaning contract with Fenwick the notice "
            "period "
            "is six months.\n",
        },
    ),
    (
        "Is the roof terrace open in winter?",
        {
            "house.md": "# House rules\n\nThe roof terrace is open in winter.\n",
            "notice.txt": "Notice of the caretaker\n\nThe roof terrace is closed in winter.\n",
        },
    ),
    (
        "How long are backups kept?",
        {
            "policy.md": "# Backup policy\n\nBackups are kept for 90 days on two sites.\n",
            "runbook.md": "# Operations runbook\n\n## Backups\n\nBackups are kept for 30 days "
            "on two "
            "sites.\n",
        },
    ),
    (
        "At what temperature is the bread baked?",
        {
            "recipe.md": "# Rye bread\n\nThe rye bread is baked at 240 °C for 50 minutes.\n",
            "card.txt": "Recipe card: rye bread\n\nThe rye bread is baked at 210 °C for 50 "
            "minutes.\n",
        },
    ),
]

AGREE: list[Case] = [
    (
        "What does an annual service cost?",
        {
            "marlo-2.md": "# Marlo 2 service prices\n\nAn annual service costs 210 euros.\n",
            "marlo-4.md": "# Marlo 4 service prices\n\nAn annual service costs 290 euros.\n",
        },
    ),
    (
        "What was the membership fee?",
        {
            "report-2023.md": "# Annual report 2023\n\nThe membership fee was 40 euros.\n",
            "report-2024.md": "# Annual report 2024\n\nThe membership fee was 45 euros.\n",
        },
    ),
    (
        "What is the notice period?",
        {
            "ash.md": "# Supply agreement\n\nBetween Halden Foods and Ash Transport.\n\n## Term\n\n"
            "The notice period is three months.\n",
            "elm.md": "# Supply agreement\n\nBetween Halden Foods and Elm Transport.\n\n## Term\n\n"
            "The notice period is one month.\n",
        },
    ),
    (
        "Who was absent at the meeting?",
        {
            "minutes-april.md": "# Minutes of the board, 8 April 2025\n\nAbsent: Ruth Okoro. "
            "The board decided to buy 12 chairs.\n",
            "minutes-may.md": "# Minutes of the board, 13 May 2025\n\nAbsent: Jan Pohl. "
            "The board decided to buy 20 chairs.\n",
        },
    ),
    (
        "What does the driver print at startup?",
        {
            "manual-1.md": "# Driver 1.8 manual\n\nThe driver waits 20 seconds at startup.\n",
            "manual-2.md": "# Driver 2.1 manual\n\nThe driver waits 5 seconds at startup.\n",
        },
    ),
    (
        "How long may a child stay in the pool?",
        {
            "small.md": "# Beginners' course\n\nChildren stay in the water for 20 minutes.\n",
            "large.md": "# Advanced course\n\nChildren stay in the water for 45 minutes.\n",
        },
    ),
    (
        "How many nurses took part?",
        {
            "study-one.md": "# Light and sleep in nurses\n\n84 nurses took part in the study.\n",
            "study-two.md": "# Caffeine and reaction in nurses\n\n130 nurses took part in the "
            "study.\n",
        },
    ),
    (
        "How long is the warranty?",
        {
            "kettle.html": "<h1>Kettle K2</h1><p>The warranty is two years.</p>",
            "toaster.html": "<h1>Toaster T7</h1><p>The warranty is three years.</p>",
        },
    ),
    (
        "When is the library open?",
        {
            "term.md": "# Library hours in term time\n\nThe library is open until 22:00.\n",
            "holidays.md": "# Library hours in the holidays\n\nThe library is open until 18:00.\n",
        },
    ),
    (
        "What is the rent of a garage?",
        {
            "north.csv": "Garage,Rent\nNorth yard,60 euros\n",
            "south.csv": "Garage,Rent\nSouth yard,75 euros\n",
        },
    ),
]


NOT_SEEN = {
    "What does a day pass for the pool cost?": "one of them says more than the other, until when",
    "Is the roof terrace open in winter?": "nothing but a word of its own says which terrace",
}


@pytest.fixture(scope="module")
def retriever(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> PassageRetriever:
    """All of the documents; those of a case are in a folder by its number."""
    place = tmp_path_factory.mktemp("disagreeing")
    for number, (_, documents) in enumerate([*DISAGREE, *AGREE]):
        folder = place / "documents" / str(number)
        folder.mkdir(parents=True)
        for name, text in documents.items():
            (folder / name).write_text(text, "utf-8")
    assert not sync([place / "documents"], place / "home", embedder).failed
    return PassageRetriever(open_current(place / "home", embedder))


def told(case: Case, retriever: PassageRetriever) -> list[str]:
    """What is told of disagreements when a question is put to the documents of its case alone."""
    question, documents = case
    number = [*DISAGREE, *AGREE].index(case)
    asked = retriever.within(frozenset(f"{number}/{name}" for name in documents))
    found = asked.search(question, 8)
    assert len({hit.passage.document for hit in found}) == len(documents)
    answer = quote(question, found, asked.index, load_calibration())
    return [each.text for each in answer.told if "disagree" in each.text]


@pytest.mark.parametrize("case", DISAGREE, ids=lambda case: case[0])
def test_what_contradicts_is_told(
    case: Case, retriever: PassageRetriever, request: pytest.FixtureRequest
) -> None:
    if case[0] in NOT_SEEN:
        request.applymarker(pytest.mark.xfail(reason=NOT_SEEN[case[0]], strict=True))
    assert told(case, retriever)


@pytest.mark.parametrize("case", AGREE, ids=lambda case: case[0])
def test_what_is_said_of_two_things_is_not(case: Case, retriever: PassageRetriever) -> None:
    assert not told(case, retriever)


def test_the_disagreement_that_is_left_in_the_corpus_is_told_and_documented(
    corpus_home: Path, embedder: Embedder
) -> None:
    question = "How many parameters does Mixtral 8x7B have?"
    assert question in (ROOT / "docs" / "corpus.md").read_text("utf-8")
    retriever = PassageRetriever(open_current(corpus_home, embedder))
    found = retriever.search(question, 8)
    answer = quote(question, found, retriever.index, load_calibration())
    assert [each.text for each in answer.told] == [
        "The documents disagree: “Types of large language models” and “Transformers and attention”."
    ]
    disputed = {each.quote for each in answer.citations if "billion" in each.quote}
    assert {re.findall(r"\d+ billion", each)[0] for each in disputed} == {
        "47 billion",
        "56 billion",
    }
