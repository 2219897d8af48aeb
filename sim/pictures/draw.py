"""Which pictures to draw of which datasets, and where they go."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sim.interchange.files import read_file
from sim.plugins import Plot, plots, unknown
from sim.scenario.library import find, results_of

if TYPE_CHECKING:
    import xarray

    from sim.game import Game
    from sim.play import Record
    from sim.scenario.source import Source
    from sim.solution import Solution

__all__ = ["draw", "draw_played", "draw_tree", "fix"]


def draw(
    source: str,
    plot: str | None = None,
    out: Path | None = None,
    select: str | None = None,
    *,
    at: Mapping[str, float] = MappingProxyType({}),
    options: Mapping[str, Any] = MappingProxyType({}),
    results: Path = Path("results"),
) -> list[Path]:
    """Draw a dataset (a ``.zarr`` store), or every dataset of a scenario; the files written.

    ``out`` is a file for one dataset, else a folder; without it pictures go beside their datasets.
    ``select`` shows only the equilibria that a selection chooses; without it, those the sweep selected, and
    ``"all"`` shows all.  ``at`` fixes swept parameters at the nearest point, ``options`` go to the plot;
    where neither plot nor ``at`` are given, the sweep says how it is drawn.
    Raises ValueError where there is nothing to draw, no such plot, option or selection, or no such point.
    """
    from sim.dataset import open_dataset
    from sim.dataset.measures import selected
    from sim.pictures.style import save

    stores = find_stores(source, results)
    if out is not None and out.suffix and len(stores) > 1:
        raise ValueError(
            f"--out {out} is one file, but {source} has {len(stores)} datasets: name a folder, or one dataset"
        )
    written = []
    for store in stores:
        whole = selected(open_dataset(store), select)
        dataset = fix(whole, at)
        usual = {} if plot or at else json.loads(whole.attrs.get("plot") or "{}")
        item = choose_plot(plot or usual.pop("name", None), dataset, options)
        figure = item.function(dataset, **item.checked({**usual, **options}))
        target = (
            store.with_suffix(".png") if out is None else out if out.suffix else out / f"{store.stem}.png"
        )
        target.parent.mkdir(parents=True, exist_ok=True)
        save(figure, target)
        written.append(target)
    return written


def fix(dataset: xarray.Dataset, at: Mapping[str, float]) -> xarray.Dataset:
    """A slice of a dataset: some swept parameters fixed at the point nearest to a value.

    They join the fixed parameters in the attributes.  Raises ValueError for what is not swept, or not so far.
    """
    dims = [str(dim) for dim in dataset["status"].dims]
    picks, fixed = {}, json.loads(dataset.attrs.get("fixed") or "{}")
    for name, given in at.items():
        value = float(given)
        if name not in dims:
            raise ValueError(f"--at {name}={value:g}: {unknown('swept parameter', name, dims)}")
        along = dataset[name].values
        if not along.min() <= value <= along.max():
            raise ValueError(
                f"--at {name}={value:g} lies outside the sweep, which runs {along.min():g} .. {along.max():g}"
            )
        picks[name] = int(abs(along - value).argmin())
        fixed[name] = float(along[picks[name]])
    return dataset.isel(picks, drop=True).assign_attrs(fixed=json.dumps(fixed)) if picks else dataset


def draw_played(record: Record, game: Game, source: Source, words: Mapping[str, str], out: Path) -> None:
    """Draw crises that were played; ``words`` are ``by``, ``how`` and ``command`` for the caption."""
    from sim.dataset import played
    from sim.pictures.style import save
    from sim.version import __version__

    fixed = {name: float(value) for name, value in source.parameters.items()}
    attrs = {
        "title": f"{counted(len(record.value), 'crisis', 'crises')} of {counted(len(record.share), 'period')}",
        "scenario_title": source.title or source.name,
        "fixed": json.dumps(fixed),
        "standoff_version": __version__,
        **words,
    }
    dataset = played(record.share, record.lived, game.outcomes.names, attrs, record.states, game.states)
    out.parent.mkdir(parents=True, exist_ok=True)
    save(plots["paths"].function(dataset), out)


def draw_tree(
    source: Source,
    solution: Solution,
    assessments: Sequence[Mapping[str, Any]],
    command: str,
    out: Path,
    number: int = 1,
    plot: str = "tree",
) -> None:
    """Draw the first cell of a game of moves in order with one of its equilibria, counted from 1.

    ``plot`` is "tree", or "polylines" for what signals give the two types of a sender.

    ``assessments`` are the beliefs of each of them.  Raises ValueError for games that are no trees, trees of more than
    200 nodes, and equilibria that there are not.
    """
    from sim.dataset import signal_lines, unfolded
    from sim.pictures.style import concept_words, save
    from sim.version import __version__

    count = len(assessments)
    if not 1 <= number <= count:
        raise ValueError(
            f"there is no equilibrium {number} to draw; {source.name} has {count or 'none'} here"
        )
    words = concept_words(solution.concept)
    attrs = {
        "title": source.title or source.name,
        "shows": words if count == 1 else f"{words}, number {number} of {count}",
        "fixed": json.dumps({name: float(value) for name, value in source.parameters.items()}),
        "standoff_version": __version__,
        "command": command,
    }
    if plots.get(plot) is None or plots[plot].axes or plots[plot].of not in {"parent", "gain"}:
        raise ValueError(unknown("plot of one game", plot, ("tree", "polylines")))
    if plots[plot].of == "gain":
        shows = f"what signals give the two types, and {words}"
        dataset = signal_lines(solution, {**attrs, "shows": shows}, number - 1)
    else:
        dataset = unfolded(solution, assessments[number - 1], attrs, number - 1)
    out.parent.mkdir(parents=True, exist_ok=True)
    save(plots[plot].function(dataset), out)


def counted(number: int, one: str, several: str = "") -> str:
    """``1 period``, ``60 periods``."""
    return f"{number} {one if number == 1 else several or one + 's'}"


def find_stores(source: str, results: Path) -> list[Path]:
    """The datasets that ``source`` means: itself, or all of a scenario's."""
    path = Path(source)
    if path.suffix == ".zarr":
        if not path.is_dir():
            raise ValueError(f"{source}: no such dataset; `standoff sweep SCENARIO` makes one")
        return [path]
    name = read_file(find(source)).path.stem
    stores = sorted(results_of(name, results).glob("*.zarr"))
    if not stores:
        raise ValueError(
            f"{name} has no datasets in {results / name}/ yet: run `standoff sweep {name}` first"
        )
    return stores


def choose_plot(name: str | None, dataset: Any, options: Iterable[str] = ()) -> Plot:
    """The named picture, else the first that shows so many swept parameters and has these options."""
    axes, swept = dataset["status"].ndim, ", ".join(map(str, dataset["status"].dims)) or "none"
    if name is not None:
        if name not in plots:
            raise ValueError(unknown("plot", name, plots))
        if not plots[name].axes:
            return plots[name]  # which shows no sweep, and says so
        if axes not in plots[name].axes:
            shows = " or ".join(map(str, plots[name].axes))
            raise ValueError(
                f"{name} shows {shows} swept parameters, here are {axes} ({swept}): "
                "fix others with --at NAME=VALUE, or choose another plot (standoff list --plots)"
            )
        return plots[name]
    fitting = sorted((item for item in plots.values() if axes in item.axes), key=lambda item: item.rank)
    if not fitting:
        raise ValueError(
            f"no picture shows {axes} swept parameters ({swept}): fix others with --at NAME=VALUE"
        )
    able = [item for item in fitting if set(options) <= set(item.options)] or fitting
    if "value" in dataset and not dataset["count"].values.any():
        return next((item for item in able if item.of in dataset), able[0])
    return able[0]
