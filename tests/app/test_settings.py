"""Flags over FOOTNOTE_* over footnote.toml over defaults, and nothing unknown anywhere."""

import os
from pathlib import Path

import pytest

from app.settings import Settings, load_settings
from ingest.errors import SettingsError


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("FOOTNOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_a_flag_beats_the_environment_beats_the_file_beats_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load_settings().port == 7860
    Path("footnote.toml").write_text("port = 1001\nmodel = 'none'\n")
    assert load_settings().port == 1001
    monkeypatch.setenv("FOOTNOTE_PORT", "1002")
    assert load_settings().port == 1002
    assert load_settings(port=1003).port == 1003
    assert load_settings(port=None).port == 1002
    assert load_settings().model == "none"


def test_another_file_can_be_named_and_must_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "other.toml"
    monkeypatch.setenv("FOOTNOTE_CONFIG", str(named))
    with pytest.raises(SettingsError, match=r"other\.toml"):
        load_settings()
    named.write_text("port = 1004")
    assert load_settings().port == 1004


def test_an_unknown_variable_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_PROT", "1")
    with pytest.raises(SettingsError, match=r"FOOTNOTE_PROT.*FOOTNOTE_PORT"):
        load_settings()


def test_an_unknown_line_of_the_file_is_refused_by_its_name() -> None:
    Path("footnote.toml").write_text("prot = 1")
    with pytest.raises(SettingsError, match=r"prot: there is no such setting.*port"):
        load_settings()


def test_a_setting_that_is_gone_is_ignored_where_it_is_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("footnote.toml").write_text("entailment = ''\nport = 1005\n")
    monkeypatch.setenv("FOOTNOTE_ENTAILMENT", "")
    assert load_settings().port == 1005


def test_a_setting_that_is_gone_is_said_to_be_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("footnote.toml").write_text("entailment = 'model'\n")
    with pytest.raises(SettingsError, match=r"entailment: this setting is gone; .*take it out"):
        load_settings()
    monkeypatch.setenv("FOOTNOTE_ENTAILMENT", "model")
    with pytest.raises(SettingsError, match=r"FOOTNOTE_ENTAILMENT: this setting is gone"):
        load_settings()


def test_a_variable_of_another_program_is_not_taken_for_a_setting_that_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ENTAILMENT", "model")
    load_settings()


def test_an_unknown_flag_is_refused_by_its_name() -> None:
    with pytest.raises(SettingsError, match="prot"):
        load_settings(prot=1)


def test_variables_read_before_there_are_settings_are_not_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FOOTNOTE_CACHE", "/somewhere")
    load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "70000"),
        ("port", "seven"),
        ("context_window", "10"),
        ("answer_tokens", "0"),
        ("passage_tokens", "1"),
        ("model_timeout_s", "0"),
    ],
)
def test_an_impossible_value_is_refused_by_the_setting_s_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"FOOTNOTE_{name.upper()}", value)
    with pytest.raises(SettingsError, match=name):
        load_settings()


def test_a_file_that_is_no_toml_is_named() -> None:
    Path("footnote.toml").write_text("port: 1")
    with pytest.raises(SettingsError, match=r"footnote\.toml cannot be read"):
        load_settings()


def test_the_key_is_not_shown_where_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_OPENAI_KEY", "secret-key")
    assert load_settings().openai_key == "secret-key"
    assert "secret-key" not in repr(load_settings())


def test_every_setting_says_what_it_is() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
