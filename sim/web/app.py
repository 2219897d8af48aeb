"""The routes: a fixed table of files, and answers about the scenarios that were there at the start."""

from __future__ import annotations

import logging
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sim.scenario import load
from sim.version import __version__
from sim.web.answers import Explored
from sim.web.asked import OUR_FAULT, sentence_of
from sim.web.exports import FILES
from sim.web.guard import Guard
from sim.web.turns import Haste, Precedence, Superseded

__all__ = ["PAGE_FILES", "Shelf", "application"]

STATIC = Path(__file__).with_name("static")
PAGE_FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/style.css": ("style.css", "text/css; charset=utf-8"),
    "/map.js": ("map.js", "text/javascript; charset=utf-8"),
    "/parts.js": ("parts.js", "text/javascript; charset=utf-8"),
    "/explorer.js": ("explorer.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
Answer = Callable[[Explored, Request], Response]


class Shelf:
    """The scenarios that may be asked for, by name; each is read when somebody first looks at it."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.files = dict(files)
        self.read: dict[str, Explored] = {}
        self.reading = {name: threading.Lock() for name in self.files}

    def __getitem__(self, name: str) -> Explored:
        """Raises KeyError for a name that is not there, ScenarioError for a file that cannot be read."""
        with self.reading[name]:
            if name not in self.read:
                self.read[name] = Explored(load(self.files[name]))
        return self.read[name]

    def warm(self, name: str) -> None:
        """Load what a first map takes, in the background: whoever opens the page finds it done, or waits for the rest."""
        explored = self[name]
        free = [one for one, it in explored.scenario.parameters.items() if it.low != it.high]

        def look() -> None:
            with suppress(ValueError):  # which the page tells
                explored.map(explored.view(zip("xy", free, strict=False)))

        threading.Thread(target=look, name="warm", daemon=True).start()

    def titles(self) -> list[dict[str, str]]:
        """Names and titles, without reading more than that."""
        return [{"name": name, "title": title_of(path) or name} for name, path in self.files.items()]


def title_of(path: Path) -> str:
    """The title that a file bears; nothing where it bears none."""
    try:
        text = path.read_text("utf-8")
        # it stands before the first table, if that is not part of a longer text: reading all takes fifty times as long
        try:
            title = tomllib.loads(text.partition("\n[")[0]).get("title", "")
        except ValueError:
            title = tomllib.loads(text).get("title", "")
    except (OSError, ValueError):
        return ""
    return title if isinstance(title, str) else ""


class Desk:
    """Answers requests about the scenarios of a shelf, each in its turn."""

    def __init__(self, shelf: Shelf, first: str) -> None:
        self.shelf, self.first, self.turns = shelf, first, Precedence()
        self.files = {path: (STATIC / name).read_bytes() for path, (name, _) in PAGE_FILES.items()}

    async def page(self, request: Request) -> Response:
        """A file of the page: by the loop itself, for a thread would wait for those that load what a map takes."""
        path = request.url.path
        return Response(self.files[path], media_type=PAGE_FILES[path][1])

    def scenarios(self, _: Request) -> Response:
        """What there is to look at."""
        return JSONResponse({"scenarios": self.shelf.titles(), "first": self.first, "version": __version__})

    def about(self, answer: Answer) -> Callable[[Request], Response]:
        """An endpoint about one scenario: what is wrong comes back as a sentence, what is ours as no more than that."""

        def endpoint(request: Request) -> Response:
            name = request.path_params["name"]
            if name not in self.shelf.files:
                return PlainTextResponse("there is no such scenario here", 404)
            try:
                return answer(self.shelf[name], request)
            except Superseded:
                return Response(status_code=204)
            except ValueError as error:
                return PlainTextResponse(sentence_of(error), 422)
            except Exception:  # whatever it was, a stranger learns nothing of it
                logging.getLogger("standoff").exception("an answer failed")
                return PlainTextResponse(OUR_FAULT, 500)

        return endpoint

    @contextmanager
    def turn(self, request: Request, haste: Haste | None) -> Iterator[Callable[[], None]]:
        """While a request is answered: in haste for a moving hand, else whenever nobody waits for more."""
        turn = request.query_params.get("turn", "nobody.0")
        self.turns.arrives(turn)
        if haste is None:
            with self.turns.background(turn) as give_way:
                yield give_way
        else:
            with self.turns.foreground(turn, haste):
                yield lambda: None

    def map(self, explored: Explored, request: Request) -> Response:
        """The map, as bytes."""
        view = explored.view(words_of(request))
        with self.turn(request, None if view.rest else Haste.map) as give_way:
            return Response(explored.map(view, give_way), media_type="application/octet-stream")

    def borders(self, explored: Explored, request: Request) -> Response:
        """Proved borders."""
        view = explored.view(words_of(request))
        with self.turn(request, None) as give_way:
            return JSONResponse(explored.borders(view, give_way))

    def point(self, explored: Explored, request: Request) -> Response:
        """The game at the point."""
        view = explored.view(words_of(request))
        with self.turn(request, Haste.point):
            return JSONResponse(explored.here(view))

    def tracks(self, explored: Explored, request: Request) -> Response:
        """What the sliders are painted with."""
        view = explored.view(words_of(request))
        with self.turn(request, Haste.tracks):
            return JSONResponse(explored.tracks(view))

    def tips(self, explored: Explored, request: Request) -> Response:
        """What would have to change."""
        view = explored.view(words_of(request))
        with self.turn(request, None) as give_way:
            return JSONResponse(explored.tips(view, give_way))

    def why(self, explored: Explored, request: Request) -> Response:
        """Why that is so."""
        view = explored.view(words_of(request))
        with self.turn(request, None if view.rest else Haste.why):
            return JSONResponse(explored.why(view))

    def file(self, explored: Explored, request: Request) -> Response:
        """The view to take away."""
        kind = request.path_params["kind"]
        if kind not in FILES:
            return PlainTextResponse("there is no such file", 404)
        body = explored.export(explored.view(words_of(request)), kind)
        plain = (c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in explored.scenario.name)
        saved = {"content-disposition": f'attachment; filename="{"".join(plain)}.{kind}"'}
        return Response(body, media_type=FILES[kind], headers=saved)


def application(shelf: Shelf, first: str, names: frozenset[str], token: str = "") -> Guard:
    """The whole server, behind its guard; ``first`` is the scenario that the page opens with."""
    desk = Desk(shelf, first)
    kinds: dict[str, Answer] = {
        "scenario/{name}": lambda explored, _: JSONResponse(explored.described()),
        "map/{name}": desk.map,
        "borders/{name}": desk.borders,
        "point/{name}": desk.point,
        "why/{name}": desk.why,
        "tracks/{name}": desk.tracks,
        "tips/{name}": desk.tips,
        "picture/{name}/{kind}": desk.file,
    }
    routes = [Route(path, desk.page, methods=["GET"]) for path in PAGE_FILES]
    routes += [Route("/api/scenarios", desk.scenarios, methods=["GET"])]
    routes += [Route(f"/api/{path}", desk.about(answer), methods=["GET"]) for path, answer in kinds.items()]
    return Guard(Starlette(routes=routes), names, token)


def words_of(request: Request) -> list[tuple[str, str]]:
    """What is asked, word by word."""
    return list(request.query_params.multi_items())
