from __future__ import annotations

from sim.forms.tree import Tree
from tests.changes import Changes
from tests.draw import grown
from tests.draw import trees as drawer  # noqa: F401 - found under this name


def unseen(stage):
    """The tree in which everybody moves once and sees nothing, with the payoffs of a normal form."""
    sizes = stage.payoffs.shape[2:]
    plain = Tree(grown([(i, size, []) for i, size in enumerate(sizes)], [1.0]))
    return Tree(stage.payoffs.reshape(*stage.payoffs.shape[:2], -1), stage.players, plain.shape)


CHANGES = Changes(
    of=unseen, payoffs=lambda game, table: game.with_payoffs(table)
)  # the order of moves, and of what can be done, is part of the tree
