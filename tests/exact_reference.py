"""Small two-player games by definition, in fractions: what compiled answers are compared with.

Everything is enumerated: vertices of polyhedra from every choice of tight constraints, mixtures from the vertices
of what they must satisfy.  Nothing is shared with the package.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

__all__ = ["Reference", "survivors"]

ZERO, ONE = Fraction(0), Fraction(1)


def solve_linear(rows, right):
    """The one solution of square equations, or None."""
    size = len(rows)
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    for k in range(size):
        pivot = next((r for r in range(k, size) if table[r][k] != 0), None)
        if pivot is None:
            return None
        table[k], table[pivot] = table[pivot], table[k]
        table[k] = [number / table[k][k] for number in table[k]]
        for r in range(size):
            if r != k and table[r][k] != 0:
                share = table[r][k]
                table[r] = [a - share * b for a, b in zip(table[r], table[k], strict=True)]
    return tuple(row[-1] for row in table)


def corners(inequalities, size):
    """Vertices of the part of the simplex where ``sum(row * x) >= 0`` for each row."""
    units = [[ONE if a == i else ZERO for a in range(size)] for i in range(size)]
    rows = units + inequalities
    found = set()
    for tight in combinations(range(len(rows)), size - 1):
        point = solve_linear([[ONE] * size, *(rows[t] for t in tight)], [ONE] + [ZERO] * (size - 1))
        if point is not None and all(
            sum(a * b for a, b in zip(row, point, strict=True)) >= 0 for row in rows
        ):
            found.add(point)
    return sorted(found)


def replies(table, play):
    """Payoff of each row of a table against mixed play."""
    return [sum(a * b for a, b in zip(row, play, strict=True)) for row in table]


def strategies(table):
    """Vertices of the opponent's strategies: where the set of this player's best replies changes."""
    size = len(table[0])
    found = set()
    for best in range(len(table)):
        better = [[a - b for a, b in zip(table[best], row, strict=True)] for row in table]
        found |= set(corners(better, size))
    return sorted(found)


def best(table, play):
    """Best replies, as a set of rows."""
    values = replies(table, play)
    return {i for i, value in enumerate(values) if value == max(values)}


def played(strategy):
    return {a for a, share in enumerate(strategy) if share > 0}


def dominates(table, weak):
    """Whether some mixture of the rows of ``table`` (gains over an action) dominates it."""
    if not table:
        return False
    columns = [list(column) for column in zip(*table, strict=True)]
    points = corners(columns, len(table))
    if weak:
        return any(any(value > 0 for value in replies(columns, point)) for point in points)
    if not points:
        return False
    # the gains of the middle of all vertices are positive wherever they can be
    middle = [sum(values) / len(points) for values in zip(*points, strict=True)]
    return all(value > 0 for value in replies(columns, middle))


class Reference:
    """All extreme equilibria of one two-player game, and what follows from them."""

    def __init__(self, payoffs):
        first = [[Fraction(number) for number in row] for row in payoffs[0]]
        second = [[Fraction(number) for number in row] for row in payoffs[1]]
        self.tables = first, [list(column) for column in zip(*second, strict=True)]
        self.extreme = [
            (x, y)
            for x, y in product(strategies(self.tables[1]), strategies(self.tables[0]))
            if played(x) <= best(self.tables[0], y) and played(y) <= best(self.tables[1], x)
        ]
        self.values = [
            tuple(max(replies(table, other)) for table, other in zip(self.tables, (y, x), strict=True))
            for x, y in self.extreme
        ]

    @property
    def components(self):
        """Number of each equilibrium's component, by first appearance."""
        own = list(range(len(self.extreme)))
        for k, j in combinations(range(len(own)), 2):
            if any(a == b for a, b in zip(self.extreme[k], self.extreme[j], strict=True)):
                low, high = sorted((own[k], own[j]))
                own = [low if number == high else number for number in own]
        seen = {}
        return [seen.setdefault(number, len(seen)) for number in own]

    @property
    def pure(self):
        """Pure equilibria, as pairs of actions."""
        u, v = self.tables
        return {
            (i, j)
            for i, j in product(range(len(u)), range(len(v)))
            if u[i][j] == max(row[j] for row in u) and v[j][i] == max(row[i] for row in v)
        }

    def selected(self):
        """For each selection by value, and for ``undominated``, the positions it chooses."""
        values, every = self.values, range(len(self.values))
        top = [max(value[i] for value in values) for i in range(2)]
        low = [min(value[i] for value in values) for i in range(2)]
        return {
            "payoff_dominant": {k for k in every if all(values[k][i] == top[i] for i in range(2))},
            "payoff_undominated": {
                k
                for k in every
                if not any(
                    other != values[k] and all(a >= b for a, b in zip(other, values[k], strict=True))
                    for other in values
                )
            },
            "best_for player 1": {k for k in every if values[k][0] == top[0]},
            "best_for player 2": {k for k in every if values[k][1] == top[1]},
            "worst_for player 1": {k for k in every if values[k][0] == low[0]},
            "worst_for player 2": {k for k in every if values[k][1] == low[1]},
            "undominated": {k for k in every if self.undominated(k)},
        }

    def undominated(self, k):
        """Whether nobody's strategy in this equilibrium is weakly dominated by another."""
        for table, own in zip(self.tables, self.extreme[k], strict=True):
            means = [sum(p * row[o] for p, row in zip(own, table, strict=True)) for o in range(len(table[0]))]
            if dominates([[a - b for a, b in zip(row, means, strict=True)] for row in table], weak=True):
                return False
        return True


def survivors(payoffs, *, weak):
    """Actions that survive when all dominated ones go at once, again and again: a list of sets."""
    first = [[Fraction(number) for number in row] for row in payoffs[0]]
    second = [[Fraction(number) for number in row] for row in payoffs[1]]
    tables = first, [list(column) for column in zip(*second, strict=True)]
    alive = [set(range(len(table))) for table in tables]
    while True:
        gone = [set(), set()]
        for i, table in enumerate(tables):
            others = sorted(alive[1 - i])
            for action in alive[i]:
                gains = [
                    [table[b][o] - table[action][o] for o in others] for b in sorted(alive[i] - {action})
                ]
                if dominates(gains, weak):
                    gone[i].add(action)
        if not any(gone):
            return alive
        alive = [own - lost for own, lost in zip(alive, gone, strict=True)]
