"""Conflicts as graphs of states: which states nobody leaves, by how far everybody looks ahead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.models.validity import demand

__all__ = ["graph_stability"]

Moves = Sequence[Sequence[Sequence[int]]]
States = dict[tuple[int, int], set[int]]


def graph_stability(moves: Moves, ranking_position: Sequence[Sequence[int]], n_states: int) -> dict[str, Any]:
    """States that are stable for everybody in the graph model for conflict resolution (Fang, Hipel and Kilgour 1993).

    ``moves`` lists for each decision maker the pairs ``[from, to]`` of states; ``ranking_position`` how good each state
    is to him, 0 the best.  ``nash``: nobody has an improvement.  ``gmr``: each improvement can be answered by the
    others, moving one after the other and nobody twice in a row, so that he ends no better than before; ``smr``: and he
    cannot get away from that; ``seq``: the others improve at each move of such an answer.
    """
    players = len(ranking_position)
    demand("each decision maker has a list of moves", holds=len(moves) == players >= 2)
    demand(
        "a ranking has a place for every state", holds=all(len(own) == n_states for own in ranking_position)
    )
    pairs = [pair for own in moves for pair in own]
    demand(f"states are 0 to {n_states - 1}", holds=all(0 <= s < n_states for pair in pairs for s in pair))
    reach: States = {(i, s): set() for i in range(players) for s in range(n_states)}
    for i, own in enumerate(moves):
        for start, end in own:
            reach[i, start].add(end)
    better: States = {
        (i, s): {t for t in ends if ranking_position[i][t] < ranking_position[i][s]}
        for (i, s), ends in reach.items()
    }
    stable: dict[str, set[int]] = {name: set(range(n_states)) for name in ("nash", "gmr", "smr", "seq")}
    for i in range(players):
        rank, others = ranking_position[i], [j for j in range(players) if j != i]
        for s in range(n_states):
            held = dict.fromkeys(stable, True)
            for improvement in better[i, s]:
                answers = [t for t in together(others, improvement, reach) if rank[t] >= rank[s]]
                held["nash"] = False
                held["gmr"] &= bool(answers)
                held["smr"] &= any(all(rank[u] >= rank[s] for u in reach[i, t]) for t in answers)
                held["seq"] &= any(rank[t] >= rank[s] for t in together(others, improvement, better))
            for name, holds in held.items():
                if not holds:
                    stable[name].discard(s)
    return {name: sorted(states) for name, states in stable.items()}


def together(coalition: Sequence[int], start: int, reach: States) -> set[int]:
    """States that a coalition reaches from one by legal sequences: at least one move, nobody twice in a row."""
    seen: set[tuple[int, int]] = set()
    ahead = [(j, end) for j in coalition for end in reach[j, start]]
    while ahead:
        last, state = ahead.pop()
        if (last, state) in seen:
            continue
        seen.add((last, state))
        ahead += [(j, end) for j in coalition if j != last for end in reach[j, state]]
    return {state for _, state in seen}
