"""Asking model servers short questions over HTTP; whatever goes wrong is a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx

from ingest.errors import ModelError

# Of the local kind, a server answers in milliseconds; without one the user should hardly wait
LOOK_AROUND = httpx.Timeout(0.5)
ASK_A_SERVER = httpx.Timeout(10, connect=3)


def is_loopback(url: str) -> bool:
    """Whether the address is this machine's; a proxy has no business in between then."""
    return (urlsplit(url).hostname or "") in {"localhost", "127.0.0.1", "::1", "0.0.0.0"}


def client_of(
    url: str, timeout: httpx.Timeout, headers: dict[str, str] | None = None
) -> httpx.Client:
    """Return a client of the server at `url`. Raises ModelError for what is no address."""
    if urlsplit(url).scheme not in {"http", "https"}:
        raise ModelError(f"{url!r} is not the address of a server; it must begin with http://.")
    return httpx.Client(
        base_url=url, timeout=timeout, headers=headers, trust_env=not is_loopback(url)
    )


def ask(
    client: httpx.Client, url: str, path: str, body: dict[str, str] | None = None
) -> dict[str, Any]:
    """Return the object that the server at `url` answers with. Raises ModelError."""
    with told(url):
        response = client.post(path, json=body) if body else client.get(path)
        response.raise_for_status()
        found = response.json()
        if not isinstance(found, dict):
            raise ValueError("no object")
    return found


@contextmanager
def told(url: str) -> Iterator[None]:
    """Raise a ModelError in the user's words for whatever fails with the server at `url`."""
    try:
        yield
    except httpx.HTTPStatusError as error:
        raise ModelError(
            f"The model server at {url} answered {error.response.status_code}: "
            f"{error.response.text.strip()[:200]}"
        ) from error
    except httpx.TimeoutException as error:
        raise ModelError(f"No model server answered at {url} in time.") from error
    except (httpx.ConnectError, httpx.UnsupportedProtocol) as error:
        raise ModelError(f"No model server was found at {url}.") from error
    except httpx.HTTPError as error:
        raise ModelError(f"The model server at {url} broke off.") from error
    except ValueError as error:
        raise ModelError(f"What answers at {url} is not a model server.") from error
