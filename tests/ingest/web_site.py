"""A site of the web, on loopback."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PAGE = b"<html><head><title>Moss</title></head><body><p>The cat sits on moss.</p></body></html>"


class Site:
    """A server on loopback: what it answers by path, and what it was asked.

    What `waits` has of a path is waited for before it is answered; `reached` says that it was asked
    for one of these.
    """

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[dict[str, str]] = []
        self.waits: dict[str, threading.Event] = {}
        self.reached = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append({name.lower(): value for name, value in self.headers.items()})
                if waited := site.waits.get(self.path):
                    site.reached.set()
                    waited.wait(60)
                status, headers, content = site.pages.get(self.path, (404, {}, b""))
                if headers.get("ETag", "x") == self.headers.get("If-None-Match"):
                    status, content = 304, b""
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: Any) -> None:
                """Quietly."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
