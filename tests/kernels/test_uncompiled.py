"""A kernel gives what its Python gives: every solver claims the same with kernels compiled and uncompiled."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from tests.house import ROOT
from tests.kernels.battery import answers

pytestmark = [pytest.mark.deep, pytest.mark.timeout(1800)]  # a minute as Python, more to compile everything

KNOWN_UNREACHED = {
    "base.tree_passes.tree_deviations": "tests/contract/test_form.py",
    "tree.corner_points.choices": "tests/solvers/test_polylines.py",
    "tree.corner_points.is_new": "tests/solvers/test_polylines.py",
    "judge.assessments.belief_gains": "tests/concepts/test_perfect_bayesian.py",
    "bimatrix.residues.vanishes": "tests/kernels/test_residues.py",
    "bimatrix.support_enumeration.finite": "tests/kernels/test_support_enumeration.py",
    "one_shot.dominance.weak_mixture": "tests/solvers/test_iterated_dominance.py",
    "one_shot.evolution.positive_on_cone": "tests/solvers/test_evolutionarily_stable.py",
    "one_shot.evolution.repels": "tests/solvers/test_evolutionarily_stable.py",
    "repeated.critical_discount.least_for_once": "tests/test_sustain.py",
    "repeated.decomposition.decompose": "tests/automata/test_penal.py",
    "repeated.decomposition.least_corner": "tests/automata/test_penal.py",
    "repeated.decomposition.lotteries": "tests/automata/test_penal.py",
    "repeated.decomposition.lottery": "tests/automata/test_penal.py",
    "repeated.decomposition.promise": "tests/automata/test_penal.py",
    "repeated.decomposition.to_range": "tests/automata/test_penal.py",
    "repeated.enforcement.undelivered": "tests/solvers/test_abreu_sannikov.py",
    "repeated.leap.leap": "tests/solvers/test_abreu_sannikov.py",
    "repeated.outer_bound.outer_distance": "tests/test_sustain.py",
    "repeated.stick_and_carrot.best_sticks": "tests/test_sustain.py",
    "stochastic.markov_replies.change": "tests/kernels/test_markov_replies.py",
    "stochastic.markov_replies.first_values": "tests/kernels/test_markov_replies.py",
    "stochastic.markov_replies.others_policies": "tests/kernels/test_markov_replies.py",
    "stochastic.markov_replies.refresh": "tests/kernels/test_markov_replies.py",
    "stochastic.markov_replies.reply": "tests/kernels/test_markov_replies.py",
    "stochastic.markov_replies.reply_equilibria": "tests/kernels/test_markov_replies.py",
    "stochastic.markov_replies.tempted": "tests/kernels/test_markov_replies.py",
    "stochastic.markov_replies.worth": "tests/kernels/test_markov_replies.py",
    "stochastic.markov_support.least_squares": "tests/solvers/test_markov_enumeration.py",
}
"""Kernels that no small game of the battery calls, and the test that holds each to something else."""

ADDS_UP = 1e-9  # thousands of steps, each with the rounding of another library's exponential


@pytest.fixture(scope="module")
def uncompiled(tmp_path_factory):
    file = tmp_path_factory.mktemp("uncompiled") / "answers.npz"
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-m", "tests.kernels.battery", str(file)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    with np.load(file) as arrays:
        return dict(arrays)


def test_claims_are_the_same(uncompiled):
    compiled = answers()
    assert set(compiled) == set(uncompiled) - {"kernels", "called"}
    for name, array in compiled.items():
        if np.asarray(array).dtype.kind in "fc":
            near = ADDS_UP if name.startswith("replicator") else 1e-12
            np.testing.assert_allclose(uncompiled[name], array, rtol=near, atol=near, err_msg=name)
        else:
            np.testing.assert_array_equal(uncompiled[name], array, err_msg=name)


def test_all_kernels_take_part(uncompiled):
    assert set(uncompiled["kernels"]) - set(uncompiled["called"]) == set(KNOWN_UNREACHED)
    for oracle in KNOWN_UNREACHED.values():
        assert (ROOT / oracle).exists()
