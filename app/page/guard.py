"""The door: who is answered at all, before anything is asked of the page behind it.

A browser sends the requests of any website to this machine. It lets the website read the answers
too, where its own name leads to this machine (DNS rebinding). So only those are answered who know
this server by its own name, and pages that are its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Gradio evaluates templates in the browser, so the page cannot do without unsafe-eval; what it
# can do is promise the browser that nothing is ever fetched from, or sent, elsewhere.
_PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'"
)
_PROMISES = {
    "Content-Security-Policy": _PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?", re.IGNORECASE)
# Gradio believes the last of these of anybody.
_OF_PROXIES = (b"x-forwarded-", b"forwarded", b"x-gradio-server")


@dataclass(frozen=True)
class Doors:
    """Whom the page answers besides those who ask for this machine's own address.

    `hosts` are further names of it, without ports; `origins` are other pages that may call it, as
    browsers write them ("https://intranet.example"); `proxies` are believed what they say of a
    request: by what name and scheme it was made.
    """

    hosts: Sequence[str] = ()
    origins: Sequence[str] = ()
    proxies: Sequence[IPv4Network | IPv6Network] = ()


def is_beyond_this_machine(host: str) -> bool:
    """Whether other machines reach what listens at this address or name."""
    address = _address(host)
    return host != "localhost" and not (address and address.is_loopback)


def in_url(host: str, port: int) -> str:
    """The address of a page there, as a browser takes it."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Guard:
    """Turns away whoever asks by a foreign name or from a foreign page.

    To what it lets out it adds headers that keep the page's promises even if something in the page
    should be fooled.
    """

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self._app = app
        self._doors = doors
        self._hosts = {host.lower() for host in doors.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":  # the page opens no web sockets
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._answer(_as_asked(scope, self._doors.proxies), receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _PROMISES.items():
                    headers.setdefault(name, value)
            await send(message)

        problem = self._problem(scope)
        answer = PlainTextResponse(problem, 403) if problem else self._app
        await answer(scope, receive, guarded)

    def _problem(self, scope: Scope) -> str:
        """Say why this request is not answered, or nothing."""
        headers = Headers(scope=scope)
        if not self._is_asked_by_name(headers, scope):
            return "Footnote is not known by this name. `allowed_hosts` takes further names."
        if not self._is_asked_by_page(headers, scope):
            return "Another page asks. `allowed_origins` takes pages that may."
        return ""

    def _is_asked_by_name(self, headers: Headers, scope: Scope) -> bool:
        """Whether the name that was asked for is a setting, or the address that was reached."""
        asked = headers.getlist("host")
        host = _HOST.fullmatch(asked[0]) if len(asked) == 1 else None
        name = host[1].lower() if host else ""
        reached = _address((scope.get("server") or ("",))[0])
        if name in self._hosts:
            return True
        if name == "localhost":
            return reached is not None and reached.is_loopback
        return reached is not None and _address(name.strip("[]")) == reached

    def _is_asked_by_page(self, headers: Headers, scope: Scope) -> bool:
        """Whether our own page asks, or one that may, or somebody who follows a link to it."""
        origins = headers.getlist("origin")
        if origins and all(origin in self._doors.origins for origin in origins):
            return True
        own = f"{scope['scheme']}://{headers['host'].lower()}"
        if any(origin.lower() != own for origin in origins):
            return False
        # What has no origin may still be embedded in a foreign page, as an image is.
        site, mode = headers.get("sec-fetch-site"), headers.get("sec-fetch-mode")
        return mode == "navigate" or site in (None, "none", "same-origin")


def _as_asked(scope: Scope, proxies: Sequence[IPv4Network | IPv6Network]) -> Scope:
    """Return a request as it was made to a trusted proxy; what anybody else says of that is cut."""
    said = Headers(scope=scope)
    headers = [each for each in scope["headers"] if not each[0].startswith(_OF_PROXIES)]
    asked = {**scope, "headers": headers}
    peer = _address((scope.get("client") or ("",))[0])
    if peer is None or not any(peer in network for network in proxies):
        return asked
    host, scheme = _last(said, "x-forwarded-host"), _last(said, "x-forwarded-proto")
    if host:
        asked["headers"] = [each for each in headers if each[0] != b"host"]
        asked["headers"].append((b"host", host.encode("latin-1")))
    if scheme in ("http", "https"):
        asked["scheme"] = scheme
    return asked


def _last(headers: Headers, name: str) -> str:
    """Return what the proxy added itself: what stands before it may come from the visitor."""
    return ",".join(headers.getlist(name)).rpartition(",")[2].strip()


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
