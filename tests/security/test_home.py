"""The home of a running page: its owner's alone, and without what was forgotten."""

import os
import subprocess
import sys

from tests.security.attacking import ROOT, Attacker, Running

SAID = "Where does the velvet ibis of Zarmina sleep when the river rises?"


def test_whatever_is_done_at_the_page_its_home_is_its_owner_s_alone(
    server: Running, attacker: Attacker
) -> None:
    attacker.add(("ibis.md", b"# Ibis\n\nThe ibis sleeps in reeds.\n"))
    attacker.ask("Does the ibis sleep in reeds?")
    attacker.upload("waits.md", b"# Waits\n")
    paths = [server.home, *server.home.rglob("*")]
    assert len(paths) > 10
    assert [path for path in paths if path.lstat().st_mode & 0o077 and not path.is_symlink()] == []


def test_what_was_asked_is_off_the_disk_once_it_is_forgotten(
    server: Running, attacker: Attacker
) -> None:
    attacker.ask(SAID)
    assert server.holds(b"velvet ibis of Zarmina")
    command = [sys.executable, "-m", "tests.security.page_process", "journal", "forget", "--all"]
    own = {**os.environ, "FOOTNOTE_HOME": str(server.home)}
    subprocess.run(command, cwd=ROOT, env=own, check=True, capture_output=True)
    assert server.holds(b"velvet ibis of Zarmina") == []
