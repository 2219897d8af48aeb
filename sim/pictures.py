"""Which pictures to draw of which datasets, and where they go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.library import find
from sim.plugins import Plot, plots, unknown

__all__ = ["draw"]


def draw(
    source: str,
    plot: str | None = None,
    out: Path | None = None,
    select: str | None = None,
    *,
    results: Path = Path("results"),
) -> list[Path]:
    """Draw a dataset (a ``.zarr`` store), or every dataset of a scenario; the files written.

    ``out`` is a file for one dataset, else a folder; without it pictures go beside their datasets.
    ``select`` shows only the equilibria that a selection chooses; without it, those the sweep selected, and
    ``"all"`` shows all.  Raises ValueError where there is nothing to draw, no such plot or selection.
    """
    from sim.dataset import open_dataset
    from sim.measures import selected
    from sim.style import save

    stores = find_stores(source, results)
    if out is not None and out.suffix and len(stores) > 1:
        raise ValueError(
            f"--out {out} is one file, but {source} has {len(stores)} datasets: name a folder, or one dataset"
        )
    written = []
    for store in stores:
        dataset = selected(open_dataset(store), select)
        item = choose_plot(plot, dataset)
        target = (
            store.with_suffix(".png") if out is None else out if out.suffix else out / f"{store.stem}.png"
        )
        target.parent.mkdir(parents=True, exist_ok=True)
        save(item.function(dataset), target)
        written.append(target)
    return written


def find_stores(source: str, results: Path) -> list[Path]:
    """The datasets that ``source`` means: itself, or all of a scenario's."""
    path = Path(source)
    if path.suffix == ".zarr":
        if not path.is_dir():
            raise ValueError(f"{source}: no such dataset; `standoff sweep SCENARIO` makes one")
        return [path]
    name = find(source).stem
    stores = sorted((results / name).glob("*.zarr"))
    if not stores:
        raise ValueError(
            f"{name} has no datasets in {results / name}/ yet: run `standoff sweep {name}` first"
        )
    return stores


def choose_plot(name: str | None, dataset: Any) -> Plot:
    """The named picture, else the first that shows as many swept parameters as the dataset has."""
    axes = dataset["status"].ndim
    if name is not None and name not in plots:
        raise ValueError(unknown("plot", name, plots))
    for item in [plots[name]] if name else plots.values():
        if axes in item.axes:
            return item
    raise ValueError(
        f"no picture shows {axes} swept parameters ({', '.join(map(str, dataset['status'].dims))}): "
        "sweep one or two, and fix the others with --set"
    )
