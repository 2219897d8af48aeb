from __future__ import annotations

import csv
import io

import numpy as np
import pytest

import sim
from sim.interchange.table import equilibria_csv


def test_every_equilibrium_is_a_row_and_numbers_read_back():
    payoffs = np.array(
        [[[[4, 0], [3, 2]], [[4, 3], [0, 2]]], [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]], dtype=float
    )
    solution = sim.solve(sim.NormalForm(payoffs), "nash", "pure")
    rows = list(csv.DictReader(io.StringIO(equilibria_csv(solution))))
    assert [row["cell"] for row in rows] == ["0", "0", "1"]
    assert [row["status"] for row in rows] == ["ok", "ok", "not_found"]
    assert float(rows[0]["value:player 1"]) in {4.0, 2.0}
    assert rows[2]["player 1:1"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "\uff1d"])
def test_labels_that_spreadsheets_run_are_text(start):
    labels = ((f"{start}1+1", "b"), ("c", "d"))
    game = sim.NormalForm([[[-1, 0], [0, -2]], [[1, 0], [0, 1]]], (f"{start}cmd", "B"), labels)
    rows = list(csv.reader(io.StringIO(equilibria_csv(sim.solve(game)), newline="")))
    shown = start if start.isprintable() else " ="
    assert f"'{shown}cmd:{shown}1+1" in rows[0]
    assert not any(cell.strip().startswith(start) for cell in rows[0])
    assert all(len(row) == len(rows[0]) for row in rows)
    assert float(rows[1][rows[0].index(f"value:{shown}cmd")]) < 0  # numbers stay numbers
