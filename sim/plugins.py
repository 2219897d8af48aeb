"""Registration by presence: a file in ``forms/``, ``concepts/``, ``solvers/``, ``plots/`` or ``views/`` is a plug-in.

A plug-in file decorates its one public function (or class), or calls :func:`concept`; being in the folder is all
it takes.  A file is imported when somebody first asks for the name it bears, the folder when somebody asks for
what is in it.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

__all__ = [
    "Concept",
    "Plot",
    "Registry",
    "Solver",
    "concept",
    "concepts",
    "forms",
    "nearest",
    "plot",
    "plots",
    "solver",
    "solvers",
    "unknown",
    "view",
    "views",
]

Item = TypeVar("Item")


class Registry(Mapping[str, Item]):
    """What the files of one folder registered, by name, in the order of ``rank(item)`` and then of names."""

    def __init__(self, package: str, rank: Callable[[Item], int] = lambda _: 0) -> None:
        self.package, self.rank = package, rank
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
        if name not in self.items_by_name and not self.imported and str(name).isidentifier():
            home = f"{self.package}.{name}"
            if importlib.util.find_spec(home):  # most names are those of their files: the others can wait
                importlib.import_module(home)
        return self.items_by_name[name] if name in self.items_by_name else self.discover()[name]

    def __iter__(self) -> Iterator[str]:
        items = self.discover()
        return iter(sorted(items, key=lambda name: (self.rank(items[name]), name)))

    def __len__(self) -> int:
        return len(self.discover())


@dataclass(frozen=True)
class Solver:
    """One method for one concept on one form of game.

    ``answers`` declare what its claims hold in ``extra`` (:class:`sim.answers.Answer`).  ``players`` is the only
    number of players it accepts (None: any number).  Among the solvers of a concept the lowest ``rank`` is the
    default.  ``exact`` says that ``exact=True`` is understood.  ``title`` is what pictures call it.
    ``more`` says what it gives, and how to ask for more, where its answer is not complete.  ``also`` are weaker
    concepts, of which the same answers are.  ``fits(game)`` says which games of the form it can be asked to solve;
    of others it may say why not, in a text.
    """

    name: str
    concept: str
    form: Any  # a subclass of Game
    function: Callable[..., Any]
    summary: str
    answers: tuple[Any, ...] = ()
    players: int | None = None
    rank: int = 50
    exact: bool = False
    title: str = ""
    more: str = ""
    also: tuple[str, ...] = ()
    fits: Callable[[Any], bool | str] | None = None

    def accepts(self, game: Any) -> bool:
        """Whether this method can be asked to solve ``game``."""
        fitting = self.able(game) and (self.fits is None or self.fits(game))
        return bool(fitting) and not isinstance(fitting, str)

    def able(self, game: Any) -> bool:
        """Whether this method is for games of this form and number of players."""
        return isinstance(game, self.form) and self.players in {None, len(game.players)}

    def objection(self, game: Any) -> str:
        """Why this method is not for ``game`` although its form and its players would do; nothing where it is not known."""
        found = self.fits(game) if self.fits is not None and self.able(game) else ""
        return found if isinstance(found, str) else ""

    def finds(self, concept: str) -> bool:
        """Whether its answers are ones of this concept."""
        return concept == self.concept or concept in self.also


@dataclass(frozen=True)
class Concept:
    """A solution concept: what it says, and by form of game how far a claim is from it.

    ``residual[form](game, claim, judgement) -> (C, K)`` judges each answer, ``of_set[form](game, claim) -> (C,)``
    what is claimed for a cell as a whole, NaN where nothing is.  A form is judged as the nearest of its base
    classes is.  Residuals are in units of each player's range of payoffs (or of probability, where a concept is
    about probabilities), so that one tolerance serves every scale; that of a correct claim is rounding error.
    ``title`` is what pictures call its answers.  ``rivals``: they are equilibria, rivals of one another, so that
    selections choose among them and the regret proves each.  ``indexed``: of a nondegenerate two-player game
    Shapley's indices of all of them sum to one.  ``essential``: what nobody chooses, and choices that change
    nothing, change nothing of it either, so that games are solved without them.  Lists show the lowest ``rank`` first.
    ``each[form]`` says what one of its answers is, where readers would take it for something else.
    ``linked[form](game, claim, judgement) -> (C, K)`` gives components where a continuum links more of its answers than
    the game itself knows to be linked whatever is claimed.
    """

    name: str
    summary: str
    title: str
    residual: Mapping[type, Callable[..., Any]]
    of_set: Mapping[type, Callable[..., Any]] = field(default_factory=dict)
    linked: Mapping[type, Callable[..., Any]] = field(default_factory=dict)
    rivals: bool = False
    indexed: bool = False
    essential: bool = False
    rank: int = 50
    each: Mapping[type, str] = field(default_factory=dict)

    def judge(self, game: Any) -> tuple[Callable[..., Any], Callable[..., Any] | None]:
        """What judges each answer for this game, and what judges the whole.

        Raises ValueError where claims of this concept are not judged for games of this form.
        """
        kinds = type(game).__mro__
        each = next((self.residual[kind] for kind in kinds if kind in self.residual), None)
        if each is None:
            known = [name for name, kind in forms.items() if issubclass(kind, tuple(self.residual))]
            raise ValueError(
                f"{self.name!r} is not judged for {game.form} games, so that no claim of it could be "
                f"certified (forms it is judged for: {', '.join(known) or 'none'})"
            )
        return each, next((self.of_set[kind] for kind in kinds if kind in self.of_set), None)

    def said_of(self, game: Any) -> str:
        """What one of its answers for this game is, nothing where that needs no words."""
        return next((self.each[kind] for kind in type(game).__mro__ if kind in self.each), "")

    def linking(self, game: Any) -> Callable[..., Any] | None:
        """What links its answers for this game, if not the game itself."""
        return next((self.linked[kind] for kind in type(game).__mro__ if kind in self.linked), None)


@dataclass(frozen=True)
class Plot:
    """One picture of a dataset: ``function(dataset, **options) -> matplotlib Figure``.

    ``axes`` are the numbers of swept parameters it can show; none: it shows crises that were played, or one game, of
    which the dataset has a variable ``of``, or, where it is of a ``sample``, points that were drawn from what is believed.
    Of the plots that can show a dataset the lowest ``rank`` is the default; where a dataset has no
    equilibria but a variable ``of`` sets or numbers, the plot of that variable.  ``proved``: where a proved map
    belongs to the dataset it draws that.
    """

    name: str
    function: Callable[..., Any]
    summary: str
    axes: tuple[int, ...] = (1, 2)
    rank: int = 50
    of: str = ""
    sample: bool = False
    proved: bool = False

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
concepts: Registry[Concept] = Registry("sim.concepts", lambda item: item.rank)
solvers: Registry[Solver] = Registry("sim.solvers")
plots: Registry[Plot] = Registry("sim.pictures.plots")
views: Registry[Callable[..., Any]] = Registry("sim.output.views")


def first_line(function: Callable[..., Any]) -> str:
    """What comes out, as the docstring says it first."""
    return (function.__doc__ or "").strip().partition("\n")[0]


def concept(name: str, summary: str, **details: Any) -> Concept:
    """Register a concept under its name; ``details`` are the other fields of :class:`Concept`."""
    found = Concept(name, summary, **details)
    concepts.add(name, found)
    return found


def solver(
    *,
    form: type,
    concept: str,
    answers: tuple[Any, ...] = (),
    players: int | None = None,
    rank: int = 50,
    exact: bool = False,
    name: str | None = None,
    title: str | None = None,
    **details: Any,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register ``function(game, **options) -> Claim`` under its own name (or ``name``).

    ``details`` are the other fields of :class:`Solver`.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        called = name or function.__name__
        words, summary = title or called.replace("_", " "), first_line(function)
        solvers.add(
            called,
            Solver(called, concept, form, function, summary, answers, players, rank, exact, words, **details),
        )
        return function

    return register


def plot(
    *,
    axes: tuple[int, ...],
    rank: int = 50,
    of: str = "",
    sample: bool = False,
    proved: bool = False,
    name: str | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register ``function(dataset, **options) -> Figure`` under its own name (or ``name``)."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        title = name or function.__name__
        plots.add(title, Plot(title, function, first_line(function), axes, rank, of, sample, proved))
        return function

    return register


def view(function: Callable[..., Any]) -> Callable[..., Any]:
    """Register what a room above makes of an object of a room below, under the name of the function.

    So ``solution.to_dataframe()`` can be asked of a solution, which stands below tables and knows nothing of them.
    """
    views.add(function.__name__, function)
    return function


def nearest(word: str, allowed: Iterable[str]) -> str:
    """`` Did you mean 'prize'?`` when some allowed word is near, else nothing."""
    found = difflib.get_close_matches(str(word), list(allowed), n=1, cutoff=0.6)
    return f" Did you mean {found[0]!r}?" if found else ""


def unknown(kind: str, word: str, allowed: Iterable[str]) -> str:
    """The message for a name that is not there: what was said, what there is, and what is near."""
    names = list(allowed)
    head, of, rest = kind.partition(" of ")  # plots of one game, not plot of one games
    return f"unknown {kind} {word!r} ({head}s{of}{rest}: {', '.join(names) or 'none'}).{nearest(word, names)}"
