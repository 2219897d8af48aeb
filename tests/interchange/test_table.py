from __future__ import annotations

import csv
import io

import numpy as np

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
