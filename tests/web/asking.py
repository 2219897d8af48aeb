"""Requests to the explorer without a server: raw ASGI, as the tests of the page's answers and of its guard need it."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import quote, urlsplit

from sim.scenario.library import folder
from sim.web.app import Shelf, application
from sim.web.guard import own_names

PORT = 8321
HOME = f"127.0.0.1:{PORT}"
USUAL = {"host": HOME, "x-standoff": "1", "sec-fetch-site": "same-origin"}
LIBRARY = {path.stem: path for path in sorted(folder().glob("*.toml"))}


def server(files=LIBRARY, first="standoff_2021", token="", host="127.0.0.1"):
    return application(Shelf(files), first, own_names(host, PORT), token)


class Answer:
    def __init__(self, messages):
        self.status = messages[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        self.body = b"".join(message.get("body", b"") for message in messages[1:])

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def map(self):
        """Head, numbers of regimes and dots, both by cell."""
        length = int.from_bytes(self.body[:4], "little")
        head, cells = json.loads(self.body[4 : 4 + length]), self.body[4 + length :]
        size = len(cells) // (2 if head["dots"] else 1)
        return head, cells[:size], cells[size:] or bytes(size)


def ask(app, target, method="GET", headers=None, **changed):
    """The answer to one request; ``changed`` replaces usual headers by name, None leaves one out."""
    parts = urlsplit(target)
    words = {**USUAL, **{name.replace("_", "-"): value for name, value in changed.items()}}
    sent = [(name.encode(), value.encode("latin-1")) for name, value in words.items() if value is not None]
    sent += [(name.encode(), value.encode("latin-1")) for name, value in headers or []]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": parts.path, "raw_path": quote(parts.path).encode(), "query_string": parts.query.encode(),
        "root_path": "", "headers": sent, "client": ("127.0.0.1", 5), "server": ("127.0.0.1", PORT),
    }  # fmt: skip
    messages = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        messages.append(message)

    asyncio.run(app(scope, receive, send))
    return Answer(messages)
