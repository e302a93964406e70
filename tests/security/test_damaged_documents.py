"""Three hundred damaged files of every format: each is a line of the receipt, and that is all."""

import json
import re
import threading
from pathlib import Path

import psutil

from ingest.loaders.kinds import KINDS
from tests.security.attacking import Attacker, Outcome, running
from tests.security.damage import damaged, valid


def test_every_reader_is_given_damaged_files() -> None:
    given = {KINDS[suffix].reader for suffix in valid()}
    assert {kind.reader for kind in KINDS.values()} - given == {"mail:read_outlook"}


def test_each_is_one_line_of_the_receipt_and_questions_are_answered_meanwhile(
    tmp_path: Path,
) -> None:
    files = dict(damaged(300))
    added: list[Outcome] = []
    with (
        running(tmp_path) as server,
        Attacker(server, "hostile") as hostile,
        Attacker(server, "other") as other,
    ):
        assert server.process is not None
        thread = threading.Thread(target=lambda: added.append(hostile.add(*files.items())))
        thread.start()
        asked = 0
        while thread.is_alive():
            assert other.is_answered()
            asked += 1
        assert other.is_answered()
        assert psutil.Process(server.process.pid).children() == []
        listed = other.listed()
    shown = str(json.loads(added[0].shown)["data"][0])
    lines = re.findall(r"<strong>(.*?)</strong> <span[^>]*>(.*?)</span><p>(.*?)</p>", shown)
    assert len(lines) == len(files)
    assert {what for what, _, _ in lines} == {"Added", "Not added"}
    for what, linked, words in lines:
        name = re.sub("<[^>]*>", "", linked)
        assert (name in listed) == (what == "Added")
        assert "fault in Footnote" not in words, name
        assert "broke down" not in words, name
    assert asked > 0
    assert "Traceback" not in server.said
