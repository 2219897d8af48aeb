"""Who decides a vote: how often a member is the one that turns it."""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial, lcm
from typing import Any

from sim.expression.numbers import fraction
from sim.models.validity import demand

__all__ = ["voting_power"]

MOST = 40
DIFFERENT = 50_000  # sums of weights that are told apart


def voting_power(quota: float, weights: Sequence[float]) -> dict[str, Any]:
    """Power of each member of a body that decides with ``quota`` of the weights.

    ``shapley_shubik`` counts the orders in which a member turns a losing coalition into a winning one (Shapley and
    Shubik 1954), ``banzhaf`` the coalitions, as shares of all such (Banzhaf 1965).  Coalitions of the others are
    counted by size and weight, so that up to 40 members with whole weights are no trouble, and weights are taken as they
    are written: 0.1 and 0.7 reach a quota of 0.8.  Raises ValueError where their sums are too many different ones.
    Meant for weights of at least 0 and a quota above 0 that all together reach.
    """
    demand(
        f"at most {MOST} members with weights of at least 0",
        holds=0 < len(weights) <= MOST and min(weights) >= 0,
    )
    written = [fraction(each) for each in (quota, *weights)]
    unit = lcm(*(each.denominator for each in written))
    needed, *whole = (int(each * unit) for each in written)
    demand(f"0 < quota <= {sum(whole) / unit}, got {quota}", holds=0 < needed <= sum(whole))
    n = len(weights)
    by_order, by_coalition = [], []
    for i, own in enumerate(whole):
        coalitions: dict[tuple[int, int], int] = {(0, 0): 1}
        for j, other in enumerate(whole):
            if j != i:
                more = dict(coalitions)
                for (size, weight), count in coalitions.items():
                    key = size + 1, weight + other
                    more[key] = more.get(key, 0) + count
                coalitions = more
                demand(
                    "weights with fewer different sums, as whole numbers have", holds=len(more) <= DIFFERENT
                )
        turned = [
            (size, count) for (size, weight), count in coalitions.items() if weight < needed <= weight + own
        ]
        orders = sum(factorial(size) * factorial(n - 1 - size) * count for size, count in turned)
        by_order.append(orders / factorial(n))
        by_coalition.append(sum(count for _, count in turned))
    total = sum(by_coalition)
    return {"shapley_shubik": by_order, "banzhaf": [count / total for count in by_coalition]}
