"""Whose a conversation is: of whoever uses this machine, or, where others reach it, of a browser.

A visitor is known by a cookie that no script can read. The journal has a hash of it, so that who
reads the journal cannot take a visitor's place.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import Message, Scope, Send

COOKIE = "footnote_visitor"
_A_YEAR_S = 365 * 24 * 3600


@dataclass(frozen=True)
class Visitors:
    """`shared` says whether others than the user of this machine reach the page."""

    shared: bool = False

    def owner(self, cookies: Mapping[str, str], tab: str) -> str:
        """Return whose conversations a visitor sees; without cookies they are those of the tab."""
        if not self.shared:
            return ""
        return sha256((cookies.get(COOKIE) or f"tab {tab}").encode()).hexdigest()

    def welcoming(self, scope: Scope, send: Send) -> Send:
        """Give a visitor who has none a cookie with the page."""
        if not self.shared or COOKIE in Request(scope).cookies:
            return send
        secure = "; Secure" if scope["scheme"] == "https" else ""

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append(
                    "set-cookie",
                    f"{COOKIE}={secrets.token_urlsafe(24)}; Max-Age={_A_YEAR_S}; Path=/; HttpOnly; "
                    f"SameSite=Lax{secure}",
                )
            await send(message)

        return with_cookie
