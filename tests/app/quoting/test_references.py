"""What only names a source is no answer, and nothing is said twice."""

from pathlib import Path

from tests.app.quoting.test_quoting import shown
from tests.app.small_world import indexed

PAPER = """# Sleep on wards

## Findings

Dimmed light lets nurses sleep longer.

## Sources

- Okafor and Strand, 2021, Dimmed light and sleep of nurses (arXiv:2101.00001)
- https://example.org/dimmed-light-nurses-sleep
"""


def test_an_entry_of_a_bibliography_is_shown_to_who_asks_for_a_source_alone(tmp_path: Path) -> None:
    index = indexed(tmp_path, {"sleep.md": PAPER})
    found = [each.quote for each in shown("Does dimmed light let nurses sleep?", index)]
    assert found == ["Dimmed light lets nurses sleep longer."]
    found = [each.quote for each in shown("Which paper is on dimmed light and nurses?", index)]
    assert any("arXiv" in each for each in found)


def test_a_list_that_has_nothing_of_the_question_is_not_brought_whole(tmp_path: Path) -> None:
    steps = "# Tea\n\n- Warm the pot.\n- Pour the water.\n- Wait.\n- Strain.\n"
    found = shown("leeks tonight?", indexed(tmp_path, {"tea.md": steps}))
    assert len([each for each in found if each.kind == "item"]) < 4


def test_what_is_said_twice_in_hardly_other_words_is_shown_once(tmp_path: Path) -> None:
    said = (
        "# Pool\n\nEach locker in the hall opens with the blue token 4. In the hall each locker "
        "opens with the blue token 4. Each locker in the yard opens with the blue token 7.\n"
    )
    index = indexed(tmp_path, {"pool.md": said})
    found = [each.quote for each in shown("Which token opens each locker?", index)]
    assert sum("token 4" in each for each in found) == 1
    assert sum("token 7" in each for each in found) == 1
