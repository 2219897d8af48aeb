"""From the variables of a dataset to regimes: which cells look alike in a picture of outcomes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.pictures.style.palette import Regime
from sim.pictures.style.words import answer_words

__all__ = ["Regimes", "distinguish"]

FINE = 16  # points on each axis from which on a border one cell wide is a line rather than a region
UNSOLVED = ("max_steps", "not_found", "nonfinite", "refuted")


@dataclass(frozen=True, eq=False)
class Regimes:
    """``code (axes)`` numbers the regime of each cell in ``regimes``; only regimes that occur are there.

    ``beside``, ``only`` and ``continuum`` ``(axes)`` say of solved cells in which an outcome holds that
    some but not every equilibrium mixes, that every one mixes, and that it is degenerate with several
    (extreme) equilibria, so that there may be a continuum.  ``knife_edge (axes)`` are cells of a fine map
    that are degenerate, hold several outcomes and are only one cell wide: a grid of round numbers hits
    borders exactly.
    """

    code: NDArray[np.int64]
    regimes: list[Regime]
    outcomes: list[str]
    statuses: dict[str, str]  # name of a status -> its sentence
    beside: NDArray[np.bool_]
    only: NDArray[np.bool_]
    continuum: NDArray[np.bool_]
    knife_edge: NDArray[np.bool_]
    one: str = "equilibrium"  # what an answer of the concept is called
    several: str = "equilibria"

    def words(self, regime: Regime) -> str:
        """The regime in words, for legends."""
        if regime.kind == "outcomes":
            return either([self.outcomes[number] for number in regime.outcomes])
        if regime.kind == "split":
            return "mixed play: no outcome reaches one half"
        if regime.kind == "none":
            return f"no {self.one} of this kind"
        name = regime.kind.replace("_", " ")
        sentence = self.statuses.get(regime.kind, "").partition(":")[0]
        return f"{name}: {sentence}" if sentence else name

    def shares(self) -> NDArray[np.float64]:
        """Share of the cells that are of each regime, without knife edges, ``(R,)``."""
        counted: NDArray[np.float64] = (
            np.bincount(self.code[~self.knife_edge], minlength=len(self.regimes)) / self.code.size
        )
        return counted


def either(names: list[str]) -> str:
    """``a``; ``a or b``; ``a or b or c``: no commas, and semicolons between names that have their own."""
    if len(names) > 1 and any("," in name for name in names):
        return "; ".join([*names[:-1], f"or {names[-1]}"])
    return " or ".join(names)


def distinguish(dataset: Any) -> Regimes:
    """The regimes of a dataset of the schema in :mod:`sim.dataset`, in order of the scenario's outcomes."""
    status = np.asarray(dataset["status"].values)
    names = dict(
        zip(
            np.atleast_1d(dataset["status"].attrs["flag_values"]).tolist(),
            dataset["status"].attrs["flag_meanings"].split(),
            strict=True,
        )
    )
    sentences = json.loads(dataset["status"].attrs.get("sentences", "[]"))
    count, mixed = np.asarray(dataset["count"].values), np.asarray(dataset["mixed"].values)
    holds = np.asarray(dataset["holds"].transpose(*dataset["status"].dims, "outcome").values)

    _, first, code = np.unique(
        key(status, names, count, holds), axis=0, return_index=True, return_inverse=True
    )
    flat_status, flat_count, flat_holds = status.ravel(), count.ravel(), holds.reshape(-1, holds.shape[-1])
    found = []
    for cell in first:
        name = names.get(int(flat_status[cell]), "unknown status")
        if name not in {"ok", "degenerate"}:
            found.append(Regime(name))
        elif flat_count[cell] == 0:
            found.append(Regime("none"))
        elif not flat_holds[cell].any():
            found.append(Regime("split"))
        else:
            found.append(Regime("outcomes", tuple(np.nonzero(flat_holds[cell])[0].tolist())))
    order = sorted(range(len(found)), key=lambda number: rank(found[number]))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    regimes = [found[number] for number in order]
    code = place[code.ravel()].reshape(status.shape)
    shown = np.isin(code, [number for number, regime in enumerate(regimes) if regime.kind == "outcomes"])
    degenerate = np.asarray(dataset["degenerate"].values, dtype=bool) & shown
    several = np.isin(code, [number for number, regime in enumerate(regimes) if len(regime.outcomes) > 1])
    one, many = answer_words(str(dataset.attrs.get("concept", "nash")))
    thin = one_cell_wide(code, degenerate & several)
    drawn = shown & ~thin & (mixed > 0)
    return Regimes(
        code=code,
        regimes=regimes,
        outcomes=[str(name) for name in dataset["outcome"].values],
        statuses=dict(zip(names.values(), sentences, strict=False)),
        beside=drawn & (mixed < count),
        only=drawn & (mixed == count),
        continuum=degenerate & ~thin & (count > 1),
        knife_edge=thin,
        one=one,
        several=many,
    )


def one_cell_wide(code: NDArray[Any], among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells ``among`` those of a fine grid that have no width, ``(X,)`` or ``(X, Y)`` as ``code``.

    On a line: no neighbour of the same code; on a map: in no square of four cells of the same code.
    """
    if code.ndim > 2 or min(code.shape) < FINE:
        return np.zeros(code.shape, dtype=bool)
    if code.ndim == 1:
        same = np.concatenate([[False], code[1:] == code[:-1], [False]])
        alone: NDArray[np.bool_] = among & ~same[1:] & ~same[:-1]
        return alone
    square = among[1:, 1:] & among[:-1, 1:] & among[1:, :-1] & among[:-1, :-1]
    square &= (
        (code[1:, 1:] == code[:-1, :-1]) & (code[1:, 1:] == code[:-1, 1:]) & (code[1:, 1:] == code[1:, :-1])
    )
    wide = np.zeros(code.shape, dtype=bool)
    for across in (slice(1, None), slice(None, -1)):
        for up in (slice(1, None), slice(None, -1)):
            wide[across, up] |= square
    result: NDArray[np.bool_] = among & ~wide
    return result if not result.all() else ~result


def key(
    status: NDArray[Any], names: dict[int, str], count: NDArray[Any], holds: NDArray[Any]
) -> NDArray[np.uint8]:
    """Bytes that are equal exactly for cells of one regime, ``(cells, bytes)``."""
    solved = np.isin(status, [value for value, name in names.items() if name in {"ok", "degenerate"}]).ravel()
    verdict = np.where(solved, 0, status.ravel() + 2).astype(np.uint8)
    some = solved & (count.ravel() > 0)
    bits = np.packbits(holds.reshape(-1, holds.shape[-1]) & some[:, None], axis=1)
    return np.column_stack([verdict, some.astype(np.uint8), bits])


def rank(regime: Regime) -> tuple[int, int, tuple[int, ...]]:
    """Place in a legend: single outcomes, several at once, then what is not an outcome."""
    others = ("outcomes", "split", "none", *UNSOLVED)
    place = others.index(regime.kind) if regime.kind in others else len(others)
    return place, len(regime.outcomes), regime.outcomes
