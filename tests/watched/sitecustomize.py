"""Loaded by every Python that starts with this folder on its PYTHONPATH: refuses and writes down
each attempt to look up or reach anything but this machine, whoever makes it.

An audit hook sees what any Python code does, asyncio too, and cannot be taken off again.
"""

import os
import sys
import traceback

LOG = os.environ["NETWORK_LOG"]
LOCAL = ("127.", "::1", "localhost", "0.0.0.0", "::ffff:127.")


def _is_local(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    return host in (None, "", "::") or str(host).startswith(LOCAL)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
        if not isinstance(address, tuple):  # the path of a socket on this machine, or none at all
            return
        host = address[0]
    elif event in {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}:
        host = arguments[0]
    else:
        return
    if not _is_local(host):
        where = "".join(traceback.format_stack(limit=8)[:-1])
        with open(LOG, "a", encoding="utf-8") as log:
            log.write(f"{event} {host!r}\n{where}\n")
        raise PermissionError(f"This test lets nothing leave the machine, and {host!r} is not it.")


sys.addaudithook(_watch)
