"""Divisions by axiom or by vote: frontiers that are curves, barter of whole goods, majorities."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

from scipy.optimize import brentq, minimize_scalar

from sim.expression import Program, parse
from sim.kernels.base.tolerances import ROUNDED, SINGULAR, SPECK
from sim.models.validity import demand, probability

__all__ = ["barter", "divisions_of_frontier", "majority_division"]

GRID = 400


def frontier_of(text: str) -> Callable[[float], float]:
    """The curve in a text such as ``"u2=1-u1**2"``, as a function of ``u1``; formulas as in scenario files."""
    left, _, right = text.partition("=")
    demand(
        f'a frontier is a formula for u2 of u1, "u2=1-u1**2", got {text!r}',
        holds=left.strip() == "u2" and bool(right),
    )
    formula, program = parse(right.strip()), Program()
    unknown = [name for name in formula.names if name != "u1"]
    demand(f"a frontier is a formula of u1 alone, found {', '.join(unknown)}", holds=not unknown)
    step = program.formula(formula, {"u1": program.name("u1")})

    def curve(u1: float) -> float:
        for _, computed in program.blocks([step], {"u1": u1}, 1, 1):
            return float(computed[0].ravel()[0])
        raise AssertionError("there is one block")

    return curve


def divisions_of_frontier(
    frontier: str, u1_range: Sequence[float], d: Sequence[float], alpha: float = 0.5
) -> dict[str, Any]:
    """Four divisions on a concave, falling frontier ``u2 = f(u1)`` with threat point ``d``.

    ``nash`` has the largest product of gains, the first's to the power ``alpha``, the second's to the rest (Nash 1950);
    ``kalai_smorodinsky`` gives gains in proportion to the most each could hope for (1975), ``egalitarian`` equal gains
    (Kalai 1977), ``utilitarian`` the largest sum.  Meant for frontiers with something to gain for both.
    """
    probability(alpha=alpha)
    curve, (low, high), (d1, d2) = frontier_of(frontier), u1_range, d
    low = max(low, d1)
    demand("the threat point lies below the frontier", holds=curve(low) > d2)
    if curve(high) < d2:
        high = float(brentq(lambda u: curve(u) - d2, low, high, xtol=SPECK, rtol=SINGULAR))

    def best(worth: Callable[[float], float]) -> list[float]:
        steps = [low + (high - low) * k / GRID for k in range(GRID + 1)]
        at = max(range(GRID + 1), key=lambda k: worth(steps[k]))
        ends = steps[max(at - 1, 0)], steps[min(at + 1, GRID)]
        found = minimize_scalar(
            lambda u: -worth(u), bounds=ends, method="bounded", options={"xatol": ROUNDED}
        )
        u = max((float(found.x), steps[at]), key=worth)
        return [u, curve(u)]

    def crossing(slope: float) -> list[float]:
        u = float(brentq(lambda u: (curve(u) - d2) - slope * (u - d1), low, high, xtol=SPECK, rtol=SINGULAR))
        return [u, curve(u)]

    def product_of_gains(u: float) -> float:
        return float(max(u - d1, 0.0) ** alpha * max(curve(u) - d2, 0.0) ** (1.0 - alpha))

    hopes = high - d1, curve(low) - d2
    return {
        "nash": best(product_of_gains),
        "kalai_smorodinsky": crossing(hopes[1] / hopes[0]),
        "egalitarian": crossing(1.0),
        "utilitarian": best(lambda u: u + curve(u)),
    }


def barter(
    bill_goods: Mapping[str, Sequence[float]], jack_goods: Mapping[str, Sequence[float]]
) -> dict[str, Any]:
    """Who gives what when whole goods are exchanged and gains have the largest product (Nash 1950, the last example).

    Goods are ``name: [worth to Bill, worth to Jack]``; all ways to divide them are tried, at most 2**20.
    """
    goods = {**bill_goods, **jack_goods}
    demand(f"at most 20 goods with different names, got {len(bill_goods) + len(jack_goods)}",
           holds=len(goods) == len(bill_goods) + len(jack_goods) <= 20)  # fmt: skip
    names = list(goods)
    threat = [sum(worth[0] for worth in bill_goods.values()), sum(worth[1] for worth in jack_goods.values())]
    best: tuple[float, tuple[bool, ...], list[float]] = (-1.0, (), [])
    for bill_has in product((True, False), repeat=len(names)):
        gains = [
            sum(goods[name][0] for name, his in zip(names, bill_has, strict=True) if his) - threat[0],
            sum(goods[name][1] for name, his in zip(names, bill_has, strict=True) if not his) - threat[1],
        ]
        if min(gains) >= 0 and gains[0] * gains[1] > best[0]:
            best = gains[0] * gains[1], bill_has, gains
    holder = dict(zip(names, best[1], strict=True))
    return {
        "threat": threat,
        "gains": best[2],
        "nash_product": best[0],
        "bill_gives": [name for name in bill_goods if not holder[name]],
        "jack_gives": [name for name in jack_goods if holder[name]],
    }


def majority_division(n: int, delta: float) -> dict[str, Any]:
    """What the proposer keeps when a bare majority of ``n`` decides, each as likely to propose (Baron and Ferejohn 1989).

    Closed rule, stationary play: ``(n - 1) / 2`` others are paid ``delta / n`` each.  Meant for odd ``n``; the share is
    None for others.
    """
    probability(delta=delta)
    demand(f"n is at least 2, got {n}", holds=n >= 2)
    return {"proposer": 1.0 - delta * (n - 1) / (2.0 * n) if n % 2 else None}
