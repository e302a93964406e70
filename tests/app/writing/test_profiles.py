"""Which profile a model gets."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.models.choosing import ModelChoice
from app.opening import profile_for
from app.settings import Settings
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


@pytest.mark.parametrize(
    ("changed", "profile", "why"),
    [
        ({}, CAPABLE, "held 0.90 of the key facts, the quotes alone 0.85"),
        ({"right": 0.8}, SMALL, "held 0.80"),
        ({"withheld": 0.3}, SMALL, "0.30 of its sentences were withheld"),
        ({"questions": 19}, SMALL, "3 billion"),
        ({"right": None}, SMALL, "3 billion"),
    ],
)
def test_a_profile_follows_from_what_the_bench_measured_of_the_model(
    tmp_path: Path, changed: dict[str, Any], profile: Profile, why: str
) -> None:
    own = {"model": "ollama:q:3b", "questions": 20, "right": 0.9, "withheld": 0.05, **changed}
    rows = [own, {"model": "none", "questions": 20, "right": 0.85}]
    (tmp_path / "bench").mkdir()
    record = {"set": "corpus", "at": "2026-11-30", "models": rows}
    (tmp_path / "bench" / "models.json").write_text(json.dumps(record))
    found, reason = profile_for(ModelChoice("ollama", "q:3b", "", 4096), Settings(home=tmp_path))
    assert found == profile
    assert why in reason
    set_to, _ = profile_for(
        ModelChoice("ollama", "q:3b", "", 4096), Settings(home=tmp_path, profile="small")
    )
    assert set_to == SMALL
