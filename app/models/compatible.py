"""What a server that speaks OpenAI's protocol has: LM Studio, vLLM, llama-server, a hosted one."""

import re
from urllib.parse import urlsplit

from app.models.servers import ASK_A_SERVER, ask, client_of
from ingest.errors import ModelError

LONGEST_ADDRESS = 300
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")


def base_of(url: str) -> str:
    """The address with the /v1 that people forget; one with a path of its own is left alone."""
    url = url.rstrip("/")
    return url if urlsplit(url).path else f"{url}/v1"


def checked_address(typed: str) -> str:
    """Return the base address that somebody typed. Raises ModelError for what is none.

    A name and a password in it are refused: addresses are shown, and keys come from elsewhere.
    """
    typed = typed.strip()
    typed = typed if "://" in typed else f"http://{typed}"
    try:
        parts = urlsplit(typed)
        is_one = bool(_HOST.fullmatch(parts.hostname or "")) and (parts.port or 1) > 0
    except ValueError:
        is_one = False
    if not is_one or parts.scheme not in ("http", "https") or len(typed) > LONGEST_ADDRESS:
        raise ModelError(f"“{typed[:100]}” is no address, such as http://127.0.0.1:1234.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ModelError(
            "An address has no password, query or fragment; a key is given as FOOTNOTE_OPENAI_KEY."
        )
    return base_of(typed)


def models_of(url: str, key: str) -> dict[str, int]:
    """Return the models a server lists, with the window of those of which it tells it, else 0.

    Raises ModelError when it does not answer.
    """
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with client_of(url, ASK_A_SERVER, headers) as client:
        listed = ask(client, url, "/models").get("data") or []
    windows = {}
    for model in listed:
        if isinstance(model, dict) and isinstance(model.get("id"), str):
            said = model.get("meta") if isinstance(model.get("meta"), dict) else {}
            # vLLM and llama-server say so, others refuse what is too long
            limit = model.get("max_model_len") or (said or {}).get("n_ctx_train")
            windows[model["id"]] = limit if isinstance(limit, int) else 0
    return windows
