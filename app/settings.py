"""Settings: flags over FOOTNOTE_* variables over footnote.toml over the defaults below."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BeforeValidator,
    Field,
    IPvAnyNetwork,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ingest.errors import SettingsError

_PREFIX = "FOOTNOTE_"
# Read elsewhere than here, before there are settings.
_OTHER_VARIABLES = frozenset({"FOOTNOTE_CACHE", "FOOTNOTE_CONFIG"})
_RETIRED = frozenset({"entailment"})
"""Settings that there were: an empty one changed nothing, and still may stand there."""
_GONE = "this setting is gone; please take it out"

Each = TypeVar("Each")


def _parted(value: object) -> object:
    """A variable of the environment holds a list as words with commas between."""
    return [each.strip() for each in value.split(",")] if isinstance(value, str) else value


Several = Annotated[tuple[Each, ...], NoDecode, BeforeValidator(_parted)]
HostName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+$|^[0-9a-fA-F:.]+$")]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[^/@?#\s*]+$")]


class Settings(BaseSettings):
    """Everything that can be set. Unknown names are refused, wherever they come from."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="forbid", frozen=True)

    home: Path = Field(Path(".footnote"), description="Holds the catalogue, index and journal.")
    corpus: Path = Field(Path("corpus"), description="The folder ingested when none is named.")
    model: str = Field(
        "auto",
        description="auto, none, embedded, embedded:0.5b, embedded:1.5b, ollama, ollama:NAME, "
        "openai:NAME, or the path of a .gguf file.",
    )
    profile: Literal["auto", "small", "capable"] = Field(
        "auto",
        description="auto, small or capable: whether a model's prose stands under the quotes or "
        "above them, and how much it is given. By itself it follows from what "
        "`footnote bench models` measured, else from the model's size.",
    )
    thinking_tokens: int = Field(
        0,
        ge=0,
        description="Tokens that a model which can think may think before it answers: better, and "
        "many times slower. With 0 it answers at once.",
    )
    ollama_url: str = Field(
        "",
        description="Where Ollama listens. Without one: OLLAMA_HOST, else http://127.0.0.1:11434.",
    )
    keep_alive: str = Field(
        "",
        pattern=r"^$|^-?\d+(\.\d+)?(ms|s|m|h)?$",
        description="How long Ollama keeps the model loaded after an answer, such as 30m or -1 for "
        "always; without one, as Ollama does.",
    )
    openai_url: str = Field("", description="Base address of an OpenAI-compatible server.")
    openai_key: str = Field("", description="Key for that server, if it wants one.", repr=False)
    context_window: int = Field(
        4096, ge=1024, description="Tokens the model reads and writes at most; never exceeded."
    )
    model_timeout_s: float = Field(
        60.0, gt=0, description="Seconds without a new word after which a model counts as gone."
    )
    threads: int | None = Field(
        None,
        ge=1,
        description="Threads that the embedded model computes on; without one, one for each core.",
    )
    embedding_model: str = Field(
        "all-MiniLM-L6-v2",
        description="all-MiniLM-L6-v2, or the folder of another sentence-transformers model.",
    )
    reranker: str = Field(
        "", description="Folder or name of a cross-encoder that reorders what was found."
    )
    passage_tokens: int | None = Field(
        None,
        ge=100,
        description="Tokens of passages the model is given at most; without one, a small model is "
        "given the quotes alone, a capable one 1,600.",
    )
    answer_tokens: int | None = Field(
        None,
        ge=32,
        description="Tokens a model writes at most; without one, as many as suit its size.",
    )
    calibration: Path | None = Field(
        None,
        description="File that says when to refuse, from footnote eval --calibrate. Without one: "
        "calibration.json in the home, else the one that is shipped.",
    )
    keep_days: int | None = Field(
        None,
        ge=1,
        description="Days that questions and answers are kept; without one, until they are "
        "deleted. What is pinned stays.",
    )
    host: str = Field("127.0.0.1", description="Address the page listens on.")
    port: int = Field(7860, ge=0, le=65535, description="Port of the page.")
    allowed_hosts: Several[HostName] = Field(
        (),
        description="Further names under which the page is asked for, without ports: those of a "
        "proxy before it, or of this machine in its network.",
    )
    allowed_origins: Several[Origin] = Field(
        (),
        description="Other web pages that may call this one, such as https://intranet.example. "
        "No cookies are taken from them.",
    )
    trusted_proxies: Several[IPvAnyNetwork] = Field(
        (),
        description="Addresses or networks of proxies that are believed when they say under what "
        "name and scheme they were asked (X-Forwarded-Host and -Proto).",
    )

    chroma_url: str = Field(
        "",
        pattern=r"^$|^https?://[^/\s]+/?$",
        description="Address of a Chroma server that keeps the vectors; without one the home does.",
    )
    chroma_tenant: str = Field("default_tenant", description="Tenant on that server.")
    chroma_database: str = Field("default_database", description="Database of that tenant.")
    chroma_token: str = Field("", description="Token for that server, if it wants one.", repr=False)
    telemetry_url: str = Field(
        "",
        description="Address of an OpenTelemetry collector (OTLP over gRPC) that is told what "
        "answering took; without one nothing is measured.",
    )
    telemetry_texts: bool = Field(
        False, description="Tell the collector questions and answers, too."
    )

    @model_validator(mode="before")
    @classmethod
    def _without_retired(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in given.items() if name not in _RETIRED or value}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, _file())


def _file() -> Path:
    """Return footnote.toml, or what FOOTNOTE_CONFIG names."""
    return Path(os.environ.get("FOOTNOTE_CONFIG", "footnote.toml"))


def load_settings(**flags: Any) -> Settings:
    """Return the settings; flags that are None count as not given.

    Raises SettingsError that names what is unknown or impossible.
    """
    known = {f"{_PREFIX}{name.upper()}" for name in Settings.model_fields}
    retired = {f"{_PREFIX}{name.upper()}" for name in _RETIRED}
    for variable, value in os.environ.items():
        if variable in retired and value:
            raise SettingsError(f"{variable}: {_GONE}.")
        if variable.startswith(_PREFIX) and variable not in known | retired | _OTHER_VARIABLES:
            raise SettingsError(
                f"{variable} is not a setting. There are: {', '.join(sorted(known))}."
            )
    if "FOOTNOTE_CONFIG" in os.environ and not _file().is_file():
        raise SettingsError(f"FOOTNOTE_CONFIG names {_file()}, and there is no such file.")
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, problem['loc']))}: {_in_words(problem)}"
            for problem in error.errors()
        )
        raise SettingsError(f"The settings cannot be used: {problems}.") from error
    except (OSError, ValueError) as error:
        raise SettingsError(f"{_file()} cannot be read: {error}.") from error


def _in_words(problem: Any) -> str:
    if problem["type"] == "extra_forbidden":
        if problem["loc"][0] in _RETIRED:
            return _GONE
        return f"there is no such setting; there are {', '.join(sorted(Settings.model_fields))}"
    return str(problem["msg"])
