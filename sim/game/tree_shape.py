"""The shape of a game tree: nodes, who moves where and knows what.  One shape serves all cells.

Nodes come in preorder, so that parents stand before their children and ends in the order of their paths.
Perfect recall is part of being a shape: whoever moves knows what he knew and did before (Kuhn 1953).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.game import Agent, Floats, Integers
from sim.kernels.base.tolerances import ROUNDED
from sim.kernels.base.tree_passes import CHANCE, END

__all__ = ["CHANCE", "END", "Event", "ForgottenError", "Shape"]

Event = tuple[str, str]
"""What happened on the way into a node: who or what decided it, and what came: ``("NATO", "cohesive")``."""


class ForgottenError(ValueError):
    """A player who does not know what he knew and did before, and the two nodes that he cannot tell apart."""

    def __init__(self, message: str, nodes: Iterable[int]) -> None:
        super().__init__(message)
        self.nodes = tuple(nodes)


@dataclass(frozen=True, eq=False)
class Shape:
    """Nodes in preorder, N of them, of which D are decisions and Z are ends; H agents, E ways of chance.

    ``parent (N,)``, -1 at the root; ``edge (N,)`` how a node is come to: the position of an action of the agent
    above, or a column of a tree's ``chance``; ``agent (N,)`` who moves there, ``CHANCE`` or ``END``;
    ``events`` (N) what happens on the way into each node; ``agents`` (H) one for each information set.

    Raises ValueError for nodes that are no tree, and where a player forgets, with both of his pasts in words.
    """

    parent: Integers
    edge: Integers
    agent: Integers
    events: tuple[tuple[Event, ...], ...]
    agents: tuple[Agent, ...]

    def __post_init__(self) -> None:
        nodes = len(self.parent)
        if not (nodes == len(self.edge) == len(self.agent) == len(self.events)):
            raise ValueError("parent, edge, agent and events of a tree must have one entry for each node")
        if not self.agents:
            raise ValueError("nobody moves in this tree; a game has somebody who decides")
        above = self.parent[1:]
        if nodes < 1 or self.parent[0] != -1 or (above < 0).any() or (above >= np.arange(1, nodes)).any():
            raise ValueError("nodes of a tree must begin with the root, each behind its parent")
        if len({agent.label for agent in self.agents}) < len(self.agents):
            raise ValueError("two information sets of a tree have the same label")
        for h, agent in enumerate(self.agents):
            for v in self.members(h):
                if len(self.children(v)) != len(agent.actions):
                    raise ValueError(
                        f"{agent.label} has {len(agent.actions)} actions, and {len(self.children(v))} at one node"
                    )
        self.check_recall()

    def check_recall(self) -> None:
        """Raise ValueError where somebody does not know what he knew and did before."""
        for h, agent in enumerate(self.agents):
            pasts = {self.own_past(v, agent.player): v for v in reversed(self.members(h))}
            if len(pasts) > 1:
                told = [self.told_past(past) for past in pasts][:2]
                raise ForgottenError(
                    f"imperfect recall: at {agent.label} its player does not know what he did before: "
                    f"{told[1]}, or {told[0]}. Give the two their own information sets",
                    list(pasts.values())[1::-1],
                )

    def own_past(self, node: int, player: int) -> tuple[tuple[int, int], ...]:
        """What a player did before a node, and at which of his agents: ``((h, a), ..)``."""
        past: list[tuple[int, int]] = []
        while self.parent[node] >= 0:
            h = int(self.agent[self.parent[node]])
            if h >= 0 and self.agents[h].player == player:
                past.append((h, int(self.edge[node])))
            node = int(self.parent[node])
        return tuple(reversed(past))

    def told_past(self, past: Iterable[tuple[int, int]]) -> str:
        """A past in words: ``'continue' at Driver``."""
        told = [f"{self.agents[h].actions[a]!r} at {self.agents[h].label}" for h, a in past]
        return ", then ".join(told) or "nothing"

    @cached_property
    def offsets(self) -> Integers:
        """Where the children of each node begin in :attr:`below`, ``(N + 1,)``."""
        return np.searchsorted(self.parent[self.below], np.arange(len(self.parent) + 1)).astype(np.int64)

    @cached_property
    def below(self) -> Integers:
        """All nodes but the root, children of one node side by side, in their order."""
        return np.argsort(self.parent, kind="stable")[1:].astype(np.int64)

    def children(self, node: int) -> Integers:
        """The nodes that follow on a node, in the order of its ways."""
        return self.below[self.offsets[node] : self.offsets[node + 1]]

    @cached_property
    def owner(self) -> Integers:
        """The player of each agent, ``(H,)``."""
        return np.array([agent.player for agent in self.agents], dtype=np.int64)

    @cached_property
    def ends(self) -> Integers:
        """The nodes at which play ends, ``(Z,)``."""
        return np.flatnonzero(self.agent == END)

    @cached_property
    def decisions(self) -> Integers:
        """The nodes at which somebody decides, ``(D,)``: agent by agent, those of one in the order of nodes."""
        nodes = np.flatnonzero(self.agent >= 0)
        return nodes[np.argsort(self.agent[nodes], kind="stable")]

    @cached_property
    def first(self) -> Integers:
        """Where the nodes of each agent begin among :attr:`decisions`, ``(H + 1,)``."""
        return np.searchsorted(self.agent[self.decisions], np.arange(len(self.agents) + 1)).astype(np.int64)

    def members(self, agent: int) -> list[int]:
        """The nodes of an agent's information set."""
        found: list[int] = self.decisions[self.first[agent] : self.first[agent + 1]].tolist()
        return found

    @cached_property
    def child(self) -> Integers:
        """Where each action of each decision leads, ``(D, A)``; -1 beyond the last action."""
        most = max((len(agent.actions) for agent in self.agents), default=1)
        result = np.full((len(self.decisions), most), -1, dtype=np.int64)
        for d, v in enumerate(self.decisions):
            for w in self.children(v):
                result[d, self.edge[w]] = w
        return result

    @cached_property
    def previous(self) -> Integers:
        """The last agent of the same player before each agent, and what it did, ``(H, 2)``; -1 where it is the first."""
        result = np.full((len(self.agents), 2), -1, dtype=np.int64)
        for h, agent in enumerate(self.agents):
            past = self.own_past(self.members(h)[0], agent.player)
            if past:
                result[h] = past[-1]
        return result

    @cached_property
    def own(self) -> Integers:
        """The last decision of the same player before each decision, ``(D,)``, by its place; -1 where it is the first."""
        place = self.belief_of
        result = np.full(len(self.decisions), -1, dtype=np.int64)
        for d, v in enumerate(self.decisions.tolist()):
            h, at = int(self.agent[v]), int(self.parent[v])
            while at >= 0 and int(self.agent[at]) != self.previous[h, 0]:
                at = int(self.parent[at])
            if self.previous[h, 0] >= 0:
                result[d] = place[at]
        return result

    @cached_property
    def belief_of(self) -> Integers:
        """The place of each node among :attr:`decisions`, ``(N,)``; -1 for others."""
        place = np.full(len(self.parent), -1, dtype=np.int64)
        place[self.decisions] = np.arange(len(self.decisions))
        return place

    @cached_property
    def sizes(self) -> Integers:
        """Number of actions of each agent, ``(H,)``."""
        return np.array([len(agent.actions) for agent in self.agents], dtype=np.int64)

    @cached_property
    def later(self) -> Integers:
        """Agents with those of a player's later moves before those of his earlier ones, ``(H,)``."""
        depth = np.zeros(len(self.agents), dtype=np.int64)
        for h in range(len(self.agents)):
            at = int(self.previous[h, 0])
            while at >= 0:
                depth[h] += 1
                at = int(self.previous[at, 0])
        return np.argsort(-depth, kind="stable").astype(np.int64)

    @cached_property
    def nodes(self) -> tuple[Integers, Integers, Integers]:
        """What kernels take: ``parent, edge, agent (N,)``."""
        return self.parent, self.edge, self.agent

    @cached_property
    def plans(self) -> tuple[Integers, Integers, Integers, Integers]:
        """What the certificate takes: owners, later agents first, first nodes and numbers of actions, ``(H,)`` each."""
        return self.owner, self.later, np.ascontiguousarray(self.decisions[self.first[:-1]]), self.sizes

    @cached_property
    def past(self) -> tuple[tuple[Event, ...], ...]:
        """All that happened before each node."""
        found: list[tuple[Event, ...]] = []
        for v, above in enumerate(self.parent):
            found.append((found[above] if above >= 0 else ()) + self.events[v])
        return tuple(found)

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """What the mover of each decision does not know, in words, ``(D,)``; empty where all is known."""
        result: list[str] = []
        for h in range(len(self.agents)):
            pasts = [self.past[v] for v in self.members(h)]
            known = set(pasts[0]).intersection(*pasts[1:])
            told = [
                ", ".join(label for event in past if event not in known for label in event[1:])
                for past in pasts
            ]
            twice = {words for words in told if told.count(words) > 1 or not words}
            for past, words in zip(pasts, told, strict=True):
                whole = ", ".join(label for _, label in past)
                result.append("" if len(pasts) == 1 else whole if words in twice else words)
        return tuple(result)

    @cached_property
    def called(self) -> tuple[str, ...]:
        """When and as what each agent decides, in words (H): its own type, and what else it knows to have happened.

        Where that would not tell two agents of a player apart, what their labels say.
        """
        words = [self.known(h) for h in range(len(self.agents))]
        named = [(agent.player, told) for agent, told in zip(self.agents, words, strict=True)]
        result = []
        for agent, told, name in zip(self.agents, words, named, strict=True):
            rest = agent.label.partition("@")[2].strip()
            plain = told if named.count(name) == 1 else ""
            result.append(plain or (f"at {rest}" if rest else ""))
        return tuple(result)

    def known(self, agent: int) -> str:
        """``"as resolved, after build_up"``: what all nodes of an information set have behind them."""
        player = self.agents[agent].label.partition("@")[0]
        members = self.members(agent)
        known = set(self.past[members[0]]).intersection(*(self.past[v] for v in members[1:]))
        path = [members[0]]
        while self.parent[path[-1]] >= 0:
            path.append(int(self.parent[path[-1]]))
        drawn: list[str] = []
        happened: list[str] = []
        for v in path[::-1]:
            lot = self.parent[v] >= 0 and self.agent[self.parent[v]] == CHANCE
            for who, what in self.events[v]:
                if (who, what) in known:
                    own = lot and who in {player, f"type of {player}"}
                    (drawn if own else happened).append(what)
        words = [f"as {what}" for what in drawn]
        return ", ".join([*words, f"after {', '.join(happened)}"] if happened else words)

    @cached_property
    def subgames(self) -> NDArray[np.bool_]:
        """The nodes at which a subgame begins, ``(N,)``: all that follows is known to whoever moves in it.

        Ends are none; the root is one.
        """
        nodes = np.arange(len(self.parent))
        last = nodes.copy()  # the last node below each, in preorder
        for v in nodes[:0:-1]:
            last[self.parent[v]] = max(last[self.parent[v]], last[v])
        low = np.full(len(nodes), len(nodes))
        high = np.full(len(nodes), -1)
        for h in range(len(self.agents)):
            members = self.members(h)
            low[members], high[members] = members[0], members[-1]
        for v in nodes[:0:-1]:
            above = self.parent[v]
            low[above], high[above] = min(low[above], low[v]), max(high[above], high[v])
        result = (low >= nodes) & (high <= last) & (self.agent != END)
        result[0] = True
        return np.asarray(result)

    @cached_property
    def singletons(self) -> bool:
        """Whether everybody who moves knows all that happened before."""
        return len(self.decisions) == len(self.agents)

    @cached_property
    def chances(self) -> tuple[Integers, ...]:
        """The columns of ``chance`` that belong together, as those of one node at which chance moves."""
        found = {
            tuple(self.edge[self.children(v)].tolist()): None
            for v in np.flatnonzero(self.agent == CHANCE).tolist()
        }
        return tuple(np.array(columns, dtype=np.int64) for columns in found)

    def spoken(self, node: int) -> str:
        """A node in words: what happened before it."""
        return ", ".join(label for _, label in self.past[node]) or "the beginning"

    def checked_chance(self, chance: Floats, room: float) -> Floats:
        """Chance ``(C, E)`` with probabilities that add up to 1 at each node, to within ``room`` mended.

        NaN is left alone.  Raises ValueError with the first that do not.
        """
        result = chance
        for columns in self.chances:
            shares = chance[:, columns]
            with np.errstate(invalid="ignore"):
                total = shares.sum(axis=1)
                wrong = (shares < 0).any(axis=1) | (np.abs(total - 1) > room)
            if wrong.any():
                cell = int(np.flatnonzero(wrong)[0])
                row = ", ".join(f"{p:.6g}" for p in shares[cell])
                raise ValueError(
                    f"chances must be at least 0 and add up to 1 at each node; in cell {cell} one has ({row})"
                )
            if (np.abs(total - 1) > ROUNDED).any():
                result = result.copy() if result is chance else result
                result[:, columns] = shares / total[:, np.newaxis]
        return result
