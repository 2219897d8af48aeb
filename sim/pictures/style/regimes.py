"""From the variables of a dataset to regimes: which cells look alike in a picture of outcomes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels.base.tolerances import HALF, SAME_PLAY
from sim.pictures.style.palette import Palette, Regime
from sim.pictures.style.words import answer_words

__all__ = ["CellWords", "Regimes", "Seen", "all_alike", "distinguish", "in_words", "likeliest", "tell_apart"]

FINE = 16  # points on each axis from which on what is one cell wide is a line rather than a region
BESIDE = 5  # cells around a knife edge that are beside it
MOSTLY = 0.5
SPECK = 0.005  # share of the map below which a continuum is not marked
UNSOLVED = ("max_steps", "not_found", "nonfinite", "refuted")


@dataclass(frozen=True, eq=False)
class Regimes:
    """``code (axes)`` numbers the regime of each cell in ``regimes``; only regimes that occur are there.

    ``knife_edge (axes)`` are cells of a fine map that are only one cell wide, in which payoffs tie or an outcome
    has probability one half exactly: a grid of round numbers hits borders exactly.  ``beyond (axes)`` are those
    of them that part nothing, and yet an outcome holds there that does not beside them; ``extra`` are the numbers
    of such outcomes.
    ``continuum (axes)`` are other degenerate cells with several (extreme) equilibria that do not end alike, so that
    there may be a continuum of outcomes; the few of a speck are left out.  ``tie`` are the knife edges in which
    payoffs tie.
    """

    code: NDArray[np.int64]
    regimes: list[Regime]
    outcomes: list[str]
    statuses: dict[str, str]  # name of a status -> its sentence
    palette: Palette
    continuum: NDArray[np.bool_]
    knife_edge: NDArray[np.bool_]
    tie: NDArray[np.bool_]
    beyond: NDArray[np.bool_]
    extra: tuple[int, ...] = ()
    one: str = "equilibrium"  # what an answer of the concept is called
    several: str = "equilibria"

    @property
    def dotted(self) -> bool:
        """Whether dots mark a continuum; where most of a map has one, words alone tell it."""
        return 0 < self.continuum.mean() < MOSTLY

    def words(self, regime: Regime) -> str:
        """The regime in words, for legends; outcomes that only mixing plays are marked."""
        if regime.kind == "outcomes":
            return in_words(
                [self.outcomes[number] + MIXED * (number in regime.mixed) for number in regime.outcomes]
            )
        if regime.kind == "split":
            names = in_words([self.outcomes[number] for number in regime.leading])
            return (
                f"likeliest: {names} (no outcome reaches one half)"
                if names
                else "no outcome reaches one half"
            )
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


MIXED = " (mixed)"


def in_words(names: list[str], last: str = "or") -> str:
    """``a``; ``a or b``; ``a or b or c``: no commas, and semicolons between names that have their own."""
    if len(names) > 1 and any("," in name for name in names):
        return "; ".join([*names[:-1], f"{last} {names[-1]}"])
    return f" {last} ".join(names)


@dataclass(frozen=True, eq=False)
class Seen:
    """What is known of cells in any number of axes, ``(axes)`` and ``(axes, outcome)``.

    ``mixed`` are outcomes that hold only where somebody mixes, ``half`` cells in which one has probability 1/2 exactly,
    ``degenerate`` those with ties that make a difference: not all equilibria end alike.  ``leading`` are outcomes that
    are the likeliest of some equilibrium where none holds, as far as that is known.
    """

    status: NDArray[Any]
    count: NDArray[Any]
    holds: NDArray[np.bool_]
    mixed: NDArray[np.bool_]
    degenerate: NDArray[np.bool_]
    half: NDArray[np.bool_]
    leading: NDArray[np.bool_]


@dataclass(frozen=True)
class CellWords:
    """The words of cells: names of statuses by number with their sentences, outcomes and their looks, the concept."""

    statuses: dict[int, str]
    sentences: tuple[str, ...]
    outcomes: tuple[str, ...]
    palette: Palette
    concept: str = "nash"


def distinguish(dataset: Any) -> Regimes:
    """The regimes of a dataset of the schema in :mod:`sim.dataset`, in order of the scenario's outcomes."""
    dims = dataset["status"].dims
    verdicts = dataset["status"].attrs
    holds = np.asarray(dataset["holds"].transpose(*dims, "outcome").values)
    seen = Seen(
        np.asarray(dataset["status"].values),
        np.asarray(dataset["count"].values),
        holds,
        only_mixed(dataset, holds),
        np.asarray(dataset["degenerate"].values, dtype=bool) & ~ending_alike(dataset),
        exactly_half(dataset),
        leading_of(dataset, holds),
    )
    said = CellWords(
        dict(
            zip(
                np.atleast_1d(verdicts["flag_values"]).tolist(),
                verdicts["flag_meanings"].split(),
                strict=True,
            )
        ),
        tuple(json.loads(verdicts.get("sentences", "[]"))),
        tuple(str(name) for name in dataset["outcome"].values),
        Palette.of(dataset),
        str(dataset.attrs.get("concept", "nash")),
    )
    return tell_apart(seen, said)


