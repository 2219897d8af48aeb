"""Which pictures to draw of which datasets, and where they go."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sim.interchange.files import read_file
from sim.plugins import Plot, plots, unknown
from sim.scenario.library import find, results_of

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

    from sim.game import Game
    from sim.play import Record
    from sim.run.sensing import Sensed
    from sim.scenario.source import Source
    from sim.solution import Solution

__all__ = [
    "CAPTIONS",
    "PROVED_FILE",
    "draw",
    "draw_model",
    "draw_played",
    "draw_sensed",
    "draw_solved",
    "figure_of",
    "fix",
    "opened",
]

CAPTIONS = ("short", "full")
PROVED_FILE = ".borders.json"


def draw(
    source: str,
    plot: str | None = None,
    out: Path | None = None,
    select: str | None = None,
    *,
    at: Mapping[str, float] = MappingProxyType({}),
    options: Mapping[str, Any] = MappingProxyType({}),
    caption: str = "short",
    results: Path = Path("results"),
) -> list[Path]:
    """Draw a dataset (a ``.zarr`` store), a proved map (``.borders.json``), or all of a scenario; the files written.

    ``out`` is a file for one dataset, else a folder; without it pictures go beside their datasets.
    ``select`` shows only the equilibria that a selection chooses; without it, those the sweep selected, and
    ``"all"`` shows all.  ``at`` fixes swept parameters at the nearest point, ``options`` go to the plot;
    where neither plot nor ``at`` are given, the sweep says how it is drawn.  ``caption`` is ``"short"``, or
    ``"full"`` for one that lists all parameters, as the metadata of every file does.
    Raises ValueError where there is nothing to draw, no such plot, option or selection, or no such point.
    """
    from sim.pictures.style import save
    from sim.pictures.style.words import description

    if caption not in CAPTIONS:
        raise ValueError(unknown("caption", caption, CAPTIONS))
    stores = find_stores(source, results)
    if out is not None and out.suffix and len(stores) > 1:
        raise ValueError(
            f"--out {out} is one file, but {source} has {len(stores)} datasets: name a folder, or one dataset"
        )
    written = []
    for store in stores:
        dataset = opened(store).assign_attrs(caption=caption)
        item, part, chosen = drawing_of(dataset, plot, select, at, options)
        figure = item.function(part, **chosen)
        name = f"{store.name.removesuffix(PROVED_FILE).removesuffix('.zarr')}.png"
        target = store.with_name(name) if out is None else out if out.suffix else out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        save(figure, target, str(dataset.attrs.get("title", "")), description(part))
        written.append(target)
    return written


def opened(path: Path) -> xarray.Dataset:
    """A dataset with the proved map that lies beside it, or a proved map that stands alone.

    What lies beside and is not of this dataset is told, as :class:`sim.dataset.Stale`, and left aside.
    """
    from sim.dataset import Stale, open_dataset
    from sim.dataset.proved import PROOF, cells_of, read_regions, unlike

    if path.suffix == ".json":
        return cells_of(read_regions(path))
    dataset = open_dataset(path)
    beside = path.with_name(f"{path.stem}{PROVED_FILE}")
    if of_sample(dataset) or not beside.exists():
        return dataset
    try:
        text = read_regions(beside)
        wrong = unlike(text, dataset)
    except ValueError as error:
        text, wrong = "", str(error)
    if wrong:
        told = wrong if str(beside) in wrong else f"{beside} {wrong}"
        warnings.warn(
            f"{told}: {path} is drawn from its cells; `standoff sweep` proves its borders anew",
            Stale,
            stacklevel=2,
        )
        return dataset
    return dataset.assign_attrs({PROOF: text})


def figure_of(
    dataset: xarray.Dataset,
    plot: str | None = None,
    *,
    select: str | None = None,
    at: Mapping[str, float] = MappingProxyType({}),
    **options: Any,
) -> Figure:
    """The picture of a dataset as a matplotlib figure, which notebooks show; arguments as in :func:`draw`.

    Raises ValueError for what is no dataset of a sweep, and as :func:`draw` does.

    >>> import sim
    >>> sim.plot(sim.sweep(sim.load("chicken"), "disaster", points=3), "outcome_slice")
    <Figure size ... with 3 Axes>
    """
    from sim.pictures.style import showing_itself

    if not {"status", "tally"} & set(getattr(dataset, "data_vars", {})):
        raise ValueError(
            f"plot draws the dataset of a sweep, as sim.sweep gives it, not a {type(dataset).__name__}"
        )
    item, part, chosen = drawing_of(dataset, plot, select, at, options)
    return showing_itself(item.function(part, **chosen))


def drawing_of(
    dataset: xarray.Dataset,
    plot: str | None,
    select: str | None,
    at: Mapping[str, float],
    options: Mapping[str, Any],
) -> tuple[Plot, xarray.Dataset, dict[str, Any]]:
    """The plot that shows a dataset, what it shows of it, and the options that it is given."""
    from sim.dataset.measures import selected
    from sim.dataset.proved import PROOF

    whole = selected(dataset, select)
    part = fix(whole, at)
    usual = {} if plot or at else json.loads(whole.attrs.get("plot") or "{}")
    item = choose_plot(plot or usual.pop("name", None), part, options)
    if PROOF in part.attrs and (part.attrs.get("selected") or not item.proved):
        part = part.assign_attrs({PROOF: ""})  # it tells of all equilibria, and nothing of numbers
    return item, part, item.checked({**usual, **options})


def fix(dataset: xarray.Dataset, at: Mapping[str, float]) -> xarray.Dataset:
    """A slice of a dataset: some swept parameters fixed at the point nearest to a value.

    They join the fixed parameters in the attributes.  Raises ValueError for what is not swept, or not so far.
    """
    from sim.dataset.proved import stands_alone

    if not at:
        return dataset
    dims = [] if of_sample(dataset) else [str(dim) for dim in dataset["status"].dims]
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
        fixed[name] = value if stands_alone(dataset) else float(along[picks[name]])
    return dataset.isel(picks, drop=True).assign_attrs(fixed=json.dumps(fixed))


def of_sample(dataset: Any) -> bool:
    """Whether a dataset is of points that were drawn, or of cells that were counted."""
    return "draw" in dataset.dims or "tally" in dataset


def draw_played(
    record: Record,
    game: Game,
    source: Source,
    words: Mapping[str, str],
    out: Path,
    slips: Sequence[str] = (),
) -> None:
    """Draw crises that were played; ``words`` are ``by``, ``how`` and ``command`` for the caption.

    ``slips`` are the end states that only slips lead into (:func:`sim.play.by_slips_only`).
    """
    from sim.dataset import played
    from sim.pictures.style import save
    from sim.pictures.style.words import description
    from sim.version import __version__

    attrs = {
        "title": f"{counted(len(record.value), 'crisis', 'crises')} of {counted(len(record.share), 'period')}",
        "scenario_title": source.title or source.name,
        "fixed": json.dumps({name: float(value) for name, value in source.parameters.items()}),
        "defaults": json.dumps({name: float(value) for name, value in source.defaults.items()}),
        "tones": json.dumps(source.tones),
        "slips": json.dumps(list(slips)),
        "standoff_version": __version__,
        **words,
    }
    dataset = played(record.share, record.lived, game.outcomes.names, attrs, record.states, game.states)
    out.parent.mkdir(parents=True, exist_ok=True)
    save(plots["paths"].function(dataset), out, attrs["title"], description(dataset))


def draw_solved(
    source: Source,
    solution: Solution,
    assessments: Sequence[Mapping[str, Any]],
    command: str,
    out: Path,
    number: int = 1,
    plot: str | None = None,
) -> None:
    """Draw the first cell of a game with one of its equilibria, counted from 1.

    ``plot`` is a picture of one game: "tree", "polylines" for what signals give the two types of a sender, "reputation"
    for beliefs move by move, "bargaining_range", "states" of a stochastic game; left out it is that of the form.

    ``assessments`` are the beliefs of each of them.  Raises ValueError for games that have no such picture, trees of more
    than 200 nodes, and equilibria that there are not.
    """
    from sim.dataset import bargain_range, led_on, reputation, signal_lines, unfolded
    from sim.pictures.style import concept_words, save
    from sim.pictures.style.words import description
    from sim.version import __version__

    count, k = len(assessments), number - 1
    made: dict[str, tuple[str, Callable[[dict[str, str]], xarray.Dataset]]] = {
        "tree": ("", lambda attrs: unfolded(solution, assessments[k], attrs, k)),
        "polylines": (
            "what signals give the two types, and ", lambda attrs: signal_lines(solution, attrs, k)),
        "reputation": ("a name and how it is kept: ", lambda attrs: reputation(solution, attrs, k)),
        "bargaining_range": ("", lambda attrs: bargain_range(solution, attrs, k)),
        "states": ("", lambda attrs: led_on(solution, attrs, k)),
    }  # fmt: skip
    chosen = plot or solution.game.picture
    if plot is not None and plot not in made:
        raise ValueError(unknown("plot of one game", plot, made))
    if not chosen:
        raise ValueError(
            f"--out draws games of moves in order, of states, and bargains, and this is a {solution.game.form} game: "
            f"standoff sweep {source.name} and then standoff map {source.name} draw what it depends on"
        )
    if not 1 <= number <= count:
        raise ValueError(
            f"there is no equilibrium {number} to draw; {source.name} has {count or 'none'} here"
        )
    words = concept_words(solution.concept)
    of_several = words if count == 1 or chosen == "polylines" else f"{words}, number {number} of {count}"
    attrs = {
        "title": source.title or source.name,
        "shows": made[chosen][0] + of_several,
        "fixed": json.dumps({name: float(value) for name, value in source.parameters.items()}),
        "defaults": json.dumps({name: float(value) for name, value in source.defaults.items()}),
        "tones": json.dumps(dict(source.tones)),
        "standoff_version": __version__,
        "command": command,
    }
    dataset = made[chosen][1](attrs)
    out.parent.mkdir(parents=True, exist_ok=True)
    save(plots[chosen].function(dataset), out, attrs["title"], description(dataset))


def draw_model(
    name: str, inputs: Mapping[str, Any], answer: Mapping[str, Any], command: str, out: Path
) -> None:
    """Draw what a model of the literature says at these inputs.

    Raises ValueError for models that have no picture.
    """
    from sim.dataset import reputation_by_rounds
    from sim.pictures.style import save
    from sim.pictures.style.words import description
    from sim.version import __version__

    made = {"chain_store_rounds": ("reputation", "A name for fighting", reputation_by_rounds)}
    if name not in made:
        raise ValueError(f"{name} has no picture; these have one: {', '.join(made)}")
    plot, title, dataset_of = made[name]
    attrs = {
        "title": title,
        "shows": f"the sequential equilibrium of Kreps and Wilson (1982), {counted(inputs['entrants'], 'entrant')}",
        "fixed": json.dumps(dict(inputs)),
        "defaults": "{}",
        "tones": "{}",
        "standoff_version": __version__,
        "command": command,
    }
    dataset = dataset_of(answer, attrs)
    out.parent.mkdir(parents=True, exist_ok=True)
    save(plots[plot].function(dataset), out, title, description(dataset))


def counted(number: int, one: str, several: str = "") -> str:
    """``1 period``, ``60 periods``."""
    return f"{number} {one if number == 1 else several or one + 's'}"


def find_stores(source: str, results: Path) -> list[Path]:
    """The datasets that ``source`` means: itself, or all of a scenario's; a word where the file is another by now."""
    from sim.dataset import tell_if_stale

    path = Path(source)
    if path.suffix == ".zarr" or path.name.endswith(PROVED_FILE):
        if not (path.is_file() if path.suffix == ".json" else path.is_dir()):
            raise ValueError(f"{source}: no such dataset; `standoff sweep SCENARIO` makes one")
        tell_if_stale(path)
        return [path]
    if path.suffix.lower() in {".png", ".svg", ".pdf"}:
        raise ValueError(
            f"{source}: is the name of a picture; say what to draw, a dataset (.zarr) or those of a scenario, and "
            f"then where: standoff map SCENARIO --out {source}"
        )
    file = read_file(find(source)).path
    name = file.stem
    stores = sorted(results_of(name, results).glob("*.zarr"))
    beside = {store.with_name(f"{store.stem}{PROVED_FILE}") for store in stores}
    stores = sorted([*stores, *(set(results_of(name, results).glob(f"*{PROVED_FILE}")) - beside)])
    if not stores:
        raise ValueError(
            f"{name} has no datasets in {results / name}/ yet: run `standoff sweep {name}` first"
        )
    for store in stores:
        tell_if_stale(store, file)
    return stores


