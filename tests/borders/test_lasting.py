"""What can be played for ever as signs of polynomials: closed forms, the solver on drawn games, and what is left open."""

from __future__ import annotations

import copy
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import sim
from sim.borders import Decider, NoMarginsError
from sim.borders.lasting import lasting_conditions
from sim.borders.looking import exact_signs
from sim.borders.record import as_record, faults
from sim.dataset.proved import NOT_PROVED, parsed
from sim.output.regions_text import regions_report
from sim.polynomials import Case, Polynomial
from sim.run.promises import keep
from sim.run.proved_sweeps import prove_beside
from sim.run.proving import decided, prove, stored, verified
from sim.scenario.margins import margins_of, margins_of_all
from sim.scenario.over import sweep_over
from sim.scenario.tables import Promise
from tests.borders.games import NAMES, polynomial_games, value

DILEMMA = sim.load("scenarios/repeated_prisoners_dilemma.toml")
CHICKEN = sim.load("scenarios/repeated_chicken.toml")
ALLIANCE = sim.load("scenarios/alliance_repeated.toml")
STANDOFF = sim.load("scenarios/standoff_2021_repeated.toml")
OUTCOMES = ("one", "two", "three")


def over(scenario, **axes):
    return prove(scenario, sweep_over(scenario, axes))


@pytest.mark.parametrize(
    ("scenario", "axes", "border"),
    [
        # patience = (temptation - reward)/(temptation - punishment), multiplied up, and so on
        (
            DILEMMA,
            {"temptation": (3, 8), "patience": (0, 0.9)},
            "temptation*patience - temptation - patience + 3",
        ),
        (CHICKEN, {"triumph": (6, 15), "patience": (0, 0.98)}, "triumph*patience - triumph - 2*patience + 6"),
        (ALLIANCE, {"patience": (0.05, 0.8), "benefit": (0.35, 0.95)}, "2*patience*benefit + benefit - 1"),
        (ALLIANCE, {"patience": (0.05, 0.8), "benefit": (0.35, 0.95)}, "patience*benefit + benefit - 1"),
        (
            STANDOFF,
            {"patience_russia": (0, 0.9), "harm": (0, 4)},
            "5*patience_russia*harm + 5*patience_russia - 8",
        ),
    ],
)
def test_borders_are_the_closed_forms(scenario, axes, border):
    found = over(scenario, **axes)
    assert found.map.share_undecided < 1e-12
    assert border in found.summary["margins"]
    assert not any(one["perhaps"] for one in found.summary["regimes"])


def polynomial_weights(x, y):
    """The weights of the next stage of two players, below 1 all over the box of drawn games."""
    return Fraction(3, 8) * x, Fraction(1, 8) * (x + y)


@given(polynomial_games(), st.integers(0, 2**31))
def test_what_lasts_lasts_and_what_is_excluded_does_not(drawn, number):
    payoffs, of = drawn
    x, y = (Polynomial.variable(name) for name in NAMES)
    flat = payoffs.reshape(2, -1)
    rows = np.full((4, max(flat.shape[1], 2)), Polynomial.number(0), object)
    rows[:2, : flat.shape[1]] = flat
    third = [Polynomial.number(Fraction(part)) for part in ("3/8", "1/8")]
    rows[2:, 0] = third[0] * x, third[1] * (x + y)
    rows[2:, 1] = Polynomial.number(1)
    conditions = lasting_conditions([Case((), rows)], NAMES, OUTCOMES, of)
    draw = np.random.default_rng(number)
    points = [draw.integers(1, 512, 12) / 256, draw.integers(1, 512, 12) / 128]
    signs = exact_signs(conditions.factors, np.stack(points, axis=1), points)
    points = [one[(signs != 0).all(axis=1)] for one in points]
    assume(points[0].size)
    told = [
        conditions.told(bits) for bits in Decider(conditions).labels(signs[(signs != 0).all(axis=1)]).tolist()
    ]
    cells = np.array(
        [[float(value(one, {"x": Fraction(a), "y": Fraction(b)})) for one in payoffs.ravel()]
         for a, b in zip(*points, strict=True)]
    )  # fmt: skip
    stage = sim.NormalForm(
        cells.reshape(-1, *payoffs.shape), cells=True, outcomes=sim.game.Outcomes(OUTCOMES, of)
    )
    weights = np.stack(polynomial_weights(*points), axis=1).astype(float)
    solution = sim.solve(sim.Repeated(stage, weights), "subgame_perfect")
    for one, holds, status in zip(told, solution.holds.tolist(), solution.status, strict=True):
        if sim.claim.Status(status) is not sim.claim.Status.ok:
            continue
        held = {name for name, own in zip(OUTCOMES, holds, strict=True) if own}
        assert set(one.outcomes) <= held <= {*one.outcomes, *one.perhaps}


def test_points_are_as_they_are_solved_where_signs_do_not_tell_all():
    """Below ``threat = build_up_cost`` the standoff is no equilibrium of a month, and harder punishments decide."""
    found = over(STANDOFF, threat=(0, 4), patience_russia=(0, 0.9))
    assert any(one["perhaps"] for one in found.summary["regimes"])
    axes = {"threat": np.arange(21) * 2 / 10, "patience_russia": np.arange(19) * 5 / 100}
    points = {
        name: one.ravel() for name, one in zip(axes, np.meshgrid(*axes.values(), indexing="ij"), strict=True)
    }
    solution = sim.solve(STANDOFF.game(**points))
    assert (decided(found, points)[:, :-1] == solution.holds).all()
    assert "and perhaps" in regions_report(found, None)


