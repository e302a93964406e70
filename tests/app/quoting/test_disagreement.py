"""Planted pairs of small documents, read and compared with the real embedding model."""

from pathlib import Path

import pytest

from app.answer import Sentence
from app.quoting.citing import Footnotes
from app.quoting.disagreement import Statement, disagree, disagreements
from app.quoting.units import Unit
from app.search.retriever import Found
from ingest.embedding import Embedder
from ingest.index import Index, open_current
from ingest.pipeline import sync

Said = tuple[str, str]  # a document's title, and what it says
Case = tuple[str, Said, Said]  # a question, and what two documents say

HANDBOOK, FAQ = "Employee handbook", "Employee guide (revised)"

DISAGREE: list[Case] = [
    (
        "How long is the notice period?",
        (HANDBOOK, "The notice period is three months."),
        (FAQ, "The notice period is six weeks."),
    ),
    (
        "How many days of vacation do employees get?",
        (HANDBOOK, "Employees get 28 days of paid vacation a year."),
        ("Benefits", "Employees get 30 days of paid vacation a year."),
    ),
    (
        "When was the Halden bridge opened?",
        ("Halden", "The Halden bridge was opened in 1931."),
        ("Bridges of the north", "The Halden bridge opened in 1934."),
    ),
    (
        "How tall is Mount Arvo?",
        ("Mountains", "Mount Arvo is 2,310 metres high."),
        ("Hiking notes", "Mount Arvo is 2,470 m high."),
    ),
    (
        "When was Ilse Brandt born?",
        ("Painters", "Ilse Brandt was born in 1887 in Lübeck."),
        ("Exhibition notes", "Ilse Brandt was born in Lübeck in 1889."),
    ),
    (
        "Is smoking allowed on the terrace?",
        ("House rules", "Smoking is allowed on the terrace."),
        ("House rules (draft)", "Smoking is not allowed on the terrace."),
    ),
    (
        "May contractors use the company's laptops?",
        ("Security policy", "Contractors may use company laptops at home."),
        ("IT notes", "Contractors may not use company laptops at home."),
    ),
    (
        "When is the deadline for expense claims?",
        (HANDBOOK, "The deadline for expense claims is 15 March."),
        (FAQ, "The deadline for expense claims is 31 March."),
    ),
    (
        "In which month does the fiscal year begin?",
        (HANDBOOK, "The fiscal year begins in April."),
        (FAQ, "The fiscal year begins in January."),
    ),
    (
        "How hot may the boiler get?",
        ("Boiler manual", "The boiler must not exceed 80 °C."),
        ("Boiler guide", "The boiler must not exceed 95 °C."),
    ),
    (
        "How many parameters does Orca-Mini have?",
        ("Small models", "Orca-Mini has 1.5 billion parameters."),
        ("A survey of models", "Orca-Mini has 3 billion parameters."),
    ),
    (
        "What does the parking permit cost?",
        ("Parking", "The parking permit costs $40 a month."),
        ("Parking rules", "The parking permit costs $55 a month."),
    ),
    (
        "How many seats does the Lindholm theatre have?",
        ("Theatres", "The Lindholm theatre has 1,200 seats."),
        ("City guide", "The Lindholm theatre has 850 seats."),
    ),
    (
        "How long must invoices be kept?",
        ("Bookkeeping", "Invoices must be kept for ten years."),
        ("Tax notes", "Invoices must be kept for seven years."),
    ),
    (
        "How long is the battery's warranty?",
        ("X200 manual", "| Part | Warranty |\n| --- | --- |\n| Battery | 2 years |"),
        ("X200 guide", "| Part | Warranty |\n| --- | --- |\n| Battery | 3 years |"),
    ),
    (
        "What share of the budget goes to research?",
        ("Budget", "Research receives 12 percent of the budget."),
        ("Budget (revised)", "Research receives 18 percent of the budget."),
    ),
    (
        "Is the vaccine safe for pregnant women?",
        ("Velorix", "Velorix is safe for pregnant women."),
        ("Medicine notes", "Velorix is unsafe for pregnant women."),
    ),
    (
        "How long does delivery take?",
        ("Orders", "Standard delivery takes 3 to 5 working days, and parcels can be followed."),
        ("Shop FAQ", "Standard delivery takes 7 to 10 working days."),
    ),
    (
        "When does the museum open on Sundays?",
        ("Museum", "The museum opens at 10 on Sundays."),
        ("Museum information", "The museum opens at 11 on Sundays."),
    ),
]

