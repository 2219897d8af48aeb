"""Small dense linear programmes whose origin is feasible: the simplex method in a condensed tableau.

Every programme of one-shot game theory used here can be written as: maximise ``c x`` subject to
``A x <= b`` and ``x >= 0`` with ``b >= 0``.  Several objectives may share one tableau; the answer to one
is then the start for the next.

``tableau (rows + objectives, columns + 2)``: a constraint is a row ``A | b | 0``, an objective a row
``-c | 0 | 0``; the last column is for the method.  ``basic (rows,)`` and ``nonbasic (columns,)`` name the
variables: 0, .., columns - 1 are ``x``, and ``columns + r`` is the slack of row r.  At the optimum an
objective's row holds its value below b and, below a nonbasic slack, the multiplier of that constraint.

Programmes about equilibria are as degenerate as can be (nearly all of b is zero).  Each is therefore
solved with every basic variable raised a little (Charnes 1952; chosen to be unlike each other, which
breaks all ties), and the dual simplex method (Lemke 1954) then repairs the true values.  A programme whose
objective is already best at an origin that is not feasible needs the second part only.
"""

from __future__ import annotations

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import RAISED, ZERO

__all__ = ["exchange", "label", "maximise", "repair"]

OPTIMAL, UNBOUNDED, STEPS, INFEASIBLE = 0, 1, 2, 3
RAISE = 1e-3
GOLDEN = 0.6180339887498949


@kernel()
def label(basic: Array, nonbasic: Array) -> int:
    """Name the variables of a fresh tableau."""
    columns = nonbasic.size
    for j in range(columns):
        nonbasic[j] = j
    for r in range(basic.size):
        basic[r] = columns + r
    return 0


@kernel()
def exchange(tableau: Array, row: int, column: int, basic: Array, nonbasic: Array) -> int:
    """Bring the variable of a column into the basis in place of the variable of a row."""
    height, width = tableau.shape
    pivot = tableau[row, column]
    for j in range(width):
        tableau[row, j] /= pivot
    tableau[row, column] = 1.0 / pivot
    for i in range(height):
        factor = tableau[i, column]
        if i != row and factor != 0.0:
            for j in range(width):
                tableau[i, j] -= factor * tableau[row, j]
            tableau[i, column] = -factor / pivot
    basic[row], nonbasic[column] = nonbasic[column], basic[row]
    return 0


@kernel()
def maximise(tableau: Array, objective: int, basic: Array, nonbasic: Array) -> int:
    """Maximise the objective in row ``objective``: 0 at the optimum, else 1 unbounded, 2 out of pivots, 3 infeasible."""
    rows, columns = basic.size, nonbasic.size
    raised = columns + 1
    for i in range(rows):
        tableau[i, raised] = tableau[i, columns] + RAISE * (1.0 + (i + 1) * GOLDEN % 1.0)
    left = 20 * (rows + columns) + 100
    while True:
        column = -1
        for j in range(columns):
            cost = tableau[objective, j]
            if cost < -ZERO and (column < 0 or cost < tableau[objective, column]):
                column = j
        if column < 0:
            break
        least = -1.0
        for i in range(rows):
            if tableau[i, column] > RAISED:
                ratio = (tableau[i, raised] + RAISED) / tableau[i, column]
                if least < 0.0 or ratio < least:
                    least = max(ratio, 0.0)
        row = -1
        for i in range(rows):
            entry = tableau[i, column]
            if entry > RAISED and tableau[i, raised] <= least * entry:  # the largest pivot rounds least
                row = i if row < 0 or entry > tableau[row, column] else row
        if row < 0:
            return UNBOUNDED
        exchange(tableau, row, column, basic, nonbasic)
        left -= 1
        if left == 0:
            return STEPS
    return repair(tableau, objective, basic, nonbasic, left, RAISED)


@kernel()
def repair(tableau: Array, objective: int, basic: Array, nonbasic: Array, left: int, forgiven: float) -> int:
    """From a tableau whose objective cannot be better to one that is feasible, in ``left`` pivots at most.

    What is left below zero and cannot be mended is rounding up to ``forgiven``, else 3 is returned.
    """
    rows, columns = basic.size, nonbasic.size
    half = left // 2
    while True:
        row = -1
        for i in range(rows):
            if tableau[i, columns] < -ZERO and (
                row < 0
                or (left > half and tableau[i, columns] < tableau[row, columns])
                or (left <= half and basic[i] < basic[row])  # the smallest name: no cycles (Bland 1977)
            ):
                row = i
        if row < 0:
            return OPTIMAL
        least = -1.0
        for j in range(columns):
            if tableau[row, j] < -RAISED:
                ratio = (max(tableau[objective, j], 0.0) + ZERO) / -tableau[row, j]
                if least < 0.0 or ratio < least:
                    least = ratio
        column = -1
        for j in range(columns):
            entry = -tableau[row, j]
            if entry <= RAISED or tableau[objective, j] > least * entry:
                continue
            if (
                column < 0
                or (left > half and entry > -tableau[row, column])
                or (left <= half and nonbasic[j] < nonbasic[column])
            ):
                column = j
        if column < 0:
            if tableau[row, columns] < -forgiven:
                return INFEASIBLE
            tableau[row, columns] = 0.0  # nothing but rounding below zero
            continue
        exchange(tableau, row, column, basic, nonbasic)
        left -= 1
        if left == 0:
            return STEPS
