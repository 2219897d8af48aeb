"""The program that recomputes published results says what agrees, what differs and what nobody knows."""

from __future__ import annotations

import json

import pytest

from tests.literature.__main__ import main, verdict
from tests.literature.compare import differs

CASE = {
    "id": "range",
    "model": "fearon95_range",
    "inputs": {"p": 0.5, "cA": 0.1, "cB": 0.2},
    "expected": {"x_lo": 0.4, "x_hi": 0.7},
    "tol": 1e-9,
}


def test_a_case_is_ok_differs_or_is_of_no_such_model():
    assert verdict(CASE) == "ok"
    assert verdict(CASE | {"expected": {"x_lo": 0.41}}).startswith("differs: x_lo: expected 0.41")
    assert verdict(CASE | {"expected": {"x_lo": 0.4, "x_middle": 0.4}}) == "differs: x_middle: not computed"
    assert verdict(CASE | {"model": "astrology"}) == "no such model"
    assert verdict(CASE | {"inputs": {"p": 5, "cA": 0, "cB": 0}}).startswith("differs: ValueError")


def test_lines_counts_and_exit_codes(tmp_path, capsys):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps([CASE, CASE | {"model": "astrology"}]))
    assert main(path) == 0
    assert capsys.readouterr().out.splitlines() == [
        "range: ok",
        "range: no such model",
        "1 ok, 0 differs, 1 no such model",
    ]
    path.write_text(json.dumps([CASE | {"expected": {"x_lo": 0.5}}]))
    assert main(path) == 1
    assert main(tmp_path / "nowhere.json") == 2


@pytest.mark.parametrize(
    ("expected", "found", "same"),
    [
        (0.5, 0.5 + 1e-7, True),
        (0.5, 0.5 + 1e-5, False),
        (None, None, True),
        (None, 0.5, False),
        (True, 1, True),
        ([1.0, 2.0], [2.0, 1.0], False),  # numbers in their order
        ([[1.0], [2.0]], [[2.0], [1.0]], True),  # points and equilibria as sets
        ([[1.0], [1.0]], [[1.0], [2.0]], False),
        ([{"a": 1}], [{"a": 1, "b": 2}], True),
        (["x", "y"], ["y", "x"], True),
        ({"a": 1}, {}, False),
    ],
)
def test_what_counts_as_the_same(expected, found, same):
    assert (differs(expected, found, 1e-6) == "") == same