AGREE: list[Case] = [
    ("What does the table show?", ("Tea", "Table 4."), ("Coffee", "Table 1.")),
    (
        "What was the revenue?",
        ("Report 2022", "Revenue in 2022 was 4.1 million euros."),
        ("Report 2023", "Revenue in 2023 was 5.3 million euros."),
    ),
    (
        "What was the revenue?",
        ("Annual report 2022", "Revenue was 4.1 million euros."),
        ("Annual report 2023", "Revenue was 5.3 million euros."),
    ),
    (
        "How long does the battery last?",
        ("X200 manual", "The battery lasts 10 hours."),
        ("X300 manual", "The battery lasts 14 hours."),
    ),
    (
        "How long does the battery last?",
        ("Torch", "The battery lasts 10 hours."),
        ("Radio", "The battery lasts 14 hours."),
    ),
    (
        "How many parameters does the model have?",
        ("Models", "Orca-Mini has 1.5 billion parameters."),
        ("A survey", "Orca-Max has 13 billion parameters."),
    ),
    (
        "How long is the notice period?",
        (HANDBOOK, "The notice period for staff is three months."),
        (FAQ, "The notice period for managers is six months."),
    ),
    (
        "How long is the notice period?",
        (HANDBOOK, "The notice period is three months."),
        (FAQ, "The notice period is two weeks during probation."),
    ),
    (
        "How tall is Mount Arvo?",
        ("Mountains", "Mount Arvo is 2,310 metres high."),
        ("Hiking notes", "Mount Arvo is about 2,300 metres high."),
    ),
    (
        "How tall is Mount Arvo?",
        ("Mountains", "Mount Arvo is 2,310 metres high."),
        ("Hiking notes", "Mount Arvo is 2.31 km high."),
    ),
    (
        "How many people work there?",
        ("Company", "Nordlys employs more than 200 people."),
        ("Jobs", "Nordlys employs 240 people."),
    ),
    (
        "How many people work there?",
        ("Company", "As of 2020, Nordlys employs 180 people."),
        ("Jobs", "Nordlys employs 240 people."),
    ),
    (
        "When does the museum open?",
        ("Museum", "The museum opens at 10 in summer."),
        ("Museum information", "The museum opens at 11 in winter."),
    ),
    (
        "When does the museum open?",
        ("Museum", "The museum is open from 10 on Sundays."),
        ("Museum information", "The museum is open until 6 on Sundays."),
    ),
    (
        "When did Halden win the cup?",
        ("Halden", "Halden won the cup in 1931."),
        ("Football", "Halden won the cup in 1934."),
    ),
    (
        "How much does shipping cost?",
        ("Shop", "Shipping to France costs 9 euros."),
        ("Shop information", "Shipping to Norway costs 15 euros."),
    ),
    (
        "How much of the drug may be taken?",
        ("Velorix", "Adults take 20 mg of Velorix a day."),
        ("Velorix notes", "Children take 5 mg of Velorix a day."),
    ),
    (
        "How long is the battery's warranty?",
        ("X200 manual", "| Part | Warranty |\n| --- | --- |\n| Battery | 2 years |"),
        ("X200 guide", "| Part | Charging |\n| --- | --- |\n| Battery | 3 hours |"),
    ),
    (
        "Is smoking allowed?",
        ("House rules", "Smoking is allowed on the terrace."),
        ("House rules (draft)", "Smoking is not allowed in the kitchen."),
    ),
    (
        "Is smoking allowed?",
        ("House rules", "Smoking is allowed only on the terrace."),
        ("House rules (draft)", "Smoking is not allowed except on the terrace."),
    ),
    (
        "How many days of vacation are there?",
        ("Berlin office", "The staff get 28 days of vacation."),
        ("Oslo office", "The staff get 25 days of vacation."),
    ),
    (
        "How many layers does it have?",
        ("Transformer notes", "The base model has 6 layers and 8 heads."),
        ("Transformer guide", "The large model has 24 layers and 16 heads."),
    ),
    (
        "How accurate is it?",
        ("Results", "The classifier reached an accuracy of 91 % on ImageNet."),
        ("More results", "The classifier reached an accuracy of 84 % on CIFAR."),
    ),
]

LATE = "## Late payment\n\nAmounts that are not paid when they are due bear interest of {} a year."

