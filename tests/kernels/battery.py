"""Every solver on small drawn games, to be run twice: as Python and compiled.

``python -m tests.kernels.battery FILE`` writes what it finds; with ``NUMBA_DISABLE_JIT=1`` kernels are the
Python that they were compiled from.
"""

from __future__ import annotations

import sys

import numpy as np

import sim.kernels

CALLED = set()
"""Kernels that ran, ``subject/file.function``; known only where nothing is compiled."""


def watched(*, inline=False, borrows=False):
    """A decorator in the place of ``kernel`` that leaves a function as it is and notes its calls."""

    def note(function):
        name = f"{function.__module__.removeprefix('sim.kernels.')}.{function.__name__}"

        def call(*arguments):
            CALLED.add(name)
            with np.errstate(all="ignore"):  # compiled code divides by zero without a word
                return function(*arguments)

        call.__name__ = function.__name__
        KERNELS.add(name)
        return call

    return note


KERNELS = set()
SHORT = {
    "judd_yeltekin_conklin": {"max_steps": 12},
    "public_perfect": {"max_steps": 6},
    "replicator": {"max_steps": 200},
    "strongly_symmetric": {"max_steps": 40},
    "without_randomisation": {"max_steps": 20},
}
"""Steps of methods that are slow as Python: what they have when they stop is compared as well."""


def games():
    """Drawn games by name: of every form, with ties and without."""
    from sim.forms.bargaining import Bargaining
    from sim.forms.bayesian import Bayesian
    from sim.forms.normal import NormalForm
    from sim.forms.repeated import Repeated
    from sim.forms.stochastic import Stochastic
    from sim.forms.tree import Tree
    from tests.draw import grown
    from tests.signalling import as_tree, drawn

    draw = np.random.default_rng(20211203)

    def payoffs(*shape, whole=False):
        return draw.integers(-4, 5, shape) / 2.0 if whole else draw.normal(size=shape)

    square = payoffs(1, 1, 3, 3)
    result = {
        "two": NormalForm(payoffs(4, 2, 3, 3)),
        "two, long": NormalForm(payoffs(2, 2, 2, 5)),
        "two, with ties": NormalForm(payoffs(6, 2, 3, 3, whole=True)),
        "many": NormalForm(payoffs(64, 2, 2, 2)),
        "symmetric": NormalForm(np.concatenate([square, square.swapaxes(2, 3)], axis=1)),
        "three": NormalForm(payoffs(1, 3, 2, 2, 2)),
        "three, with ties": NormalForm(payoffs(1, 3, 2, 2, 2, whole=True)),
    }
    dilemma = np.array([[[2.0, -1.0], [3.0, 0.0]], [[2.0, 3.0], [-1.0, 0.0]]])
    signals = np.stack([np.full((2, 2), 0.9), np.full((2, 2), 0.1)], axis=-1)
    signals[1:, :, :], signals[:, 1:, :] = [0.2, 0.8], [0.3, 0.7]
    stage = NormalForm(np.stack([dilemma, dilemma + 0.3 * payoffs(2, 2, 2)]))
    result |= {
        "patient": Repeated(stage, np.array([0.4, 0.7])),
        "unequally patient": Repeated(stage, np.array([[0.4, 0.6], [0.7, 0.5]])),
        "a while": Repeated(stage, 0.9, horizon=3),
        "seen by signals": Repeated(stage.take(np.array([0])), 0.8, monitoring=signals),
    }
    for name, players, states in (("states", 2, 2), ("states of three", 3, 2), ("more states", 2, 3)):
        actions = (2,) * players
        move = draw.dirichlet(np.ones(states), (1, states, *actions))
        result[name] = Stochastic(payoffs(1, players, states, *actions), move, 0.6)
    seen, hidden = (grown([(0, 2, [-1]), (1, 2, sees)], [0.25, 0.75]) for sees in ([-1, 0], [0]))
    for name, moves, whole in (
        ("in turn", seen, True),
        ("in turn, no ties", seen, False),
        ("signals", hidden, False),
    ):
        plain = Tree(moves, ("player 1", "player 2"))
        result[name] = Tree(
            payoffs(2, *plain.payoffs.shape[1:], whole=whole), plain.players, plain.shape, plain.chance
        )
    result["three signals"] = as_tree(*drawn(4, 2, (2, 3, 1, 3)))
    result["types"] = Bayesian(np.full((1, 2, 1), 0.5), payoffs(1, 2, 2, 1, 2, 2))
    sides, resolve = (
        ("A", "B"),
        {"tough": {"chance": 0.3, "outside": 0.6, "inside": 0.6}, "soft": {"chance": 0.7}},
    )
    result |= {
        "talks": Bargaining(sides, [[0.9, 0.7], [0.5, 0.8]], outside=[0.2, 0.5]),
        "one asks": Bargaining(sides, [[0.9, 0.7], [0.5, np.nan]], offers="A", outside=[0.2, 0.5]),
        "one demand": Bargaining(sides, 0.9, offers="A", rounds=1, types={"B": resolve}),
        "demands of the obstinate": Bargaining(
            sides,
            [0.9, 0.7],
            leaving="never",
            types={
                "A": {
                    "hard": {"chance": 0.1, "obstinate": 0.8},
                    "firm": {"chance": 0.2, "obstinate": 0.6},
                    "soft": {"chance": 0.7},
                },
                "B": {
                    "hard": {"chance": 0.1, "obstinate": 0.7},
                    "firm": {"chance": 0.1, "obstinate": 0.5},
                    "soft": {"chance": 0.8},
                },
            },
        ),
        "demands in a row": Bargaining(
            sides, 0.7, offers="A", rounds=3, leaving="never", types={"B": resolve}
        ),
    }
    return result


