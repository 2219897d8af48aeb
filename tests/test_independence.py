"""The judge shares nothing with the accused: a solver whose routine goes wrong is refuted, never certified."""

from __future__ import annotations

import importlib
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.forms.repeated import misreading
from sim.solution import Status

PD = sim.NormalForm([[[2.0, -1.0], [3.0, 0.0]], [[2.0, 3.0], [-1.0, 0.0]]])
GIVEN = np.indices((2, 2, 2)).astype(float)  # each of three may give 1.2, of which everybody gets 0.9 a head
GIVING = sim.NormalForm((0.9 * GIVEN.sum(axis=0) - 1.2 * GIVEN)[np.newaxis])
IMPATIENT = sim.Repeated(PD, 0.1)
NOISY = sim.Repeated(PD, 0.1, monitoring=misreading((2, 2), 0.05))


def turned_rules(routine):
    """Rules in which whoever deviates seems to lose what he gains."""

    def turned(game, *rest):
        found = routine(game, *rest)
        first = found[0] if isinstance(found, tuple) else found
        wrong = replace(first, gains=-first.gains, now=-first.now)
        return (wrong, *found[1:]) if isinstance(found, tuple) else wrong

    return turned


def turned_deviations(routine):
    """A best deviation that seems to lose what it gains."""
    return lambda payoffs: 2.0 * payoffs - routine(payoffs)


def patient(routine):
    """Payoff sets of players who are far more patient than these."""
    return lambda payoffs, discount, *rest: routine(payoffs, np.full_like(discount, 0.9), *rest)


@pytest.mark.parametrize(
    ("solver", "names", "wrong", "game", "concept"),
    [
        (
            "judd_yeltekin_conklin",
            ["enforcement"],
            turned_rules,
            sim.Repeated(GIVING, 0.1),
            "subgame_perfect",
        ),
        ("judd_yeltekin_conklin", ["enforcement"], turned_rules, IMPATIENT, "subgame_perfect"),
        ("without_randomisation", ["enforcement"], turned_rules, IMPATIENT, "subgame_perfect"),
        ("abreu_sannikov", ["payoff_sets"], patient, IMPATIENT, "subgame_perfect"),
        ("public_perfect", ["enforcement", "diagonal"], turned_rules, NOISY, "public_perfect"),
        ("public_perfect", ["enforcement"], turned_rules, IMPATIENT, "public_perfect"),
        ("transfers", ["best_deviations"], turned_deviations, IMPATIENT, "transfers"),
    ],
)
def test_a_sign_error_of_a_solver_is_refuted(monkeypatch, solver, names, wrong, game, concept):
    assert sim.solve(game, concept, solver).status[0] in {Status.ok, Status.max_steps}
    module = importlib.import_module(f"sim.solvers.{solver}")
    for name in names:
        monkeypatch.setattr(module, name, wrong(getattr(module, name)))
    found = sim.solve(game, concept, solver)
    assert found.status[0] == Status.refuted
    # not only its paths: what it says of the set as a whole
    assert found.set_residual[0] > 0.01 or concept == "transfers"


def test_a_programme_that_proposes_nonsense_cannot_certify():
    """What continuations lack is measured on the conditions: a point outside is outside whatever is proposed."""
    claim = sim.solve(sim.Repeated(GIVING, 0.1), solver="judd_yeltekin_conklin").claim
    tampered = np.array([[[0.0, 0.0, 0.0], [1.5, 1.5, 1.5]]])
    judged = sim.solution.certify(
        sim.Repeated(GIVING, 0.1),
        replace(claim, extra=claim.extra | {"payoff_set": tampered}),
        "subgame_perfect",
    )
    assert judged.status[0] == Status.refuted
    # 0.3 at once against the 1.5 a stage that are lost, in units of a range of 2.1
    assert judged.set_residual[0] == pytest.approx(((1 - 0.1) * 0.3 - 0.1 * 1.5) / 2.1, abs=1e-9)
