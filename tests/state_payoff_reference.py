"""A slow independent reference for payoff sets by state: the operator itself, in thirty digits.

Nothing is shared with the product: integers instead of floats, sums of polygons by adding all pairs of
corners, the payoff box as the start, no dead actions, no corners given up.
"""

from __future__ import annotations

from fractions import Fraction

from tests.payoff_reference import ONE, STILL, clip, hull


def weighted_sum(row, sets, unit):
    """Corners of ``sum_t row[t] sets[t] / unit``; none where a set that is needed is empty."""
    total = [(0, 0)]
    for weight, polygon in zip(row, sets, strict=True):
        if weight:
            total = hull([(x + weight * v[0], y + weight * v[1]) for x, y in total for v in polygon])
    return [(x // unit, y // unit) for x, y in total]


def payoff_sets(payoffs, transition, discount, unit, steps=800):
    """Vertices by state as floats; ``payoffs[i][s][a][b]`` decimals, ``transition[s][a][b][t]`` integers
    that sum to ``unit``, ``discount`` two fractions.  None: not converged."""
    d = [Fraction(str(x)) for x in discount]
    u = [[[[int(Fraction(str(x)) * ONE) for x in row] for row in table] for table in own] for own in payoffs]
    states, rows, columns = range(len(u[0])), range(len(u[0][0])), range(len(u[0][0][0]))
    low = [min(x for table in own for row in table for x in row) for own in u]
    high = [max(x for table in own for row in table for x in row) for own in u]
    box = hull([(low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1])])
    sets = [box for _ in states]

    def later(i, s, a, b, worst):
        row = transition[s][a][b]
        if any(weight and not sets[t] for t, weight in enumerate(row)):
            return None
        total = sum(weight * worst[i][t] for t, weight in enumerate(row) if weight) // unit
        return int((1 - d[i]) * u[i][s][a][b] + d[i] * total)

    for _ in range(steps):
        worst = [[min((v[i] for v in sets[t]), default=0) for t in states] for i in (0, 1)]
        renewed = []
        for s in states:
            points = []
            for a in rows:
                for b in columns:
                    ways = [[later(0, s, other, b, worst) for other in rows]]
                    ways.append([later(1, s, a, other, worst) for other in columns])
                    if any(way is None for own in ways for way in own):
                        continue
                    piece = [
                        tuple(int((1 - d[i]) * u[i][s][a][b] + d[i] * corner[i]) for i in (0, 1))
                        for corner in weighted_sum(transition[s][a][b], sets, unit)
                    ]
                    for i in (0, 1):
                        piece = clip(piece, i, max(ways[i]))
                    points += piece
            renewed.append(hull(points))
        far = 0
        for old, new in zip(sets, renewed, strict=True):
            if len(old) != len(new):
                far = ONE
            else:
                gaps = [max(abs(p[0] - q[0]), abs(p[1] - q[1])) for p, q in zip(old, new, strict=True)]
                far = max([far, *gaps])
        sets = renewed
        if far <= STILL:
            return [
                [(float(Fraction(x, ONE)), float(Fraction(y, ONE))) for x, y in polygon] for polygon in sets
            ]
    return None
