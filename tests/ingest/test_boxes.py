from collections import Counter
from pathlib import Path

from tests.ingest.boxes import Boxed, tally

A_FEW = 30


def test_a_quote_is_boxed_at_its_own_characters_as_another_library_sees_them(corpus: Path) -> None:
    """300 of many documents: `python -m tests.ingest.boxes FOLDER`."""
    seen = tally([corpus / "choosing-a-model.pdf"], A_FEW, seed=1)
    assert [each.quote for each in seen if not each.is_exact] == []
    assert sum(each.letters for each in seen) > A_FEW * 10


def test_a_letter_too_many_or_too_few_is_not_exact() -> None:
    own, none = Counter("a"), Counter[str]()
    assert Boxed("a.pdf", "a", 1, none, none).is_exact
    assert not Boxed("a.pdf", "a", 1, own, none).is_exact
    assert not Boxed("a.pdf", "a", 1, none, own).is_exact
