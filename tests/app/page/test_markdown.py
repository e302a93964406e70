import html
import re

import pytest

from app.page import markdown, marks

TEXT = """# A **heading** here ##

Some _emphasis_ and **bold text** with [a link](http://x.y/z "t") and `code`; 2 * 3 &amp; more.
Second line of *the* paragraph.

> quoted `a|b` line
> next

- item one
- item **two** here
  - nested item

| Name | Value |
|---|--:|
| a \\| b | 1 |
| **BERT** | 340 M |

```py
x = 1 < 2
y = 3
```

<b>raw</b> [bad](javascript:alert(1)) ![a picture](http://evil.example/x.png)
"""


def marked(quote: str) -> list[str]:
    start = TEXT.index(quote)
    shown = markdown.render(TEXT, marks.flattened((start, start + len(quote)), []))
    return [html.unescape(found) for found in re.findall(r"<mark[^>]*>(.*?)</mark>", shown, re.S)]


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("A **heading**", ["A ", "heading"]),
        ("_emphasis_ and **bold", ["emphasis", " and ", "bold"]),
        ('[a link](http://x.y/z "t") and', ["a link", " and"]),
        ("link](http://x.y/z", ["link"]),
        ("&amp; more.\nSecond", ["& more.\nSecond"]),
        ("`a|b` line\n> next", ["a|b", " line\nnext"]),
        ("- item one\n- item **two**", ["item one", "item ", "two"]),
        ("| a \\| b | 1 |", ["a | b", "1"]),
        ("| **BERT** | 340 M |", ["BERT", "340 M"]),
        ("x = 1 < 2\ny", ["x = 1 < 2\ny"]),
        ("<b>raw</b>", ["<b>raw</b>"]),
    ],
)
def test_a_mark_covers_exactly_the_words_of_the_quote(quote: str, expected: list[str]) -> None:
    assert marked(quote) == expected


def test_marks_change_nothing_but_themselves() -> None:
    plain = markdown.render(TEXT, [])
    for start in range(0, len(TEXT) - 10, 3):
        shown = markdown.render(
            TEXT, marks.flattened((start, start + 10), [(start + 4, start + 40)])
        )
        assert re.sub(r"</?mark[^>]*>", "", shown) == plain, TEXT[start : start + 10]


def test_the_quote_can_be_scrolled_to_and_wins_over_other_quotes() -> None:
    start = TEXT.index("bold text")
    shown = markdown.render(TEXT, marks.flattened((start, start + 4), [(start - 2, start + 9)]))
    assert '<mark class="quote" id="quote">bold</mark>' in shown
    assert ' <mark class="other">text</mark>' in shown
    assert shown.count('id="quote"') == 1


def test_nothing_in_a_document_becomes_active() -> None:
    shown = markdown.render(TEXT, [])
    assert "&lt;b&gt;raw&lt;/b&gt;" in shown
    assert "javascript:" not in re.sub(r">[^<]*<", "><", shown)
    assert "<img" not in shown
    assert '<span class="image">a picture</span>' in shown


def test_noncharacters_of_a_document_are_not_taken_for_marks() -> None:
    shown = markdown.render("a \ufdd0b\ufdd2 c", [])
    assert "<mark" not in shown


def test_a_section_is_the_chain_of_headings_above() -> None:
    text = "# One\n\na\n\n## Two `x`\n\nb\n\n```\n# no\n```\n\n## Three\n\nc\n"
    assert markdown.section_at(text, text.index("b\n")) == "One › Two x"
    assert markdown.section_at(text, text.index("c\n")) == "One › Three"
