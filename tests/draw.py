"""The drawing kit: hypothesis strategies for games of every form, and for play in them.

Payoffs are multiples of 1/4 in a small range, probabilities and discounts of 1/8: exact in floats, with ties
often enough to matter, and they shrink to something a person can read.
"""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.forms.normal import NormalForm
from sim.forms.repeated import Repeated, misreading
from sim.forms.stochastic import Stochastic
from sim.forms.tree import Tree

quarters = st.integers(-20, 20).map(lambda number: number / 4)
discounts = st.sampled_from([0.0, 0.25, 0.5, 0.625])


def names(players):
    """Names of players: an array that could be one game or a batch is then read as meant."""
    return tuple(f"player {i + 1}" for i in range(players))


def shapes(players=2, most=4):
    """Numbers of actions of each player."""
    return st.lists(st.integers(1, most), min_size=players, max_size=players).map(tuple)


@st.composite
def normal_forms(draw, players=2, most=4, cells=3, numbers=quarters):
    """Batches of normal-form games with round payoffs: degenerate ones included."""
    shape = draw(shapes(players, most))
    count = draw(st.integers(1, cells))
    return NormalForm(draw(arrays(np.float64, (count, players, *shape), elements=numbers)), names(players))


@st.composite
def symmetric_normal_forms(draw, most=3, cells=3):
    """Batches of two-player games in which the players can be exchanged."""
    size, count = draw(st.integers(1, most)), draw(st.integers(1, cells))
    own = draw(arrays(np.float64, (count, size, size), elements=quarters))
    return NormalForm(np.stack([own, own.swapaxes(1, 2)], axis=1), cells=True)


@st.composite
def generic_normal_forms(draw, players=2, most=4, cells=3):
    """Batches of normal-form games without ties: payoffs drawn from a continuous law."""
    shape = draw(shapes(players, most))
    count = draw(st.integers(1, cells))
    seed = draw(st.integers(0, 2**32 - 1))
    return NormalForm(np.random.default_rng(seed).uniform(-1, 1, (count, players, *shape)), names(players))


@st.composite
def repeated_games(draw, players=2, most=3, cells=2, *, alike=None, ends=True, signals=True):
    """Batches of repeated games: for ever or with an end, patience of each player, all seen or signals only.

    With ``alike`` all players are as patient as each other, without it each is as patient as he likes; ``ends``
    and ``signals`` allow a horizon and misread actions.
    """
    stage = draw(normal_forms(players, most, cells))
    one = draw(st.booleans()) if alike is None else alike
    patience = draw(arrays(np.float64, (stage.cells, 1 if one else players), elements=discounts))
    horizon = draw(st.none() | st.integers(1, 3)) if ends else None
    monitoring = None
    if signals and draw(st.booleans()):
        error = draw(arrays(np.float64, players, elements=st.sampled_from([0.0, 0.125, 0.25])))
        monitoring = misreading(stage.payoffs.shape[2:], error)
    patience = np.broadcast_to(patience, (stage.cells, players))
    return Repeated(stage, patience, horizon, monitoring=monitoring)


@st.composite
def symmetric_repeated_games(draw, most=2, cells=2):
    """Batches of infinitely repeated games of two players who can be exchanged, with signals or without."""
    stage = draw(symmetric_normal_forms(most, cells))
    patience = draw(arrays(np.float64, (stage.cells, 1), elements=discounts))
    error = draw(st.none() | st.sampled_from([0.0, 0.125, 0.25]))
    monitoring = None if error is None else misreading(stage.payoffs.shape[2:], error)
    return Repeated(stage, np.broadcast_to(patience, (stage.cells, 2)), monitoring=monitoring)


@st.composite
def stochastic_games(draw, players=2, most=2, cells=2, states=3):
    """Batches of stochastic games whose actions differ by state, and of which some states are never left."""
    shape, count = draw(shapes(players, most)), draw(st.integers(1, cells))
    size = draw(st.integers(1, states))
    sizes = [[draw(st.integers(1, longest)) for longest in shape] for _ in range(size)]
    actions = [[[str(a + 1) for a in range(own)] for own in by_player] for by_player in sizes]
    payoffs = draw(arrays(np.float64, (count, players, size, *shape), elements=quarters))
    chains = draw(st.integers(1, count).filter(lambda number: number in {1, count}))
    ways = draw(arrays(np.int64, (2, chains, size, *shape), elements=st.integers(0, size - 1)))
    for state in draw(st.sets(st.integers(0, size - 1))):
        ways[:, :, state] = state  # absorbing
    transition = np.eye(size)[ways].mean(axis=0)
    patience = draw(arrays(np.float64, (count, players), elements=discounts))
    start = draw(st.integers(0, size - 1) | st.just(np.full(size, 1 / size)))
    return Stochastic(payoffs, transition, patience, names(players), actions=actions, start=start)


