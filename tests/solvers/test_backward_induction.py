"""Trees from their ends: ties kept, hairs decided exactly, the classics."""

from __future__ import annotations

from itertools import islice, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.claim import Claim, Status
from sim.solution import certify
from sim.solvers.backward_induction import paths_back
from tests.draw import trees


def chain_store(markets):
    """Selten (1978): one owner, an entrant in each market, all seen."""

    def market(k, past, owner):
        if k == markets:
            return (owner, *[pay for _, pay in past])
        seen = ", ".join(word for word, _ in past)
        entrant, answer = f"Entrant {k}@{seen}", f"Owner@{seen}, in" if seen else "Owner@in"
        return {
            entrant: {
                "out": market(k + 1, (*past, ("out", 0)), owner + 5),
                "in": {
                    answer: {
                        "share": market(k + 1, (*past, ("share", 2)), owner + 2),
                        "fight": market(k + 1, (*past, ("fight", -1)), owner - 1),
                    }
                },
            }
        }

    return sim.Tree(market(0, (), 0), ("Owner", *(f"Entrant {k}" for k in range(markets))))


def test_the_owner_shares_in_every_market():
    game = chain_store(3)
    solution = sim.solve(game)
    assert solution.complete[0]
    assert solution.value[0, 0].tolist() == [6, 2, 2, 2]


def test_ties_are_kept():
    """The second is indifferent after in, so that the first stays out in one equilibrium and comes in in the other."""
    game = sim.Tree({"A": {"out": (1, 0), "in": {"B@in": {"kind": (2, 1), "unkind": (0, 1)}}}})
    solution = sim.solve(game)
    assert solution.degenerate[0]
    assert sorted(map(tuple, solution.value[0].tolist())) == [(1, 0), (2, 1)]
    assert solution.claim.extra["payoff_low"].tolist() == [[1, 0]]
    assert solution.claim.extra["payoff_high"].tolist() == [[2, 1]]
    assert not solution.complete[0]


def test_a_hair_is_decided_as_it_is_written():
    """0.1 + 0.2 is three tenths, and three tenths and a ten-billionth are more."""
    chance = {"chance": {"a": ("1/3", (0.1,)), "b": ("1/3", (0.2,)), "c": ("1/3", (0.6,))}}
    game = sim.Tree({"A": {"lot": chance, "even": ("0.3",), "more": ("0.30000000001",)}})
    solution = sim.solve(game)
    assert solution.count[0] == 1
    assert solution.strategy[0, 0, 0].tolist() == [0, 0, 1]
    level = sim.solve(sim.Tree({"A": {"lot": chance, "even": ("0.3",)}}))
    assert level.count[0] == 2


def test_more_equilibria_than_room_are_said_to_be_more():
    follow = {f"B@{k}": {"x": (0, 0), "y": (0, 0)} for k in range(8)}
    game = sim.Tree({"A": {str(k): {agent: ways} for k, (agent, ways) in enumerate(follow.items())}})
    solution = sim.solve(game)
    assert solution.status[0] == Status.max_steps
    assert solution.count[0] == 64


@given(data=st.data())
def test_all_pure_subgame_perfect_equilibria_are_found(data):
    """Against every profile, judged by the certificate; and against the same in fractions."""
    game = data.draw(trees(players=data.draw(st.integers(1, 2)), most=2, cells=1, all_seen=True, again=False))
    found = {
        tuple(map(tuple, play))
        for play in sim.solve(game).strategy[0].argmax(axis=-1)[..., np.newaxis].tolist()
    }
    first = np.array([0])
    exact = islice(paths_back(game.shape, game.rational(first)[0], game.rational_chance(first)[0]), 64)
    assert {tuple((a,) for a in play) for play, _ in exact} == found
    every = list(product(*(range(len(agent.actions)) for agent in game.agents)))
    play = np.zeros((1, len(every), *game.mask.shape))
    for k, profile in enumerate(every):
        play[0, k, np.arange(len(profile)), profile] = 1.0
    perfect = certify(game, Claim(play), "subgame_perfect").residual[0]
    assert {tuple((a,) for a in every[k]) for k in np.flatnonzero(perfect <= 1e-9)} == found
