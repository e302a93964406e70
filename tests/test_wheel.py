"""What is installed from a wheel is whole, and runs from any folder."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
import yaml

from ingest.embedding import Embedder

ROOT = Path(__file__).parents[1]
PARTS = ("ingest", "app", "eval")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of what is in the repository now, built elsewhere and offline."""
    if int(version("setuptools").partition(".")[0]) < 77:
        pytest.skip("setuptools 77 or newer is needed to build a wheel")
    place = tmp_path_factory.mktemp("wheel")
    for part in PARTS:
        shutil.copytree(ROOT / part, place / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("footnote.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, place / name)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    build += ["--no-build-isolation", "--wheel-dir", str(place / "dist"), str(place)]
    subprocess.run(build, check=True, capture_output=True)
    [built] = (place / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its `footnote`, in an environment that has the same dependencies and nothing of ours."""
    place = tmp_path_factory.mktemp("empty") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    [packages] = place.glob("lib/python*/site-packages")
    # A folder that is named so brings its packages, and not what is installed editable in it.
    others = [path for path in sys.path if Path(path).name == "site-packages"]
    (packages / "dependencies.pth").write_text("\n".join(others), "utf-8")
    install = [sys.executable, "-m", "pip", "--python", str(place / "bin" / "python"), "install"]
    install += ["--quiet", "--no-deps", "--no-index", "--ignore-installed", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    return place / "bin" / "footnote"


def test_the_wheel_has_every_file_that_code_needs(wheel: Path) -> None:
    inside = set(ZipFile(wheel).namelist())
    needed = {
        file.relative_to(ROOT).as_posix()
        for part in ("ingest", "app")
        for file in (ROOT / part).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert sorted(needed - inside) == []
    assert "footnote.py" in inside
    assert not [name for name in inside if name.startswith(("tests/", "corpus/"))]


@contextmanager
def chatting(footnote: Path, folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    process = subprocess.Popen(
        [str(footnote), "chat", "--no-browser", "--model", "none", "--port", str(port)],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_footnote_chat_runs_from_another_folder(
    installed: Path, embedder: Embedder, tmp_path: Path
) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "moss.md").write_text("# Moss\n\nMoss grows slowly in the shade.\n")
    where = [str(installed.parent / "python"), "-c", "import app; print(app.__file__)"]
    run = subprocess.run(where, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.startswith(str(installed.parents[1]))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with chatting(installed, tmp_path, port) as process:
        assert process.stdout is not None
        said = ""
        while "Footnote is at" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        with httpx.Client(base_url=url, trust_env=False, timeout=120) as http:
            for path in ("/", "/page/page.css", "/api/v1/docs", "/source?document=moss.md"):
                assert http.get(path).status_code == 200, path
            asked = {"question": "How does moss grow in the shade?"}
            answer = http.post("/api/v1/ask", json=asked).json()
        assert answer["citations"][0]["quote"] == "Moss grows slowly in the shade."
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


# -- What is there for containers and services -----------------------------------------------------


def test_the_container_has_a_user_of_its_own_and_copies_what_is_there() -> None:
    lines = (ROOT / "deploy" / "Dockerfile").read_text("utf-8").splitlines()
    instructions = [line.split() for line in lines if line[:1].isupper()]
    kinds = [words[0] for words in instructions]
    assert ["USER", "10001"] in instructions
    assert kinds.index("USER") < kinds.index("CMD")
    assert "HEALTHCHECK" in kinds
    bases = [words[1] for words in instructions if words[0] == "FROM"]
    assert all(re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", each) for each in bases), bases
    copied = [
        name for words in instructions if words[0] == "COPY" and not words[1].startswith("--")
        for name in words[1:-1]
    ]  # fmt: skip
    kept = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text("utf-8").split()
    for name in copied:
        assert (ROOT / name).exists(), name
        assert f"!{name}" in kept


def test_the_composition_is_reached_from_this_machine_alone_and_checked() -> None:
    composed = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
    footnote = composed["services"]["footnote"]
    assert all(port.startswith("127.0.0.1:") for port in footnote["ports"])
    assert footnote["read_only"]
    images = [each["image"] for each in composed["services"].values() if "image" in each]
    assert all(re.search(r":\d+\.\d+", each) for each in images), images
    named = {each.partition(":")[0] for each in footnote["volumes"] if not each.startswith(".")}
    assert named <= composed["volumes"].keys()


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("systemd-analyze is needed to verify a unit")
    unit = (ROOT / "deploy" / "footnote.service").read_text("utf-8")
    file = tmp_path / "footnote.service"
    file.write_text(unit.replace("/opt/footnote/bin/footnote", sys.executable), "utf-8")
    run = subprocess.run([verify, "verify", str(file)], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")


def test_the_server_s_description_says_the_version_that_is_built() -> None:
    described = json.loads((ROOT / "server.json").read_text("utf-8"))
    assert described["version"] == described["packages"][0]["version"] == version("footnote")
