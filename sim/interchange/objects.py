"""Games of other Python libraries: nashpy and pygambit, both ways.  The libraries are imported when used."""

from __future__ import annotations

from typing import Any

from sim.forms.normal import NormalForm
from sim.interchange.nfg import format_nfg, parse_nfg

__all__ = ["from_nashpy", "from_pygambit", "to_nashpy", "to_pygambit"]


def from_nashpy(game: Any) -> NormalForm:
    """A ``nashpy.Game`` as a batch of one; its numbers may be fractions, and stay what they are."""
    return NormalForm(list(game.payoff_matrices), cells=False)


def to_nashpy(game: NormalForm, cell: int = 0) -> Any:
    """One cell of a two-player game as a ``nashpy.Game``.  Raises ValueError for other numbers of players."""
    import nashpy

    if len(game.players) != 2:
        raise ValueError(f"nashpy knows two players, this game has {len(game.players)}")
    return nashpy.Game(*game.payoffs[cell])


def from_pygambit(game: Any) -> NormalForm:
    """A ``pygambit.Game`` (its strategic form) as a batch of one, labels and exact payoffs kept."""
    return parse_nfg(game.to_nfg(), game.title or "pygambit game").game


def to_pygambit(game: NormalForm, cell: int = 0, title: str = "") -> Any:
    """One cell as a ``pygambit.Game`` with labels and exact payoffs."""
    import io

    import pygambit

    return pygambit.read_nfg(io.BytesIO(format_nfg(game, title, cell=cell).encode()))
