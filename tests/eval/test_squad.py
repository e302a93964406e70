import hashlib
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from eval import squad
from eval.questions import load
from ingest.errors import FootnoteError

ARTICLES = [
    {
        "title": "Normans",
        "paragraphs": [
            {"context": "They came from Norway.", "qas": []},
            {
                "context": "The Normans lived in Normandy.",
                "qas": [
                    {
                        "id": "1",
                        "question": "Where did the Normans live?",
                        "answers": [{"text": "Normandy"}, {"text": "Normandy"}],
                        "is_impossible": False,
                    },
                    {
                        "id": "2",
                        "question": "Where did the Romans live?",
                        "answers": [],
                        "is_impossible": True,
                    },
                ],
            },
        ],
    },
    {
        "title": "Fresno,_California",
        "paragraphs": [
            {
                "context": "Fresno is a city.",
                "qas": [{"id": "3", "question": "?", "answers": [], "is_impossible": True}],
            }
        ],
    },
]


def written(folder: Path, articles: list[dict[str, Any]]) -> str:
    """Write the authors' file into a folder; return its SHA-256."""
    content = json.dumps({"version": "v2.0", "data": articles}).encode()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dev.json").write_bytes(content)
    return hashlib.sha256(content).hexdigest()


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server's address of the file, and the folder that it serves."""
    folder = tmp_path / "site"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/dev.json", folder
        server.shutdown()


def test_the_authors_file_becomes_documents_and_the_questions_on_sixteen_of_them(
    site: tuple[str, Path], tmp_path: Path
) -> None:
    address, folder = site
    made = tmp_path / "sets" / "squad"
    squad.make(made, address, written(folder, ARTICLES))
    (folder / "dev.json").unlink()
    squad.make(made, address, "it is there and is not fetched again")
    assert sorted(file.name for file in (made / "documents").iterdir()) == [
        "Fresno_California.md",
        "Normans.md",
    ]
    fresno = (made / "documents" / "Fresno_California.md").read_text("utf-8")
    assert fresno == "# Fresno, California\n\nFresno is a city.\n"
    found = load(str(made))
    assert [each.question for each in found.questions] == [
        "Where did the Normans live?",
        "Where did the Romans live?",
    ]
    assert found.questions[0].gold[0].quote == "The Normans lived in Normandy."
    assert found.questions[0].answers == ("Normandy",)
    assert not found.questions[1].answerable


def test_a_file_that_is_another_is_not_used(site: tuple[str, Path], tmp_path: Path) -> None:
    address, folder = site
    written(folder, ARTICLES)
    with pytest.raises(FootnoteError, match="is not the squad set"):
        squad.make(tmp_path / "squad", address, squad.SHA256)
    assert not (tmp_path / "squad").exists()


def test_where_it_cannot_be_fetched_that_is_said_with_where_to_put_it(
    site: tuple[str, Path], tmp_path: Path
) -> None:
    address, _ = site
    made = tmp_path / "sets" / "squad"
    with pytest.raises(FootnoteError, match=r"cannot be fetched .* put it at .*dev\.json"):
        squad.make(made, address)
    digest = written(tmp_path / "sets", ARTICLES)
    squad.make(made, address, digest)
    assert len(load(str(made)).questions) == 2


def test_what_is_made_is_what_the_figures_were_measured_on(squad: Path, tmp_path: Path) -> None:
    """The set beside us, put back into the authors' form and made again, but for one document."""
    from eval.squad import ASKED_OF, make

    lines = [json.loads(line) for line in (squad / "questions.jsonl").read_text().splitlines()]
    by_place: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for line in lines:
        answers = [{"text": each} for each in line["answers"]]
        by_place.setdefault((line["document"], line["paragraph"][0]), []).append(
            {**line, "answers": answers, "is_impossible": not line["answerable"]}
        )
    articles = []
    for name in dict.fromkeys(
        [line["document"] for line in lines]
        + sorted(f.name for f in (squad / "documents").iterdir())
    ):
        if name == "Miscellaneous.md":
            continue
        text = (squad / "documents" / name).read_text("utf-8")
        heading, *paragraphs = text.removesuffix("\n").split("\n\n")
        starts = [len(heading) + 2]
        for each in paragraphs:
            starts.append(starts[-1] + len(each) + 2)
        articles.append(
            {
                "title": heading.removeprefix("# ").replace(" ", "_"),
                "paragraphs": [
                    {"context": each, "qas": by_place.get((name, start), [])}
                    for each, start in zip(paragraphs, starts, strict=False)
                ],
            }
        )
    digest = written(tmp_path / "sets", articles)
    made = tmp_path / "sets" / "squad"
    make(made, "http://127.0.0.1:9/dev.json", digest)
    for file in (made / "documents").iterdir():
        assert file.read_text("utf-8") == (squad / "documents" / file.name).read_text("utf-8")
    assert load(str(made)).questions == load(str(squad)).questions
    assert len({line["document"] for line in lines}) == len(ASKED_OF)
