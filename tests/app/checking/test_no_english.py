"""What is English about checking stands in `app/language`, as data."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import app

ROOT = Path(app.__file__).parent
CHECKING = [*sorted((ROOT / "checking").glob("*.py")), ROOT / "quoting" / "disagreement.py"]
LISTED = 3  # from so many words on it is a list
WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*")
ALTERNATIVES = re.compile(r"[a-z]{2,}\|[a-z]{2,}", re.IGNORECASE)


def word_lists(source: str) -> Iterator[str]:
    """Every collection of words, and every expression that chooses between words."""
    tree = ast.parse(source)
    names = [
        each.value
        for each in tree.body
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "__all__"
    ]
    names += [each.slice for each in ast.walk(tree) if isinstance(each, ast.Subscript)
              and ast.unparse(each.value) == "Literal"]  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict) and node not in names:
            parts = node.values if isinstance(node, ast.Dict) else node.elts
            found = [p.value for p in parts if isinstance(p, ast.Constant)]
            words = [each for each in found if isinstance(each, str) and WORD.fullmatch(each)]
            if len(words) >= LISTED:
                yield " ".join(words)
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            texts = [n.value for arg in node.args for n in ast.walk(arg)
                     if isinstance(n, ast.Constant) and isinstance(n.value, str)]  # fmt: skip
            if called.startswith("re.") and any(map(ALTERNATIVES.search, texts)):
                yield " ".join(texts)
            if called.endswith(".split") and " " in called and WORD.match(called.lstrip("'\"")):
                yield called


@pytest.mark.parametrize("file", CHECKING, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_checking_module_holds_no_list_of_english_words(file: Path) -> None:
    assert list(word_lists(file.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        'NEGATIONS = {"no", "not", "never"}',
        'NEGATIONS = frozenset("no not never".split())',
        'NEGATION = re.compile(r"\\b(?:no|not|never)\\b")',
        'OPPOSITES = {"hot": "cold", "wet": "dry", "near": "far"}',
    ],
)
def test_each_way_to_write_such_a_list_is_seen(source: str) -> None:
    assert list(word_lists(source))
