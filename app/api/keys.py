"""Keys for programs. The home has their hashes; a key itself is shown once."""

import hashlib
import hmac
import json
import secrets
from base64 import b64decode
from dataclasses import asdict, dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.journal import iso
from ingest.errors import FootnoteError, SettingsError
from ingest.home import make_private, write_whole

_PREFIX = "footnote-"


@dataclass(frozen=True)
class Key:
    """A key as it is kept: whose it is, its hash, and when it was made (ISO 8601, UTC)."""

    name: str
    sha256: str
    made_at: str


class Keys:
    """The keys of a home."""

    def __init__(self, home: Path) -> None:
        self._path = home / "keys.json"

    def all(self) -> list[Key]:
        """Return the keys there are. Raises FootnoteError where they cannot be read."""
        try:
            return [Key(**each) for each in json.loads(self._path.read_text("utf-8"))]
        except FileNotFoundError:
            return []
        except (OSError, TypeError, ValueError) as error:
            raise FootnoteError(
                f"The keys in {self._path} cannot be read ({error}). "
                "Move the file away and make new ones with `footnote key add`."
            ) from error

    def add(self, name: str) -> str:
        """Make a key and return it; it cannot be shown again. Raises SettingsError."""
        known = self.all()
        if not name.strip() or any(key.name == name for key in known):
            raise SettingsError(f"There is a key “{name}” already, or it is no name. Name another.")
        key = _PREFIX + secrets.token_urlsafe(32)
        self._keep([*known, Key(name, _hash(key), iso())])
        return key

    def remove(self, name: str) -> None:
        """Have a key open nothing any more. Raises SettingsError for one that is not there."""
        known = self.all()
        if all(key.name != name for key in known):
            raise SettingsError(f"There is no key “{name}”. `footnote key list` lists them.")
        self._keep([key for key in known if key.name != name])

    def owner(self, given: str) -> str | None:
        """Return the name of a key, or None where it opens nothing."""
        hashed = _hash(given)
        for key in self.all():
            if hmac.compare_digest(key.sha256, hashed):
                return key.name
        return None

    def _keep(self, keys: list[Key]) -> None:
        make_private(self._path.parent)
        write_whole(self._path, json.dumps([asdict(key) for key in keys], indent=2))
        self._path.chmod(0o600)


class Locked:
    """Lets those in who have a key: as a bearer token, as `x-api-key`, or as a password.

    A browser asks its user for the latter. Whose the key is, is in the request's state.
    """

    def __init__(self, app: ASGIApp, keys: Keys, open_to: tuple[str, ...] = ()) -> None:
        self._app = app
        self._keys = keys
        self._open_to = open_to

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._app
        if scope["type"] == "http" and scope["path"] not in self._open_to:
            given = _given(Headers(scope=scope))
            owner = self._keys.owner(given) if given else None
            if owner is None:
                what = "This key opens nothing." if given else "A key is asked for."
                answer = PlainTextResponse(
                    f"{what} `footnote key add NAME` makes one.",
                    401,
                    {"WWW-Authenticate": 'Basic realm="Footnote"'},
                )
            else:
                scope = {**scope, "state": {**scope.get("state", {}), "owner": f"key:{owner}"}}
        await answer(scope, receive, send)


def _given(headers: Headers) -> str:
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() == "basic":
        try:
            return b64decode(value, validate=True).decode().partition(":")[2]
        except ValueError:
            return ""
    return headers.get("x-api-key", "")


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
