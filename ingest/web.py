"""A page or file of the web: fetched once it is sure that it is of the web, and within limits.

Whoever gives an address may be anybody, and so may whoever answers for its name. So a name is
looked up here, every address it has is checked, and the connection goes to one that was checked,
after each redirect anew. Proxies of the environment are not used: they would look it up again.
"""

import ipaddress
import mimetypes
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import httpcore
import httpx
import webencodings

from ingest.errors import DocumentError
from ingest.loaders import MAX_BYTES, SUFFIXES

SECONDS = 60
"""Within which all of it must be there, redirects included."""
_REDIRECTS = 5
_LONGEST_NAME = 120
_MOVED = {301, 302, 303, 307, 308}
_UNCHANGED = 304
_OTHER_IN_NAMES = re.compile(r"[^\w.() -]+")
_USE_ANOTHER = "Give the address of a page or file that everybody can open."

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IsAllowed = Callable[[IPAddress], bool]


@dataclass(frozen=True)
class Fetched:
    """What was at an address: its bytes, a name for them with the suffix of their format.

    `etag` and `modified` are what the server wants to be told when it is asked again.
    """

    name: str
    content: bytes
    etag: str = ""
    modified: str = ""


def is_public(address: IPAddress) -> bool:
    """Whether it is an address of the internet, of this machine's and its network's none."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if inside or address in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(inside or ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.is_site_local:
            return False
    is_global = address.is_global and not (address.is_multicast or address.is_reserved)
    return is_global and not _is_own(address)


def _is_own(address: IPAddress) -> bool:
    """Whether it is an address of this machine, as a server's own public one is."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))  # no other machine's can be; nothing is sent
    except OSError:
        return False
    return True


def fetch(
    url: str, etag: str = "", modified: str = "", is_allowed: IsAllowed | None = None
) -> Fetched | None:
    """Fetch what is at `url`; None where it is what it was under `etag` or `modified`.

    `is_allowed` says to which addresses one may connect: those of the internet. Raises
    DocumentError, with `url` as the document.
    """
    deadline = time.monotonic() + SECONDS
    asking = {"User-Agent": "Footnote", "Accept-Encoding": "identity", "Accept": "*/*"}
    known = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = [
        (name.encode(), value.encode("latin-1", "ignore"))
        for name, value in (*asking.items(), *known.items())
        if value
    ]
    backend = _Checked(url, is_allowed or is_public, deadline)
    here = _of_web(url, url)
    try:
        with httpcore.ConnectionPool(ssl.create_default_context(), network_backend=backend) as pool:
            for _ in range(_REDIRECTS + 1):
                with pool.stream("GET", str(here), headers=headers) as response:
                    told = {name.decode().lower(): value.decode("latin-1")
                            for name, value in response.headers}  # fmt: skip
                    if response.status in _MOVED and "location" in told:
                        here = _of_web(url, told["location"], here)
                        continue
                    if response.status == _UNCHANGED and (etag or modified):
                        return None
                    return _taken(url, here, response, told)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        problem = f"cannot be fetched ({_reason(error)})."
        raise DocumentError(url, problem, "Check the address and try again.") from error
    raise DocumentError(url, "leads from address to address without end.", _USE_ANOTHER)


def _of_web(url: str, written: str, at: httpx.URL | None = None) -> httpx.URL:
    """Read an address of the web, or one that stands `at` another; its letters become ASCII."""
    try:
        here = at.join(written) if at else httpx.URL(written)
        port = 0 if here.port is None else here.port
        is_web = here.scheme in ("http", "https") and here.host != "" and port < 65_536
    except (ValueError, httpx.InvalidURL):
        is_web = False
    if not is_web:
        raise DocumentError(url, "is no address of the web.", "It begins with https:// or http://.")
    if here.userinfo:
        raise DocumentError(url, "has a name or password in it.", _USE_ANOTHER)
    return here


def _taken(url: str, here: httpx.URL, response: httpcore.Response, told: dict[str, str]) -> Fetched:
    if response.status != 200:
        problem = f"the server answers with {response.status}."
        raise DocumentError(url, problem, "Check the address and try again.")
    if told.get("content-encoding", "identity") not in ("", "identity"):
        raise DocumentError(url, "the server sends it packed, unasked.", _USE_ANOTHER)
    content = _all_of(url, response.iter_stream())
    kind, _, rest = told.get("content-type", "").partition(";")
    name = _name(url, here, kind.strip().lower())
    if kind.strip().startswith("text/"):
        content = _as_utf8(content, rest)
    return Fetched(name, content, told.get("etag", ""), told.get("last-modified", ""))


def _all_of(url: str, pieces: Iterable[bytes]) -> bytes:
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > MAX_BYTES:
            problem = f"it has more than the limit of {MAX_BYTES / 1e6:.0f} MB."
            raise DocumentError(url, problem, "Fetch it yourself and split it.")
    return bytes(content)


def _name(url: str, here: httpx.URL, kind: str) -> str:
    """Name it by where it is; its suffix is that of what the server says that it is."""
    last = unquote(here.path.rstrip("/").rpartition("/")[2])
    stem, dot, suffix = last.rpartition(".")
    suffix = f".{suffix.lower()}" if dot else ""
    told = ".html" if "html" in kind else mimetypes.guess_extension(kind) or ""
    if suffix not in SUFFIXES or (told == ".html" and suffix not in (".htm", ".html")):
        stem, suffix = last, told
    if suffix not in SUFFIXES:
        what = f"it is {kind or 'of no stated kind'}, which is not read."
        raise DocumentError(url, what, f"Of files {', '.join(sorted(SUFFIXES))} are.")
    words = _OTHER_IN_NAMES.sub(" ", f"{here.host} {stem}").strip()
    return words.encode()[:_LONGEST_NAME].decode(errors="ignore").strip() + suffix


def _as_utf8(content: bytes, told: str) -> bytes:
    """Write text in the encoding that the server states as UTF-8, marked as such."""
    stated = re.search(r"charset=\"?([\w.:-]+)", told, re.IGNORECASE)
    # Of the web's encodings: some of Python's take hours for what is made for that (punycode).
    encoding = webencodings.lookup(stated[1]) if stated else None
    if encoding is None or encoding.name == "utf-8":
        return content
    try:
        return str(encoding.codec_info.decode(content)[0]).encode("utf-8-sig")
    except UnicodeError:
        return content  # it is told by its bytes


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


class _Checked(httpcore.SyncBackend):
    """Connects to addresses that were checked, until a moment."""

    def __init__(self, url: str, is_allowed: IsAllowed, deadline: float) -> None:
        self._url, self._is_allowed, self._deadline = url, is_allowed, deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} is not known") from error
        addresses = [str(each[4][0]).partition("%")[0] for each in found]
        if not all(self._is_allowed(ipaddress.ip_address(address)) for address in addresses):
            raise DocumentError(
                self._url, f"leads to {host}, which is in a private network.", _USE_ANOTHER
            )
        stream = super().connect_tcp(
            addresses[0], port, self._left(), local_address, socket_options
        )
        return _Hurried(stream, self._left)

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout(f"it takes more than {SECONDS} seconds")
        return min(left, 20.0)


class _Hurried(httpcore.NetworkStream):
    """A stream on which nothing takes longer than there is time left."""

    def __init__(self, stream: httpcore.NetworkStream, left: Callable[[], float]) -> None:
        self._stream, self._left = stream, left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._left())
        return _Hurried(stream, self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