def plain(array):
    """Numbers as they are, and fractions and other objects as they are written."""
    array = np.asarray(array)
    return array.astype(str) if array.dtype == object else array


def answers():
    """What every solver claims of every game that it accepts, and what patience finds, by name."""
    from sim.dataset.schema import arrays
    from sim.patience import PUNISHMENTS, critical_discount, feasible_rational
    from sim.plugins import solvers
    from sim.selection import undominated
    from sim.solving import solve

    found = {}
    drawn = games()
    stage = drawn["patient"].stage
    for punishment in PUNISHMENTS:
        found[f"critical discount | {punishment}"] = critical_discount(stage, (0, 0), punishment=punishment)
    found["feasible and rational"] = feasible_rational(stage)
    mixed = solve(drawn["two, with ties"])
    found |= {f"dataset | {name}": array for name, array in arrays(mixed, "map").items()}
    found["undominated"] = undominated(mixed)
    many = solve(drawn["many"], "nash", "support_enumeration")
    found |= {"many | strategy": many.strategy, "many | index": many.index}
    del drawn["many"]  # a block of lanes is much for the others as Python
    for title, game in drawn.items():
        for name, solver in solvers.items():
            if not solver.accepts(game) or name == "nashpy":
                continue
            for exact in (False, True) if solver.exact else (False,):
                key = f"{name}{' exactly' if exact else ''} | {title}"
                try:
                    solution = solve(
                        game,
                        solver.concept,
                        name,
                        **SHORT.get(name, {}),
                        **({"exact": True} if exact else {}),
                    )
                except ValueError as refusal:  # of a form it knows, but not this game
                    found[f"{key} | refused"] = np.array(str(refusal))
                    continue
                parts = {"count": solution.count, "status": solution.status, "value": solution.value}
                parts |= {"strategy": solution.claim.strategy, "index": solution.index}
                parts |= {"component": solution.component, "residual": solution.residual}
                parts |= solution.claim.extra
                found |= {f"{key} | {part}": plain(array) for part, array in parts.items()}
    return found


if __name__ == "__main__":
    sim.kernels.kernel = watched
    found = answers()
    found["kernels"], found["called"] = np.array(sorted(KERNELS)), np.array(sorted(CALLED))
    np.savez(sys.argv[1], **found)