def choose_plot(name: str | None, dataset: Any, options: Iterable[str] = ()) -> Plot:
    """The named picture, else the first that shows so many swept parameters and has these options."""
    if name is not None and name not in plots:
        raise ValueError(unknown("plot", name, plots))
    if of_sample(dataset) or (name is not None and plots[name].sample):
        return choose_of_sample(name, of_sample(dataset), options)
    axes, swept = dataset["status"].ndim, ", ".join(map(str, dataset["status"].dims)) or "none"
    if name is not None:
        if not plots[name].axes:
            return plots[name]  # which shows no sweep, and says so
        if axes not in plots[name].axes:
            shows = " or ".join(map(str, plots[name].axes))
            raise ValueError(
                f"{name} shows {shows} swept parameter{'' if shows == '1' else 's'}, here are {axes} ({swept}): "
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


def choose_of_sample(name: str | None, drawn: bool, options: Iterable[str]) -> Plot:
    """The picture of points that were drawn: the one that is named, else the first that has these options."""
    fitting = sorted((item for item in plots.values() if item.sample), key=lambda item: item.rank)
    if name is None:
        return next((item for item in fitting if set(options) <= set(item.options)), fitting[0])
    if not plots[name].sample:
        raise ValueError(
            f"{name} shows grids, and these points were drawn: choose {' or '.join(item.name for item in fitting)}, "
            "or sweep a grid with --over NAME=LOW:HIGH"
        )
    if not drawn:
        raise ValueError(
            f"{name} shows points that were drawn: standoff sweep SCENARIO --design sobol makes some"
        )
    return plots[name]


def draw_sensed(sensed: Sensed, box: str | None, out: Path) -> list[Path]:
    """Draw what was found out about sensitivity into a folder: shares, what decides, and boxes if asked for."""
    from sim.dataset.sensitivity import as_dataset_of
    from sim.pictures.style import save

    wanted: list[tuple[str, Any, dict[str, str]]] = [("share_bars", sensed.dataset, {})]
    if "pawn" in sensed.dataset:
        wanted.append(("deciding_parameters", sensed.dataset, {}))
    if box is not None and sensed.drawn is not None:
        wanted.append(("outcome_box", as_dataset_of(sensed.drawn, sensed.dataset), {"outcome": box}))
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, dataset, options in wanted:
        path = out / f"{sensed.dataset.attrs['sweep']}-{name}.png"
        save(plots[name].function(dataset, **options), path)
        written.append(path)
    return written
