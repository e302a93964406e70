"""Who did what to whom."""

import pytest

from app.checking.roles import roles_exchanged
from tests.app.checking.held import kinds, reasons


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("Alba defeated Brio in the final.", "Brio defeated Alba in the final."),
        ("The bridge was built by Alba for Brio.", "The bridge was built by Brio for Alba."),
        ("The depot has 12 red trams and 30 blue ones.", "It has 30 red trams and 12 blue ones."),
        ("It opened in 1912 and closed in 1960.", "It opened in 1960 and closed in 1912."),
    ],
)
def test_two_that_have_changed_places_are_told(passage: str, sentence: str) -> None:
    assert kinds(roles_exchanged, sentence, passage) == ["exchange"]
    assert "the other way round" in reasons(roles_exchanged, sentence, passage)


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("Alba defeated Brio in the final.", "Brio was defeated by Alba in the final."),
        ("Berg and her wife Dahl left.", "Dahl and her husband Berg left."),
        ("Mayor Berg posed with actress Dahl.", "Mayor Berg and the actress Dahl posed."),
        ("Ida's songs were printed by Berg in Dawn.", "Ida's songs were printed as Dawn by Berg."),
        ("Alban Union law is applied by Alba.", "Alban law is applied by the Alban Union."),
        (
            "Leonardo painted a portrait that the Louvre holds.",
            "The Louvre holds a portrait painted by Leonardo.",
        ),
        (
            "Veltro sells valves designed by Siemens.",
            "Siemens designed the valves that Veltro sells.",
        ),
        (
            "Siemens designed the valves that Veltro sells.",
            "Veltro sells valves designed by Siemens.",
        ),
        (
            "Plus costs 7 euros and Basic costs 5 euros.",
            "Basic costs 5 euros and Plus costs 7 euros.",
        ),
        ("Bert leads support and Anna leads sales.", "Anna leads sales and Bert leads support."),
    ],
)
def test_the_same_in_another_order_is_no_exchange(passage: str, sentence: str) -> None:
    assert kinds(roles_exchanged, sentence, passage) == []
