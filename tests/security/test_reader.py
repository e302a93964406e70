"""The reader's addresses, asked for what would take the server's time or memory for others."""

import hashlib

from app.page.links import MOST_NOTES
from tests.ingest import hostile
from tests.security.attacking import Attacker
from tests.security.damage import valid

MOST = 5_000_000
"""Bytes of any page of the reader."""


def test_a_page_that_takes_for_ever_to_be_drawn_is_given_up_and_others_are_served(
    attacker: Attacker,
) -> None:
    files = {"layers.pdf": hostile.layers(), "moss.pdf": valid()[".pdf"]}
    assert attacker.add(*files.items()).shown.count("Added") == 2
    for name, status in (("layers.pdf", 404), ("moss.pdf", 200)):
        sha = hashlib.sha256(files[name]).hexdigest()
        query = {"document": name, "sha": sha, "page": 1}
        assert attacker.http.get("/source/page", params=query).status_code == status
    page = attacker.http.get("/source", params={"document": "layers.pdf", "view": "text"})
    assert "Ferns unfold in spring." in page.text


def test_a_link_brings_no_more_footnotes_than_an_answer_has(attacker: Attacker) -> None:
    """Each is a link that brings all the others: 5,000 of them would make a page of 400 MB."""
    for many, status in ((MOST_NOTES, 200), (MOST_NOTES + 1, 400), (4_000, 400)):
        query = "&also=1:0-1" * many
        answer = attacker.http.get(f"/source?document=moss.md&start=0&end=4&note=1{query}")
        assert answer.status_code == status
        assert len(answer.content) < MOST
