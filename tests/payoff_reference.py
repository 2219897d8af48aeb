"""A slow independent reference for payoff sets: the operator itself, in thirty digits.

Nothing is shared with the product: integers instead of floats, every joint action's whole polygon
instead of its few extreme points, no dead actions, no tolerance wider than 1e-20.
"""

from __future__ import annotations

from fractions import Fraction

ONE = 10**30
TIE = 10**10
STILL = 10**8


def cross(o, a, b):
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def hull(points):
    points = sorted(set(points))
    kept = [
        p
        for k, p in enumerate(points)
        if k == 0 or max(abs(p[0] - points[k - 1][0]), abs(p[1] - points[k - 1][1])) > 4
    ]
    if len(kept) < 3:
        return kept
    chains = []
    for walk in (kept, kept[::-1]):
        chain = []
        for p in walk:
            while len(chain) > 1 and cross(chain[-2], chain[-1], p) <= 100 * ONE:
                chain.pop()
            chain.append(p)
        chains.append(chain[:-1])
    return chains[0] + chains[1]


def clip(polygon, axis, level):
    """The part with coordinate at least level; a vertex within TIE of it is on it."""
    result = []
    for k, b in enumerate(polygon):
        a = polygon[k - 1]
        above_a, above_b = a[axis] - level, b[axis] - level
        if (above_a > TIE and above_b < -TIE) or (above_a < -TIE and above_b > TIE):
            other = a[1 - axis] + (b[1 - axis] - a[1 - axis]) * above_a // (above_a - above_b)
            result.append((level, other) if axis == 0 else (other, level))
        if above_b >= -TIE:
            result.append(b)
    return result


def payoff_set(payoffs, discount, steps=20_000):
    """Vertices as floats; ``payoffs[i][a][b]`` and both discounts are read as decimals.  None: not converged."""
    u = [[[int(Fraction(str(x)) * ONE) for x in row] for row in table] for table in payoffs]
    d = [Fraction(str(x)) for x in discount]
    rows, columns = range(len(u[0])), range(len(u[0][0]))
    best = [
        [[max(u[0][r][b] for r in rows) for b in columns] for _ in rows],
        [[max(u[1][a][c] for c in columns) for _ in columns] for a in rows],
    ]
    low = [min(map(min, best[0])), min(map(min, best[1]))]
    high = [max(map(max, u[0])), max(map(max, u[1]))]
    w = hull([(low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1])])
    p = low

    def scaled(x, q):
        return x * q.numerator // q.denominator

    for _ in range(steps):
        points = []
        for a in rows:
            for b in columns:
                part = w
                for i in (0, 1):
                    if d[i] == 0:
                        part = part if best[i][a][b] == u[i][a][b] else []
                    else:
                        part = clip(part, i, p[i] + scaled(best[i][a][b] - u[i][a][b], (1 - d[i]) / d[i]))
                points += [
                    tuple(scaled(u[i][a][b], 1 - d[i]) + scaled(x[i], d[i]) for i in (0, 1)) for x in part
                ]
        new = hull(points)
        if not new:
            return []
        bounds = [
            (
                min(x[i] for x in v),
                max(x[i] for x in v),
                max(x[0] + x[1] for x in v),
                max(x[0] - x[1] for x in v),
                min(x[0] + x[1] for x in v),
                min(x[0] - x[1] for x in v),
            )
            for v in (w, new)
            for i in (0, 1)
        ]
        moved = max(abs(x - y) for i in (0, 1) for x, y in zip(bounds[i], bounds[2 + i], strict=True))
        same = (
            len(new) == len(w)
            and max(abs(x - y) for v, z in zip(new, w, strict=True) for x, y in zip(v, z, strict=True))
            < STILL
        )
        w, p = new, [min(x[i] for x in new) for i in (0, 1)]
        if same or (moved == 0 and len(new) != len(w)):
            return [(x / ONE, y / ONE) for x, y in w]
    return None


def distance(first, second):
    """Hausdorff distance of two convex polygons in the largest coordinate, from their vertices."""
    if not first or not second:
        return 0.0 if bool(first) == bool(second) else float("inf")
    return max(max(gap(x, second) for x in first), max(gap(x, first) for x in second))


def gap(x, polygon):
    """How far a point is from a convex polygon, by its edges."""
    best, inside = float("inf"), len(polygon) > 2
    for k, b in enumerate(polygon):
        a = polygon[k - 1]
        ex, ey = b[0] - a[0], b[1] - a[1]
        length = ex * ex + ey * ey
        t = 0.0 if length == 0 else min(1.0, max(0.0, ((x[0] - a[0]) * ex + (x[1] - a[1]) * ey) / length))
        best = min(best, max(abs(a[0] + t * ex - x[0]), abs(a[1] + t * ey - x[1])))
        inside = inside and ex * (x[1] - a[1]) - ey * (x[0] - a[0]) >= 0
    return 0.0 if inside else best