def tell_apart(seen: Seen, said: CellWords, source: NDArray[np.int64] | None = None) -> Regimes:
    """The regimes of cells that were solved, in order of the scenario's outcomes.

    With ``source (axes)`` what is seen are cells in a row, and each cell of the map looks like the one at its source.
    """
    status, count, holds, mixed, names = seen.status, seen.count, seen.holds, seen.mixed, said.statuses
    rows: Any = words_of(key(status, names, count, (holds, mixed, seen.leading)))
    _, first, code = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    cells = np.unravel_index(first, status.shape)
    found = [
        regime_of(names.get(int(flag), "unknown status"), int(number), hold, mix, lead)
        for flag, number, hold, mix, lead in zip(
            status[cells], count[cells], holds[cells], mixed[cells], seen.leading[cells], strict=True
        )
    ]
    order = sorted(range(len(found)), key=lambda number: rank(found[number]))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    regimes = [found[number] for number in order]
    code = place[code.ravel()].reshape(status.shape)
    degenerate, half = seen.degenerate, seen.half
    if source is None:
        source = np.arange(status.size).reshape(status.shape)
    else:
        code, count, degenerate, half = code[source], count[source], degenerate[source], half[source]
    shown = np.array([regime.kind == "outcomes" for regime in regimes], np.bool_)[code]
    several = np.array([len(regime.outcomes) > 1 for regime in regimes], np.bool_)[code]
    degenerate = degenerate & shown
    thin = one_cell_wide(code, (degenerate & several) | (half & shown))
    beyond = np.zeros(code.shape, np.bool_)
    new = new_on_edges(code, thin, shown, lambda place: holds.reshape(-1, holds.shape[-1])[source[place]])
    beyond[thin] = new.any(axis=-1)
    one, many = answer_words(said.concept)
    return Regimes(
        code=code,
        regimes=regimes,
        outcomes=list(said.outcomes),
        statuses=dict(zip(names.values(), said.sentences, strict=False)),
        palette=said.palette,
        continuum=without_specks(degenerate & ~thin & (count > 1)),
        knife_edge=thin,
        tie=thin & degenerate,
        beyond=beyond,
        extra=tuple(np.nonzero(new.any(axis=0))[0].tolist()),
        one=one,
        several=many,
    )


def regime_of(
    status: str, count: int, holds: NDArray[np.bool_], mixed: NDArray[np.bool_], leading: NDArray[np.bool_]
) -> Regime:
    """The regime of a cell."""
    if status not in {"ok", "degenerate"}:
        return Regime(status)
    if count == 0:
        return Regime("none")
    if not holds.any():
        return Regime("split", leading=tuple(np.nonzero(leading)[0].tolist()))
    return Regime("outcomes", tuple(np.nonzero(holds)[0].tolist()), tuple(np.nonzero(mixed)[0].tolist()))