def test_what_is_stored_is_proved_anew_and_not_drawn_where_it_is_open(tmp_path):
    found = over(STANDOFF, threat=(0, 4), patience_russia=(0, 0.9))
    path = stored(found, tmp_path)
    assert verified(path, STANDOFF) == []
    regions = parsed(path.read_text())
    points = np.array(
        [[{"threat": threat, "patience_russia": 0.5}[name] for name in regions.axes] for threat in (0.5, 3.9)]
    )
    code = regions.one_by_one(points).tolist()
    assert code[0] == NOT_PROVED
    assert regions.says[code[1]].holds == (STANDOFF.outcomes.names.index("frozen standoff"),)
    record = as_record(found.map)
    false = copy.deepcopy(record)
    false["outcomes"] = record["outcomes"][: len(STANDOFF.outcomes.names)]
    assert faults(false, found.map.conditions)


def test_pure_play_is_what_lasts_in_any_case(tmp_path):
    found = prove(DILEMMA, sweep_over(DILEMMA, {"patience": (0, 0.9)}), equilibria="pure")
    assert verified(stored(found, tmp_path), DILEMMA) == []
    assert found.summary["regimes"] == over(DILEMMA, patience=(0, 0.9)).summary["regimes"]


def test_beside_cells_is_proved_what_signs_tell_all_of(tmp_path):
    triumph = CHICKEN.sweeps["triumph"]
    assert prove_beside(CHICKEN, triumph, tmp_path) is not None
    assert (
        prove_beside(ALLIANCE, ALLIANCE.sweeps["patience"], tmp_path) is None
    )  # harder punishments decide a part


def test_all_parameters_at_once_are_few_conditions():
    margins = margins_of_all(STANDOFF)
    assert margins.named == STANDOFF.outcomes.names
    assert len(margins.clauses) < 2000


def promise(**said):
    return Promise.model_validate({"claim": "it is so", "concept": "subgame_perfect", **said})


@pytest.mark.parametrize(
    ("scenario", "said", "found"),
    [
        (DILEMMA, {"tips": {"patience": 0.5, "temptation": 6}}, ""),
        (DILEMMA, {"tips": {"patience": 0.4}}, "along patience outcomes change at 0.5; promised: 0.4"),
        (DILEMMA, {"region": {"patience": [0.5, 0.9]}, "outcomes": ["treaty kept", "arms race"]}, ""),
        (
            DILEMMA,
            {"region": {"patience": [0.4, 0.9]}, "outcomes": ["treaty kept", "arms race"]},
            "arms race; promised",
        ),
        (STANDOFF, {"tips": {"patience_russia": ["0.32", "8/15", "0.64", "0.8"]}}, ""),
        (
            STANDOFF,
            {"tips": {"threat": 2}},
            "along threat harder punishments than equilibria of one stage decide",
        ),
        (STANDOFF, {"region": {"threat": [0, 1]}, "outcomes": ["talks, demand standing"]}, ", perhaps "),
    ],
)
def test_promises_are_kept_by_proof(scenario, said, found):
    kept = keep(scenario, promise(**said))
    assert kept.kept == (not found), kept
    assert found in kept.found


GAME = """schema = 1
title = "A dilemma"
form = "repeated"
[players]
A = ["keep", "arm"]
B = ["keep", "arm"]
[parameters]
d = {{ default = 0.4, low = 0, high = 0.9 }}
r = {{ default = 0.5, low = 0.25, high = 4 }}
[payoffs]
A = [[3, 0], [5, 1]]
B = [[3, 5], [0, 1]]
[repeated]
{}
"""


def written(tmp_path, lines):
    path = tmp_path / "game.toml"
    path.write_text(GAME.format(lines))
    return sim.load(path)


@pytest.mark.parametrize(
    ("lines", "border"),
    [
        ('discount = "d"\ncontinuation = 0.8', "8*d - 5"),  # 0.8 d = 1/2
        ('discount = { A = "d", B = "d*d" }', "2*d**2 - 1"),
        ('discount = "1/(1 + r)"', "r - 1"),
        ('discount = "min(d, 0.6)"', "2*d - 1"),
    ],
)
def test_patience_may_be_any_formula(tmp_path, lines, border):
    found = over(written(tmp_path, lines), d=(0.1, 0.9), r=(0.25, 4))
    assert found.map.share_undecided < 1e-12
    assert border in found.summary["margins"]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ('discount = "d"\nhorizon = 3', "repeated games that end are not decided by signs"),
        (
            'discount = "d"\n[repeated.monitoring]\nerror = 0.1',
            "repeated games whose signals err are not decided",
        ),
    ],
)
def test_what_signs_do_not_tell_is_refused(tmp_path, lines, why):
    with pytest.raises(NoMarginsError, match=why):
        margins_of(written(tmp_path, lines), ("d",), {})
