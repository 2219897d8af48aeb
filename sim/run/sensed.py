"""What a command asks about sensitivity: of a scenario with new cells, or of a finished dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sim.plugins import unknown
from sim.run.sensing import Sensed, sense

if TYPE_CHECKING:
    import xarray

    from sim.dataset.given import Box
    from sim.expression import Number
    from sim.scenario import Scenario, Sweep

__all__ = ["Told", "about", "sensed_in", "sensed_of", "shares_believed"]


class Told(NamedTuple):
    """What is to be told: the dataset, outcomes that are told of at length, and boxes of one of them if asked for."""

    dataset: xarray.Dataset
    outcomes: tuple[str, ...]
    box: str | None
    boxes: list[Box] | None


def sensed_of(
    source: str,
    sweep: str | None = None,
    set: Mapping[str, Number] = MappingProxyType({}),
    *,
    points: int | None = None,
    uniform: bool = False,
    workers: int = 1,
) -> Sensed:
    """Of a scenario, by path or bare name, with new cells; of a dataset, a ``.zarr`` store, what it tells by itself.

    Raises ValueError for what is neither, a sweep that is none, and options that a finished dataset cannot follow.
    """
    from sim.scenario import load
    from sim.scenario.library import find
    from sim.scenario.over import everything, no_such_sweep

    if Path(source).suffix == ".zarr":
        asked = {"a sweep": sweep, "--set": set, "--points": points, "--uniform": uniform}
        beside = next((word for word, value in asked.items() if value), None)
        if beside:
            raise ValueError(
                f"{source} is a finished dataset, to which {beside} comes too late: name the scenario"
            )
        return finished(Path(source))
    scenario = load(find(source))
    if sweep is None:
        asked_for = everything(scenario, set)
    elif sweep not in scenario.sweeps:
        raise ValueError(f"{scenario.path}: {no_such_sweep(scenario, sweep)}")
    else:
        asked_for = scenario.sweeps[sweep]
    found = sense(scenario, asked_for, set, points=points, uniform=uniform, workers=workers)
    words = [scenario.name, *([sweep] if sweep else [])]
    words += [word for name in sorted(set) for word in ("--set", f"{name}={set[name]}")]
    words += ["--uniform"] * uniform + (["--points", str(points)] if points else [])
    command = " ".join(["standoff", "sensitivity", *words])
    return Sensed(found.dataset.assign_attrs(command=command), found.drawn)


def finished(path: Path) -> Sensed:
    """What a dataset tells by itself."""
    from sim.dataset import open_dataset, tell_if_stale

    if not path.is_dir():
        raise ValueError(f"{path}: no such dataset; `standoff sweep SCENARIO` makes one")
    dataset = open_dataset(path)
    tell_if_stale(path)
    return sensed_in(dataset)


def sensed_in(dataset: xarray.Dataset) -> Sensed:
    """The same of a dataset that is open."""
    from sim.dataset.sensitivity import drawn_from, of_counts, of_sample

    if "tally" in dataset:
        return Sensed(of_counts(dataset), None)
    drawn = drawn_from(dataset)
    return Sensed(of_sample(drawn, dataset.attrs), drawn)


def about(sensed: Sensed, outcomes: Sequence[str] = (), box: str | None = None) -> Told:
    """What is asked of it: outcomes to tell of at length, and an outcome whose boxes are looked for.

    Raises ValueError for unknown outcomes, and for boxes where no cells were kept.
    """
    from sim.dataset.sensitivity import boxes_of

    names = [str(name) for name in sensed.dataset["outcome"].values]
    for word in (*outcomes, *([box] if box is not None else [])):
        if word not in names:
            raise ValueError(unknown("outcome", word, names))
    if box is None:
        return Told(sensed.dataset, tuple(outcomes), None, None)
    if sensed.drawn is None:
        raise ValueError(
            "--box needs cells, and this dataset keeps shares alone: sweep again with --keep map"
        )
    return Told(sensed.dataset, tuple(outcomes), box, boxes_of(sensed.drawn, box))


def shares_believed(
    scenario: Scenario, asked: Sweep, set: Mapping[str, Number] = MappingProxyType({})
) -> dict[str, tuple[float, float, float]]:
    """The share of each outcome where parameters are as believed, with its interval."""
    from sim.dataset.sensitivity import share_of_counts
    from sim.run.sweeping import sweep

    counted = sweep(scenario, asked, set=set, keep="shares")
    names = [str(name) for name in counted["outcome"].values]
    return {
        name: (value, low, high)
        for name, (value, low, high) in zip(names, share_of_counts(counted).tolist(), strict=True)
    }
