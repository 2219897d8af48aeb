"""Pure play of a part of a tree in which somebody has not seen all, and what it rests on: replies that are best by beliefs.

Where play comes, beliefs follow from chance, and that a reply is best is the sign of a polynomial once it is multiplied
by how likely play comes.  Elsewhere beliefs are limits of trembles: nodes that are missed by the same actions keep the
odds of chance, one that is missed by more than another is not believed, and between two kinds of nodes any odds will
do.  That some odds make all replies best is a condition without the odds: half-lines on a line meet if every two do.
Source: Kreps and Wilson (1982); Helly's theorem on a line, which is elimination by Fourier and Motzkin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from sim.borders.conditions import NoMarginsError
from sim.game.tree_shape import CHANCE, Shape

__all__ = ["Part", "Stakes", "linked", "part_from", "profiles"]

MOST_PROFILES = 4096  # of one part

Trembles = frozenset[tuple[int, int]]
"""Actions that are not played on the way to a node: agent and action."""


class Part(NamedTuple):
    """Nodes from which play goes on within a part, the first in front; those on which it ends; who moves in it."""

    inner: tuple[int, ...]
    ends: tuple[int, ...]
    agents: tuple[int, ...]


class Stakes(NamedTuple):
    """An information set: who moves there, what is done, and its nodes by kind; kinds are believed in some odds."""

    agent: int
    action: int
    kinds: tuple[tuple[int, ...], ...]


def part_from(shape: Shape, root: int, settled: Mapping[int, Any]) -> Part:
    """The part of a tree from a node on, to where it is settled what may come of play."""
    inner, ends, ahead = [], [], [root]
    while ahead:
        v = ahead.pop()
        if v != root and v in settled:
            ends.append(v)
            continue
        inner.append(v)
        ahead.extend(reversed(shape.children(v).tolist()))
    agents = sorted({int(shape.agent[v]) for v in inner if shape.agent[v] != CHANCE})
    return Part(tuple(inner), tuple(ends), tuple(agents))


def profiles(shape: Shape, part: Part, times: int) -> Iterator[dict[int, int]]:
    """What each agent of a part may do.

    Raises NoMarginsError where these are too many ``times`` the ways in which play may go on behind it.
    """
    count = times
    for h in part.agents:
        count *= int(shape.sizes[h])
    if count > MOST_PROFILES:
        raise NoMarginsError(
            f"{count} ways to play where not all is seen are too many to be written out; {MOST_PROFILES} are not"
        )
    for actions in product(*(range(int(shape.sizes[h])) for h in part.agents)):
        yield dict(zip(part.agents, actions, strict=True))


def linked(shape: Shape, part: Part, play: Mapping[int, int]) -> list[list[Stakes]]:
    """The information sets of a part, together those that share one belief.

    Raises NoMarginsError where beliefs of several hang together otherwise.
    """
    missed: dict[int, Trembles] = {part.inner[0]: frozenset()}
    for v in (*part.inner[1:], *part.ends):
        above, way = int(shape.parent[v]), int(shape.edge[v])
        h = int(shape.agent[above])
        missed[v] = missed[above] if h == CHANCE or play[h] == way else missed[above] | {(h, way)}
    groups: dict[tuple[Trembles, ...], list[Stakes]] = {}
    for h in part.agents:
        members = shape.members(h)
        least = {missed[v] for v in members if not any(missed[w] < missed[v] for w in members)}
        common = frozenset.intersection(*least)
        order = sorted(least, key=lambda one: sorted(one - common))
        key = tuple(one - common for one in order)
        kinds = tuple(tuple(v for v in members if missed[v] == one) for one in order)
        groups.setdefault(key, []).append(Stakes(h, play[h], kinds))
    free = [frozenset.union(*key) for key in groups if len(key) > 1]
    if any(len(key) > 2 for key in groups):
        raise NoMarginsError(
            "beliefs between three kinds of nodes off the path are not decided by signs here"
        )
    if sum(map(len, free)) > len(frozenset().union(*free)):
        raise NoMarginsError("beliefs off the path hang together in a way that is not decided by signs here")
    return list(groups.values())