SIBLINGS: list[Case] = [
    (
        "What does a new windscreen cost?",
        ("Velo 3 prices", "| Job | Price |\n| --- | --- |\n| Windscreen | € 610 |"),
        ("Velo 5 prices", "| Job | Price |\n| --- | --- |\n| Windscreen | € 740 |"),
    ),
    (
        "What interest is due?",
        ("Order", f"Orchard School orders 40 desks.\n\n{LATE.format('9 percent')}"),
        ("Order", f"Kiln Lane Theatre orders 130 chairs.\n\n{LATE.format('11 percent')}"),
    ),
    (
        "When may visitors park?",
        ("Minutes, April", "Visitors may park for three hours from now on."),
        ("Minutes, July", "Visitors may park for two hours from now on."),
    ),
    (
        "What is the budget?",
        ("Amber", "## Money\n\nThe budget is 125,000 euros."),
        ("Basalt", "## Money\n\nThe budget is 70,000 euros."),
    ),
    (
        "How long is the break?",
        ("Plant rules", "## Night shift\n\nThe break lasts 45 minutes."),
        ("Plant guide", "## Day shift\n\nThe break lasts 30 minutes."),
    ),
    (
        "What does it cost?",
        ("Fees", "| Group | 2024 |\n| --- | --- |\n| Adults | 40 euros |"),
        ("Fees (new)", "| Group | 2025 |\n| --- | --- |\n| Adults | 45 euros |"),
    ),
]
AGREE += SIBLINGS


ALONE: Case = (
    "How long is the notice period?",
    (
        HANDBOOK,
        "The notice period is three months.\n\n## Later\n\nThe notice period is six weeks.",
    ),
    ("Bread", "Dough rests for an hour."),
)


def written(title: str, date: str, words: str) -> str:
    return f"---\ntitle: {title}\ndate: {date}\n---\n\n{words}\n"


def write_pair(folder: Path, one: Said, other: Said) -> None:
    folder.mkdir(parents=True)
    (folder / "one.md").write_text(written(one[0], "2024-01-10", one[1]), "utf-8")
    (folder / "other.md").write_text(written(other[0], "2026-05-01", other[1]), "utf-8")


@pytest.fixture(scope="module")
def index(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Every planted pair, each in a folder of its own: /0/one.md, /0/other.md, …"""
    place = tmp_path_factory.mktemp("planted")
    for number, (_, one, other) in enumerate([*DISAGREE, *AGREE, ALONE]):
        write_pair(place / "documents" / str(number), one, other)
    assert not sync([place / "documents"], place / "home", embedder).failed
    return open_current(place / "home", embedder)


def units_for(case: Case, index: Index) -> list[Unit]:
    """Everything that the documents of a pair say, all of it as likely to answer."""
    folder = str([*DISAGREE, *AGREE, ALONE].index(case))
    # What two pairs have alike is one document, by the name that it was first added under.
    pair = [index.catalogue.document(f"{folder}/{name}") for name in ("one.md", "other.md")]
    passages = [
        passage
        for document in pair
        if document
        for passage in index.catalogue.passages_of_document(document.name)
    ]
    assert len({passage.document for passage in passages}) == 2
    nothing = frozenset[str]()
    return [
        Unit(Found(passage, 1.0, 1.0, 1.0, 0), number, nothing, nothing, 1.0, 1.0, 1.0)
        for passage in passages
        for number in range(len(passage.spans))
    ]


def told(case: Case, index: Index) -> tuple[list[Sentence], Footnotes]:
    footnotes = Footnotes(lambda name, offset: (None, ""))
    return disagreements(units_for(case, index), footnotes, index.catalogue), footnotes


@pytest.mark.parametrize("case", DISAGREE, ids=lambda case: case[1][1][:50])
def test_another_value_for_the_same_is_a_disagreement(case: Case, index: Index) -> None:
    _, one, other = case
    [_], footnotes = told(case, index)
    said = {citation.quote for citation in footnotes.citations}
    assert said == {one[1].splitlines()[-1], other[1].splitlines()[-1]}


@pytest.mark.parametrize("case", AGREE, ids=lambda case: case[1][1][:50])
def test_what_complements_each_other_is_none(case: Case, index: Index) -> None:
    units = [unit for unit in units_for(case, index) if unit.kind != "heading"]
    pairs = [(a, b) for a in units for b in units if a.document < b.document]
    assert [(a.text, b.text) for a, b in pairs if disagree(Statement(a), Statement(b))] == []


def test_both_documents_are_named_with_their_footnotes_the_newest_first(index: Index) -> None:
    _, one, other = DISAGREE[0]
    [sentence], footnotes = told(DISAGREE[0], index)
    assert sentence.text == (
        "The documents disagree: “Employee guide (revised)” and “Employee handbook”."
    )
    assert sentence.markers == (1, 2)
    assert [each.quote for each in footnotes.citations] == [other[1], one[1]]


def test_one_document_does_not_disagree_with_itself(index: Index) -> None:
    assert told(ALONE, index)[0] == []