def only_mixed(dataset: Any, holds: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which outcomes hold only in equilibria in which somebody mixes, as far as is known, ``(axes, outcome)``.

    Datasets that keep only what a map needs tell it where all equilibria are mixed.
    """
    dims = dataset["status"].dims
    count, mixed = (np.asarray(dataset[name].values)[..., np.newaxis] for name in ("count", "mixed"))
    if "mixes" in dataset and "probability" in dataset:
        likely = np.asarray(dataset["probability"].transpose(*dims, "equilibrium", "outcome").values >= HALF)
        pure = ~np.asarray(dataset["mixes"].transpose(*dims, "equilibrium").values, dtype=bool)
        certain = (likely & pure[..., np.newaxis]).any(axis=-2)
        return np.asarray(holds & (mixed > 0) & ~certain)
    return np.asarray(holds & (mixed > 0) & (mixed == count))


def exactly_half(dataset: Any) -> NDArray[np.bool_]:
    """Cells in which some equilibrium plays an outcome exactly as often as it needs to hold, ``(axes)``."""
    if "probability" not in dataset:
        return np.zeros(dataset["status"].shape, dtype=bool)
    dims = dataset["status"].dims
    often = np.asarray(dataset["probability"].transpose(*dims, "equilibrium", "outcome").values)
    return np.asarray((np.abs(often - HALF) < SAME_PLAY).any(axis=(-2, -1)))


def leading_of(dataset: Any, holds: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Outcomes that are the likeliest of some equilibrium where none holds, as far as is known, ``(axes, outcome)``."""
    if "probability" not in dataset or not dataset.sizes["equilibrium"]:
        return np.zeros(holds.shape, dtype=bool)
    dims = dataset["status"].dims
    return likeliest(dataset["probability"].transpose(*dims, "equilibrium", "outcome").values, holds)


def likeliest(likely: NDArray[np.float64], holds: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The same from the probabilities of all equilibria, ``(.., K, outcome), (.., outcome) -> (.., outcome)``."""
    result = np.zeros(holds.shape, dtype=bool)
    none = ~holds.any(axis=-1)
    known = np.nan_to_num(likely[none], nan=-1.0)
    most = known.max(axis=-1, keepdims=True)
    result[none] = ((most - known <= SAME_PLAY) & (most > 0)).any(axis=-2)
    return result


def ending_alike(dataset: Any) -> NDArray[np.bool_]:
    """Cells whose equilibria all end alike, as far as is known, ``(axes)``."""
    if "probability" not in dataset or not dataset.sizes["equilibrium"]:
        return np.zeros(dataset["status"].shape, dtype=bool)
    return all_alike(
        dataset["probability"].transpose(*dataset["status"].dims, "equilibrium", "outcome").values
    )


def all_alike(likely: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether all equilibria of a cell give each outcome the same probability, ``(.., K, outcome) -> (..)``."""
    apart = np.fmax.reduce(likely, axis=-2) - np.fmin.reduce(likely, axis=-2)
    return np.asarray((apart < SAME_PLAY).all(axis=-1))


def new_on_edges(
    code: NDArray[np.int64],
    thin: NDArray[np.bool_],
    shown: NDArray[np.bool_],
    holds: Callable[[Any], NDArray[np.bool_]],
) -> NDArray[np.bool_]:
    """Of the ``E`` knife edges in ``thin (axes)`` the outcomes that hold there and not beside, ``(E, outcome)``.

    Only of those that have the same ``code`` on both sides.  ``holds`` gives those of chosen cells, which count where
    they are ``shown (axes)``.
    """
    edge = np.argwhere(thin)
    ends = np.array(code.shape)
    square = np.indices((BESIDE,) * code.ndim).reshape(code.ndim, -1).T - BESIDE // 2
    around = np.clip(edge[:, np.newaxis] + square, 0, ends - 1)
    place = tuple(np.moveaxis(around, -1, 0))
    beside = ~thin[place]
    near = code[place]
    highest = np.where(beside, near, -1).max(axis=1)
    lowest = np.where(beside, near, code.max(initial=0) + 1).min(axis=1)
    inside = ((edge > 0) & (edge < ends - 1)).all(
        axis=1
    )  # at the end of a range nothing is seen of the other side
    there = (holds(place) & (beside & shown[place])[..., np.newaxis]).any(axis=1)
    result: NDArray[np.bool_] = holds(thin) & ~there & (inside & (highest == lowest))[:, np.newaxis]
    return result


def without_specks(where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The connected pieces that are large enough to be seen."""
    if not where.any():
        return where
    from scipy.ndimage import label

    pieces, _ = label(where)
    size = np.bincount(pieces.ravel())
    size[0] = 0
    large: NDArray[np.bool_] = (size >= SPECK * where.size)[pieces]
    return large


def one_cell_wide(code: NDArray[Any], among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells ``among`` those of a fine grid that have no width, ``(X,)`` or ``(X, Y)`` as ``code``.

    On a line: no neighbour of the same code; on a map: in no square of four cells of the same code.
    """
    if code.ndim > 2 or min(code.shape, default=0) < FINE:
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
    status: NDArray[Any],
    names: dict[int, str],
    count: NDArray[Any],
    flags: Iterable[NDArray[np.bool_]],
) -> NDArray[np.uint8]:
    """Bytes that are equal exactly for cells of one regime, ``(cells, bytes)``."""
    solved = np.isin(status, [value for value, name in names.items() if name in {"ok", "degenerate"}]).ravel()
    verdict = np.where(solved, 0, status.ravel() + 2).astype(np.uint8)
    some = solved & (count.ravel() > 0)
    bits = [np.packbits(which.reshape(-1, which.shape[-1]) & some[:, np.newaxis], axis=1) for which in flags]
    return np.column_stack([verdict, some.astype(np.uint8), *bits])


def words_of(bytes_of: NDArray[np.uint8]) -> NDArray[Any]:
    """Rows of bytes as they are, or, where they are short, each as one number, which is quicker to sort."""
    if bytes_of.shape[1] > 8:
        return bytes_of
    padded = np.zeros((len(bytes_of), 8), np.uint8)
    padded[:, : bytes_of.shape[1]] = bytes_of
    return padded.view(np.uint64)[:, 0]


def rank(regime: Regime) -> tuple[int, int, tuple[int, ...], tuple[int, ...]]:
    """Place in a legend: single outcomes, several at once, then what is not an outcome."""
    others = ("outcomes", "split", "none", *UNSOLVED)
    place = others.index(regime.kind) if regime.kind in others else len(others)
    return place, len(regime.outcomes), regime.outcomes or regime.leading, regime.mixed