@st.composite
def generic_stochastic_games(draw, players=None, states=3, most=3, cells=2, kind=None):
    """Small stochastic games with round or generic payoffs, dense, sparse or deterministic transitions."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = players or draw(st.integers(1, 3))
    size, batch = draw(st.integers(1, states)), draw(st.integers(1, cells))
    shape = draw(shapes(count, most))
    if draw(st.booleans()):
        payoffs = rng.integers(-4, 5, (batch, count, size, *shape)).astype(float)
    else:
        payoffs = rng.uniform(-1, 1, (batch, count, size, *shape))
    kind = kind or draw(st.sampled_from(["dense", "sparse", "deterministic"]))
    if kind == "dense":
        transition = rng.random((batch, size, *shape, size)) + 1e-3
    else:
        transition = np.zeros((batch, size, *shape, size))
        for _ in range(1 if kind == "deterministic" else 2):
            after = rng.integers(0, size, (batch, size, *shape))[..., np.newaxis]
            np.put_along_axis(transition, after, 1.0, -1)
    transition /= transition.sum(axis=-1, keepdims=True)
    discount = draw(st.sampled_from([0.0, 0.01, 0.3, 0.7, 0.9, 0.99]))
    patience = np.clip(discount + 0.009 * rng.random((batch, count)), 0, 0.99)
    return Stochastic(payoffs, transition, patience, start=draw(st.integers(0, size - 1)))


@st.composite
def simplices(draw, size):
    """A probability vector whose entries are often zero."""
    weights = np.array(draw(st.lists(st.integers(0, 4), min_size=size, max_size=size)), dtype=float)
    return weights / weights.sum() if weights.sum() else np.full(size, 1 / size)


@st.composite
def plays(draw, game):
    """Play of every agent in every cell, ``(C, H, A)``, of which much is often pure."""
    result = np.zeros((game.cells, *game.mask.shape))
    for cell in range(game.cells):
        for h, agent in enumerate(game.agents):
            result[cell, h, : len(agent.actions)] = draw(simplices(len(agent.actions)))
    return result


def drawn_play(game, seed=0):
    """Some play of every agent, with zeros here and there: the same for the same seed."""
    rng = np.random.default_rng(seed)
    weights = rng.random((game.cells, *game.mask.shape)) * game.mask
    weights *= (rng.random(weights.shape) < 0.7) | (np.arange(weights.shape[-1]) == 0)
    return weights / weights.sum(axis=-1, keepdims=True)


def grown(moves, chance):
    """Moves inside moves, as ``sim.Tree`` takes them, with no payoffs yet.

    ``moves`` are ``(player, number of actions, what is seen)`` in their order, of places of earlier moves, -1 for
    chance; own moves and what was seen at them are known in any case.  ``chance`` are probabilities.
    """

    def knows(place, past):
        player, _, seen = moves[place]
        known = set(seen)
        for before in range(place):
            if moves[before][0] == player:
                known |= {before} | set(moves[before][2])
        return ", ".join(f"{other}:{past[other]}" for other in sorted(known) if other in past)

    def below(place, past):
        if place == len(moves):
            return (0.0,) * (1 + max(player for player, _, _ in moves))
        player, size, _ = moves[place]
        follows = {str(a): below(place + 1, {**past, place: a}) for a in range(size)}
        return {f"player {player + 1}@{place} {knows(place, past)}": follows}

    if len(chance) == 1:
        return below(0, {})
    return {"chance": {str(way): (share, below(0, {-1: way})) for way, share in enumerate(chance)}}


@st.composite
def trees(draw, players=2, most=3, cells=2, *, all_seen=False, again=True):
    """Batches of trees in which every player moves, the first perhaps twice, and each sees some of what was before."""
    count = draw(st.integers(1, cells))
    order = [*range(players), *([0] if again and draw(st.booleans()) else [])]
    size = 2 if len(order) > 2 else most
    moves = []
    for place, player in enumerate(order):
        earlier = list(range(-1, place))
        seen = earlier if all_seen else draw(st.lists(st.sampled_from(earlier), unique=True))
        moves.append((player, draw(st.integers(1, size)), seen))
    lots = draw(st.sampled_from([(1.0,), (0.5, 0.5), (0.25, 0.75), (0.0, 1.0)]))
    plain = Tree(grown(moves, lots), names(players))
    payoffs = draw(arrays(np.float64, (count, *plain.payoffs.shape[1:]), elements=quarters))
    return Tree(payoffs, plain.players, plain.shape, plain.chance)


@st.composite
def signalling_trees(draw, types=2, most=3, cells=2):
    """Batches of signalling games: types drawn by chance, a sender who knows his, a receiver who sees the signal."""
    count, moves = draw(st.integers(1, cells)), [(0, draw(st.integers(1, most)), [-1])]
    moves.append((1, draw(st.integers(1, most)), [0]))
    weights = draw(st.lists(st.integers(1, 4), min_size=types, max_size=types))
    plain = Tree(grown(moves, [weight / sum(weights) for weight in weights]), names(2))
    payoffs = draw(arrays(np.float64, (count, *plain.payoffs.shape[1:]), elements=quarters))
    return Tree(payoffs, plain.players, plain.shape, plain.chance)
