"""Which number of each cell a picture shows, and of whom."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.plugins import nearest, unknown

__all__ = ["number_shown", "one_of"]

ALWAYS = {"status", "count", "complete", "degenerate", "mixed"}  # in every dataset


def number_shown(dataset: Any, variable: str | None) -> str:
    """The variable to draw; raises ValueError where it is not a number per cell."""
    dims = set(dataset["status"].dims)
    numbers = [
        name
        for name, array in dataset.data_vars.items()
        if set(array.dims) in (dims, {*dims, "outcome"}, {*dims, "player"})
        and name not in {"status", "holds"}
    ]
    if variable is not None and variable not in numbers:
        allowed = ", ".join(map(str, numbers))
        raise ValueError(
            f"{variable!r} is not a number per cell ({allowed}).{nearest(variable, map(str, numbers))}"
        )
    own = [name for name in numbers if name not in ALWAYS and dataset[name].dtype.kind == "f"]
    own += [name for name in numbers if name not in ALWAYS and dataset[name].dtype.kind in "iu"]
    return variable or str(next(iter(own), "count"))


def one_of(array: Any, wanted: dict[str, str | None]) -> tuple[Any, str]:
    """A number by outcome or player for one of them, and of whom it is in words."""
    for dim, name in wanted.items():
        if dim not in array.dims:
            if name is not None:
                raise ValueError(f"{array.name} is not a number by {dim}: leave out {dim} = {name!r}")
            continue
        names = [str(label) for label in array[dim].values]
        if name is not None and name not in names:
            raise ValueError(unknown(dim, name, names))
        known = np.isfinite(array.transpose(dim, ...).values.reshape(len(names), -1)).any(axis=1)
        number = names.index(name) if name is not None else int(known.argmax())
        return array.isel({dim: number}, drop=True), f": {names[number]}"
    return array, ""
