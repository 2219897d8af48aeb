"""The explorer at work: an address of this machine, and requests until somebody stops it."""

from __future__ import annotations

import ipaddress
import secrets
import socket
import sys
from contextlib import suppress
from typing import Any

__all__ = ["LOOPBACK", "address_of", "bound", "new_token", "serve"]

LOOPBACK = "127.0.0.1"
SWITCH = 0.0005  # seconds that a request is kept waiting by the answer to another, at each of its steps


def address_of(host: str, *, token: bool) -> str:
    """The address to listen on.  Raises ValueError for one that others reach, without a token, and for no address."""
    if host == "localhost":
        return LOOPBACK
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        raise ValueError(f"--host {host}: expected an address of this machine, such as {LOOPBACK}") from None
    if address.is_unspecified:
        raise ValueError(f"--host {host} means every address: name the one by which the page will be opened")
    if not address.is_loopback and not token:
        raise ValueError(
            f"--host {host} lets other machines ask: add --token, so that only who has the link can, or leave --host out"
        )
    return str(address)


def new_token() -> str:
    """What only who has the link can say: 32 random bytes as text."""
    return secrets.token_urlsafe(32)


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there.  Raises ValueError where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named as TCP: only then is the end of an answer sent at once, rather than when its beginning is acknowledged (40 ms)
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen()  # so that whoever reads the link is heard
    except OSError as error:
        found.close()
        raise ValueError(
            f"port {port} of {host} is not to be had ({(error.strerror or str(error)).lower()}): "
            "choose another with --port, or --port 0 for any that is free"
        ) from None
    return found


def serve(app: Any, listening: socket.socket) -> None:
    """Answer requests until Ctrl-C."""
    import uvicorn

    config = uvicorn.Config(
        app, http="h11", ws="none", lifespan="off", log_level="warning", access_log=False, server_header=False,
        date_header=False, h11_max_incomplete_event_size=16384, timeout_graceful_shutdown=1,
    )  # fmt: skip
    sys.setswitchinterval(SWITCH)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
