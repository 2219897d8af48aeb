"""Games of other Python libraries: nashpy and pygambit, both ways.  The libraries are imported when used."""

from __future__ import annotations

from typing import Any

from sim.forms.normal import NormalForm
from sim.forms.tree import Tree
from sim.game import Game
from sim.interchange.efg import format_efg, parse_efg
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


def from_pygambit(game: Any) -> NormalForm | Tree:
    """A ``pygambit.Game`` as a batch of one: a tree where it is one, else its strategic form.

    Labels and exact numbers are kept.  Raises ValueError for trees in which a player forgets.
    """
    name = game.title or "pygambit game"
    if game.is_tree:
        return parse_efg(game.to_efg(), name).game
    return parse_nfg(game.to_nfg(), name).game


def to_pygambit(game: Game, cell: int = 0, title: str = "") -> Any:
    """One cell of a one-shot game or a tree as a ``pygambit.Game`` with labels and exact numbers."""
    import io

    import pygambit

    if ".efg" in game.exports:
        return pygambit.read_efg(io.BytesIO(format_efg(game, title, cell=cell).encode()))
    return pygambit.read_nfg(io.BytesIO(format_nfg(game, title, cell=cell).encode()))
