"""What the page tells a browser of what can be called."""

import json
import re
from typing import Any


def handlers(page: str) -> dict[str, dict[str, Any]]:
    """The handlers that a page's HTML names, by their names, as Gradio describes them."""
    found = re.search(r"window\.gradio_config\s*=\s*", page)
    assert found, page[:2000]
    config, _ = json.JSONDecoder().raw_decode(page, found.end())
    return {each["api_name"]: each for each in config["dependencies"]}
