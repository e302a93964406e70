"""SQuAD 2.0's development set as a folder of documents and questions, fetched from its authors.

Rajpurkar, Jia, Liang: Know What You Don't Know (ACL 2018), CC BY-SA 4.0. Its 35 articles become
documents; asked is what it asks of sixteen of them. The figures in docs/evaluation.md were measured
beside a 36th document, of twelve paragraphs that no question is about, which is not in the file.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from ingest.errors import FootnoteError
from ingest.home import write_whole

ADDRESS = "https://rajpurkar.github.io/SQuAD-explorer/dataset/dev-v2.0.json"
SHA256 = "80a5225e94905956a6446d296ca1093975c4d3b3260f1d6c8f68bc2ab77182d8"
ASKED_OF = frozenset(
    """Normans Computational_complexity_theory Huguenot Steam_engine 1973_oil_crisis
    European_Union_law Packet_switching Harvard_University Yuan_dynasty Immune_system
    Scottish_Parliament Islamism Imperialism Warsaw French_and_Indian_War Force""".split()
)
_SECONDS = 60.0


def make(folder: Path, address: str = ADDRESS, sha256: str = SHA256) -> None:
    """Make `folder` with documents/ and questions.jsonl, if it is not there whole.

    A file of the address's name beside the folder is used instead of the address. Raises
    FootnoteError where it cannot be had, or is not what its hash says.
    """
    questions = folder / "questions.jsonl"
    if questions.is_file():
        return
    beside = folder.parent / address.rpartition("/")[2]
    content = beside.read_bytes() if beside.is_file() else _fetched(address, beside)
    if hashlib.sha256(content).hexdigest() != sha256:
        where = beside if beside.is_file() else address
        raise FootnoteError(f"What is at {where} is not the squad set: its SHA-256 is another.")
    articles = json.loads(content)["data"]
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    for article in articles:
        (folder / "documents" / _name(article)).write_text(_text(article), "utf-8")
    asked = (line for each in articles if each["title"] in ASKED_OF for line in _questions(each))
    write_whole(questions, "".join(f"{json.dumps(line)}\n" for line in asked))


def _fetched(address: str, beside: Path) -> bytes:
    try:
        return (
            httpx.get(address, timeout=_SECONDS, follow_redirects=True).raise_for_status().content
        )
    except httpx.HTTPError as error:
        why = str(error).partition("\n")[0]
        raise FootnoteError(
            f"The squad set is not on this machine, and {address} cannot be fetched ({why}). "
            f"Fetch it on another machine and put it at {beside}."
        ) from error


def _name(article: dict[str, Any]) -> str:
    return f"{article['title'].replace(',', '')}.md"


def _text(article: dict[str, Any]) -> str:
    paragraphs = [paragraph["context"] for paragraph in article["paragraphs"]]
    return "\n\n".join([_heading(article), *paragraphs]) + "\n"


def _heading(article: dict[str, Any]) -> str:
    return f"# {article['title'].replace('_', ' ')}"


def _questions(article: dict[str, Any]) -> Iterator[dict[str, Any]]:
    start = len(_heading(article)) + 2
    for paragraph in article["paragraphs"]:
        end = start + len(paragraph["context"])
        for asked in paragraph["qas"]:
            yield {
                "id": asked["id"],
                "question": asked["question"],
                "document": _name(article),
                "paragraph": (start, end),
                "answers": list(dict.fromkeys(each["text"] for each in asked["answers"])),
                "answerable": not asked["is_impossible"],
            }
        start = end + 2
