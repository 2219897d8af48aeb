"""Who may ask: this machine's own page, and nobody else.  Pure ASGI, in front of everything.

A page of a stranger in the same browser must neither read nor start anything: the name it reached us by has to be one
of ours (against DNS rebinding), the browser has to say that the request is our own page's, and answers are asked for
with a header of ours, which no foreign page can send without asking first, and that is refused.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

__all__ = ["HEADER", "Guard", "own_names"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADER = "x-standoff"
LONGEST_REQUEST = 8192  # bytes of address and headers
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""Of every answer, refusals too."""


def own_names(host: str, port: int) -> frozenset[str]:
    """The names under which a server on this address may be asked."""
    written = f"[{host}]" if ":" in host else host
    names = {"127.0.0.1", "localhost", "[::1]", written.lower()}
    return frozenset(f"{name}:{port}" for name in names) | (frozenset(names) if port == 80 else frozenset())


class Guard:
    """Lets through what our own page asks; ``token`` is what the header has to say, where one is needed."""

    def __init__(self, app: App, names: frozenset[str], token: str = "") -> None:
        self.app, self.names, self.token = app, names, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with a status and a word; never more than HTTP."""
        if scope["type"] != "http":
            return  # neither sockets nor a lifespan
        headers: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.lower(), []).append(value)
        refused = self.refusal(scope, headers)

        async def told(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                own = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                kept = [(name, value) for name, value in message["headers"] if name.decode() not in HEADERS]
                message = {**message, "headers": [*kept, *own]}
            elif scope["method"] == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        if refused is None:
            await self.app(scope, receive, told)
            return
        status, word = refused
        body = word.encode()
        start = {"type": "http.response.start", "status": status}
        plain = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
        ]
        await told({**start, "headers": plain})
        await told({"type": "http.response.body", "body": body})

    def refusal(self, scope: Scope, headers: dict[bytes, list[bytes]]) -> tuple[int, str] | None:
        """Status and word for what is not let through."""
        size = len(scope.get("raw_path") or scope["path"].encode()) + len(scope.get("query_string", b""))
        size += sum(len(name) + sum(map(len, values)) for name, values in headers.items())
        if size > LONGEST_REQUEST:
            return 431, "the request is too long"
        hosts = [host.decode("latin-1").lower() for host in headers.get(b"host", [])]
        if len(hosts) != 1 or hosts[0] not in self.names:
            return 400, "not the name of this server"
        if scope["method"] not in {"GET", "HEAD"}:
            return 403, "nothing can be changed here"
        sites = headers.get(b"sec-fetch-site", [b"none"])
        if any(site not in {b"same-origin", b"none"} for site in sites):
            return 403, "only its own page may ask"
        if scope["path"].startswith("/api/"):
            said = headers.get(HEADER.encode(), [])
            if len(said) != 1 or (self.token and not hmac.compare_digest(said[0], self.token.encode())):
                return 403, "only its own page may ask"
        return None
