"""Registration by presence: a file in ``forms/``, ``solvers/`` or ``plots/`` is a plug-in.

A plug-in file decorates its one public function (or class); being in the folder is all it takes.
The folders are imported when somebody first asks for what is in them.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = ["Plot", "Registry", "Solver", "forms", "nearest", "plot", "plots", "solver", "solvers", "unknown"]

Item = TypeVar("Item")


class Registry(Mapping[str, Item]):
    """What the files of one folder registered, by name, in the order of their names."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.items_by_name: dict[str, Item] = {}
        self.imported = False

    def add(self, name: str, item: Item) -> None:
        """Register one item.  Raises ValueError if the name is taken."""
        if name in self.items_by_name:
            raise ValueError(f"two files of {self.package} register the name {name!r}")
        self.items_by_name[name] = item

    def discover(self) -> dict[str, Item]:
        """Import every file of the folder, once."""
        if not self.imported:
            self.imported = True
            for module in pkgutil.iter_modules(importlib.import_module(self.package).__path__):
                importlib.import_module(f"{self.package}.{module.name}")
        return self.items_by_name

    def __getitem__(self, name: str) -> Item:
        return self.discover()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.discover()))

    def __len__(self) -> int:
        return len(self.discover())


@dataclass(frozen=True)
class Solver:
    """One method for one concept on one form of game.

    ``players`` is the only number of players it accepts (None: any number).  Among the solvers of a
    concept the lowest ``rank`` is the default.  ``exact`` says that ``exact=True`` is understood.
    """

    name: str
    concept: str
    form: Any  # a subclass of Game
    function: Callable[..., Any]
    summary: str
    players: int | None = None
    rank: int = 50
    exact: bool = False

    def accepts(self, game: Any) -> bool:
        """Whether this method can be asked to solve ``game``."""
        return isinstance(game, self.form) and self.players in {None, len(game.players)}


@dataclass(frozen=True)
class Plot:
    """One picture of a dataset: ``function(dataset, **options) -> matplotlib Figure``.

    ``axes`` are the numbers of swept parameters it can show; none: it shows crises that were played.
    Of the plots that can show a dataset the lowest ``rank`` is the default; where a dataset has no
    equilibria but a variable ``of`` sets or numbers, the plot of that variable.
    """

    name: str
    function: Callable[..., Any]
    summary: str
    axes: tuple[int, ...] = (1, 2)
    rank: int = 50
    of: str = ""

    @property
    def options(self) -> dict[str, str]:
        """Its options, and the type of each as its signature says it."""
        parameters = inspect.signature(self.function).parameters.values()
        return {one.name: str(one.annotation) for one in parameters if one.kind is one.KEYWORD_ONLY}

    def checked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Options by name, texts brought to the type that is asked for; ValueError for what does not fit."""
        result = {}
        for name, value in given.items():
            if name not in self.options:
                raise ValueError(f"{self.name}: {unknown('option', name, self.options)}")
            wanted = self.options[name]
            if wanted == "bool" and str(value).lower() in {"true", "false"}:
                value = str(value).lower() == "true"
            if isinstance(value, bool) != (wanted == "bool") or not isinstance(value, bool | str):
                kind = "true or false" if wanted == "bool" else "a text"
                raise ValueError(f"{self.name}: {name} = {value!r}: expected {kind}")
            result[name] = value
        return result


forms: Registry[Any] = Registry("sim.forms")
solvers: Registry[Solver] = Registry("sim.solvers")
plots: Registry[Plot] = Registry("sim.pictures.plots")


def first_line(function: Callable[..., Any]) -> str:
    """What comes out, as the docstring says it first."""
    return (function.__doc__ or "").strip().partition("\n")[0]


def solver(
    *,
    form: type,
    concept: str,
    players: int | None = None,
    rank: int = 50,
    exact: bool = False,
    name: str | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register ``function(game, **options) -> Claim`` under its own name (or ``name``)."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        title = name or function.__name__
        solvers.add(title, Solver(title, concept, form, function, first_line(function), players, rank, exact))
        return function

    return register


def plot(
    *, axes: tuple[int, ...], rank: int = 50, of: str = "", name: str | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register ``function(dataset, **options) -> Figure`` under its own name (or ``name``)."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        title = name or function.__name__
        plots.add(title, Plot(title, function, first_line(function), axes, rank, of))
        return function

    return register


def nearest(word: str, allowed: Iterable[str]) -> str:
    """`` Did you mean 'prize'?`` when some allowed word is near, else nothing."""
    found = difflib.get_close_matches(str(word), list(allowed), n=1, cutoff=0.6)
    return f" Did you mean {found[0]!r}?" if found else ""


def unknown(kind: str, word: str, allowed: Iterable[str]) -> str:
    """The message for a name that is not there: what was said, what there is, and what is near."""
    names = list(allowed)
    return f"unknown {kind} {word!r} ({kind}s: {', '.join(names) or 'none'}).{nearest(word, names)}"
