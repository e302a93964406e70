"""Which profile a model gets."""

import pytest

from app.writing.profiles import CAPABLE, SMALL, Profile, profile_of


@pytest.mark.parametrize(
    ("billions", "kind", "set_to", "profile", "why"),
    [
        (3.1, "ollama", "auto", SMALL, "3.1 billion"),
        (7, "ollama", "auto", CAPABLE, "7 billion"),
        (None, "ollama", "auto", SMALL, "not known"),
        (None, "openai", "auto", CAPABLE, "does not tell"),
        (1.5, "embedded", "capable", CAPABLE, "profile = capable"),
        (70, "ollama", "small", SMALL, "profile = small"),
    ],
)
def test_a_profile_follows_from_the_size_unless_it_is_set(
    billions: float | None, kind: str, set_to: str, profile: Profile, why: str
) -> None:
    found, reason = profile_of(billions, kind, set_to)
    assert found == profile
    assert why in reason
