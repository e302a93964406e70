from pathlib import Path

import pytest

from ingest.errors import WeightsError
from ingest.known_weights import QWEN_0_5B
from ingest.weights import fetch


@pytest.fixture(scope="session")
def small_weights() -> Path:
    """The 0.5B model's GGUF file, fetched where it is not there yet."""
    try:
        return fetch(QWEN_0_5B)
    except WeightsError as error:
        pytest.skip(str(error))
