"""The contract of the `footnote` command: names, order, exit codes, and what stands where.

The vectors are those of the small world, so that no weights are needed and nothing is slow; the
real command with the real models is in test_real_models.py.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app import cli
from tests.app.small_world import DOCUMENTS, WordEmbedder, write_documents

UNICODE = "# Été 😀\n\nNaïve “quotes”, e\u0301, 你好 and a\u2028line separator.\r\nNo end of line"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory where nothing is set, with documents in corpus/."""
    for name in [name for name in os.environ if name.startswith("FOOTNOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    embedder = WordEmbedder()
    monkeypatch.setattr("app.opening.open_embedder", lambda *_: embedder)
    monkeypatch.setattr("app.doctor.open_embedder", lambda *_: embedder)
    monkeypatch.setattr("app.commands.terminal._CONSOLE.width", 200, raising=False)
    write_documents(tmp_path / "corpus", {**DOCUMENTS, "été.md": UNICODE})
    return tmp_path


@pytest.fixture
def filled(place: Path) -> Path:
    assert run("ingest").exit_code == 0
    return place


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def said(*arguments: str) -> Any:
    """What a command prints as JSON; nothing else may be on its standard output."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def lines(*arguments: str) -> list[Any]:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.split("\n") if line]


def batch(place: Path, *records: object) -> str:
    file = place / "batch.jsonl"
    file.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in records), "utf-8")
    return str(file)


def ended(monkeypatch: pytest.MonkeyPatch, capsys: Any, *arguments: str) -> tuple[int, str]:
    """Run the real `main` and return its exit code and standard error."""
    monkeypatch.setattr(sys, "argv", ["footnote", *arguments])
    with pytest.raises(SystemExit) as ending:
        cli.main()
    captured = capsys.readouterr()
    assert captured.out == ""
    return int(ending.value.code or 0), captured.err


# -- Documents -------------------------------------------------------------------------------------


def test_documents_are_listed_with_the_names_of_the_contract(filled: Path) -> None:
    listed = said("documents", "--json")
    assert [document["document"] for document in listed] == [
        "bread.md",
        "sea.md",
        "sky.md",
        "été.md",
    ]
    for document in listed:
        assert {"document", "title", "sha256", "passages", "status"} <= set(document)
        assert document["status"] == "indexed"
    assert listed[2]["title"] == "The sky"
    assert listed[2]["passages"] == 2


def test_a_document_in_a_folder_is_named_by_its_path_below_what_was_ingested(place: Path) -> None:
    write_documents(place / "corpus" / "deep" / "er", {"a b.md": "# A\n\nWords here.\n"})
    run("ingest")
    assert "deep/er/a b.md" in [found["document"] for found in said("documents", "--json")]


def test_text_is_the_canonical_text_byte_for_byte(filled: Path) -> None:
    from ingest.index import open_catalogue

    for name in ("sky.md", "été.md"):
        result = run("text", name)
        assert result.stdout_bytes.decode() == open_catalogue(filled / ".footnote").text(name)
    assert "你好 and a\u2028line" in run("text", "été.md").stdout_bytes.decode()


def test_a_removed_document_is_gone_everywhere_and_its_file_is_left_alone(filled: Path) -> None:
    result = run("remove", "sky.md")
    assert result.exit_code == 0
    assert "left alone" in result.stdout
    assert (filled / "corpus" / "sky.md").exists()
    assert run("text", "sky.md").exit_code == 1
    found = said("search", "why is the sky blue", "--json")
    assert "sky.md" not in [passage["document"] for passage in found["passages"]]
    assert run("ingest").exit_code == 0
    assert len(said("documents", "--json")) == 3


def test_a_collection_is_made_described_and_listed(filled: Path) -> None:
    assert run("collections", "corpus", "--context", "What we know.").exit_code == 0
    assert run("collections", "Sea", "--add", "sea.md", "--add", "sky.md").exit_code == 0
    assert run("collections", "Sea", "--take", "sky.md").stdout == "Sea (1)\n"
    assert run("collections").stdout == "corpus (4): What we know.\nSea (1)\n"
    for wrong in (["none"], ["Sea", "--add", "none.md"]):
        assert run("collections", *wrong).exit_code == 1


def test_one_bad_document_is_told_by_the_exit_code_and_stops_no_other(place: Path) -> None:
    (place / "corpus" / "a-bad.pdf").write_bytes(b"%PDF-1.7 not really")
    result = run("ingest", "--json")
    assert result.exit_code == 1
    receipt = {line["document"]: line for line in json.loads(result.stdout)}
    assert receipt["a-bad.pdf"]["action"] == "failed"
    assert receipt["a-bad.pdf"]["problem"]
    assert receipt["sky.md"]["action"] == "added"
    statuses = {d["document"]: d["status"] for d in said("documents", "--json")}
    assert statuses["a-bad.pdf"] == "failed"


def test_a_second_run_changes_nothing(filled: Path) -> None:
    assert {line["action"] for line in said("ingest", "--json")} == {"unchanged"}
    assert {line["action"] for line in said("ingest", "--again", "--json")} == {"read again"}


# -- Searching -------------------------------------------------------------------------------------

PASSAGE = [
    "document", "title", "section", "page", "start", "end", "document_sha256", "time", "text",
    "score",
]  # fmt: skip


def test_a_search_prints_one_object_with_the_names_of_the_contract(filled: Path) -> None:
    found = said("search", "why is the sky blue", "--top", "2", "--json")
    assert list(found) == ["id", "query", "searched_for", "passages", "timings"]
    assert list(found["timings"]) == ["retrieve_ms"]
    assert len(found["passages"]) == 2
    for passage in found["passages"]:
        assert list(passage) == PASSAGE
        text = run("text", passage["document"]).stdout_bytes.decode()
        assert text[passage["start"] : passage["end"]] == passage["text"]


def test_a_batch_of_searches_keeps_order_and_ids(filled: Path) -> None:
    records = [
        {"id": "z", "query": "salt in seawater"},
        {"id": 7, "question": "knead dough"},
        {"id": None, "query": "", "question": "not this"},
        {"id": "z", "query": "a\u2028b"},
    ]
    found = lines("search", "--batch", batch(filled, *records))
    assert [record["id"] for record in found] == ["z", 7, None, "z"]
    assert [record["query"] for record in found] == [
        "salt in seawater",
        "knead dough",
        "",
        "a\u2028b",
    ]
    assert found[0]["passages"][0]["document"] == "sea.md"
    assert found[1]["passages"][0]["document"] == "bread.md"


# -- Asking ----------------------------------------------------------------------------------------


def test_an_answer_prints_one_object_with_the_names_of_the_contract(filled: Path) -> None:
    answer = said("ask", "Why is the sky blue?", "--model", "none", "--json")
    assert {
        "id", "question", "answer", "refused", "sentences", "citations", "passages", "model",
        "timings", "tokens",
    } <= set(answer)  # fmt: skip
    assert list(answer["timings"]) == [
        "retrieve_ms",
        "quotes_ms",
        "first_token_ms",
        "total_ms",
    ]
    assert list(answer["tokens"]) == ["prompt", "answer"]
    for sentence in answer["sentences"]:
        assert {"text", "markers", "support", "verdict"} <= set(sentence)
    for citation in answer["citations"]:
        text = run("text", citation["document"]).stdout_bytes.decode()
        assert text[citation["start"] : citation["end"]] == citation["quote"]
    for passage in answer["passages"]:
        assert list(passage) == PASSAGE
    assert answer["refused"] is False
    assert "The sky is blue because air scatters blue light. [1]" in answer["answer"]


def test_a_batch_of_questions_keeps_order_and_ids(filled: Path) -> None:
    records = [
        {"id": 2, "question": "Why is the sky blue?"},
        {"id": "one", "question": "Who won Wimbledon?"},
        {"id": 2, "question": ""},
    ]
    answers = lines("ask", "--batch", batch(filled, *records), "--model", "none")
    assert [answer["id"] for answer in answers] == [2, "one", 2]
    assert [answer["question"] for answer in answers] == [r["question"] for r in records]
    assert [answer["refused"] for answer in answers] == [False, True, True]


def test_a_conversation_of_a_batch_is_put_turn_by_turn_and_its_last_answer_is_told(
    filled: Path,
) -> None:
    records = [
        {"id": "c", "turns": ["How much salt does seawater hold?", "And per litre?"]},
        {"id": "e", "turns": []},
    ]
    (filled / "turns.jsonl").write_text(json.dumps(records[0]) + "\n")
    (answer,) = lines("ask", "--batch", str(filled / "turns.jsonl"), "--model", "none")
    assert (answer["id"], answer["question"]) == ("c", "And per litre?")
    assert "seawater" in answer["searched_for"]
    assert answer["outcome"] in ("answered", "uncertain")
    assert set(answer["quotes"]) <= {each["marker"] for each in answer["citations"]}
    (filled / "turns.jsonl").write_text(json.dumps(records[1]) + "\n")
    assert run("ask", "--batch", str(filled / "turns.jsonl"), "--model", "none").exit_code == 1


def test_an_answer_for_people_shows_its_quotes_and_where_they_stand(filled: Path) -> None:
    shown = run("ask", "Why is the sky blue?", "--model", "none").stdout
    assert "[1]" in shown
    assert "“The sky is blue because air scatters blue light.”" in " ".join(shown.split())
    assert "sky.md" in shown


def test_a_refusal_for_people_shows_the_nearest_passages(filled: Path) -> None:
    shown = run("ask", "Does a cumulus win Wimbledon?", "--model", "none").stdout
    assert "Nearest passages" in shown or "[1]" in shown
    shown = run("ask", "Who won Wimbledon?", "--model", "none").stdout
    assert "do not answer" in shown


def test_claims_are_checked_in_a_batch(filled: Path) -> None:
    passages = ["The sky is blue. It is 20 km high."]
    records = [
        {"id": "t", "sentence": "The sky is blue.", "passages": passages},
        {"id": "f", "sentence": "It is 30 km high.", "passages": passages},
    ]
    true, false = lines("check", "--batch", batch(filled, *records))
    assert (true["id"], true["verdict"]) == ("t", "supported")
    assert passages[0][true["start"] : true["end"]] == true["quote"] == "The sky is blue."
    assert (false["id"], false["verdict"] == "supported") == ("f", False)


ESSAY = "The sky is blue because air scatters blue light. A cumulus cloud weighs 700 tonnes.\n"


def test_a_text_is_checked_sentence_by_sentence(filled: Path) -> None:
    (filled / "essay.md").write_text(ESSAY)
    checked = said("check", "essay.md", "--json")
    assert [each["finding"] for each in checked["sentences"]] == ["supported", "contradicted"]
    assert (checked["share"], checked["counts"]["contradicted"]) == (0.5, 1)
    quotes = [each["quote"] for each in checked["citations"]]
    assert quotes[1] == "A cumulus cloud weighs 500 tonnes."
    piped = CliRunner().invoke(cli.app, ["check", "-", "--json"], input=ESSAY)
    assert json.loads(piped.stdout)["sentences"] == checked["sentences"]


def test_a_checked_text_is_shown_and_too_small_a_share_is_an_exit_code(filled: Path) -> None:
    (filled / "essay.txt").write_text(ESSAY)
    shown = run("check", "essay.txt", "--fail-under", "0.5")
    assert shown.exit_code == 0
    assert "the passage says 500 tonnes, the sentence 700 tonnes" in shown.stdout
    assert "1 of 2 sentences borne out, 0 in other words, 1 contradicted" in " ".join(
        shown.stdout.split()
    )
    failed = run("check", "essay.txt", "--fail-under", "0.9")
    assert failed.exit_code == 1
    assert "50% is less than 90%." in failed.stderr


def test_what_is_said_in_other_words_counts_where_that_is_asked_for(filled: Path) -> None:
    (filled / "essay.txt").write_text("The clear sky is blue because air scatters blue light.")
    checked = said("check", "essay.txt", "--json")
    assert [each["finding"] for each in checked["sentences"]] == ["in other words"]
    assert run("check", "essay.txt", "--fail-under", "0.9").exit_code == 1
    assert run("check", "essay.txt", "--fail-under", "0.9", "--lenient").exit_code == 0


def test_a_word_document_is_checked_and_written_as_markdown_and_as_word(filled: Path) -> None:
    from docx import Document

    essay = Document()
    essay.add_heading("Of the sky", 1)
    essay.add_paragraph(ESSAY.strip())
    essay.save(str(filled / "essay.docx"))
    for kind in ("md", "docx"):
        assert run("check", "essay.docx", "--to", f"checked.{kind}").exit_code == 0
    markdown = (filled / "checked.md").read_text("utf-8")
    assert "air scatters blue light.[^footnote-1]" in markdown
    assert "[^footnote-2]: “A cumulus cloud weighs 500 tonnes.” — The sky › Clouds." in markdown
    written = " ".join(each.text for each in Document(str(filled / "checked.docx")).paragraphs)
    assert (
        "(the documents contradict this: the passage says 500 tonnes, the sentence 700" in written
    )


def test_check_wants_a_text_or_a_batch_and_writes_what_answers_are_saved_as(filled: Path) -> None:
    assert run("check").exit_code == 2
    assert run("check", "essay.md", "--to", "essay.odt").exit_code == 2
    assert run("check", "no.md").exit_code == 1


# -- What goes wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["text", "no.md"], "no.md: is not in the catalogue"),
        (["remove", "no.md"], "no.md: is not in the catalogue"),
        (["ask", "why", "--model", "gpt"], "names no model"),
        (["ask", "--batch", "no.jsonl"], "no.jsonl: cannot be read"),
        (["ask", "--batch", "bad.jsonl"], "bad.jsonl: line 2 is not a JSON object"),
        (["search", "--batch", "bad.jsonl"], "bad.jsonl: line 2 is not a JSON object"),
        (["check", "--batch", "claims.jsonl"], "claims.jsonl: has an object without `passages`"),
        (["ingest", "--home", "corpus/sky.md/home"], "Not a directory"),
        (["documents", "--home", "elsewhere"], "Run `footnote ingest"),
    ],
)
def test_an_error_is_one_sentence_on_standard_error_and_exit_code_1(
    filled: Path,
    arguments: list[str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (filled / "bad.jsonl").write_text('{"id": 1, "question": "Why?"}\n{"id": 2}\n')
    (filled / "claims.jsonl").write_text('{"id": 1, "sentence": "It is."}\n')
    code, error = ended(monkeypatch, capsys, *arguments)
    assert code == 1
    assert error.startswith("footnote: ")
    assert words in error
    assert error.count("\n") == 1


def test_an_unknown_setting_stops_every_command(
    filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOOTNOTE_PROT", "1")
    for command in (["documents"], ["search", "x"], ["doctor"], ["ask", "x"], ["ingest"]):
        code, error = ended(monkeypatch, capsys, *command)
        assert code == 1
        assert "FOOTNOTE_PROT is not a setting" in error


def test_a_damaged_catalogue_is_one_sentence_and_the_doctor_names_it(
    filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (catalogue,) = (filled / ".footnote").glob("index-*/catalogue.sqlite")
    # Another file in its place: this very process may still have the old one open.
    for file in catalogue.parent.glob("catalogue.sqlite*"):
        file.unlink()
    catalogue.write_bytes(b"This is no database. " * 999)
    code, error = ended(monkeypatch, capsys, "search", "sky")
    assert code == 1
    assert error.count("\n") == 1
    result = run("doctor", "--json", "--model", "none")
    assert result.exit_code == 1
    bad = [finding for finding in json.loads(result.stdout) if not finding["well"]]
    assert any("footnote ingest" in finding["remedy"] for finding in bad)


def test_ctrl_c_is_a_sentence_and_exit_code_130(
    filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ingest.index.open_catalogue", interrupted)
    code, error = ended(monkeypatch, capsys, "documents")
    assert code == 130
    assert "Stopped" in error


def test_a_question_and_a_batch_at_once_or_neither_is_wrong_use(filled: Path) -> None:
    for arguments in (["ask"], ["search"], ["ask", "x", "--batch", "y"]):
        assert run(*arguments).exit_code == 2


# -- The command itself ----------------------------------------------------------------------------


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from app.cli import app\n"
        "try: app(['--help'])\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = 'torch gradio chromadb sentence_transformers llama_index transformers numpy nltk "
        "liteparse xllamacpp fastapi'.split()\n"
        "sys.exit(', '.join(name for name in heavy if name in sys.modules) or 0)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "ingest" in ran.stdout


@pytest.mark.parametrize("command", [["search"], ["ask", "--model", "none"]])
def test_what_answers_a_question_does_not_import_torch(
    corpus_home: Path, command: list[str]
) -> None:
    code = (
        "import sys\n"
        "from app.cli import app\n"
        "try: app(sys.argv[1:])\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = 'torch transformers sentence_transformers onnx'.split()\n"
        "sys.exit(', '.join(name for name in heavy if name in sys.modules) or 0)"
    )
    asked = [*command, "What is a token?", "--home", str(corpus_home)]
    ran = subprocess.run(
        [sys.executable, "-c", code, *asked],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "token" in ran.stdout


def test_json_is_utf_8_whatever_the_terminal_speaks(filled: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(
        [Path(sys.executable).with_name("footnote"), "documents", "--json"],
        capture_output=True,
        env=environment,
        check=True,
        timeout=120,
    )
    assert "Été 😀" in [document["title"] for document in json.loads(ran.stdout.decode())]
    assert ran.stderr == b""


def test_a_fault_nobody_thought_of_is_one_sentence_that_names_the_details(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from app import last_resort

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the flux\ncapacitor")

    monkeypatch.setattr("app.commands.journal.load_settings", broken)
    monkeypatch.setattr(last_resort, "faults_file", lambda: place / "logs" / "faults.log")
    code, said = ended(monkeypatch, capsys, "journal", "list")
    assert code == 1
    assert said.count("\n") == 1
    assert "RuntimeError: the flux capacitor" in said
    assert str(place / "logs" / "faults.log") in said
    assert "Traceback" in (place / "logs" / "faults.log").read_text()
