from urllib.parse import parse_qsl, urlsplit

import pytest

from app.page.links import Note, SourceLink

HERE = Note("a & b/„c“ #1.md", "ab12", 3, 9, 2)


def again(link: SourceLink) -> SourceLink:
    return SourceLink.parse(parse_qsl(urlsplit(link.href).query))


def test_a_link_says_everything_it_was_made_of() -> None:
    others = (Note(HERE.document, "ab12", 20, 30, 1), Note("x:1-2:y.pdf", "cd34", 0, 5, 3))
    link = SourceLink(HERE, "the quote", others)
    assert again(link) == link
    assert link.href.endswith("#quote")


def test_a_step_to_another_footnote_keeps_all_of_them() -> None:
    other = Note("other.md", "cd34", 1, 2, 1)
    link = SourceLink(HERE, "the quote", (other,))
    assert link.to(other) == SourceLink(other, "", (HERE,))
    assert again(link.to(other)).to(HERE).note == HERE


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [("document", "a"), ("start", "x")],
        [("document", "a"), ("start", "9"), ("end", "3")],
        [("document", "a"), ("start", "-1"), ("end", "3")],
        [("document", "a"), ("also", "nonsense")],
    ],
)
def test_a_link_that_is_not_ours_is_refused(fields: list[tuple[str, str]]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        SourceLink.parse(fields)
