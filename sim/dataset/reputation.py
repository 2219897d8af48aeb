"""What is believed of a side with hidden types, round by round, and how the types mix, as a dataset for pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import xarray
from numpy.typing import NDArray

from sim.forms.tree import Tree
from sim.game import Floats
from sim.game.tree_shape import CHANCE
from sim.kernels.base.tolerances import FAINT
from sim.solution import Solution

__all__ = ["reputation", "reputation_by_rounds"]

WANTED = (
    "a reputation is that of a player whose type chance draws first and who moves where others do not know it"
)
History = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Hidden:
    """Who knows what chance drew first: ``player``, the labels of his types, and the type at each node, ``(N,)``."""

    player: int
    types: tuple[str, ...]
    of: NDArray[np.int64]

    @classmethod
    def drawn(cls, game: Tree) -> Hidden:
        """The first draw that one player knows wherever he moves and another somewhere does not.

        Raises ValueError where there is none.
        """
        shape = game.shape
        roots: list[int] = shape.children(0).tolist() if int(shape.agent[0]) == CHANCE else []
        for key in dict.fromkeys(who for v in roots for who, _ in shape.events[v]):
            labels = [next((label for who, label in shape.events[v] if who == key), "") for v in roots]
            types = tuple(dict.fromkeys(labels))
            of = np.full(len(shape.parent), -1, dtype=np.int64)
            of[roots] = [types.index(label) for label in labels]
            for v in range(1, len(of)):
                if shape.parent[v] > 0:
                    of[v] = of[shape.parent[v]]
            knows = [len({int(of[v]) for v in shape.members(h)}) == 1 for h in range(len(game.agents))]
            informed = {game.agents[h].player for h, sure in enumerate(knows) if sure} - {
                game.agents[h].player for h, sure in enumerate(knows) if not sure
            }
            if len(types) > 1 and len(informed) > 0 and not all(knows):
                own = [i for i in sorted(informed) if game.players[i] == key] or sorted(informed)
                return cls(own[0], types, of)
        raise ValueError(f"{WANTED}; in this tree there is none")


@dataclass
class Watched:
    """Play as somebody sees it who is told every move and nothing that chance drew: nodes by the moves before them."""

    game: Tree
    strategy: Floats
    claimed: Floats
    hidden: Hidden
    nodes: dict[History, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = self.game.shape
        seen: list[History] = [()]
        for v in range(1, len(shape.parent)):
            h = int(shape.agent[shape.parent[v]])
            before = seen[shape.parent[v]]
            mover = self.game.agents[h].player if h >= 0 else -1
            seen.append(before if h == CHANCE else (*before, (mover, int(shape.edge[v]))))
        for v, moves in enumerate(seen):
            if int(shape.agent[v]) != CHANCE:
                self.nodes.setdefault(moves, []).append(v)

    def weights(self, moves: History) -> Floats:
        """How likely each node of a history is, given the history, ``(N of it,)``; NaN where nobody says.

        By Bayes' rule from the history before; where that does not say, what the mover believes who cannot tell them
        apart; and a move that nobody expected of somebody who does not know the type tells nothing of it.
        """
        own = self.nodes[moves]
        if not moves:
            result = self.game.reach(self.strategy[np.newaxis])[0, own]
            return np.asarray(result / result.sum())
        before = dict(zip(self.nodes[moves[:-1]], self.weights(moves[:-1]).tolist(), strict=True))
        expected = np.array([self.after(v, before, self.strategy) for v in own])
        if np.isnan(expected).any() or not expected.sum() > 0:
            asked = self.asked(own)
            if asked is not None:
                return asked
            if moves[-1][0] == self.hidden.player:
                return np.full(len(own), np.nan)
            expected = np.array([self.after(v, before, np.ones_like(self.strategy)) for v in own])
        return np.asarray(expected / expected.sum())

    def asked(self, own: list[int]) -> Floats | None:
        """The beliefs of those who move at these nodes and cannot tell types apart, one as good as the other."""
        shape = self.game.shape
        agents = sorted({int(shape.agent[v]) for v in own})
        place = {int(v): d for d, v in enumerate(shape.decisions)}
        kinds = [len({int(self.hidden.of[v]) for v in shape.members(h)}) for h in agents if h >= 0]
        if agents[0] < 0 or min(kinds) < 2 or len(own) != sum(len(shape.members(h)) for h in agents):
            return None
        return np.array([self.claimed[place[v]] for v in own]) / len(agents)

    def after(self, v: int, before: Mapping[int, float], strategy: Floats) -> float:
        """How likely a node is, given the history before the last move: the way up to a node of that."""
        shape, likely = self.game.shape, 1.0
        while v not in before:
            above, way = int(shape.parent[v]), int(shape.edge[v])
            h = int(shape.agent[above])
            likely *= self.game.chance[0, way] if h == CHANCE else strategy[h, way]
            v = above
        return float(likely * before[v]) if likely > 0 else 0.0

    def belief(self, moves: History) -> Floats:
        """What is believed after a history: chances of the types, ``(T,)``; NaN where nobody says."""
        result = np.zeros(len(self.hidden.types))
        np.add.at(result, self.hidden.of[self.nodes[moves]], self.weights(moves))
        return result

    def plays(self, moves: History, action: int) -> Floats:
        """How likely whoever moves after a history does this, by type ``(T,)``; NaN for types that nobody knows of."""
        shape, own = self.game.shape, self.nodes[moves]
        weights = np.nan_to_num(self.weights(moves))
        share = np.array([self.strategy[int(shape.agent[v]), action] for v in own])
        result = np.full(len(self.hidden.types), np.nan)
        for t in set(self.hidden.of[own].tolist()):
            there = self.hidden.of[own] == t
            known = weights[there].sum() > 0
            result[t] = np.average(share[there], weights=weights[there] if known else None)
        return result

    def mover(self, moves: History) -> int:
        """Who moves after a history; -1 where play ends."""
        h = int(self.game.shape.agent[self.nodes[moves][0]])
        return self.game.agents[h].player if h >= 0 else -1

    def actions(self, moves: History) -> tuple[str, ...]:
        """What can be done after a history."""
        return self.game.agents[int(self.game.shape.agent[self.nodes[moves][0]])].actions

    def tests(self, moves: History) -> int:
        """How often the player of types can still be asked to move after a history, at most."""
        if self.mover(moves) < 0:
            return 0
        mover = self.mover(moves)
        own = mover == self.hidden.player
        ahead = [(*moves, (mover, a)) for a in range(len(self.actions(moves)))]
        return int(own) + max(self.tests(there) for there in ahead if there in self.nodes)


def reputation(
    solution: Solution, attrs: Mapping[str, str], number: int = 0, name: str | None = None
) -> xarray.Dataset:
    """The history in which a side with hidden types keeps its name, in one answer to the first cell of a tree.

    The name is the first type, or that of the label ``name``: whenever its player moves he does what makes it most
    likely to others, and the others let it come to his moves as often as they can.  ``round`` counts his moves.
    ``belief (point, type)`` is what is believed before each of them, and after the last; ``lost (round)`` the belief in
    the name where he does otherwise; ``plays (round, type)`` how likely each type does what keeps the name; ``tested
    (round)`` how likely the others let it come to this move, 1 where no other moves before it; ``kept (round)`` and
    ``test (round)`` what that is, in words.

    Raises ValueError for games that are no trees, or in which nobody has a name, and unknown types.
    """
    if ".efg" not in solution.game.exports:
        raise ValueError(f"{WANTED}; this is a {solution.game.form} game")
    game = cast("Tree", solution.game).take([0])
    strategy = solution.strategy[0, number]
    own = {key: array[0, number] for key, array in solution.claim.extra.items() if key == "belief"}
    hidden = Hidden.drawn(game)
    if name is not None and name not in hidden.types:
        raise ValueError(f"no type is called {name!r} (types: {', '.join(hidden.types)})")
    good = 0 if name is None else hidden.types.index(name)
    watched = Watched(game, strategy, game.believed(strategy[np.newaxis], own)[0], hidden)
    moves: History = ()
    beliefs, lost, plays, tested, kept, tests = [], [], [], [], [], []
    chance = 1.0
    said: list[str] = []
    while watched.mover(moves) >= 0:
        mover, actions = watched.mover(moves), watched.actions(moves)
        ways = [a for a in range(len(actions)) if (*moves, (mover, a)) in watched.nodes]
        thought = watched.belief(moves)
        if mover == hidden.player:
            after = [watched.belief((*moves, (mover, a)))[good] for a in ways]
            ranked = [
                (-1.0 if np.isnan(after[k]) else after[k], watched.plays(moves, a)[good], -k)
                for k, a in enumerate(ways)
            ]
            best = ways[-max(ranked)[2]]
            share = watched.plays(moves, best)
            beliefs.append(thought)
            others = [(after[k], watched.plays(moves, a)) for k, a in enumerate(ways) if a != best]
            lost.append(likeliest(others, thought))
            plays.append(share)
            tested.append(chance)
            kept.append(actions[best])
            tests.append(", ".join(said))
            chance, said = 1.0, []
        else:
            ahead = [watched.tests((*moves, (mover, a))) for a in ways]
            odds = [float(np.nansum(watched.plays(moves, a) * thought)) for a in ways]
            best = max(range(len(ways)), key=lambda k: (ahead[k], odds[k]))
            if ahead[best] == 0:
                break
            chance *= odds[best]
            said.append(f"{game.players[mover]}: {actions[ways[best]]}")
            best = ways[best]
        moves = (*moves, (mover, best))
    beliefs.append(watched.belief(moves))
    rounds = len(kept)
    variables = {
        "belief": (("point", "type"), np.array(beliefs), {"units": "probability"}),
        "lost": ("round", np.array(lost, dtype=float), {"units": "probability"}),
        "plays": (("round", "type"), np.array(plays), {"units": "probability"}),
        "tested": ("round", np.array(tested, dtype=float), {"units": "probability"}),
        "kept": ("round", np.array(kept, dtype=str)),
        "test": ("round", np.array(tests, dtype=str)),
    }
    coords = {
        "type": list(hidden.types),
        "round": np.arange(1, rounds + 1),
        "point": np.arange(1, rounds + 2),
    }
    told = {**attrs, "player": game.players[hidden.player], "good": hidden.types[good]}
    return xarray.Dataset(variables, coords, told)


def reputation_by_rounds(rounds: Mapping[str, Sequence[float]], attrs: Mapping[str, str]) -> xarray.Dataset:
    """The same history of a chain store of any number of entrants: each enters, and is fought.

    ``rounds`` is what :func:`sim.models.chain_store_rounds` says.  A weak incumbent who gives in is known to be weak;
    where he never does nobody says what would be believed.
    """
    tough = np.array(rounds["belief"], dtype=float)
    weak = np.array(rounds["p_fight_weak"], dtype=float)
    steps = np.arange(1, len(weak) + 1)
    variables = {
        "belief": (("point", "type"), np.stack([tough, 1.0 - tough], axis=-1), {"units": "probability"}),
        "lost": ("round", np.where(weak < 1.0, 0.0, np.nan), {"units": "probability"}),
        "plays": (("round", "type"), np.stack([np.ones_like(weak), weak], axis=-1), {"units": "probability"}),
        "tested": ("round", 1.0 - np.array(rounds["p_out"], dtype=float), {"units": "probability"}),
        "kept": ("round", np.full(len(weak), "fight")),
        "test": ("round", np.array([f"entrant {k} enters" for k in steps])),
    }
    coords = {"type": ["tough", "weak"], "round": steps, "point": np.arange(1, len(weak) + 2)}
    return xarray.Dataset(variables, coords, {**attrs, "player": "the incumbent", "good": "tough"})


def likeliest(others: list[tuple[float, Floats]], thought: Floats) -> float:
    """The belief after the likeliest of the other actions; NaN where there is none that anybody would do."""
    odds = [float(np.nansum(share * thought)) for _, share in others]
    if not odds or max(odds) <= FAINT:
        return float("nan")
    return others[int(np.argmax(odds))][0]
